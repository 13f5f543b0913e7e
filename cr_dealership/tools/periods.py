"""Weeks and months as spans of days."""

import datetime

_DAY = datetime.timedelta(days=1)


def span_of(period, day):
    """Return (first, last) day of the week or month that a day lies in.

    :param str period: "week" or "month"
    """
    if period == "week":
        first = day - datetime.timedelta(days=day.weekday())
        return first, first + 6 * _DAY
    first = day.replace(day=1)
    return first, (first + 32 * _DAY).replace(day=1) - _DAY


def span_before(period, day):
    """Return (first, last) day of the week or month before the one of a day."""
    return span_of(period, span_of(period, day)[0] - _DAY)
