"""Sharing out the cards of the night among the agents."""

from measure import Line, Meter, times
from stage import open_env

NEEDS = ("group",)
_SHARED = [("state", "=", "todo"), ("agent_id", "!=", False)]
_FLOOR = """
UPDATE cr_callback SET agent_id = agent_id, write_date = NOW() AT TIME ZONE 'UTC'
 WHERE state = 'todo' AND agent_id IS NOT NULL
"""
_ORM_SAMPLE = 5_000


def run(names, _sizes):
    """Return the line of the table about sharing out."""
    with open_env(names["group"]) as env:
        # There is something to share out only after the nightly callback run.
        env["cr.callback.rule"]._cron_open_callbacks()
        with Meter() as meter:
            env["cr.callback"]._cron_share_out()
            env.cr.commit()
        count = env["cr.callback"].search_count(_SHARED)
    floor = _measure_floor(names["group"])
    orm = _measure_write(names["group"]) * count
    return [
        Line(
            f"Sharing out {count:,} cards",
            f"{meter.seconds:.1f} s, {count / meter.seconds:,.0f}/s",
            f"{times(meter.seconds, floor)} of {floor:.1f} s",
            f"write() alone, nothing chosen: {times(orm, meter.seconds)}",
        )
    ]


def _measure_floor(name):
    """Write the agents again by one statement; undo it."""
    with open_env(name) as env:
        with Meter() as meter:
            env.cr.execute(_FLOOR)
        env.cr.rollback()
    return meter.seconds


def _measure_write(name):
    """Give a sample of cards to their agents by write(); return seconds per card."""
    with open_env(name) as env:
        cards = env["cr.callback"].search(_SHARED, limit=_ORM_SAMPLE, order="id")
        by_agent = cards.grouped("agent_id")
        cards.with_context(tracking_disable=True).write({"agent_id": False})
        env.invalidate_all()
        with Meter() as meter:
            for agent, own in by_agent.items():
                own.with_context(tracking_disable=True).write({"agent_id": agent.id})
            env.flush_all()
        env.cr.rollback()
    return meter.seconds / max(1, len(cards))
