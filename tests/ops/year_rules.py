"""What the requirements say must be due on which day, told once more in plain Python.

An oracle for the simulated year: it shares no code with the addon. It is told what
happens to cars and customers, works out every night which cases of flows F2-F4, F10 and
F16 begin, which of their steps have come, and what is to become of each of them.
"""

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from lunardate import LunarDate

from year_store import add_months

_DAY = datetime.timedelta(days=1)
# Assumed values of the plans: how late a step may be, how far back a plan looks.
_TOLERANCE, _LOOK_BACK = 10, 30
_CONTACTS = {"sms": "sms", "letter": "letter", "call": "phone"}
_SETTLED = ("agreed", "coming", "refused")
# A date that moves further is another round of the same thing.
_SAME_ROUND = 150
_CUSTOMER_ANCHORS = ("birthday", "licence", "founded", "campaign")


class Step(NamedTuple):
    """A step on day N plus ``offset``."""

    offset: int
    channel: str
    condition: str = "open"
    tolerance: int = _TOLERANCE


class Plan(NamedTuple):
    """A plan: what day N is, its steps, what wins it, when it expires after them."""

    anchor: str
    purpose: str
    steps: tuple
    close: int
    stop: str = ""
    months: int = 0
    repeat: int = 0
    until: int = 120
    to_driver: bool = False
    buyer_only: bool = False
    gated: bool = False
    moving: bool = False
    holdout: int = 0
    satisfied_by: str = ""


def _calendar(months, repeat, channel, **values):
    """Return a plan of the relationship calendar (REL-02 to REL-06)."""
    steps = (Step(0, channel),)
    values = {"months": months, "repeat": repeat, "buyer_only": True, **values}
    return Plan("delivery", "care", steps, 14, **values)


_SERVICE = {"to_driver": True, "moving": True}
PLANS = {
    "first_service": Plan(  # FS-05
        "first_service",
        "service",
        (
            *(Step(-40, "list"), Step(-30, "list"), Step(-25, "sms")),
            *(Step(-15, "call"), Step(-7, "call"), Step(7, "call")),
        ),
        30,
        stop="service",
        gated=True,
        **_SERVICE,
    ),
    "maintenance": Plan(
        "maintenance",
        "service",
        (Step(-15, "sms"), Step(-7, "call"), Step(10, "call")),
        30,
        stop="service",
        **_SERVICE,
    ),
    "insurance": Plan(  # F3
        "insurance",
        "insurance",
        (
            *(Step(-65, "list"), Step(-65, "list"), Step(-60, "sms")),
            *(Step(-50, "call"), Step(-30, "call")),
            *(Step(3, "task", "always"), Step(7, "task", "always")),
        ),
        30,
        stop="policy",
        gated=True,
        moving=True,
    ),
    "inspection": Plan(
        "inspection",
        "service",
        (Step(-30, "sms"), Step(-10, "call")),
        30,
        stop="inspection",
        **_SERVICE,
    ),
    "licence": Plan("licence", "care", (Step(-30, "sms"),), 30, moving=True),
    "recruiting": Plan(  # RCL-01; a tenth is set aside by lot, as the run sets it up
        "last_visit",
        "service",
        (Step(0, "letter"), Step(3, "sms"), Step(7, "call")),
        30,
        stop="visit",
        months=3,
        to_driver=True,
        holdout=10,
    ),
    "recall": Plan(  # RCL-02
        "last_visit",
        "service",
        (Step(0, "call"), Step(14, "call"), Step(21, "task", "not_reached")),
        30,
        stop="visit",
        months=6,
        to_driver=True,
    ),
    "thanks": Plan(
        "delivery", "care", (Step(1, "letter"), Step(4, "sms")), 7, buyer_only=True
    ),
    "first_week": Plan("delivery", "care", (Step(5, "call"),), 14, buyer_only=True),
    "quarter": _calendar(3, 6, "sms"),
    "half_year": _calendar(6, 12, "sms"),
    "year": _calendar(12, 24, "sms", satisfied_by="insurance"),
    "two_years": _calendar(24, 24, "call"),
    "birthday": Plan(
        "birthday", "care", (Step(-15, "task", "always"), Step(0, "sms")), 3
    ),
    "founded": Plan(
        "founded",
        "care",
        (Step(-7, "task", "always"),),
        7,
        months=12,
        repeat=12,
        until=1200,
    ),
    "festival": Plan("campaign", "care", (Step(0, "sms"),), 2),
    "weather": Plan("campaign", "care", (Step(0, "sms", "open", 2),), 3),
}


@dataclass
class Task:
    """A step of a case: ``state`` is waiting, ready, or ended."""

    step: Step
    due_on: datetime.date
    next_on: datetime.date
    state: str = "waiting"
    held_for: str | None = None


@dataclass
class Case:
    """What must be there: one plan, one customer, maybe a car, one day N."""

    plan: str
    person: int
    car: int | None
    first_on: datetime.date
    on: datetime.date
    opened_on: datetime.date
    expires_on: datetime.date
    state: str = "open"
    closed_on: datetime.date | None = None
    answer: str | None = None
    is_reached: bool = False
    is_confirmed: bool = False
    booked_for: datetime.date | None = None
    tasks: list = field(default_factory=list)

    @property
    def key(self):
        """What tells the case from all others."""
        return self.plan, self.person, self.car, self.first_on

    @property
    def is_live(self):
        """Whether nothing has ended it."""
        return self.state in ("open", "booked")


def next_birthday(person, today):
    """Return the first birthday on or after a day; 29 February may be the 28th."""
    born = person.born_on
    if not person.is_lunar:
        wish = (born.month, born.day)
        for ahead in range(366):
            day = today + ahead * _DAY
            tomorrow = day + _DAY
            if (day.month, day.day) == wish:
                return day
            # The 28th stands in where the next day is March already.
            if wish == (2, 29) and (day.month, tomorrow.month) == (2, 3):
                return day
    lunar = LunarDate.from_solar_date(born.year, born.month, born.day)
    for ahead in range(400):
        day = today + ahead * _DAY
        now = LunarDate.from_solar_date(day.year, day.month, day.day)
        if now.is_leap_month or now.month != lunar.month:
            continue
        after = LunarDate.from_solar_date(*(day + _DAY).timetuple()[:3])
        is_last = after.day == 1
        if now.day == lunar.day or (is_last and now.day == 29 and lunar.day == 30):
            return day
    raise AssertionError("everybody has a birthday within 400 days")


def inspection_due(registered_on, passed_on, today):
    """Return the month's end by which a car is inspected next (VEH-04).

    Every second year, from ten years on every year; passed up to three months early;
    an unknown past is taken as passed sixty days after the day.
    """
    age = 24
    while True:
        due = add_months(registered_on, age)
        due = add_months(due.replace(day=1), 1) - _DAY
        is_passed = due < today - 60 * _DAY
        if passed_on:
            is_passed = passed_on >= add_months(due, -3)
        if not is_passed:
            return due
        age += 24 if age < 120 else 12


def is_set_aside(plan, code, partner_id):
    """Say whether a customer is in the share that is not reminded."""
    lot = int(hashlib.md5(f"{code}:{partner_id}".encode()).hexdigest()[:7], 16)
    return lot % 100 < plan.holdout


def block_of(person, wishes, purpose, channel):
    """Return why a person may not be contacted on a channel, None if he may."""
    channel = _CONTACTS[channel]
    if channel in ("phone", "sms") and not person.mobile:
        return "no_phone"
    if ("all", channel) in wishes:
        return "do_not_call"
    return "opt_out" if (purpose, channel) in wishes else None


def verdict_of(task, case, today, block, is_satisfied):
    """Return what becomes of a step whose day has come; "contact" asks the cap."""
    plan, step = PLANS[case.plan], task.step
    if today > task.due_on + step.tolerance * _DAY and step.channel != "list":
        return "too_late"
    if is_satisfied:
        return "satisfied"
    if not is_wanted(step, case):
        return "not_needed"
    if case.booked_for and step.condition != "always":
        return "booked"
    if plan.gated and step.channel != "list" and not case.is_confirmed:
        return "unconfirmed"
    if step.channel not in _CONTACTS:
        return "take"
    return block or "contact"


def is_wanted(step, case):
    """Say whether the condition of a step holds."""
    if step.condition == "always":
        return True
    if case.booked_for:
        return True
    if case.answer in _SETTLED:
        return False
    return step.condition == "open" or not case.is_reached
