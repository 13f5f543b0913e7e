"""Which odometer readings can be believed, and what they foretell (VEH-18, VEH-05).

Service desks mistype: mostly a digit too many. A wrong reading must not move a due
date, a right one must not wait for a person. So the judgement keeps the heaviest
chain of readings that one car can have driven, and holds back only what stands
outside it or is contradicted by the shop's own next mileage.
"""

import collections
import datetime
import statistics
from typing import NamedTuple

CONFIRMED = "confirmed"
SUSPECT = "suspect"
REJECTED = "rejected"
STATES = (CONFIRMED, SUSPECT, REJECTED)

LATER_LOWER = "later_lower"
EARLIER_HIGHER = "earlier_higher"
TOO_FAST = "too_fast"
BEYOND_NEXT_SERVICE = "beyond_next_service"
NEXT_SERVICE_FAR = "next_service_far"
IN_FUTURE = "in_future"
OUT_OF_RANGE = "out_of_range"
BY_HAND = "by_hand"
REASONS = (
    LATER_LOWER,
    EARLIER_HIGHER,
    TOO_FAST,
    BEYOND_NEXT_SERVICE,
    NEXT_SERVICE_FAR,
    IN_FUTURE,
    OUT_OF_RANGE,
    BY_HAND,
)

_KM_MAX = 2_000_000
# No maker asks for a service later than this; further off, one of the two is wrong.
_NEXT_SERVICE_MAX_KM = 50_000
_WEIGHT = 100
_DOUBTFUL_WEIGHT = 25
_FIXED_WEIGHT = 1_000_000
# The same next mileage on so many orders is a column that nobody keeps.
_STALE_NEXT_COUNT = 3
# Ordinary drivers change their rhythm, seldom threefold; taxis reach 400 km a day.
_RHYTHM_FACTOR = 3
_TENFOLD_FACTOR = 4
_TENFOLD_MIN_KM = 5_000
_LEAP_FACTOR = 10
_LEAP_KM_PER_DAY = 400
_LEAP_MIN_DAYS = 30

_SLOPES = 3
_SLOPE_MIN_DAYS = 21
_SPAN_MIN_DAYS = 7
_ERROR_SHARE = 0.2
_ERROR_BASE_KM = 300


class Reading(NamedTuple):
    """What one order, or a person, says that the odometer showed.

    ``next_km`` is the next service mileage of the same order; ``fixed_state`` is
    "confirmed" or "rejected" when a person decided.
    """

    date: datetime.date
    km: int
    next_km: int | None = None
    fixed_state: str | None = None


class _Point(NamedTuple):
    """A reading that takes part in the judgement; the delivery has index -1."""

    index: int
    date: datetime.date
    km: int
    weight: int
    doubt: str | None


class _Limits(NamedTuple):
    tolerance_km: int
    max_km_per_day: int

    def follows(self, earlier, later):
        """Say whether one car can show ``later`` after ``earlier``."""
        driven = later.km - earlier.km
        days = max((later.date - earlier.date).days, 1)
        most = self.max_km_per_day * days + self.tolerance_km
        return -self.tolerance_km <= driven <= most


def judge(
    readings, delivered_on=None, today=None, tolerance_km=500, max_km_per_day=1000
):
    """Return ``(state, reason)`` of each reading of one car, in their order (VEH-18).

    :param list[Reading] readings: sorted by date
    :param datetime.date delivered_on: day on which the new car showed 0 km
    :param datetime.date today: readings after it are suspect
    :param int tolerance_km: by so much a later reading may be lower
    :param int max_km_per_day: more than this no car drives, as a mean
    :return: state "confirmed", "suspect" or "rejected"; the reason is one of
        :data:`REASONS`, None for a reading that nothing speaks against
    :rtype: list[tuple[str, str | None]]
    """
    limits = _Limits(tolerance_km, max_km_per_day)
    verdicts = [_verdict_alone(reading, today) for reading in readings]
    points = _points(readings, verdicts, delivered_on)
    while True:
        chain = _heaviest_chain(points, limits)
        doubts = _doubts_in_chain(chain, limits)
        if not doubts:
            break
        for index, reason in doubts.items():
            verdicts[index] = (SUSPECT, reason)
        points = [point for point in points if point.index not in doubts]
    for point in points:
        if not _is_fixed(point) and point not in chain:
            reason = _reason_outside(point, chain, limits)
            verdicts[point.index] = (SUSPECT, reason)
    return _with_contradictions(readings, verdicts, limits)


def _verdict_alone(reading, today):
    """Return what a reading is before it is compared with others."""
    if reading.fixed_state == REJECTED:
        return REJECTED, BY_HAND
    if reading.km is None or not 0 <= reading.km <= _KM_MAX:
        return SUSPECT, OUT_OF_RANGE
    if reading.fixed_state == CONFIRMED:
        return CONFIRMED, BY_HAND
    if today and reading.date > today:
        return SUSPECT, IN_FUTURE
    return CONFIRMED, None


def _points(readings, verdicts, delivered_on):
    stale = _stale_next_kms(readings)
    points = []
    if delivered_on:
        points.append(_Point(-1, delivered_on, 0, _WEIGHT, None))
    for index, (reading, verdict) in enumerate(zip(readings, verdicts, strict=True)):
        if verdict[0] != CONFIRMED:
            continue
        fixed = verdict[1] == BY_HAND
        doubt = None if fixed or reading.next_km in stale else _doubt(reading)
        weight = _DOUBTFUL_WEIGHT if doubt else _WEIGHT
        if fixed:
            weight = _FIXED_WEIGHT
        points.append(_Point(index, reading.date, reading.km, weight, doubt))
    return sorted(points, key=lambda point: (point.date, point.index))


def _stale_next_kms(readings):
    passed = collections.Counter(
        reading.next_km
        for reading in readings
        if reading.next_km and reading.km and reading.next_km <= reading.km
    )
    return {km for km, count in passed.items() if count >= _STALE_NEXT_COUNT}


def _doubt(reading):
    """Return why the shop's own next mileage speaks against a reading, or None."""
    if not reading.next_km or reading.next_km < 0:
        return None
    if reading.next_km <= reading.km:
        return BEYOND_NEXT_SERVICE
    if reading.next_km - reading.km > _NEXT_SERVICE_MAX_KM:
        return NEXT_SERVICE_FAR
    return None


def _heaviest_chain(points, limits):
    """Return the heaviest list of points of which each can follow the one before.

    Of two equally heavy chains the lower one wins: a digit too many is the common
    mistake, a digit too few the rare one.
    """
    best = []
    for position, point in enumerate(points):
        score, previous = (0, 0), None
        for earlier in range(position):
            if best[earlier][0] > score and limits.follows(points[earlier], point):
                score, previous = best[earlier][0], earlier
        best.append(((score[0] + point.weight, score[1] - point.km), previous))
    if not best:
        return []
    position = max(range(len(best)), key=lambda number: best[number][0])
    chain = []
    while position is not None:
        chain.append(points[position])
        position = best[position][1]
    return chain[::-1]


def _is_fixed(point):
    """Say whether no rule may doubt a point: a person's word, or the delivery."""
    return point.index < 0 or point.weight == _FIXED_WEIGHT


def _doubts_in_chain(chain, limits):
    """Return {index: reason} of the points that fit but should not be believed."""
    doubts, believed = {}, []
    for position, point in enumerate(chain):
        later = (other for other in chain[position + 1 :] if not other.doubt)
        reason = None
        if not _is_fixed(point):
            reason = _doubt_in_chain(point, believed, next(later, None), limits)
        if reason:
            doubts[point.index] = reason
        else:
            believed.append(point)
    return doubts


def _doubt_in_chain(point, believed, following, limits):
    if _is_supported(point, believed, following):
        return None
    return point.doubt or (TOO_FAST if _leaps(point, believed, limits) else None)


def _is_supported(point, believed, following):
    """Say whether the way to a point has the rhythm of the ways around it."""
    if not believed:
        return False
    if following:
        rhythm_around = _slope(point, following)
    else:
        rhythm_around = _rhythm_until_now(believed)
    if not rhythm_around:
        return False
    return _slope(believed[-1], point) <= _RHYTHM_FACTOR * rhythm_around


def _leaps(point, believed, limits):
    """Say whether a point lies ten times too high for the rhythm, or too far."""
    rhythm_before = _rhythm_until_now(believed)
    if not rhythm_before:
        return False
    last = believed[-1]
    days = max((point.date - last.date).days, 1)
    usual, driven = rhythm_before * days, point.km - last.km
    if days >= _LEAP_MIN_DAYS and driven > _LEAP_KM_PER_DAY * days:
        return driven > _LEAP_FACTOR * usual
    lowest = last.km - limits.tolerance_km
    highest = last.km + _RHYTHM_FACTOR * usual + limits.tolerance_km
    return (
        driven > max(_TENFOLD_MIN_KM, _TENFOLD_FACTOR * usual + limits.tolerance_km)
        and lowest <= point.km / 10 <= highest
    )


def _rhythm_until_now(believed):
    """Return the mean km/day of the believed points, None when they span too little."""
    if not believed:
        return None
    days = (believed[-1].date - believed[0].date).days
    return _slope(believed[0], believed[-1]) if days >= _LEAP_MIN_DAYS else None


def _slope(earlier, later):
    return (later.km - earlier.km) / max((later.date - earlier.date).days, 1)


def _reason_outside(point, chain, limits):
    if point.doubt:
        return point.doubt
    for other in chain:
        if other.date < point.date and other.km > point.km + limits.tolerance_km:
            return EARLIER_HIGHER
    return TOO_FAST


def _with_contradictions(readings, verdicts, limits):
    """Give every suspect that a later believed reading contradicts this reason."""
    lowest_later, result = None, []
    backwards = zip(reversed(readings), reversed(verdicts), strict=True)
    for reading, (state, reason) in backwards:
        if state == CONFIRMED:
            known = reading.km if lowest_later is None else lowest_later
            lowest_later = min(reading.km, known)
        elif (
            state == SUSPECT
            and reason not in (IN_FUTURE, OUT_OF_RANGE)
            and lowest_later is not None
            and lowest_later < reading.km - limits.tolerance_km
        ):
            reason = LATER_LOWER
        result.append((state, reason))
    return result[::-1]


def rhythm(confirmed, delivered_on=None):
    """Return the km a day that a car is driven now, or None (VEH-18).

    The median of the last three ways between readings, so that one long holiday
    does not move every date; fewer ways give their mean.

    :param confirmed: readings, or ``(date, km)`` pairs, that are believed, by date
    :param datetime.date delivered_on: day on which the car showed 0 km
    :return: km/day; None without two points a week apart, or when it does not drive
    :rtype: float | None
    """
    points = [(reading[0], reading[1]) for reading in confirmed]
    if delivered_on and (not points or points[0][0] > delivered_on):
        points.insert(0, (delivered_on, 0))
    slopes = _last_slopes(points)
    if len(slopes) >= _SLOPES:
        per_day = statistics.median(slopes[:_SLOPES])
    else:
        per_day = _mean_slope(points)
    return per_day if per_day > 0 else None


def _last_slopes(points):
    """Return the km/day of the ways between points, the last one first."""
    slopes = []
    if points:
        later_on, later_km = points[-1]
    for on, km in reversed(points[:-1]):
        days = (later_on - on).days
        if days >= _SLOPE_MIN_DAYS:
            slopes.append((later_km - km) / days)
            later_on, later_km = on, km
    return slopes


def _mean_slope(points):
    """Return the km/day from the first point to the last, 0 when it is too short."""
    if not points:
        return 0
    days = (points[-1][0] - points[0][0]).days
    driven = points[-1][1] - points[0][1]
    return driven / days if days >= _SPAN_MIN_DAYS else 0


def estimate(last_km, last_on, km_per_day, today):
    """Return ``(km, error_km)``: what the odometer shows today, give or take (VEH-18).

    :param int last_km: last believed reading
    :param datetime.date last_on: its day
    :param float km_per_day: rhythm; None gives the last reading and no error
    :param datetime.date today: day to estimate for
    :return: whole kilometres; the error is None when nothing can be foretold
    :rtype: tuple[int, int | None]
    """
    if not km_per_day:
        return last_km, None
    driven = km_per_day * max((today - last_on).days, 0)
    return round(last_km + driven), round(_ERROR_BASE_KM + _ERROR_SHARE * driven)
