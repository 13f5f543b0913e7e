"""Sharing out the cards of the night among the agents."""

from measure import Line, Meter
from stage import open_env

NEEDS = ("group",)


def run(names, _sizes):
    """Return the line of the table about sharing out."""
    with open_env(names["group"]) as env:
        # There is something to share out only after the nightly callback run.
        env["cr.callback.rule"]._cron_open_callbacks()
        with Meter() as meter:
            env["cr.callback"]._cron_share_out()
            env.cr.commit()
        count = env["cr.callback"].search_count(
            [("state", "=", "todo"), ("agent_id", "!=", False)]
        )
    return [
        Line(
            f"Sharing out {count:,} cards",
            f"{meter.seconds:.1f} s, {count / meter.seconds:,.0f}/s",
        )
    ]
