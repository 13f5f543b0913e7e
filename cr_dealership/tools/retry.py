"""When to call again somebody who was not reached (CB-06, CB-07)."""

import datetime
from typing import NamedTuple

_SEARCH_DAYS = 60


class Part(NamedTuple):
    """A part of the day in which customers may be called; times are local."""

    code: str
    start: datetime.time
    end: datetime.time


class Ladder(NamedTuple):
    """How often and how soon to try again.

    ``within_days`` are calendar days; ``quick_outcomes`` are outcomes, such as a busy
    line, after which the same part of the day may be tried again.
    """

    within_days: int = 2
    max_attempts: int = 3
    min_gap_minutes: int = 60
    quick_outcomes: tuple = ()


class NextTry(NamedTuple):
    """When to call next; ``moved`` tells that a wish lay outside the call windows."""

    at: datetime.datetime
    part_code: str
    moved: bool = False


def part_of(time, parts):
    """Return the part of the day that holds a time, or None (CB-06).

    :param datetime.time time: local time
    :param list[Part] parts: the end of a part belongs to the next one
    :rtype: Part | None
    """
    return next((part for part in parts if part.start <= time < part.end), None)


def next_try(now, outcome, attempts, parts, is_working_day, ladder, wish=None):
    """Return the next try after a call, or None when contact is lost (CB-06, CB-07).

    The next try lies in a part of the day that was not tried yet, the soonest one
    within the ladder's days; where no working day permits, on the first one after.

    :param datetime.datetime now: naive local time of the call just made
    :param str outcome: its outcome code
    :param attempts: ``(at, part_code)`` of all calls made, the one just made included
    :param list[Part] parts: parts of the day
    :param is_working_day: callable, date -> bool
    :param Ladder ladder: the rules
    :param datetime.datetime wish: when the customer asked to be called; kept, however
        many attempts were made; see :func:`keep_wish`
    :rtype: NextTry | None
    """
    if wish:
        return keep_wish(max(wish, now), parts, is_working_day)
    if len(attempts) >= ladder.max_attempts:
        return None
    earliest = now + datetime.timedelta(minutes=ladder.min_gap_minutes)
    slots = _slots(_full_minute(earliest), parts, is_working_day)
    last_day = now.date() + datetime.timedelta(days=ladder.within_days)
    inside = [slot for slot in slots if slot.at.date() <= last_day]
    after = slots[len(inside) :]
    if outcome in ladder.quick_outcomes and slots:
        return slots[0]
    tried = [code for _at, code in attempts]
    # The first working day after comes in when the days within leave no other part.
    after = [slot for slot in after if slot.at.date() == after[0].at.date()]
    return _least_tried(inside + after, tried)


def keep_wish(wish, parts, is_working_day):
    """Return the try at the wished time, moved only if nobody may call then (CB-06).

    :param datetime.datetime wish: naive local time
    :param list[Part] parts: parts of the day
    :param is_working_day: callable, date -> bool
    :return: with ``moved`` when the wish lay outside; None when no working day comes
    :rtype: NextTry | None
    """
    part = part_of(wish.time(), parts)
    if part and is_working_day(wish.date()):
        return NextTry(wish, part.code)
    day = wish.date()
    while part and (day - wish.date()).days < _SEARCH_DAYS:
        # The time suits, the day does not: the same time on the next working day.
        day += datetime.timedelta(days=1)
        if is_working_day(day):
            moved_to = datetime.datetime.combine(day, wish.time())
            return NextTry(moved_to, part.code, moved=True)
    slots = _slots(wish, parts, is_working_day)
    return slots[0]._replace(moved=True) if slots else None


def _full_minute(moment):
    if moment.second or moment.microsecond:
        moment += datetime.timedelta(minutes=1)
    return moment.replace(second=0, microsecond=0)


def _slots(earliest, parts, is_working_day):
    """Return the tries that calendar and windows permit, soonest first."""
    slots = []
    ordered = sorted(parts, key=lambda part: part.start)
    for count in range(_SEARCH_DAYS):
        day = earliest.date() + datetime.timedelta(days=count)
        if not is_working_day(day):
            continue
        for part in ordered:
            start = max(earliest, datetime.datetime.combine(day, part.start))
            if start < datetime.datetime.combine(day, part.end):
                slots.append(NextTry(start, part.code))
    return slots


def _least_tried(candidates, tried_codes):
    """Return the soonest untried part, else the soonest that was not tried last."""
    for excluded in (set(tried_codes), set(tried_codes[-1:])):
        for slot in candidates:
            if slot.part_code not in excluded:
                return slot
    return candidates[0] if candidates else None
