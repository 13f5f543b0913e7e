"""Days counted in calendar months and from an anchor date (FS-02, INS-02, INS-03)."""

import calendar
import datetime


def last_day(day):
    """Return the last day of the month of ``day`` (INS-02).

    :param datetime.date day: any day of the month
    :rtype: datetime.date
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def first_day(day):
    """Return the first day of the month of ``day`` (INS-02).

    :param datetime.date day: any day of the month
    :rtype: datetime.date
    """
    return day.replace(day=1)


def day_of_month(year, month, day):
    """Return the date, or the last day of a month that is too short (INS-02).

    :param int year: year
    :param int month: 1 to 12
    :param int day: wished day of the month, "the 30th of each month"
    :rtype: datetime.date
    """
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def add_months(day, months):
    """Return ``day`` moved by calendar months (FS-02, CUS-25).

    The day of the month stays; in a month that is too short it becomes the last
    day: 31 January and one month is 28 or 29 February.

    :param datetime.date day: start
    :param int months: months to add, negative to go back
    :rtype: datetime.date
    """
    index = day.year * 12 + day.month - 1 + months
    return day_of_month(index // 12, index % 12 + 1, day.day)


def months_between(start, end):
    """Return the number of full calendar months from ``start`` to ``end`` (RCL-01).

    :param datetime.date start: first day
    :param datetime.date end: last day; before ``start`` the result is negative
    :rtype: int
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def step_date(anchor, offset_days):
    """Return day N plus an offset: N-65, N+7 (FS-05, INS-03).

    :param datetime.date anchor: day N
    :param int offset_days: days, negative before the anchor
    :rtype: datetime.date
    """
    return anchor + datetime.timedelta(days=offset_days)


def working_day(day, is_working_day, forward=True, limit=60):
    """Return ``day``, or the nearest working day after (before) it (CB-06).

    :param datetime.date day: wished day
    :param is_working_day: callable, date -> bool
    :param bool forward: look after ``day``; False looks before it
    :param int limit: days to look at; with no working day among them ``day`` itself
        is returned, so that a calendar without working days stops nothing
    :rtype: datetime.date
    """
    for count in range(limit):
        candidate = step_date(day, count if forward else -count)
        if is_working_day(candidate):
            return candidate
    return day


def nth_working_day(day, count, is_working_day, limit=120):
    """Return the ``count``-th working day after ``day`` (FS-07, INS-07).

    :param datetime.date day: day before the first one that may count
    :param int count: 1 is the next working day
    :param is_working_day: callable, date -> bool
    :param int limit: days to look at; where they hold fewer working days, calendar
        days count, so that a calendar without working days stops nothing
    :rtype: datetime.date
    """
    left = count
    for ahead in range(1, limit + 1):
        candidate = step_date(day, ahead)
        left -= is_working_day(candidate)
        if not left:
            return candidate
    return step_date(day, count)
