"""The deadline of a clock as a function of its event log and a calendar (CPL-31).

Nothing here knows a database: a log and the working times of calendars go in, the state
of the clock comes out. The same log gives the same deadline, whoever asks and whenever.
"""

import datetime
from collections.abc import Callable
from typing import NamedTuple

START, PAUSE, RESUME = "start", "pause", "resume"
CALENDAR, TARGET, STOP = "calendar", "target", "stop"
_ORDER = (START, CALENDAR, TARGET, PAUSE, RESUME, STOP)
# So far ahead is looked for working time; longer than any target.
_STEP = datetime.timedelta(days=30)
_STEPS_MAX = 40
_ZERO = datetime.timedelta(0)


class Event(NamedTuple):
    """One line of a log.

    ``value`` is the calendar of "start" and "calendar", the hours of "target".
    """

    at: datetime.datetime
    kind: str
    value: object = None


class State(NamedTuple):
    """How a clock stands after its log.

    ``deadline`` is None while it is paused or has no target; ``left`` is the working
    time that was left when the log ended, negative if it was used up before.
    """

    deadline: datetime.datetime | None
    left: datetime.timedelta | None
    is_paused: bool
    stopped_at: datetime.datetime | None

    def is_missed(self, now):
        """Return whether the target was not kept, as seen at a moment."""
        if self.stopped_at is None and self.deadline is None:
            return self.left is not None and self.left < _ZERO
        end = self.stopped_at or now
        return self.deadline is not None and end > self.deadline


# (calendar, from, until) -> working times in order, as (start, end)
Spans = Callable[[object, datetime.datetime, datetime.datetime], list]


def replay(events, spans, extra_hours=0):
    """Return how the clock stands after a log.

    :param list events: of `Event`, in any order
    :param Spans spans: gives the working times of a calendar
    :param float extra_hours: ask for another moment than the deadline: so many working
        hours later, negative for earlier
    :rtype: State
    """
    log = sorted(events, key=lambda event: (event.at, _ORDER.index(event.kind)))
    run = _Run(spans)
    for event in log:
        run.take(event)
    return run.finish(datetime.timedelta(hours=extra_hours))


def get_moment(calendar, start, hours, spans):
    """Return the moment so many working hours of a calendar after another.

    :param Spans spans: gives the working times of a calendar
    :return: None if the calendar has not so much working time ahead
    """
    log = [Event(start, START, calendar), Event(start, TARGET, hours)]
    return replay(log, spans).deadline


class _Run:
    """The replay of one log."""

    def __init__(self, spans):
        self.spans = spans
        self.worked = []
        self.calendar = None
        self.target = None
        self.running_since = None
        self.is_paused = False
        self.stopped_at = None

    def take(self, event):
        """Carry out one line of the log."""
        if self.stopped_at is not None:
            return
        self._work_until(event.at)
        if event.kind == START:
            self.calendar, self.running_since = event.value, event.at
        elif event.kind == CALENDAR:
            self.calendar = event.value
        elif event.kind == TARGET:
            self.target = datetime.timedelta(hours=event.value)
        elif event.kind == PAUSE:
            self.is_paused, self.running_since = True, None
        elif event.kind == RESUME and self.is_paused:
            self.is_paused, self.running_since = False, event.at
        elif event.kind == STOP:
            self.stopped_at = event.at

    def _work_until(self, moment):
        """Add the working time since the last line of the log."""
        if self.running_since is None or moment <= self.running_since:
            return
        self.worked += self.spans(self.calendar, self.running_since, moment)
        self.running_since = moment

    def finish(self, extra):
        """Return the state after the last line."""
        if self.target is None:
            return State(None, None, self.is_paused, self.stopped_at)
        used = sum((end - start for start, end in self.worked), _ZERO)
        left = self.target - used
        deadline = self._find(self.target + extra)
        return State(deadline, left, self.is_paused, self.stopped_at)

    def _find(self, target):
        """Return the moment at which so much working time was used."""
        moment, left = _spend(self.worked, max(target, _ZERO))
        if moment is not None or self.running_since is None:
            return moment
        start = self.running_since
        for _step in range(_STEPS_MAX):
            ahead = self.spans(self.calendar, start, start + _STEP)
            moment, left = _spend(ahead, left)
            if moment is not None:
                return moment
            start += _STEP
        return None


def _spend(slices, target):
    """Return (moment at which the target is used up, what is left of it)."""
    left = target
    for start, end in slices:
        if end - start >= left:
            return start + left, _ZERO
        left -= end - start
    return None, left
