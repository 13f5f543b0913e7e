"""The index of 200,000 interviews by advisor and month."""

import statistics
from datetime import date

from measure import Line, Meter, times
from stage import make_stores, open_env

NEEDS = ("empty",)
_INTERVIEWS = 200_000
_ADVISORS = 200
_ROUNDS = 7
_TARGET_TIMES = 3
_FACTORS = ("reservation", "initiation", "advisor", "facility", "quality", "pickup")

_FILL_INTERVIEWS = """
INSERT INTO cr_interview (
    company_id, version_id, kind, partner_id, advisor_id, channel, state, started_at,
    done_at, day, low_count, change_count, raise_count, redial_count, is_gift_near,
    token, expires_on, agent_id)
SELECT (%(stores)s)[1 + mod(n, %(store_count)s)], %(version)s, 'csi', %(partner)s,
       (%(advisors)s)[1 + mod(n * 7, %(advisor_count)s)], 'phone', 'done', NOW(), NOW(),
       %(today)s - mod(n, 720), mod(n, 5), 0, 0, 0, FALSE, 'bench-' || n, %(today)s,
       (%(agents)s)[1 + mod(n, %(agent_count)s)]
  FROM generate_series(1, %(count)s) n
"""
_FILL_ANSWERS = """
INSERT INTO cr_interview_answer (
    interview_id, question_id, part, score, is_scored, is_low, channel, at)
SELECT i.id, q.id, 'answer', 10 - mod(i.id * 31 + q.id * 17, 11) / 2, TRUE, FALSE,
       'phone', NOW()
  FROM cr_interview i
  JOIN unnest(%(questions)s) q (id) ON mod(i.id + q.id, 9) <> 0
"""
_DOMAIN = [("is_current", "=", True), ("owner", "=", "store"), ("kind", "=", "csi")]
# The same rows without Odoo, its rules and the view.
_FLOOR = """
SELECT i.advisor_id, DATE_TRUNC('month', i.day), AVG(s.score), COUNT(*)
  FROM cr_interview_score s
  JOIN cr_interview i ON i.id = s.interview_id
  JOIN cr_index_version v ON v.id = s.version_id
  JOIN cr_index x ON x.id = v.index_id
 WHERE s.is_current AND x.owner = 'store' AND i.kind = 'csi'
   AND i.company_id = ANY(%s)
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def run(names, sizes):
    """Return the lines of the table about interviews."""
    count = max(1000, round(_INTERVIEWS * sizes["scale"]))
    name = names["empty"]
    with open_env(name) as env:
        stores = _fill(env, count)
    with open_env(name) as env:
        with Meter() as computing:
            env["cr.index.version"]._store_scores()
            env.cr.commit()
        env.cr.execute("SELECT COUNT(*) FROM cr_interview_score")
        [scores] = env.cr.fetchone()
        env.cr.execute("ANALYZE cr_interview, cr_interview_answer, cr_interview_score")
    head = _find_head(name, stores)
    seconds, queries = _measure(name, head, stores)
    floor = _measure_floor(name, stores)
    return [
        Line(
            f"Index of {count:,} interviews by advisor and month",
            f"{seconds * 1000:.0f} ms, {queries} query",
            f"{times(seconds, floor)} of {floor * 1000:.0f} ms",
            target=f"1 query, {_TARGET_TIMES} times plain SQL",
            is_met=queries == 1 and seconds <= _TARGET_TIMES * floor,
        ),
        Line(
            f"  computing their {scores:,} scores anew",
            f"{computing.seconds:.1f} s, {count / computing.seconds:,.0f}/s",
        ),
    ]


def _fill(env, count):
    """Make stores, advisors, interviews and answers; return the stores' ids."""
    stores, agents = make_stores(env, 10)
    advisors = env["hr.employee"].create(
        [
            {"name": f"Bench advisor {n:03d}", "company_id": stores[n % 10]}
            for n in range(_ADVISORS)
        ]
    )
    version = env.ref("cr_dealership.cr_questionnaire_version_csi_1")
    questions = version._get_questions().filtered(
        lambda question: question.cr_factor_id.code in _FACTORS
    )
    env.flush_all()
    values = {
        "stores": stores,
        "store_count": len(stores),
        "agents": agents,
        "agent_count": len(agents),
        "advisors": advisors.ids,
        "advisor_count": len(advisors),
        "version": version.id,
        "partner": env["res.partner"].create({"name": "Bench customer"}).id,
        "questions": questions.ids,
        "today": date.today(),
        "count": count,
    }
    env.cr.execute(_FILL_INTERVIEWS, values)
    env.cr.execute(_FILL_ANSWERS, values)
    return stores


def _find_head(name, stores):
    """Return a CR head of all stores: the figure is read with the rules of one."""
    with open_env(name) as env:
        head = env["res.users"].create(
            {
                "name": "Bench head",
                "login": "bench_head",
                "company_id": stores[0],
                "company_ids": [(6, 0, stores)],
                "group_ids": [
                    (4, env.ref("base.group_user").id),
                    (4, env.ref("cr_dealership.group_cr_dealership_head").id),
                ],
            }
        )
        return head.id


def _measure(name, uid, stores):
    """Read the figure several times; return the median of the seconds, the queries."""
    seconds = []
    with open_env(name, uid) as env:
        report = env["cr.index.report"].with_context(allowed_company_ids=stores)
        for _round in range(_ROUNDS):
            with Meter(env.cr) as meter:
                report._read_group(
                    _DOMAIN, ["advisor_id", "day:month"], ["score:avg", "__count"]
                )
            seconds.append(meter.seconds)
    return statistics.median(seconds[2:]), meter.queries


def _measure_floor(name, stores):
    """Return the median of the seconds of the bare aggregate."""
    seconds = []
    with open_env(name) as env:
        for _round in range(_ROUNDS):
            with Meter() as meter:
                env.cr.execute(_FLOOR, [stores])
                env.cr.fetchall()
            seconds.append(meter.seconds)
    return statistics.median(seconds[2:])
