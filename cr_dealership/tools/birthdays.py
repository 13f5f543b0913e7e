"""The next birthday of a person, by the solar or the lunar calendar (REL-10)."""

import datetime

from lunardate import LunarDate

# lunardate knows 1900 to 2099.
_LUNAR_YEARS = range(1900, 2099)


def next_birthday(born_on, today, is_lunar=False):
    """Return the first birthday on or after a day.

    29 February is celebrated on the 28th of a year that has no 29th. A lunar birthday
    keeps its lunar month and day; the 30th of a short month falls on the 29th, one of
    a leap month on the ordinary month of that name.

    :param datetime.date born_on: birth date in the solar calendar
    :param datetime.date today: first day that counts
    :param bool is_lunar: celebrate by the lunar calendar
    :return: None for a birth date that no calendar covers
    :rtype: datetime.date | None
    """
    if not born_on or born_on > today:
        return None
    if not is_lunar:
        candidates = (_in_year(born_on, today.year + ahead) for ahead in (0, 1))
    elif born_on.year not in _LUNAR_YEARS or today.year + 1 not in _LUNAR_YEARS:
        return None
    else:
        born = LunarDate.fromSolarDate(born_on.year, born_on.month, born_on.day)
        # A lunar year begins in January or February of the solar one.
        candidates = (_in_lunar_year(born, today.year + ahead) for ahead in (-1, 0, 1))
    return next((day for day in candidates if day >= today), None)


def _in_year(born_on, year):
    try:
        return born_on.replace(year=year)
    except ValueError:
        return datetime.date(year, 2, 28)


def _in_lunar_year(born, year):
    try:
        return LunarDate(year, born.month, born.day).toSolarDate()
    except ValueError:
        return LunarDate(year, born.month, born.day - 1).toSolarDate()
