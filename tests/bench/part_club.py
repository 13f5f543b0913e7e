"""The club: points of a year's work orders, and the tiers of all its members."""

from dataclasses import dataclass

from club_stage import PROGRAM, enrol, give_points, make_store
from floor import copy_rows, twins
from loyalty import measure_loyalty
from measure import Line, Memory, Meter, times
from stage import open_env

NEEDS = ()
_VEHICLES, _ORDERS = 20_000, 70_000
_MEMBERS, _SHARE_OF_CARS = 500_000, 0.87
_SINGLE = 1_000
_LEDGER = ("cr_points_account", "cr_points_entry", "cr_points_lot")
_TIERS = ("cr_club_member", "cr_club_tier_change")
# How many times the bare rows the ledger may cost, and a replay of the first run.
_TARGET_FLOOR, _TARGET_AGAIN = 10, 5
_SUM_UP = """
UPDATE {account} account SET balance = sum.points, open_points = sum.points
  FROM (SELECT account_id, SUM(points) AS points FROM {entry} GROUP BY account_id) sum
 WHERE account.id = sum.account_id
"""
# What any look at all members must read at least, without a single rule.
_READ = """
SELECT COUNT(*), SUM(car.count), SUM(collected.points), SUM(collected.material)
  FROM cr_club_member m
  LEFT JOIN (SELECT partner_id, COUNT(DISTINCT vehicle_id) AS count
               FROM cr_vehicle_role WHERE role = 'owner'
              GROUP BY partner_id) car ON car.partner_id = m.partner_id
  LEFT JOIN (SELECT account.partner_id, SUM(entry.qualifying) AS points,
                    SUM(entry.material) AS material
               FROM cr_points_entry entry
               JOIN cr_points_account account ON account.id = entry.account_id
              WHERE entry.day > %s - INTERVAL '24 months'
              GROUP BY account.partner_id) collected
    ON collected.partner_id = m.partner_id
 WHERE m.program_id = %s AND m.state = 'active'
"""
_WRITE_MEMBERS = """
UPDATE {member} twin
   SET tier_id = m.tier_id, tier_since = m.tier_since, review_on = m.review_on,
       window_points = m.window_points, window_material = m.window_material
  FROM cr_club_member m WHERE m.id = twin.id
   AND (m.tier_id != twin.tier_id OR m.window_points IS DISTINCT FROM
        twin.window_points OR m.window_material IS DISTINCT FROM twin.window_material)
"""


@dataclass
class Posting:
    """What posting took; `floors` are the bare rows without and with foreign keys."""

    count: int
    first: Meter
    again: Meter
    posted: int
    posted_again: int
    megabytes: float
    floors: list


def run(names, sizes):
    """Return the lines of the table about the club."""
    scale = sizes["scale"]
    cars, orders = (max(200, round(many * scale)) for many in (_VEHICLES, _ORDERS))
    with make_store(names["empty"], "points", cars, orders) as name:
        posting = _measure_posting(name)
        loyalty = measure_loyalty(name, min(_SINGLE, orders))
    members = max(500, round(_MEMBERS * min(1, scale)))
    lines = _describe_posting(posting, *loyalty)
    with make_store(names["empty"], "tiers", round(members / _SHARE_OF_CARS)) as name:
        return lines + _measure_tiers(name)


# === POINTS === #


def _measure_posting(name):
    with open_env(name) as env:
        orders = env["cr.service.order"].search([])
        ledger = env["cr.points.account"]
        # A small one fills the caches.
        ledger._post_orders(orders[:10])
        env.cr.commit()
        before = {table: _get_last_id(env, table) for table in _LEDGER}
        with Memory() as memory, Meter(env.cr) as first:
            posted = len(ledger._post_orders(orders))
            env.cr.commit()
        with Meter(env.cr) as again:
            posted_again = len(ledger._post_orders(orders))
            env.cr.commit()
        floors = [_measure_floor(env, before, keys) for keys in (False, True)]
        drift = env["cr.points.audit"]._prove().drift
    if drift:
        raise RuntimeError(f"the proof found a drift of {drift}")
    return Posting(
        len(orders), first, again, posted, posted_again, memory.megabytes, floors
    )


def _measure_floor(env, before, with_keys):
    """Insert the rows again by plain SQL, and sum them up; return the seconds."""
    with twins(env, _LEDGER, with_keys) as names, Meter() as meter:
        for table in _LEDGER:
            copy_rows(env, table, names[table], before[table])
        account, entry = (names[table] for table in _LEDGER[:2])
        env.cr.execute(_SUM_UP.format(account=account, entry=entry))
        env.cr.commit()
    return meter.seconds


def _get_last_id(env, table):
    env.cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
    return env.cr.fetchone()[0]


def _describe_posting(done, batch, single):
    seconds, (floor, checked) = done.first.seconds, done.floors
    rate, again = done.posted / seconds, done.again.seconds
    return [
        Line(
            f"Points of {done.count:,} work orders",
            f"{seconds:.1f} s, {rate:,.0f}/s, {done.first.queries} queries",
            f"{times(seconds, floor)} of {floor:.1f} s,"
            f" {times(seconds, checked)} of {checked:.1f} s with keys",
            f"loyalty {times(rate, batch.rate)} slower in batches",
            f"≤ {_TARGET_FLOOR}× the rows with keys",
            seconds <= _TARGET_FLOOR * checked,
        ),
        Line("  memory it grew by", f"{done.megabytes:.0f} MB"),
        Line(
            "  the same orders again",
            f"{again:.1f} s, {done.posted_again} entries, {done.again.queries} queries",
            odoo="loyalty would book them twice",
            target=f"≥ {_TARGET_AGAIN}× faster: {seconds / again:.1f}×",
            is_met=seconds >= _TARGET_AGAIN * again and not done.posted_again,
        ),
        Line(
            f"  Odoo's loyalty, {batch.count:,} orders in batches of 1,000",
            f"{batch.seconds:.1f} s, {batch.rate:,.0f}/s",
            odoo="no lots, no expiry, no proof",
        ),
        Line(
            f"  Odoo's loyalty, {single.count:,} as confirmed orders do, one by one",
            f"{single.seconds:.1f} s, {single.rate:,.0f}/s",
            odoo=f"{times(rate, single.rate)} slower",
        ),
    ]


# === TIERS === #


def _measure_tiers(name):
    with open_env(name) as env, Meter(env.cr) as enrolling:
        members = enrol(env, env.ref(PROGRAM))
    give_points(name)
    with open_env(name) as env:
        program = env.ref(PROGRAM)
        today = program.company_id._cr_today()
        program._flush_basis()
        query = program._get_moves_sql(today)
        with Meter() as trial:
            moves = len(env.execute_query(query))
        with Meter() as reading:
            env.cr.execute(_READ, [today, program.id])
        job, again, writing = _measure_jobs(program, today)
    return _describe_tiers(
        members, moves, enrolling, (trial, reading), (job, again, writing)
    )


def _measure_jobs(program, today):
    """Return what the job took, the job again, and its rows by plain SQL."""
    env = program.env
    table = _TIERS[1]
    before = _get_last_id(env, table)
    with twins(env, _TIERS, with_keys=True) as names:
        copy_rows(env, _TIERS[0], names[_TIERS[0]], 0)
        env.cr.commit()
        env.cr.execute(f"ANALYZE {names[_TIERS[0]]}")
        job, again = (_run_review(program, today) for _turn in range(2))
        with Meter() as writing:
            copy_rows(env, table, names[table], before)
            env.cr.execute(_WRITE_MEMBERS.format(member=names[_TIERS[0]]))
            env.cr.commit()
    return job, again, writing


def _run_review(program, today):
    with Meter(program.env.cr) as meter:
        meter.changes = len(program._review_tiers(today))
        program.env.cr.commit()
    return meter


def _describe_tiers(members, moves, enrolling, looks, jobs):
    (trial, reading), (job, again, writing) = looks, jobs
    floor = reading.seconds + writing.seconds
    return [
        Line(
            f"Tiers of {members:,} members, dry run, {moves:,} would move",
            f"{trial.seconds:.1f} s, {members / trial.seconds:,.0f}/s, 1 query",
            f"{times(trial.seconds, reading.seconds)} of {reading.seconds:.1f} s,"
            " the facts without rules",
        ),
        Line(
            f"  the job, {job.changes:,} moved or proposed",
            f"{job.seconds:.1f} s, {members / job.seconds:,.0f}/s,"
            f" {job.queries} queries",
            f"{times(job.seconds, floor)} of {floor:.1f} s, facts and rows",
        ),
        Line(
            "  the job again",
            f"{again.seconds:.1f} s, {again.changes} new, {again.queries} queries",
            target="nothing new",
            is_met=not again.changes,
        ),
        Line(
            f"  making members of {members:,} buyers",
            f"{enrolling.seconds:.1f} s, {enrolling.queries} queries",
        ),
    ]
