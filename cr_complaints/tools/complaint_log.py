"""Which line of a complaint's log moves which clock (CPL-17, CPL-31).

A line comes in as it stands in the log, deadlines go out through `tools.clock`.
"""

import datetime
from typing import NamedTuple

from . import clock

# The calendar of grades whose clocks do not stop at night.
ALWAYS = "always"
_BEGIN = ("received", "reopened")
# The customer heard from us: the next promise counts anew.
_NEWS = ("told", "answered")
_STOPS = {
    "answer": ("answered", "solved", "closed"),
    "promise": ("solved", "closed"),
    "solve": ("solved", "closed"),
}


class Line(NamedTuple):
    """A line of the log.

    ``hours`` are the working hours of each clock where the line sets them,
    ``calendar`` the working calendar where it sets it, ``until`` the moment by which
    something was promised to the customer.
    """

    at: datetime.datetime
    kind: str
    hours: dict | None = None
    calendar: object = None
    until: datetime.datetime | None = None

    @property
    def key(self):
        """Return the line as something that can be looked up."""
        hours = self.hours and tuple(sorted(self.hours.items()))
        return self._replace(hours=hours)


class Reckoner:
    """Reckons with the working times of calendars, and keeps what it worked out.

    What a batch records at one moment has the same log, and one answer.
    """

    def __init__(self, spans):
        self._spans = spans
        self._known = {}

    def __call__(self, calendar, start, end):
        """Return the working times of a calendar between two moments."""
        return self._spans(calendar, start, end)

    def state_of(self, kind, lines, extra_hours=0):
        """Return how a clock of a complaint stands; see `state_of`."""
        key = (kind, extra_hours, tuple(line.key for line in lines))
        if key not in self._known:
            self._known[key] = state_of(kind, lines, self._spans, extra_hours)
        return self._known[key]


def state_of(kind, lines, spans, extra_hours=0):
    """Return how a clock of a complaint stands.

    :param str kind: "answer", "promise" or "solve"
    :param list lines: of `Line`, in order
    :param clock.Spans spans: gives the working times of a calendar
    :param float extra_hours: ask for so many working hours after the deadline instead
    :rtype: clock.State | None
    """
    events, promised = _read(kind, lines)
    if not events:
        return None
    state = clock.replay(events, spans, extra_hours)
    if promised is None or state.deadline is None:
        return state
    return _keep_promise(state, events, promised, spans, extra_hours)


def _keep_promise(state, events, promised, spans, extra_hours):
    """Return the state with an earlier moment that was promised to the customer."""
    moment = promised
    if extra_hours > 0:
        calendar = [event.value for event in events if event.kind == clock.START][-1]
        after = [
            clock.Event(promised, clock.START, calendar),
            clock.Event(promised, clock.TARGET, extra_hours),
        ]
        moment = clock.replay(after, spans).deadline
    elif extra_hours < 0:
        moment = promised + datetime.timedelta(hours=extra_hours)
    return state._replace(deadline=min(state.deadline, moment))


def _read(kind, lines):
    """Return (events of the clock, moment promised to the customer or None)."""
    reader = _Reader(kind)
    for line in lines:
        reader.take(line)
    return reader.events, reader.promised


class _Reader:
    """Turns lines of a log into the events of one clock."""

    def __init__(self, kind):
        self.kind = kind
        self.events = []
        self.promised = None
        self.calendar = None
        self.hours = 0
        self.is_new_calendar = False
        self.is_paused = False

    def take(self, line):
        """Read one line."""
        if line.hours is not None:
            self.hours = line.hours.get(self.kind) or 0
        self.is_new_calendar = line.calendar not in (None, self.calendar)
        self.calendar = line.calendar or self.calendar
        if line.kind in _BEGIN or self.kind == "promise" and line.kind in _NEWS:
            self._begin(line)
        elif self.events:
            self._go_on(line)

    def _begin(self, line):
        """Start the clock, anew if it ran before."""
        self.is_paused = self.is_paused and line.kind not in _BEGIN
        self.promised = line.until
        self.events = [clock.Event(line.at, clock.START, self.calendar)]
        if self.hours:
            self.events.append(clock.Event(line.at, clock.TARGET, self.hours))
        if self.is_paused:
            self.events.append(clock.Event(line.at, clock.PAUSE))

    def _go_on(self, line):
        """Move a clock that was started."""
        if line.hours is not None and self.hours:
            self.events.append(clock.Event(line.at, clock.TARGET, self.hours))
        if self.is_new_calendar:
            self.events.append(clock.Event(line.at, clock.CALENDAR, self.calendar))
        if line.kind in ("paused", "resumed"):
            self.is_paused = line.kind == "paused"
            kind = clock.PAUSE if self.is_paused else clock.RESUME
            self.events.append(clock.Event(line.at, kind))
        elif line.kind in _STOPS[self.kind]:
            self.events.append(clock.Event(line.at, clock.STOP))
