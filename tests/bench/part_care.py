"""The nightly care run: cases are opened and due steps taken, of cars that are due."""

import math
from dataclasses import dataclass

from care_odoo import measure_automation, measure_create
from care_stage import choose_plan, let_a_week_pass, make_due
from floor import copy_rows, twins
from measure import Line, Memory, Meter, times
from stage import open_env

NEEDS = ("group", "tenth")
# So many nights each, of which the better one counts: others use the machine, too.
_ROUNDS = 2
_SHARE = 0.02
_FEW, _MANY, _BATCH = 100, 10_000, 1_000
_OPENED = ("cr_care_case", "cr_care_task")
_TAKEN = ("cr_message", "cr_callback")
# What each of the three jobs makes, and the steps it takes.
_JOBS = ((_OPENED, None), (_TAKEN[:1], "sms"), (_TAKEN[1:], "call"))
# Half of what the ORM makes of plain records in a second on two cores that do nothing
# else; half of what it makes of these records in the same minutes.
_TARGET_RATE, _TARGET_SHARE = 3_900, 0.5
_TARGET_RATIO = 1.3
_TARGET_MEGABYTES = 100
# The ORM's own way is measured on so many and scaled by row.
_ORM_SAMPLE = 4_000
_RULE_SAMPLE = 500
_TAKE_AGAIN = """
UPDATE {twin} t SET state = done.state, reason = done.reason, next_on = done.next_on,
       taken_on = done.taken_on
  FROM cr_care_task done WHERE done.id = t.id AND done.taken_on IS NOT NULL
   AND t.channel = %s
"""


@dataclass
class Night:
    """What two nights took, and what they made: {table: (id before, last id, rows)}.

    The cases are opened and their messages queued in the first one, their calls are
    handed over in the second one, a week later.
    """

    opening: Meter
    queueing: Meter
    calling: Meter
    megabytes: float
    made: dict

    @property
    def meters(self):
        """Return all that was measured."""
        return self.opening, self.queueing, self.calling

    @property
    def seconds(self):
        """Return the seconds of all jobs."""
        return sum(meter.seconds for meter in self.meters)

    @property
    def queries(self):
        """Return the queries of all jobs."""
        return sum(meter.queries for meter in self.meters)

    def count(self, *tables):
        """Return how many rows were made in the tables."""
        return sum(self.made[table][2] for table in tables)


def run(names, sizes):
    """Return the lines of the table about the nightly care run."""
    due = max(10, round(sizes["group"].vehicles * _SHARE))
    for need in NEEDS:
        choose_plan(names[need])
    # The first night of a process fills its caches.
    idle = [_run_night(names[need], 0) for _round in range(2) for need in NEEDS]
    rounds = [need for _round in range(_ROUNDS) for need in NEEDS]
    nights = [_run_night(names[need], due) for need in rounds]
    group, tenth = (
        min(nights[place::2], key=lambda night: night.seconds) for place in range(2)
    )
    floors = [_measure_floor(names["group"], group, keys) for keys in (False, True)]
    # A process that grew once has the memory for the next nights.
    megabytes = max(night.megabytes for night in nights)
    many = max(2_000, round(_MANY * sizes["scale"]))
    steps = [_run_night(names["group"], count) for count in (_FEW, many)]
    created = measure_create(names["group"], _ORM_SAMPLE)
    ruled = measure_automation(names["tenth"], _RULE_SAMPLE)
    return [
        *_describe_night(sizes["group"].vehicles, group, floors, created),
        _describe_memory(megabytes),
        *_describe_growth(sizes["tenth"].vehicles, group, tenth, idle[2]),
        *_describe_queries(steps, (_FEW, many)),
        *_describe_odoo(group, created, ruled),
    ]


# === MEASURING === #


def _run_night(name, due):
    """Let so many cars fall due, and run the nightly jobs, commits included."""
    make_due(name, due)
    with open_env(name) as env:
        before = {table: _get_last_id(env, table) for table in _OPENED + _TAKEN}
        env.cr.commit()
        with Memory() as memory:
            opening = _run_job(env["cr.care.plan"]._cron_open_cases)
            queueing = _run_job(env["cr.care.task"]._cron_take_due)
    let_a_week_pass(name)
    with open_env(name) as env:
        calling = _run_job(env["cr.care.task"]._cron_take_due)
        made = {
            table: (last, _get_last_id(env, table), _count(env, table, last))
            for table, last in before.items()
        }
    return Night(opening, queueing, calling, memory.megabytes, made)


def _run_job(job):
    with Meter(job.__self__.env.cr) as meter:
        job()
        job.__self__.env.cr.commit()
    return meter


def _get_last_id(env, table):
    env.cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
    return env.cr.fetchone()[0]


def _count(env, table, last_id):
    env.cr.execute(f"SELECT COUNT(*) FROM {table} WHERE id > %s", [last_id])
    return env.cr.fetchone()[0]


def _measure_floor(name, night, with_keys):
    """Insert a night's rows again by plain SQL; return the seconds of each job."""
    with open_env(name) as env, twins(env, _OPENED + _TAKEN, with_keys) as names:
        meters = [Meter() for _job in _JOBS]
        for meter, (tables, channel) in zip(meters, _JOBS, strict=True):
            with meter:
                for table in tables:
                    copy_rows(env, table, names[table], *night.made[table][:2])
                take_again = _TAKE_AGAIN.format(twin=names["cr_care_task"])
                env.cr.execute(take_again, [channel])
                env.cr.commit()
    return [meter.seconds for meter in meters]


# === TELLING === #


def _describe_night(vehicles, night, floors, created):
    cases, steps = (night.count(table) for table in _OPENED)
    made = night.count(*_OPENED, *_TAKEN)
    rate = made / night.seconds
    by_create = created.scale(night.count)
    works = (
        f"  {cases:,} cases opened, with {steps:,} steps",
        f"  {night.count('cr_message'):,} messages written, asked about, queued",
        f"  {night.count('cr_callback'):,} calls handed over, a week later",
    )
    return [
        Line(
            f"Care run, {cases:,} of {vehicles:,} cars due",
            f"{night.seconds:.1f} s, {rate:,.0f} rows/s",
            _describe_floor(night.seconds, *(sum(floor) for floor in floors)),
            f"create() {times(sum(by_create), night.seconds)}",
            f"≥ {_TARGET_RATE:,} rows/s",
            rate >= _TARGET_RATE,
        ),
        Line(
            "  beside create() of the same rows, in the same minutes",
            f"{sum(by_create) / night.seconds:.1f}× its rate",
            target=f"≥ {_TARGET_SHARE}×",
            is_met=sum(by_create) >= _TARGET_SHARE * night.seconds,
        ),
        *(
            Line(
                work,
                f"{meter.seconds:.1f} s, {cases / meter.seconds:,.0f}/s",
                _describe_floor(meter.seconds, floor, checked),
                f"create() {times(seconds, meter.seconds)}",
            )
            for work, meter, floor, checked, seconds in zip(
                works, night.meters, *floors, by_create, strict=True
            )
        ),
    ]


def _describe_floor(seconds, floor, checked):
    return (
        f"{times(seconds, floor)} of {floor:.1f} s,"
        f" {times(seconds, checked)} of {checked:.1f} s with keys"
    )


def _describe_memory(megabytes):
    return Line(
        "  memory it grew by",
        f"{megabytes:.0f} MB",
        target=f"≤ {_TARGET_MEGABYTES} MB",
        is_met=megabytes <= _TARGET_MEGABYTES,
    )


def _describe_growth(vehicles, group, tenth, idle):
    ratio = group.seconds / tenth.seconds
    return [
        Line(
            f"  as many due of {vehicles:,} cars",
            f"{tenth.seconds:.1f} s",
            target=f"≤ {_TARGET_RATIO}: {ratio:.2f}",
            is_met=ratio <= _TARGET_RATIO,
        ),
        Line(
            "  nothing due",
            f"{idle.seconds * 1000:.0f} ms, {idle.queries} queries",
        ),
    ]


def _describe_queries(nights, counts):
    """Tell of nights with few and many due cars how many queries a batch takes."""
    per_batch = [
        night.queries / math.ceil(count / _BATCH)
        for night, count in zip(nights, counts, strict=True)
    ]
    return [
        Line(
            f"  queries for {counts[0]:,} and {counts[1]:,} due",
            " and ".join(f"{night.queries:,}" for night in nights),
            target="not more per 1,000",
            is_met=per_batch[1] <= per_batch[0],
        )
    ]


def _describe_odoo(night, created, rule):
    works = ("cases with their steps", "messages, texts given", "calls")
    cases = night.count("cr_care_case")
    return [
        *(
            Line(
                f"  Odoo's create(), {count:,} {work}",
                f"{seconds:.1f} s, {count / seconds:,.0f}/s",
                odoo=f"{whole:.0f} s for all",
            )
            for work, (seconds, count), whole in zip(
                works, created.samples, created.scale(night.count), strict=True
            )
        ),
        Line(
            f"  Odoo's automation rule, {rule.cases:,} cases with their steps",
            f"{rule.seconds:.1f} s, {rule.cases / rule.seconds:,.0f}/s",
            odoo=f"{rule.seconds / rule.cases * cases:.0f} s for all",
        ),
    ]
