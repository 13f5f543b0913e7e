"""My calls today, beside a kanban of Odoo that shows as many cards."""

import statistics

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from measure import Line, Meter, times
from stage import open_env

NEEDS = ("group",)
_TARGET_QUERIES = 25
_ROUNDS = 7
_ACTION = "cr_dealership.cr_callback_action"
# A full day: to call, to call again, and what is done already.
_CARDS = {"todo": 35, "retry": 10, "done": 15}
_GIVE = """
UPDATE cr_callback SET
       state = %(state)s, agent_id = %(agent)s, company_id = %(company)s,
       earliest_on = CURRENT_DATE - 1, due_on = CURRENT_DATE + mod(id, 3)::int,
       expires_on = CURRENT_DATE + 10, block_code = NULL, next_at = NULL,
       attempt_count = CASE WHEN %(state)s = 'todo' THEN 0 ELSE 1 END,
       last_outcome_id = CASE WHEN %(state)s != 'todo'
           THEN (SELECT MIN(id) FROM cr_call_outcome) END,
       closed_at = CASE WHEN %(state)s = 'done' THEN NOW() AT TIME ZONE 'UTC' END
 WHERE id IN (SELECT id FROM cr_callback WHERE agent_id IS DISTINCT FROM %(agent)s
               ORDER BY mod(id, 9973), id LIMIT %(count)s)
"""


def run(names, _sizes):
    """Return the lines of the table about opening the kanban."""
    name = names["group"]
    with open_env(name) as env:
        agent = _choose_agent(env)
        _give_cards(env, agent)
        env.cr.execute("ANALYZE cr_callback")
    ours = _measure(name, agent, _prepare_calls)
    core = _measure(name, agent, _prepare_partners, ours["cards"])
    queries, seconds = ours["queries"], ours["seconds"]
    return [
        Line(
            f"My calls today, {ours['cards']} cards",
            f"{queries} queries, {seconds * 1000:.0f} ms",
            odoo=f"{times(seconds, core['seconds'])} its time",
            target=f"≤ {_TARGET_QUERIES} queries",
            is_met=queries <= _TARGET_QUERIES,
        ),
        Line(
            f"  Odoo's kanban of {core['cards']} contacts",
            f"{core['queries']} queries, {core['seconds'] * 1000:.0f} ms",
            target="about its time",
            is_met=seconds <= 1.5 * core["seconds"],
        ),
    ]


def _choose_agent(env):
    group = env.ref("cr_dealership.group_cr_dealership_agent")
    return group.user_ids.filtered("active").sorted("id")[-1].id


def _give_cards(env, agent):
    """Give the agent a day of cards of customers from all over the tables."""
    company = env["res.users"].browse(agent).company_id.id
    # Nothing else is the agent's or nobody's, so that the cards can be counted.
    env.cr.execute(
        "UPDATE cr_callback SET agent_id = 2"
        " WHERE agent_id = %s OR agent_id IS NULL AND company_id = %s",
        [agent, company],
    )
    for state, count in _CARDS.items():
        env.cr.execute(
            _GIVE, {"state": state, "agent": agent, "company": company, "count": count}
        )


def _measure(name, uid, prepare, *arguments):
    """Open it several times, each in a new transaction; return the median."""
    found = []
    for _round in range(_ROUNDS):
        with open_env(name, uid) as env:
            env = env(
                context={
                    "allowed_company_ids": env.user.company_id.ids,
                    "lang": "zh_CN",
                }
            )
            # What the client knows from before: the action, its filters, the view.
            ask = prepare(env, *arguments)
            env.invalidate_all()
            with Meter(env.cr) as meter:
                cards = ask()
            found.append((meter.seconds, meter.queries))
    # The first ones fill the caches of the process, as the first user of a day does.
    return {
        "seconds": statistics.median(seconds for seconds, _queries in found[2:]),
        "queries": found[-1][1],
        "cards": cards,
    }


def _prepare_calls(env):
    """Return what the web client asks when somebody opens My calls today."""
    action = env["ir.actions.act_window"]._for_xml_id(_ACTION)
    model = env["cr.callback"]
    domain = _get_default_domain(env, action)
    specification = _get_specification(model)

    def ask():
        found = model.web_read_group(
            domain,
            ["state"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=40,
        )
        model.get_day_summary()
        return sum(len(group.get("__records", ())) for group in found["groups"])

    return ask


def _prepare_partners(env, count):
    """Return what the web client asks when somebody opens the contacts."""
    model = env["res.partner"]
    specification = _get_specification(model)
    return lambda: len(model.web_search_read([], specification, limit=count)["records"])


def _get_specification(model):
    """Return what the kanban reads, as the web client makes it from the view."""
    view = model.get_view(view_type="kanban")
    specification = {}
    for node in etree.fromstring(view["arch"]).iter("field"):
        field = model._fields[node.get("name")]
        is_link = field.type in ("many2one", "many2many", "one2many")
        specification[field.name] = {"fields": {"display_name": {}}} if is_link else {}
    return specification


def _get_default_domain(env, action):
    """Return the domain of the filters that the action switches on.

    Filters side by side widen the search, those behind a separator narrow it.
    """
    context = safe_eval(action["context"], {"uid": env.uid})
    arch = env[action["res_model"]].get_view(view_type="search")["arch"]
    blocks = [[]]
    for node in etree.fromstring(arch):
        if node.tag == "separator":
            blocks.append([])
        elif context.get(f"search_default_{node.get('name')}") and node.get("domain"):
            blocks[-1].append(Domain(safe_eval(node.get("domain"), {"uid": env.uid})))
    return list(Domain.AND(Domain.OR(block) for block in blocks if block))
