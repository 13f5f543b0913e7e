"""How likely a car is to stay away: a sum of named contributions (RCL-08, RCL-15).

Everything is judged as known on a day, so that the same function serves the nightly
run and the back-test. Each contribution is points for every full step of a measure,
up to a cap: 10 points for each 15 % past its own rhythm, at most 40.
"""

import datetime
import itertools
import math
import statistics
from collections.abc import Callable
from typing import NamedTuple

from . import odometer
from .offsets import add_months

NONE, WATCH, WARNING, HIGH, LOST = "none", "watch", "warning", "high", "lost"
MAX_SCORE = 100
YEAR = 365
# Orders nearer to each other belong to the same matter: a part that had to come.
_SAME_MATTER_DAYS = 15
# Fewer intervals than this are no rhythm.
_MIN_GAPS = 2
_SHORTEST_RHYTHM = 30
_DAYS_A_MONTH = 30.44
# Without any interval of model or store; assumed.
_DEFAULT_RHYTHM = 183
# So long after its end a policy may still be renewed with us; assumed.
_RENEWAL_GRACE_DAYS = 30
# An order that nobody settled does not keep a car in the shop for ever.
_IN_SHOP_DAYS = 60
# Beyond this no day is foretold.
_FAR_DAYS = 100_000


class Weight(NamedTuple):
    """Points for each full step of a measure, at most ``cap`` points."""

    points: int
    step: int
    cap: int


class Levels(NamedTuple):
    """From which score a car is on which level, and when it counts as lost."""

    watch: int = 20
    warning: int = 40
    high: int = 60
    lost_months: int = 24


class Policy(NamedTuple):
    """A policy of the car that had begun on the day."""

    date_start: datetime.date
    date_end: datetime.date
    is_ours: bool


class Car(NamedTuple):
    """What is known of a car on a day; lists sorted by day, the oldest first.

    ``visits`` are (day, amount); ``calls`` the days of calls without an answer since
    the last answer; ``declined`` (day, job) of work still open on the day.
    """

    visits: tuple = ()
    delivered_on: datetime.date | None = None
    first_months: int = 0
    months: int = 0
    odometer_km: int | None = None
    odometer_on: datetime.date | None = None
    km_per_day: float | None = None
    service_km: int | None = None
    policies: tuple = ()
    refused_on: datetime.date | None = None
    calls: tuple = ()
    declined: tuple = ()
    has_complaint: bool = False
    in_shop_since: datetime.date | None = None
    is_in_use: bool = True


class Verdict(NamedTuple):
    """Score, level and reasons of a car; ``check_on``: when time may change them.

    ``reasons`` are dicts with ``code``, ``points`` and what the sentence names, the
    weightiest first. ``anchor_on`` is the day the car was last with us. Cars in the
    shop, gone, or counting as lost are not judged.
    """

    score: int = 0
    level: str = NONE
    reasons: tuple = ()
    check_on: datetime.date | None = None
    anchor_on: datetime.date | None = None
    is_judged: bool = False


class Measure(NamedTuple):
    """A value on a day, the words it needs, and days on which it may change.

    ``reach`` tells of a measure that grows by itself on which day it comes to a value.
    """

    value: int
    words: dict
    moves: tuple = ()
    reach: Callable | None = None


def points_of(weight, value):
    """Return the points of a measure: for every full step, at most the cap.

    :param Weight weight: points, step and cap
    :param int value: the measure; below one step it counts nothing
    :rtype: int
    """
    return min(weight.cap, weight.points * max(value // weight.step, 0))


def rhythm(visits, first_months=0, months=0):
    """Return (days, whether its own) between visits of a car.

    The median of its own intervals if there are enough, else the model's or store's
    interval; after the delivery the interval until the first service.

    :param list visits: days of visits, the oldest first
    :rtype: tuple[int, bool]
    """
    days = [visits[0]] if visits else []
    for day in visits:
        if (day - days[-1]).days >= _SAME_MATTER_DAYS:
            days.append(day)
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    if len(gaps) >= _MIN_GAPS:
        return max(round(statistics.median(gaps)), _SHORTEST_RHYTHM), True
    usual = months if visits or not first_months else first_months
    return round(usual * _DAYS_A_MONTH) or _DEFAULT_RHYTHM, False


def assess(car, weights, levels, today):
    """Return the verdict on a car on a day (RCL-08).

    :param Car car: what is known on that day
    :param dict weights: {code of a factor: Weight}
    :param Levels levels: thresholds of the store
    :param datetime.date today: the day
    :rtype: Verdict
    """
    anchor_on = car.visits[-1][0] if car.visits else car.delivered_on
    if not anchor_on or not car.is_in_use:
        return Verdict(anchor_on=anchor_on)
    lost_on = add_months(anchor_on, levels.lost_months)
    wait_until = max(anchor_on, _in_shop_until(car) or anchor_on)
    if wait_until > today:
        return Verdict(check_on=wait_until, anchor_on=anchor_on)
    if today >= lost_on:
        return Verdict(level=LOST, anchor_on=anchor_on)
    reasons, moves = _add_up(car, weights, today)
    score = min(MAX_SCORE, sum(reason["points"] for reason in reasons))
    return Verdict(
        score,
        level_of(score, levels),
        tuple(sorted(reasons, key=lambda reason: -reason["points"])),
        min(day for day in (lost_on, *moves) if day > today),
        anchor_on,
        is_judged=True,
    )


def _in_shop_until(car):
    """Return until when a car in the shop is taken to be there, None if it is not."""
    return car.in_shop_since and _after(car.in_shop_since, _IN_SHOP_DAYS)


def _add_up(car, weights, today):
    """Return the reasons that bring points, and the days on which they may change."""
    reasons, moves = [], []
    for code, weight in weights.items():
        measure = MEASURES[code](car, today)
        points = points_of(weight, measure.value)
        moves += measure.moves
        if measure.reach and points < weight.cap:
            moves.append(measure.reach(_next_step(weight, measure.value)))
        if points:
            reasons.append({"code": code, "points": points, **measure.words})
    return reasons, moves


def level_of(score, levels):
    """Return the level of a score.

    :param int score: 0 to 100
    :param Levels levels: thresholds
    """
    for level in (HIGH, WARNING, WATCH):
        if score >= getattr(levels, level):
            return level
    return NONE


# === MEASURES === #


def _after(day, days):
    return day + datetime.timedelta(days=days)


def _next_step(weight, value):
    """Return the value of the next full step."""
    return (max(value // weight.step, 0) + 1) * weight.step


def _overdue(car, today):
    """Percent of its rhythm that a car is past it."""
    days = [visit[0] for visit in car.visits]
    usual, is_own = rhythm(days, car.first_months, car.months)
    anchor_on = days[-1] if days else car.delivered_on
    late = (today - anchor_on).days - usual
    words = {"days": late, "rhythm": usual, "is_own": is_own}
    return Measure(
        max(late * 100 // usual, 0),
        words,
        reach=lambda goal: _after(anchor_on, usual + -(-goal * usual // 100)),
    )


def _mileage(car, today):
    """Kilometres past the next service, foretold from the last believed reading."""
    if not car.service_km or not car.odometer_on:
        return Measure(0, {})
    rate = float(car.km_per_day or 0)
    shown = odometer.estimate(car.odometer_km, car.odometer_on, rate, today)[0]
    value = max(shown - car.service_km, 0)

    def reach(goal):
        # A day early at most, so that rounding never hides the day of the change.
        left = math.floor((car.service_km + goal - 1 - car.odometer_km) / rate)
        return max(_after(car.odometer_on, min(left, _FAR_DAYS)), _after(today, 1))

    return Measure(value, {"km": value}, reach=reach if rate else None)


def _halves(car, today):
    """Return the visits of the last year and of the year before, and when they age."""
    aged = [((today - visit[0]).days, visit) for visit in car.visits]
    last = [visit for age, visit in aged if age < YEAR]
    before = [visit for age, visit in aged if YEAR <= age < 2 * YEAR]
    moves = [_after(day, YEAR) for day, __ in last]
    moves += [_after(day, 2 * YEAR) for day, __ in before]
    return last, before, tuple(moves)


def _visits(car, today):
    """Visits fewer in the last twelve months than in the twelve before."""
    last, before, moves = _halves(car, today)
    words = {"last": len(last), "before": len(before)}
    return Measure(max(len(before) - len(last), 0), words, moves)


def _spend(car, today):
    """Percent by which the spend of twelve months fell."""
    last, before, moves = _halves(car, today)
    spent = sum(amount for __, amount in before)
    fell = spent - sum(amount for __, amount in last)
    value = math.floor(fell * 100 / spent) if spent > 0 and fell > 0 else 0
    return Measure(value, {"percent": value}, moves)


def _unanswered(car, today):
    """Calls without an answer within a year, since somebody last answered."""
    fresh = [day for day in car.calls if (today - day).days < YEAR]
    moves = tuple(_after(day, YEAR) for day in fresh)
    return Measure(len(fresh), {"count": len(fresh)}, moves)


def _renewal(car, today):
    """1 if the renewal was refused, made elsewhere, or not made, within a year."""
    found = car.refused_on and ("refused", car.refused_on)
    if not found and any(policy.is_ours for policy in car.policies):
        newest = max(car.policies, key=lambda policy: (policy.date_end, policy.is_ours))
        lapsed_on = _after(newest.date_end, _RENEWAL_GRACE_DAYS + 1)
        found = ("lapsed", lapsed_on)
        if not newest.is_ours:
            found = ("elsewhere", newest.date_start)
    if not found:
        return Measure(0, {})
    how, since = found
    moves = tuple(day for day in (since, _after(since, YEAR)) if day > today)
    is_on = since <= today < _after(since, YEAR)
    words = {"how": how, "on": since.isoformat()}
    return Measure(int(is_on), words, moves)


def _declined(car, today):
    """Offered and refused jobs that are still open, within two years."""
    fresh = [item for item in car.declined if (today - item[0]).days < 2 * YEAR]
    moves = tuple(_after(day, 2 * YEAR) for day, __ in fresh)
    return Measure(len(fresh), {"jobs": [job for __, job in fresh]}, moves)


def _complaint(car, _today):
    """1 if a complaint of the owner or driver is open."""
    return Measure(int(car.has_complaint), {})


MEASURES = {
    "overdue": _overdue,
    "mileage": _mileage,
    "visits": _visits,
    "spend": _spend,
    "unanswered": _unanswered,
    "renewal": _renewal,
    "declined": _declined,
    "complaint": _complaint,
}


# === BACK-TEST === #


class Band(NamedTuple):
    """Cars of a part of the back-test: how many stayed away, against all."""

    count: int
    lost: int
    mean_score: float
    share: float
    lift: float


def band(cars, base_share):
    """Return what became of some cars.

    :param list cars: (score, whether it stayed away)
    :param float base_share: share of all cars that stayed away
    :rtype: Band
    """
    count = len(cars)
    lost = sum(is_lost for __, is_lost in cars)
    share = lost / count if count else 0.0
    return Band(
        count,
        lost,
        sum(score for score, __ in cars) / count if count else 0.0,
        share,
        share / base_share if base_share else 0.0,
    )


def deciles(cars):
    """Return the cars in ten equal parts, the highest scores first.

    Cars of the same score may fall into two parts; their order is that of the list.

    :param list cars: (score, …)
    """
    ranked = sorted(cars, key=lambda car: -car[0])
    size = len(ranked)
    return [ranked[size * part // 10 : size * (part + 1) // 10] for part in range(10)]
