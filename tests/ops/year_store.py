"""A store and what happens in it in one year, made of a seed alone.

Nothing here knows Odoo or the addon: the same seed gives the same people, cars and
events everywhere, so that a year can be told twice and compared.
"""

import calendar
import datetime
import random
from collections import defaultdict
from dataclasses import dataclass, field

# The last leap year whose holidays and make-up days are announced.
YEAR = 2024
START = datetime.date(YEAR, 1, 1)
END = datetime.date(YEAR, 12, 31)
_DAY = datetime.timedelta(days=1)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_VALUES = dict(
    zip(_LETTERS, [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PURPOSES = ("all", "service", "insurance", "care", "marketing")
_CHANNELS = ("phone", "sms", "letter")


@dataclass
class Person:
    """A customer; ``refusals`` are (purpose, channel) that he does not want."""

    key: int
    name: str
    mobile: str | None
    born_on: datetime.date | None = None
    is_lunar: bool = False
    licence_on: datetime.date | None = None
    founded_on: datetime.date | None = None
    refusals: set = field(default_factory=set)


@dataclass
class Car:
    """A car as the books hold it on the first day, or on its delivery in the year.

    ``visits`` are (day, kind); ``policies`` are (last day, bought here). Cars that
    ``has_readings`` tell their mileage, so that their due dates move.
    """

    key: int
    vin: str
    plate: str
    owner: int
    is_ours: bool
    delivered_on: datetime.date
    driver: int | None = None
    has_readings: bool = False
    km_per_day: int = 0
    visits: list = field(default_factory=list)
    policies: list = field(default_factory=list)


@dataclass
class Store:
    """Everybody and everything, and the events of each day as (kind, values)."""

    people: list
    cars: list
    events: dict


def add_months(day, months):
    """Return a day so many months later, the last one of a month too short."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def make_vin(number):
    """Return a vehicle number with a right check digit."""
    chars = list(f"LFMAYAC00{number:08d}")
    total = sum(
        int(char if char.isdigit() else _VIN_VALUES[char]) * weight
        for char, weight in zip(chars, _VIN_WEIGHTS, strict=True)
    )
    chars[8] = "X" if total % 11 == 10 else str(total % 11)
    return "".join(chars)


class Maker:
    """Draws a store; every draw comes from one generator."""

    def __init__(self, cars, seed):
        self.count, self.random = cars, random.Random(seed)
        self.people, self.cars = [], []
        self.events = defaultdict(list)

    def make(self):
        """Return the store."""
        for number in range(self.count):
            self._add_car(number)
        for person in self.people:
            self._plan_person(person)
        for car in self.cars:
            self._plan_car(car)
        return Store(self.people, self.cars, self.events)

    # === DAYS === #

    def _day_between(self, first, last):
        """Return a day; ends of months and 29 February are drawn more often."""
        day = first + _DAY * self.random.randrange((last - first).days + 1)
        if self.random.random() < 0.3:
            last_of_month = calendar.monthrange(day.year, day.month)[1]
            day = day.replace(day=last_of_month - self.random.randrange(3))
        return min(max(day, first), last)

    def _chance(self, share):
        return self.random.random() < share

    # === PEOPLE === #

    def _add_person(self):
        draw, key = self.random, len(self.people)
        person = Person(key, f"Year customer {key}", f"139{key:08d}")
        if self._chance(0.08):
            person.founded_on = self._day_between(
                datetime.date(1996, 1, 1), datetime.date(2020, 12, 31)
            )
        elif self._chance(0.85):
            born_on = datetime.date(draw.randrange(1950, 2004), 1, 1)
            person.born_on = born_on + _DAY * draw.randrange(365)
            if self._chance(0.06):
                person.born_on = datetime.date(draw.choice((1964, 1980, 1996)), 2, 29)
            person.is_lunar = self._chance(0.2)
        if self._chance(0.5):
            person.licence_on = self._day_between(START, END + 300 * _DAY)
        if self._chance(0.05):
            person.mobile = None
        if self._chance(0.12):
            person.refusals.add((draw.choice(_PURPOSES), draw.choice(_CHANNELS)))
        self.people.append(person)
        return person

    def _pick_person(self, share_known):
        if self.people and self._chance(share_known):
            return self.random.choice(self.people)
        return self._add_person()

    def _plan_person(self, person):
        """Plan refusals and renewed licences of the year."""
        if self._chance(0.08):
            day = self._day_between(START + _DAY, END)
            wish = (self.random.choice(_PURPOSES), self.random.choice(_CHANNELS))
            self._add(day, "refuse", person=person.key, wish=wish)
        if person.licence_on and person.licence_on <= END and self._chance(0.6):
            day = person.licence_on - _DAY * self.random.randrange(-5, 40)
            if START < day <= END:
                later = add_months(person.licence_on, 72)
                self._add(day, "licence", person=person.key, on=later)

    # === CARS === #

    def _add_car(self, number):
        is_new = self._chance(0.08)
        first = START + 5 * _DAY if is_new else START - 4500 * _DAY
        last = END - 5 * _DAY if is_new else START - _DAY
        if not is_new and self._chance(0.35):
            first = START - 400 * _DAY
        car = Car(
            key=number,
            vin=make_vin(number + 1),
            plate=f"赣D{number:05d}",
            owner=self._pick_person(0.2).key,
            is_ours=self._chance(0.85),
            delivered_on=self._day_between(first, last),
            has_readings=self._chance(0.2),
            km_per_day=self.random.randrange(10, 80),
        )
        if self._chance(0.15):
            car.driver = self._pick_person(0.3).key
        self._add_past(car)
        self.cars.append(car)

    def _add_past(self, car):
        """Draw the visits and policies before the year."""
        day = car.delivered_on + _DAY * self.random.randrange(60, 150)
        stays_away_from = START - _DAY * self.random.choice((0, 0, 0, 120, 200, 400))
        while day < stays_away_from:
            kind = "maintenance" if self._chance(0.75) else "repair"
            if not any(code != "repair" for _on, code in car.visits):
                kind = "first" if self._chance(0.85) else kind
            car.visits.append((day, kind))
            day += _DAY * self.random.randrange(90, 270)
        car.visits = car.visits[-8:]
        if car.delivered_on < START and self._chance(0.9):
            ends_on = self._day_between(START - 20 * _DAY, END + 40 * _DAY)
            car.policies.append((ends_on, self._chance(0.7)))
        elif car.delivered_on >= START and self._chance(0.7):
            car.policies.append((add_months(car.delivered_on, 12) - _DAY, True))

    # === THE YEAR === #

    def _add(self, day, kind, **values):
        if START <= day <= END:
            self.events[day].append((kind, values))

    def _plan_car(self, car):
        """Plan what happens to a car in the year, by itself."""
        first = START
        if car.delivered_on >= START:
            first = car.delivered_on + _DAY
            self._add(car.delivered_on, "deliver", car=car.key)
        self._plan_visits(car, first)
        for ends_on, _is_here in car.policies:
            if self._chance(0.6):
                day = ends_on - _DAY * self.random.randrange(-6, 64)
                self._add_policy(car, max(day, first), ends_on)
        if self._chance(0.5):
            day = first + _DAY * self.random.randrange((END - first).days + 1)
            self._add(day, "inspect", car=car.key)
        if self._chance(0.05):
            self._plan_resale(car, first)

    def _plan_visits(self, car, first):
        day = first + _DAY * self.random.randrange(20, 330)
        while day <= END:
            kind = "maintenance" if self._chance(0.7) else "repair"
            late = self.random.choice((0, 0, 0, 0, 1, 3))
            self._add(day + late * _DAY, "visit", car=car.key, on=day, code=kind)
            day += _DAY * self.random.randrange(60, 300)

    def _add_policy(self, car, day, ends_on):
        later = add_months(ends_on, 12)
        here = self._chance(0.7)
        self._add(day, "insure", car=car.key, until=later, is_here=here)

    def _plan_resale(self, car, first):
        day = first + _DAY * self.random.randrange((END - first).days + 1)
        buyer = self._pick_person(0.3)
        if buyer.key != car.owner:
            self._add(
                day,
                "resell",
                car=car.key,
                person=buyer.key,
                is_purchase=self._chance(0.3),
                keep_driver=self._chance(0.3),
            )


def make_store(cars, seed):
    """Return the store of a seed."""
    return Maker(cars, seed).make()
