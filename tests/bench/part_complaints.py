"""Complaints: recording them, and the check of the ladders among many open ones.

Recording stands beside as many tickets of the community's helpdesk with one SLA.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

import databases
from floor import copy_rows, twins
from measure import Line, Meter, times
from stage import make_stores, open_env
from tickets import measure_tickets

NEEDS = ("empty",)
_RECORDED, _DUE = 500, 500
_OPEN = (10_000, 100_000)
_MADE = ("cr_complaint", "cr_complaint_event", "cr_complaint_clock", "mail_activity")
# How much dearer ten times as many open complaints may make the check.
_TARGET_RATIO = 1.3
# How much faster than tickets a batch has to be.
_TARGET_FASTER = 20
# The three clocks of so many complaints fit into one statement of the ORM.
_STATEMENT = 33
_INDEX = "cr_complaint_clock_next_index"
_COLUMNS = """
SELECT quote_ident(column_name) FROM information_schema.columns
 WHERE table_name = %s AND table_schema = 'public' AND column_name != ALL(%s)
"""


def run(names, sizes):
    """Return the lines of the table about complaints."""
    scale = sizes["scale"]
    count, due = (max(20, round(many * min(1, scale))) for many in (_RECORDED, _DUE))
    opened = [max(2 * due, round(many * min(1, scale))) for many in _OPEN]
    checks = []
    tickets = measure_tickets(f"{names['empty']}_tickets", count)
    with _copied(names["empty"]) as name:
        lines = _measure_recording(name, count, tickets)
    for many in opened:
        with _copied(names["empty"]) as name:
            checks.append(_measure_check(name, many, due))
    for many, check in zip(opened, checks, strict=True):
        lines += _describe_check(many, due, *check)
    ratio = checks[1][1].seconds / checks[0][1].seconds
    lines.append(
        Line(
            f"  {opened[1]:,} open beside {opened[0]:,}, as many due",
            f"{ratio:.2f}×",
            target=f"≤ {_TARGET_RATIO}",
            is_met=ratio <= _TARGET_RATIO,
        )
    )
    return lines


@contextmanager
def _copied(source):
    """Give a copy of a database with a store whose head answers for every role."""
    name = f"{source}_complaints"
    databases.copy(source, name)
    try:
        with open_env(name) as env:
            _stores, (head, *_others) = make_stores(env, 1)
            user = env["res.users"].browse(head)
            env["cr.role.holder"].create(
                {
                    "role_id": env["cr.role"]._get_head().id,
                    "company_id": user.company_id.id,
                    "user_id": user.id,
                }
            )
            # The hour at which it is measured must not matter.
            env.ref("cr_complaints.cr_complaint_grade_minor").is_loud_at_night = True
        yield name
    finally:
        databases.drop(name)


# === RECORDING === #


def _measure_recording(name, count, tickets):
    """Return the lines about recording.

    :param tickets: what as many tickets took in one go and one by one, None if unknown
    """
    with open_env(name) as env:
        store = env["cr.role.holder"].search([], order="id desc", limit=1).company_id
        env = env(context={"allowed_company_ids": store.ids})
        # The first one fills the caches.
        env["cr.complaint"].create(_prepare(env, store, 1))
        env.cr.commit()
        sizes = (2, min(count, _STATEMENT))
        few, many = (_measure_batch(env, _prepare(env, store, n)) for n in sizes)
        before = {table: _get_last_id(env, table) for table in _MADE}
        batch = _measure_batch(env, _prepare(env, store, count))
        floor = _measure_floor(env, before)
        values = _prepare(env, store, count)
        with Meter(env.cr) as single:
            for one in values:
                env["cr.complaint"].create(one)
                env.cr.commit()
    work = f"Complaints, {count:,} in one go"
    lines = [
        _describe_recording(work, count, batch, floor),
        Line(
            f"  queries of {sizes[0]}, {sizes[1]} and {count:,}"
            " (Odoo writes 100 rows a statement)",
            f"{few.queries}, {many.queries} and {batch.queries}",
            target="as many up to one statement",
            is_met=many.queries <= few.queries,
        ),
        _describe_recording("  one by one, each committed", count, single, floor),
    ]
    return lines + _compare(count, (batch, single), tickets)


def _measure_batch(env, values):
    with Meter(env.cr) as meter:
        env["cr.complaint"].create(values)
        env.cr.commit()
    return meter


def _compare(count, ours, tickets):
    """Return the lines about tickets: in one go, one by one."""
    if not tickets:
        return [
            Line("  helpdesk tickets: the package index has none", "not compared"),
        ]
    batch = tickets[0].seconds / ours[0].seconds
    return [
        Line(
            f"  helpdesk tickets with one SLA, {count:,} in one go",
            odoo=_describe(count, tickets[0]),
            target=f"≥ {_TARGET_FASTER}× as long: {batch:.1f}×",
            is_met=batch >= _TARGET_FASTER,
        ),
        Line(
            "  helpdesk tickets one by one, each committed",
            odoo=_describe(count, tickets[1]),
            target=f"(as long: {times(tickets[1].seconds, ours[1].seconds)})",
        ),
    ]


def _prepare(env, store, count):
    partners = env["res.partner"].create(
        [{"name": f"Complainant {number}"} for number in range(count)]
    )
    env.cr.commit()
    return [
        {"company_id": store.id, "partner_id": partner.id, "subject": "It knocks"}
        for partner in partners
    ]


def _measure_floor(env, before):
    with twins(env, _MADE, with_keys=True) as names:
        with Meter() as meter:
            for table in _MADE:
                copy_rows(env, table, names[table], before[table])
            env.cr.commit()
    return meter.seconds


def _get_last_id(env, table):
    env.cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
    return env.cr.fetchone()[0]


def _describe_recording(work, count, meter, floor):
    return Line(
        work,
        _describe(count, meter),
        f"{times(meter.seconds, floor)} of {floor:.2f} s with keys",
    )


def _describe(count, meter):
    return (
        f"{meter.seconds / count * 1000:.1f} ms,"
        f" {meter.queries / count:.1f} queries each"
    )


# === THE CHECK === #


def _measure_check(name, many, due):
    """Return (meter of a check with nothing due, with some due, of the index scan)."""
    with open_env(name) as env:
        store = env["cr.role.holder"].search([], order="id desc", limit=1).company_id
        model = env["cr.complaint"].create(_prepare(env, store, 1))
        env.flush_all()
        now = fields.Datetime.now()
        _fill(env, model, many, now + timedelta(days=10))
        complaints = env["cr.complaint"]
        # Once for the caches.
        complaints._escalate(now)
        with Meter(env.cr) as idle:
            complaints._escalate(now)
            env.cr.commit()
        env.cr.execute(
            "UPDATE cr_complaint_clock SET next_at = deadline_at"
            " WHERE kind = 'answer' AND complaint_id > %s AND complaint_id <= %s",
            [model.id, model.id + due],
        )
        env.cr.commit()
        moment = model.clock_ids.filtered(lambda one: one.kind == "answer").deadline_at
        due_query = complaints._get_due_query(moment, 200)
        with Meter() as scan:
            env.execute_query(due_query)
        scan.plan = _explain(env, due_query)
        env.invalidate_all()
        with Meter(env.cr) as busy:
            while complaints._escalate(moment):
                env.cr.commit()
        told = env["cr.complaint.alert"].search_count([])
    return idle, busy, scan, told


def _explain(env, query):
    """Return the plan of a query as text."""
    rows = env.execute_query(SQL("EXPLAIN %s", query))
    return "\n".join(row[0] for row in rows)


def _fill(env, model, many, next_at):
    """Make so many complaints like one, by SQL; none of them is due before a moment."""
    env.cr.execute("SET session_replication_role = replica")
    clocks, events = model.clock_ids.ids, model.event_ids.ids
    _clone(env, "cr_complaint", model.ids, many, id="{id} + n", name="'B' || n")
    for table, ids in (("cr_complaint_clock", clocks), ("cr_complaint_event", events)):
        _clone(env, table, ids, many, complaint_id=f"{model.id} + n")
    env.cr.execute("UPDATE cr_complaint_clock SET next_at = %s", [next_at])
    env.cr.execute("RESET session_replication_role")
    env.cr.commit()
    # Statistics that call a table empty would mislead.
    env.cr.execute("ANALYZE cr_complaint, cr_complaint_clock, cr_complaint_event")
    env.cr.commit()
    env.invalidate_all()


def _clone(env, table, ids, many, **changed):
    """Copy each row so many times; `changed` gives the SQL of other columns."""
    env.cr.execute(_COLUMNS, [table, ["id", *changed]])
    kept = ", ".join(column for (column,) in env.cr.fetchall())
    others = ", ".join(changed)
    values = ", ".join(changed.values()).format(id=ids[0])
    env.cr.execute(
        f"INSERT INTO {table} ({others}, {kept}) SELECT {values}, {kept}"
        f"  FROM {table}, generate_series(1, %s) n WHERE id = ANY(%s)",
        [many, ids],
    )


def _describe_check(many, due, idle, busy, scan, told):
    return [
        Line(
            f"Ladders of {many:,} open complaints, nothing due",
            f"{idle.seconds * 1000:.1f} ms, {idle.queries} queries",
        ),
        Line(
            f"  {due:,} due, {told:,} people told",
            f"{busy.seconds:.2f} s, {busy.queries / due:.2f} queries each",
            f"index scan {scan.seconds * 1000:.1f} ms",
            target="by the partial index",
            is_met=_INDEX in scan.plan and "Seq Scan on cr_complaint" not in scan.plan,
        ),
    ]
