"""The nightly callback run: does its cost follow what is pending, or what exists?"""

from odoo.tools import SQL

from floor import copy_rows, twins
from measure import Line, Meter, times
from stage import open_env

NEEDS = ("group", "tenth")
_ORM_SAMPLE = 10_000
_ORM_BATCH = 1_000
# What the ORM gets to create; the rest of a callback's columns it fills itself.
_FIELDS = (
    *("company_id", "rule_id", "kind", "purpose", "role_id", "partner_id"),
    *("vehicle_id", "order_id", "origin_model", "origin_id", "anchor_on"),
    *("earliest_on", "due_on", "expires_on", "script_version_id", "block_code"),
)
# The ORM would make 7,800 plain records a second; the run must make half as many.
_TARGET_RATE = 3_900
_TARGET_RATIO = 1.3


def run(names, sizes):
    """Return the lines of the table about the nightly callback run."""
    group = _measure_run(names["group"])
    tenth = _measure_run(names["tenth"])
    floor = _measure_floor(names["group"], group["last_id"])
    checked = _measure_floor(names["group"], group["last_id"], with_keys=True)
    sample, orm = _measure_orm(names["group"], group["last_id"])
    count, size = group["opened"], sizes["group"]
    rate, ratio = count / group["seconds"], group["seconds"] / tenth["seconds"]
    orm_seconds = orm * count / sample if sample else 0
    return [
        Line(
            f"Callback run, {count:,} of {size.orders:,} orders pending",
            f"{group['seconds']:.1f} s, {rate:,.0f}/s",
            f"{times(group['seconds'], floor)} of {floor:.1f} s,"
            f" {times(group['seconds'], checked)} of {checked:.1f} s with keys",
            f"{times(orm_seconds, group['seconds'])} faster",
            f"≥ {_TARGET_RATE:,}/s",
            rate >= _TARGET_RATE,
        ),
        Line(
            f"  as many of {sizes['tenth'].orders:,} orders",
            f"{tenth['seconds']:.1f} s, {tenth['opened'] / tenth['seconds']:,.0f}/s",
            target=f"≤ {_TARGET_RATIO}: {ratio:.2f}",
            is_met=ratio <= _TARGET_RATIO,
        ),
        Line(
            f"  Odoo's create(), {sample:,} in batches of {_ORM_BATCH:,}",
            f"{orm:.1f} s, {sample / orm:,.0f}/s",
            odoo=f"{orm_seconds:.0f} s for all",
        ),
    ]


def _measure_run(name):
    """Let the nightly job open all callbacks, commits included."""
    with open_env(name) as env:
        [[last_id]] = env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM cr_callback")
        )
        env.cr.commit()
        with Meter(env.cr) as meter:
            env["cr.callback.rule"]._cron_open_callbacks()
            env.cr.commit()
        [[opened]] = env.execute_query(
            SQL("SELECT COUNT(*) FROM cr_callback WHERE id > %s", last_id)
        )
    return {"seconds": meter.seconds, "opened": opened, "last_id": last_id}


def _measure_floor(name, last_id, with_keys=False):
    """Insert the same rows by one statement into a table with the same indexes.

    :param bool with_keys: and with the same foreign keys
    """
    with open_env(name) as env, twins(env, ["cr_callback"], with_keys) as names:
        with Meter() as meter:
            copy_rows(env, "cr_callback", names["cr_callback"], last_id)
            env.cr.commit()
    return meter.seconds


def _measure_orm(name, last_id):
    """Create a sample of the same callbacks by the ORM; return (how many, seconds)."""
    with open_env(name) as env:
        rows = env["cr.callback"].search_read(
            [("id", ">", last_id)], _FIELDS, order="id", limit=_ORM_SAMPLE, load=""
        )
        # The same event may not have its callback twice.
        values = [{**row, "origin_id": -row.pop("id")} for row in rows]
        # As favourable as Odoo's own jobs call it: no log in the chatter.
        callbacks = env["cr.callback"].with_context(tracking_disable=True)
        with Meter() as meter:
            for start in range(0, len(values), _ORM_BATCH):
                callbacks.create(values[start : start + _ORM_BATCH])
                env.cr.flush()
        env.cr.rollback()
    return len(values), meter.seconds
