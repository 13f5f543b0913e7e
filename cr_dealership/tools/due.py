"""When a car is due: service, first service, inspection (VEH-04, VEH-05, FS-01)."""

import datetime
import math
from typing import NamedTuple

from .offsets import add_months, last_day, step_date

BY_DATE = "date"
BY_MILEAGE = "mileage"

# Beyond this a forecast by mileage says only that the car hardly drives.
_FORECAST_MAX_DAYS = 3650
# The station accepts a car from three months before its inspection is due.
_INSPECTION_EARLY_MONTHS = 3


class Due(NamedTuple):
    """The day on which something is due and what made it that day.

    ``basis`` is "date" or "mileage"; ``km`` is the mileage at which it is due, None
    when no mileage is known; ``km_per_day`` is the rhythm that was used;
    ``days_left`` counts from today, negative when overdue, None without today.
    """

    on: datetime.date
    basis: str
    km: int | None = None
    km_per_day: float | None = None
    days_left: int | None = None


def next_service(
    last_on,
    last_km,
    km_per_day,
    interval_days,
    interval_km,
    stated_next_on=None,
    stated_next_km=None,
    today=None,
):
    """Return when the next service is due, by date or mileage (VEH-05, VEH-18).

    What the shop itself stated wins over the interval, unless it does not lie after
    the last visit; the earlier of date and mileage decides.

    :param datetime.date last_on: last service; None when there was none
    :param int last_km: believed reading of that day, or None
    :param float km_per_day: rhythm of the car, or None
    :param int interval_days: days between services, 0 or None for none
    :param int interval_km: kilometres between services, 0 or None for none
    :param datetime.date stated_next_on: next service date on the work order
    :param int stated_next_km: next service mileage on the work order
    :param datetime.date today: fills ``days_left``
    :return: None when neither a date nor a mileage can be told
    :rtype: Due | None
    """
    if not last_on:
        return None
    by_date = _later_than(last_on, stated_next_on)
    if not by_date and interval_days:
        by_date = step_date(last_on, interval_days)
    km = _later_than(last_km or 0, stated_next_km)
    if not km and interval_km and last_km is not None:
        km = last_km + interval_km
    by_mileage = _reached_on(last_on, last_km, km, km_per_day)
    return _earlier(by_date, by_mileage, km, km_per_day, today)


def first_service(
    delivered_on,
    interval_days,
    interval_km,
    km_per_day=None,
    last_on=None,
    last_km=None,
    today=None,
):
    """Return when the first service of a new car is due (FS-01, FS-02).

    :param datetime.date delivered_on: delivery, at 0 km
    :param int interval_days: days after delivery, 0 or None for none
    :param int interval_km: mileage of the first service, 0 or None for none
    :param float km_per_day: rhythm of the car, or None
    :param datetime.date last_on: day of the last believed reading, or None
    :param int last_km: that reading, or None
    :param datetime.date today: fills ``days_left``
    :return: None without a delivery or without any interval
    :rtype: Due | None
    """
    if not delivered_on:
        return None
    by_date = step_date(delivered_on, interval_days) if interval_days else None
    start_on, start_km = delivered_on, 0
    if last_on and last_km is not None and last_on >= delivered_on:
        start_on, start_km = last_on, last_km
    km = interval_km or None
    by_mileage = _reached_on(start_on, start_km, km, km_per_day)
    return _earlier(by_date, by_mileage, km, km_per_day, today)


def _later_than(last, stated):
    return stated if stated and stated > last else None


def _reached_on(last_on, last_km, km, km_per_day):
    """Return the day on which a mileage is reached, or None when nobody can tell."""
    if not km or last_km is None:
        return None
    if last_km >= km:
        return last_on
    if not km_per_day or km_per_day <= 0:
        return None
    days = math.floor((km - last_km) / km_per_day)
    return step_date(last_on, days) if days <= _FORECAST_MAX_DAYS else None


def _earlier(by_date, by_mileage, km, km_per_day, today):
    if not by_date and not by_mileage:
        return None
    mileage_first = by_mileage and (not by_date or by_mileage < by_date)
    on = by_mileage if mileage_first else by_date
    days_left = (on - today).days if today else None
    basis = BY_MILEAGE if mileage_first else BY_DATE
    return Due(on, basis, km, km_per_day or None, days_left)


def next_inspection(
    registered_on, last_passed_on, schedule, today=None, end_of_month=True
):
    """Return the day by which the next inspection must be passed (VEH-04).

    An inspection passed up to three months before its due month counts for it.
    Without any known inspection the past ones are taken as passed when ``today`` is
    given, for a car that comes to the shop drives with a valid mark.

    :param datetime.date registered_on: first registration
    :param datetime.date last_passed_on: last inspection passed, or None
    :param schedule: rows ``(from_age_months, every_months)``: from this age on the car
        is inspected every so many months
    :param datetime.date today: see above
    :param bool end_of_month: due on the last day of the month, as printed in Chinese
        vehicle licences; False gives the very day
    :return: None without a registration or without a row that applies
    :rtype: datetime.date | None
    """
    rows = sorted(row for row in schedule if row[1] > 0)
    if not registered_on or not rows:
        return None
    age = 0
    while age <= 1200:
        every = [row[1] for row in rows if row[0] <= age]
        age = age + every[-1] if every else rows[0][0]
        due = add_months(registered_on, age)
        due = last_day(due) if end_of_month else due
        if not _is_inspected(due, last_passed_on, today):
            return due
    return None


def _is_inspected(due, last_passed_on, today):
    if last_passed_on:
        return last_passed_on >= add_months(due, -_INSPECTION_EARLY_MONTHS)
    return bool(today) and due < today


def soonest(candidates):
    """Return the candidate with the earliest date, or None (VEH-05).

    :param candidates: tuples ``(kind, date, …)``; those without a date are passed
        over, of two on the same day the first stands
    :rtype: tuple | None
    """
    dated = [candidate for candidate in candidates if candidate[1]]
    return min(dated, key=lambda candidate: candidate[1], default=None)
