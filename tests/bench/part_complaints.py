"""Complaints: recording them, and the check of the ladders among many open ones."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields

import databases
from floor import copy_rows, twins
from measure import Line, Meter, times
from stage import make_stores, open_env

NEEDS = ("empty",)
_RECORDED, _DUE = 500, 500
_OPEN = (10_000, 100_000)
_MADE = ("cr_complaint", "cr_complaint_event", "cr_complaint_clock", "mail_activity")
# How much dearer ten times as many open complaints may make the check.
_TARGET_RATIO = 1.3
_SCAN = """
SELECT clock.id FROM cr_complaint_clock clock
  JOIN cr_complaint complaint ON complaint.id = clock.complaint_id
 WHERE clock.next_at <= %s ORDER BY clock.next_at, clock.id LIMIT 200
"""
_COLUMNS = """
SELECT quote_ident(column_name) FROM information_schema.columns
 WHERE table_name = %s AND table_schema = 'public' AND column_name != ALL(%s)
"""


def run(names, sizes):
    """Return the lines of the table about complaints."""
    scale = sizes["scale"]
    count, due = (max(20, round(many * min(1, scale))) for many in (_RECORDED, _DUE))
    opened = [max(2 * due, round(many * min(1, scale))) for many in _OPEN]
    lines, checks = [], []
    with _copied(names["empty"]) as name:
        lines += _measure_recording(name, count)
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


def _measure_recording(name, count):
    with open_env(name) as env:
        store = env["cr.role.holder"].search([], order="id desc", limit=1).company_id
        env = env(context={"allowed_company_ids": store.ids})
        # The first one fills the caches.
        env["cr.complaint"].create(_prepare(env, store, 1))
        env.cr.commit()
        before = {table: _get_last_id(env, table) for table in _MADE}
        values = _prepare(env, store, count)
        with Meter(env.cr) as batch:
            env["cr.complaint"].create(values)
            env.cr.commit()
        floor = _measure_floor(env, before)
        values = _prepare(env, store, count)
        with Meter(env.cr) as single:
            for one in values:
                env["cr.complaint"].create(one)
                env.cr.commit()
    return [
        _describe_recording(f"Complaints, {count:,} in one go", count, batch, floor),
        _describe_recording("  one by one, each committed", count, single, floor),
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
        f"{meter.seconds / count * 1000:.1f} ms,"
        f" {meter.queries / count:.1f} queries each",
        f"{times(meter.seconds, floor)} of {floor:.2f} s with keys",
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
        with Meter() as scan:
            env.cr.execute(_SCAN, [moment])
            env.cr.fetchall()
        env.invalidate_all()
        with Meter(env.cr) as busy:
            while complaints._escalate(moment):
                env.cr.commit()
        told = env["cr.complaint.alert"].search_count([])
    return idle, busy, scan, told


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
        ),
    ]
