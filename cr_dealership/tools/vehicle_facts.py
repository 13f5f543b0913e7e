"""What a car's readings, visits, policies and inspections say about it (VEH-04/05/18).

One pure function for one car; the model feeds it the rows of many cars.
"""

import datetime
from typing import NamedTuple

from . import due, odometer
from .offsets import add_months

# Marks of private passenger cars: every second year, from ten years on every year.
INSPECTION_SCHEDULE = ((0, 24), (120, 12))
# So long a missed inspection stays in the list before it is taken as passed.
_INSPECTION_GRACE_DAYS = 60
# What is overdue for longer gives way to what falls due after it.
_FORGOTTEN_DAYS = 365


class Plan(NamedTuple):
    """Intervals and limits that hold for a car: of its model, else of its store."""

    first_months: int = 0
    first_km: int = 0
    months: int = 0
    km: int = 0
    tolerance_km: int = 500
    max_km_per_day: int = 1000


class Visits(NamedTuple):
    """What the settled work orders of a car amount to.

    ``service_*`` is the last visit that counted as maintenance, ``service_order`` the
    order whose reading belongs to it; ``stated_*`` is the newest date or mileage of
    the next service that the shop wrote on an order.
    """

    count: int = 0
    first_on: datetime.date | None = None
    last_on: datetime.date | None = None
    service_on: datetime.date | None = None
    service_order: int | None = None
    stated_at: datetime.date | None = None
    stated_on: datetime.date | None = None
    stated_km: int | None = None


class Mark(NamedTuple):
    """A reading of the car and the work order it was taken on, if any."""

    reading: odometer.Reading
    order: int | None = None


class Car(NamedTuple):
    """Everything that the facts of one car rest on; ``marks`` sorted by date."""

    plan: Plan
    visits: Visits = Visits()
    marks: tuple[Mark, ...] = ()
    delivered_on: datetime.date | None = None
    registered_on: datetime.date | None = None
    insured_until: datetime.date | None = None
    inspection_on: datetime.date | None = None
    inspected_on: datetime.date | None = None
    is_in_use: bool = True


def work_out(car, today):
    """Return the verdicts on a car's readings and its facts (VEH-05, VEH-18).

    :param Car car: what is known
    :param datetime.date today: day to judge and to foretell from
    :return: the list of (state, reason) of ``car.marks``, and the facts as
        {field of the car: value}
    :rtype: tuple[list[tuple[str, str | None]], dict]
    """
    plan, visits = car.plan, car.visits
    verdicts = odometer.judge(
        [mark.reading for mark in car.marks],
        car.delivered_on,
        today,
        plan.tolerance_km,
        plan.max_km_per_day,
    )
    believed = [
        mark
        for mark, (state, __) in zip(car.marks, verdicts, strict=True)
        if state == odometer.CONFIRMED
    ]
    rate = odometer.rhythm([mark.reading for mark in believed], car.delivered_on)
    newest = believed[-1].reading if believed else None
    service_km = _service_km(visits, believed, rate)
    facts = {
        "odometer_km": newest and newest.km,
        "odometer_on": newest and newest.date,
        "km_per_day": rate and round(rate, 1),
        "first_visit_on": visits.first_on,
        "last_visit_on": visits.last_on,
        "visit_count": visits.count,
        "last_maintenance_on": visits.service_on,
        "last_maintenance_km": service_km,
    }
    facts.update(_dues(car, facts, newest, today) if car.is_in_use else _no_dues())
    return verdicts, facts


def _service_km(visits, believed, rate):
    """Return the mileage of the last maintenance, foretold where it is in doubt."""
    before = None
    for mark in believed:
        if mark.order and mark.order == visits.service_order:
            return mark.reading.km
        if visits.service_on and mark.reading.date <= visits.service_on:
            before = mark.reading
    if before is None:
        return None
    return odometer.estimate(before.km, before.date, rate, visits.service_on)[0]


def _no_dues():
    """Nothing falls due for a car that is gone or scrapped."""
    return {
        **_due_fields("first_service", None),
        **_due_fields("service", None),
        **dict.fromkeys(("insurance_on", "inspection_on", "due_on", "due_kind")),
    }


def _dues(car, facts, newest, today):
    rate, service_km = facts["km_per_day"], facts["last_maintenance_km"]
    first = None if car.visits.service_on else _first_service(car, newest, rate)
    service = _next_service(car, newest, rate, service_km)
    dues = {
        **_due_fields("first_service", first),
        **_due_fields("service", service),
        "insurance_on": car.insured_until,
        "inspection_on": _inspection_on(car, today),
    }
    candidates = [
        ("first_service", dues["first_service_on"]),
        ("maintenance", dues["service_on"]),
        ("insurance", dues["insurance_on"]),
        ("inspection", dues["inspection_on"]),
    ]
    dues["due_kind"], dues["due_on"] = _headline(candidates, today)
    return dues


def _due_fields(name, found):
    on, basis, km = found[:3] if found else (None, None, None)
    return {f"{name}_on": on, f"{name}_km": km, f"{name}_basis": basis}


def get_forgotten_before(today):
    """Return the day before which a missed inspection is taken as passed (VEH-04).

    :param datetime.date today: day of the question
    :rtype: datetime.date
    """
    return today - datetime.timedelta(days=_INSPECTION_GRACE_DAYS)


def _inspection_on(car, today):
    return car.inspection_on or due.next_inspection(
        car.registered_on or car.delivered_on,
        car.inspected_on,
        INSPECTION_SCHEDULE,
        today=get_forgotten_before(today),
    )


def _first_service(car, newest, rate):
    read_on, read_km = (newest.date, newest.km) if newest else (None, None)
    return due.first_service(
        car.delivered_on,
        _days(car.delivered_on, car.plan.first_months),
        car.plan.first_km,
        rate,
        read_on,
        read_km,
    )


def _next_service(car, newest, rate, service_km):
    """Return when the next maintenance is due, foretold from the newest reading."""
    last_on, stated_on, stated_km = _last_word(car.visits)
    if not last_on:
        return None
    goal = due.next_service(
        last_on,
        service_km,
        None if stated_on or car.plan.months else rate,
        _days(last_on, car.plan.months),
        car.plan.km,
        stated_next_on=stated_on,
        stated_next_km=stated_km,
    )
    if not goal or not goal.km or not newest or goal.basis == due.BY_MILEAGE:
        return goal
    read_on, read_km = newest.date, newest.km
    if read_on < last_on:
        read_on, read_km = last_on, service_km
    if read_km is None:
        return goal
    # The goal stands; counting on from the newest reading only sharpens the day.
    return due.first_service(
        last_on, (goal.on - last_on).days, goal.km, rate, read_on, read_km
    )


def _last_word(visits):
    """Return the day maintenance counts from, and date and mileage the shop stated.

    A statement holds until the next maintenance; before any maintenance the visit
    with the statement is what counts.
    """
    last_on, stated_at = visits.service_on, visits.stated_at
    if not stated_at or (last_on and stated_at < last_on):
        return last_on, None, None
    return last_on or stated_at, visits.stated_on, visits.stated_km


def _days(start, months):
    return (add_months(start, months) - start).days if start and months else 0


def _headline(candidates, today):
    """Return (kind, day) of what falls due first, long forgotten things last."""
    limit = today - datetime.timedelta(days=_FORGOTTEN_DAYS)
    fresh = [item for item in candidates if item[1] and item[1] >= limit]
    return due.soonest(fresh) or due.soonest(candidates) or (None, None)
