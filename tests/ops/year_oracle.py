"""The books of the oracle: what it was told, and which cases must be there."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from year_rules import (
    _CUSTOMER_ANCHORS,
    _LOOK_BACK,
    _SAME_ROUND,
    PLANS,
    Case,
    Task,
    block_of,
    inspection_due,
    is_set_aside,
    next_birthday,
    verdict_of,
)
from year_store import add_months

_DAY = datetime.timedelta(days=1)
_SERVICES = ("first", "maintenance")


@dataclass
class Book:
    """What is known of a car. ``told`` are due dates that follow its mileage."""

    owner: int
    driver: int | None
    is_purchase: bool
    delivered_on: datetime.date
    is_in_use: bool = True
    visits: list = field(default_factory=list)
    ends: list = field(default_factory=list)
    passed_on: datetime.date | None = None
    told: dict | None = None


class Oracle:
    """Says what must be there.

    :param ids: {customer's key: id in the database}, for the lot of the hold-out
    """

    def __init__(self, store, ids):
        self.people = {person.key: person for person in store.people}
        self.wishes = {
            person.key: set(person.refusals) for person in store.people
        }
        self.ids = ids
        self.cars, self.cases, self.today = {}, {}, None
        self.by_car, self.by_person = defaultdict(list), defaultdict(list)
        self.birthdays = {}
        # Days of the visits to come that each car has booked.
        self.bookings = defaultdict(list)

    # === DUE DATES === #

    def get_due(self, car, today):
        """Return {anchor: day} of a car."""
        book = self.cars[car]
        dates = {"delivery": book.delivered_on}
        past = [visit for visit in book.visits if visit[0] <= today]
        dates["last_visit"] = max((day for day, _kind in past), default=None)
        if not book.is_in_use:
            return dates
        services = [day for day, kind in past if kind in _SERVICES]
        if services:
            dates["maintenance"] = add_months(max(services), 6)
        else:
            dates["first_service"] = add_months(book.delivered_on, 3)
        dates["insurance"] = max(book.ends, default=None)
        dates["inspection"] = inspection_due(book.delivered_on, book.passed_on, today)
        return {**dates, **(book.told or {})}

    def _get_person_due(self, person, anchor, today):
        who = self.people[person]
        if anchor == "birthday":
            known = self.birthdays.get(person)
            if who.born_on and (not known or known < today):
                self.birthdays[person] = next_birthday(who, today)
            return self.birthdays.get(person)
        return who.licence_on if anchor == "licence" else who.founded_on

    def _get_main_car(self, person):
        """Return the car that came last, else the first one, of an owner."""
        mine = [key for key, book in self.cars.items() if book.owner == person]
        days = {
            key: max((day for day, _kind in self.cars[key].visits), default=None)
            for key in mine
        }
        newest = max((day for day in days.values() if day), default=None)
        # Of several the one that came into the books first.
        return next((key for key in mine if days[key] == newest), None)

    # === THE NIGHT === #

    def open_night(self, today):
        """Open the cases that fall due; return the new ones."""
        self.today, new = today, []
        for car in sorted(self.cars):
            dates = self.get_due(car, today)
            for code, plan in PLANS.items():
                if dates.get(plan.anchor) and plan.anchor not in _CUSTOMER_ANCHORS:
                    new += self._open_for_car(code, plan, car, dates[plan.anchor])
        for person in sorted(self.people):
            for code, plan in PLANS.items():
                if plan.anchor in _CUSTOMER_ANCHORS[:3]:
                    new += self._open_for_person(code, plan, person)
        return new

    def _get_days(self, plan, anchor_on):
        """Return the days N of a date that a plan looks at tonight."""
        lead = max(0, -min(step.offset for step in plan.steps))
        first, last = self.today - _LOOK_BACK * _DAY, self.today + lead * _DAY
        age = (first.year - anchor_on.year) * 12 + first.month - anchor_on.month
        every = range(plan.months, plan.until + 1, plan.repeat or 9999)
        days = (
            add_months(anchor_on, months)
            for months in every
            if age - 1 <= months <= age + 5
        )
        return [day for day in days if first <= day <= last]

    def _open_for_car(self, code, plan, car, anchor_on):
        book = self.cars[car]
        person = book.driver if plan.to_driver and book.driver is not None else None
        person = book.owner if person is None else person
        if not book.is_in_use or (plan.buyer_only and not book.is_purchase):
            return
        for day in self._get_days(plan, anchor_on):
            if not (plan.moving and self._has_round(code, car, person, day)):
                yield from self._open(code, person, car, day)

    def _has_round(self, code, car, person, day):
        """Say whether this round has its case, whatever became of it."""
        return any(
            case.is_live or (case.person == person and self._is_near(case, day))
            for case in self.by_car[car]
            if case.plan == code
        )

    @staticmethod
    def _is_near(case, day):
        return abs((case.on - day).days) <= _LOOK_BACK

    def _open_for_person(self, code, plan, person):
        anchor_on = self._get_person_due(person, plan.anchor, self.today)
        for day in self._get_days(plan, anchor_on) if anchor_on else ():
            known = any(
                case.first_on == day
                or (plan.moving and (case.is_live or self._is_near(case, day)))
                for case in self.by_person[person]
                if case.plan == code
            )
            if not known:
                yield from self._open(code, person, self._get_main_car(person), day)

    def _open(self, code, person, car, day):
        plan = PLANS[code]
        case = Case(code, person, car, day, day, self.today, self.today)
        if case.key in self.cases:
            return
        last = max(step.offset for step in plan.steps)
        case.expires_on = max(day + last * _DAY, self.today) + plan.close * _DAY
        if not is_set_aside(plan, code, self.ids[person]):
            due = [(step, day + step.offset * _DAY) for step in plan.steps]
            case.tasks = [Task(step, on, on) for step, on in due]
        self.cases[case.key] = case
        self.by_person[person].append(case)
        if car is not None:
            self.by_car[car].append(case)
            self._hold_for_visits(car, [case])
        yield case

    def expire_night(self, waiting):
        """End the cases whose last day has passed, unless they wait for their call.

        :param waiting: keys of the cases with a card that may still be called
        """
        for case in self.cases.values():
            is_over = case.expires_on < self.today and case.key not in waiting
            if case.is_live and is_over:
                self._end(case, "lost" if case.answer == "refused" else "expired")

    def judge_night(self):
        """Return [(case, task, verdict)] of the steps whose day has come."""
        judged = []
        for case in self.cases.values():
            for task in case.tasks if case.is_live else ():
                if task.state == "waiting" and task.next_on <= self.today:
                    judged.append((case, task, self._judge(case, task)))
        return judged

    def _judge(self, case, task):
        plan, block = PLANS[case.plan], None
        if task.step.channel in ("sms", "letter", "call"):
            wishes = self.wishes[case.person]
            block = block_of(
                self.people[case.person], wishes, plan.purpose, task.step.channel
            )
        cars = self.by_car[case.car] if case.car is not None else ()
        is_satisfied = any(
            other.is_live and other.plan == plan.satisfied_by for other in cars
        )
        return verdict_of(task, case, self.today, block, is_satisfied)

    def launch(self, code, day, people):
        """Open a campaign's cases; its day is day N."""
        return [
            case
            for person in people
            for case in self._open(code, person, self._get_main_car(person), day)
        ]

    # === WHAT HAPPENS === #

    def deliver(self, car, book):
        """Take a car into the books."""
        self.cars[car] = book

    def visit(self, car, on, kind, told):
        """Note a visit that became known today; it wins or cancels."""
        self.cars[car].visits.append((on, kind))
        self.cars[car].told = told
        for case in self._get_live(car) + self._get_given_up(car):
            stop = PLANS[case.plan].stop
            fits = stop == "visit" or (stop == "service" and kind in _SERVICES)
            if not case.is_live:
                # Given up, but he came in time all the same.
                if fits and case.opened_on <= on <= case.expires_on:
                    self._end(case, "won")
            elif fits and on >= case.opened_on:
                self._end(case, "won")
            elif fits and on >= case.opened_on - 60 * _DAY:
                self._end(case, "cancelled")
        self._follow(car)

    def insure(self, car, until, is_here):
        """Note a new policy; here it wins, elsewhere it loses."""
        self.cars[car].ends.append(until)
        for case in self._get_live(car):
            if PLANS[case.plan].stop == "policy" and until > case.on + 30 * _DAY:
                self._end(case, "won" if is_here else "lost")
        for case in self._get_given_up(car) if is_here else ():
            fits = PLANS[case.plan].stop == "policy" and until > case.on + 30 * _DAY
            if fits and self.today <= case.expires_on:
                self._end(case, "won")
        self._follow(car)

    def inspect(self, car, on):
        """Note a passed inspection."""
        self.cars[car].passed_on = on
        for case in self._get_live(car):
            if PLANS[case.plan].stop == "inspection" and on >= case.on - 92 * _DAY:
                self._end(case, "won" if on >= case.opened_on else "cancelled")
        for case in self._get_given_up(car):
            fits = PLANS[case.plan].stop == "inspection"
            if fits and case.opened_on <= on <= case.expires_on:
                self._end(case, "won")
        self._follow(car)

    def resell(self, car, owner, is_purchase, keep_driver):
        """Hand a car over; the old people's cases about it end."""
        book = self.cars[car]
        book.owner, book.is_purchase = owner, is_purchase
        if not keep_driver:
            book.driver = None
        self._follow(car)

    def book(self, car, day):
        """Note a booked visit; the cases that it settles wait for it."""
        self.bookings[car].append(day)
        self._hold_for_visits(car, self._get_live(car))

    def _hold_for_visits(self, car, cases):
        """Have cases wait for the next visit that is booked, if it settles them."""
        coming = [day for day in self.bookings[car] if day >= self.today]
        for case in cases if coming else ():
            if PLANS[case.plan].stop in ("visit", "service") and not case.booked_for:
                case.state, case.booked_for = "booked", min(coming)
                case.expires_on = max(case.expires_on, case.booked_for)

    def unbook(self, car, day, has_come):
        """Note what became of a booked visit: it wins, or the cases go on."""
        if day in self.bookings[car]:
            self.bookings[car].remove(day)
        for case in self._get_live(car):
            if case.booked_for != day:
                continue
            if has_come:
                self._end(case, "won")
                continue
            case.state, case.booked_for = "open", None
            if case.answer in ("agreed", "coming"):
                case.answer = None
            for task in case.tasks:
                if task.state == "waiting" and task.held_for == "booked":
                    task.next_on, task.held_for = self.today, None

    def renew_licence(self, person, on):
        """Note a licence that holds longer; the reminder follows it."""
        self.people[person].licence_on = on
        for case in list(self.by_person[person]):
            if case.is_live and case.plan == "licence":
                self._move(case, on)

    def answer(self, case, answer, effect):
        """Note what the customer said about a case."""
        if not case.is_live:
            return
        case.answer = answer
        if effect in ("lost", "gone"):
            self._end(case, "lost")
        if effect == "gone" and case.car is not None:
            self.cars[case.car].is_in_use = False
            self._follow(case.car)

    def _get_live(self, car):
        return [case for case in self.by_car[car] if case.is_live]

    def _get_given_up(self, car):
        """Return the cases lost or expired of people who still have the car."""
        book = self.cars[car]
        return [
            case
            for case in self.by_car[car]
            if case.state in ("lost", "expired")
            and case.person in (book.owner, book.driver)
        ]

    def _follow(self, car):
        """End what is nobody's any more, and move what moved."""
        book, dates = self.cars[car], self.get_due(car, self.today)
        for case in self._get_live(car):
            anchor = PLANS[case.plan].anchor
            if anchor in _CUSTOMER_ANCHORS[:3]:
                continue
            if not book.is_in_use or case.person not in (book.owner, book.driver):
                self._end(case, "cancelled")
            elif PLANS[case.plan].moving:
                self._move(case, dates.get(anchor))

    def _move(self, case, on):
        if on is None or on > case.on + _SAME_ROUND * _DAY:
            self._end(case, "cancelled")
        elif on != case.on:
            days, case.on = on - case.on, on
            case.expires_on += days
            for task in case.tasks:
                if task.state == "waiting":
                    task.due_on += days
                    task.next_on = task.due_on
                    task.held_for = None

    def _end(self, case, state):
        case.state, case.closed_on = state, self.today
        for task in case.tasks:
            if task.state == "waiting":
                task.state = "ended"
