"""Public holidays of China and the weekend days worked instead (CB-06, REL-09).

The State Council announces them year by year, so a year is known only once the
library chinesecalendar carries it.
"""

import functools

import chinese_calendar
from chinese_calendar import constants

from .errors import RuleError

CHINESE_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


@functools.cache
def known_years():
    """Return the years whose holidays are known, in order (REL-09).

    :rtype: tuple[int, ...]
    """
    return tuple(sorted({day.year for day in constants.holidays}))


def chinese_days(year):
    """Return ``(holidays, makeup)`` of a year (REL-09).

    :param int year: calendar year
    :return: every day off as {date: English name}, days off that fall on a weekend
        included (:data:`CHINESE_NAMES` has the Chinese names); and the weekend days
        that are worked instead, in order
    :rtype: tuple[dict[datetime.date, str], list[datetime.date]]
    :raises RuleError: ``holidays_unknown`` for a year that is not announced
    """
    if year not in known_years():
        raise RuleError("holidays_unknown", year=year)
    names = sorted(constants.holidays.items())
    holidays = {day: name for day, name in names if day.year == year}
    makeup = sorted(day for day in constants.workdays if day.year == year)
    return holidays, makeup
