"""Deadlines in working time: pairs (start, end) in, a moment out."""

import datetime

_STEP = datetime.timedelta(days=31)
_STEPS_MAX = 24


def add_hours(spans, start, hours):
    """Return the moment at which so many working hours have passed.

    :param spans: function (from, until) that gives the working times between two
        moments in order, as (start, end)
    :param datetime.datetime start: when the clock begins to run
    :param float hours: working hours, not negative
    :return: None if there is not so much working time within two years
    """
    left, low = datetime.timedelta(hours=hours), start
    for _step in range(_STEPS_MAX):
        for begin, end in spans(low, low + _STEP):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        low += _STEP
    return None
