"""Whom the rows of a file mean, and who owns the cars they tell of (CUS-09, VEH-07).

Only owners become customers: who merely brings a car stays a name on its order. Only
a delivery hands a car over. What is worked out here is written by the importer.
"""

import datetime
from typing import NamedTuple

from . import identity
from .import_rows import DELIVERY, ORDER, name_key

# What the file of a known customer takes from a row if it lacks it.
GAPS = ("phone", "cr_id_number", "street", "cr_source_id")
CHANGEABLE = ("mobile", *GAPS)


class Car:
    """A car of some rows: what it was, what the rows make of it, who owns it.

    ``before`` is empty for a car that is not recorded yet, ``last_on`` the newest day
    on which anything is known to have happened to it.
    """

    __slots__ = (
        "id",
        "before",
        "values",
        "line",
        "last_on",
        "owner",
        "owner_ids",
        "is_touched",
    )

    def __init__(self, before, car_id=None):
        self.id = car_id
        self.before = before
        self.values = dict(before)
        self.line = 0
        self.last_on = None
        self.owner = None
        self.owner_ids = set()
        self.is_touched = False

    def is_newest(self, day):
        """Say whether nothing later than a day is known of the car (VEH-07)."""
        return self.last_on is None or day >= self.last_on

    def see(self, day):
        """Note that something happened to the car on a day (VEH-07)."""
        if day and self.is_newest(day):
            self.last_on = day

    def get_changes(self):
        """Return {field: (old, new)} of what differs from the record (VEH-12)."""
        return {
            name: (self.before.get(name), value)
            for name, value in self.values.items()
            if (value or None) != self.before.get(name)
        }


class Person:
    """A customer as files know him; ``id`` is None until he is recorded."""

    __slots__ = ("id", "name", "key", "is_company", "values", "changes", "line")

    def __init__(self, values, person_id=None):
        self.id = person_id
        self.name = values["name"]
        self.key = name_key(values["name"])
        self.is_company = bool(values.get("is_company"))
        self.values = values
        self.changes = {}
        self.line = 0

    def get_numbers(self):
        """Return the digits of all telephone numbers (CUS-16)."""
        numbers = (self.values.get("mobile"), self.values.get("phone"))
        return {identity.digits(number) for number in numbers if number}

    def is_from(self, source_ids):
        """Say whether a source that was just told is one of those (CUS-12)."""
        told = "cr_source_id" in self.changes
        return told and self.values["cr_source_id"] in source_ids

    def change(self, name, value, line):
        """Give a field another value than the file has (CUS-19)."""
        old = self.changes.get(name, (self.values.get(name),))[0]
        self.values[name] = value
        self.changes[name] = (old, value)
        self.line = line


class Owner(NamedTuple):
    """Since when a person owns a car; ``role_id`` is None while it is not recorded."""

    person: Person
    since: datetime.date
    role_id: int | None = None
    is_purchase: bool = False


class Register:
    """The customers whom some rows may mean, found by what the rows say."""

    def __init__(self):
        self.by_id = {}
        self.new = []
        self._by_number = {}
        self._by_identity = {}
        self._by_company = {}

    def add(self, person, numbers=()):
        """Add a customer under all his numbers (CUS-16).

        :param Person person: known or new
        :param numbers: further digits that stand for him
        """
        for number in {*numbers, *person.get_numbers()}:
            self._by_number.setdefault(number, []).append(person)
        id_number = person.values.get("cr_id_number")
        if id_number:
            self._by_identity.setdefault(id_number, []).append(person)
        if person.is_company:
            self._by_company.setdefault(person.key, []).append(person)
        if person.id:
            self.by_id[person.id] = person
        else:
            self.new.append(person)

    def match(self, data):
        """Return the customer a row means, None if we do not know him (CUS-16).

        A mobile number stands for one person, unless two ID numbers tell two apart;
        a landline serves a household, a number of an organisation several of them.

        :param dict data: the row's cleaned values, with a name
        :rtype: Person | None
        """
        key = name_key(data["name"])
        found = self._match_number(data, key)
        if not found and data.get("id_number"):
            same = self._by_identity.get(data["id_number"], ())
            found = next((person for person in same if person.key == key), None)
        has_number = data.get("mobile") or data.get("landline")
        if not found and not has_number and data.get("organization"):
            same = self._by_company.get(key, ())
            found = same[0] if len(same) == 1 else None
        return found

    def _match_number(self, data, key):
        mobile = data.get("mobile")
        number = mobile or identity.digits(data.get("landline"))
        is_company = bool(data.get("organization"))
        found = [
            person
            for person in self._by_number.get(number, ())
            if person.is_company == is_company
        ]
        for person in found:
            if person.key == key:
                return person
        if is_company or not mobile:
            return None
        for person in found:
            known = person.values.get("cr_id_number")
            if not known or data.get("id_number") in (None, known):
                return person
        return None


class Settlement:
    """Settles who owns the cars while the rows pass, the oldest first.

    What is to be written gathers in ``opened`` (first owners), ``handed`` (cars that
    went over), ``former`` (owners of an earlier time) and ``bought`` (roles that turn
    out to be a purchase from us).
    """

    def __init__(self, register, kind, get_source):
        self.opened, self.handed, self.former, self.bought = [], [], [], {}
        self._register = register
        self._kind = kind
        self._is_purchase = kind == DELIVERY
        self._get_source = get_source

    def settle(self, row):
        """Find the person of a row; the owner of its car may change (CUS-09).

        :param StagedRow row: with its car; gets its person
        """
        car, owner, data = row.car, row.car.owner, row.data
        if not data.get("name"):
            row.person = owner and owner.person
            car.see(row.day)
            return
        match = self._register.match(data)
        if match and match.key != name_key(data["name"]):
            row.note("name_differs", "phone", match.name)
        self._choose_person(row, match)
        self._note_purchase(row)
        if row.person and row.person.id:
            self._fill_gaps(row)
        car.see(row.day)

    def _choose_person(self, row, match):
        """Give a row its person: the owner on record, a new first owner, or another."""
        car, owner = row.car, row.car.owner
        if owner is None:
            row.person = match or self._add(row)
            car.owner = Owner(row.person, row.day, None, self._is_purchase)
            self.opened.append((car, car.owner))
        elif match is owner.person:
            row.person = match
        elif self._has_same_name(owner.person, row.data):
            row.person = owner.person
            self._take_number(row, match)
        else:
            self._meet_another(row, match)

    def _has_same_name(self, person, data):
        is_company = bool(data.get("organization"))
        return person.key == name_key(data["name"]) and person.is_company == is_company

    def _meet_another(self, row, match):
        """Handle a row that names another owner than the one on record."""
        car, owner = row.car, row.car.owner
        if match and match.id in car.owner_ids:
            row.person = match
            return
        if not self._is_purchase:
            # An order may name whoever came; a policy belongs to whom it names.
            row.note("owner_differs", "name", owner.person.name)
            row.person = match or (owner.person if self._kind == ORDER else None)
            return
        row.person = match or self._add(row)
        row.is_changed = car.is_touched = True
        if row.day >= owner.since:
            row.note("owner_changed", "name", owner.person.name)
            car.owner = Owner(row.person, row.day, None, True)
            self.handed.append((car, car.owner))
        else:
            row.note("owner_former", "name", owner.person.name)
            self.former.append((car, row.person, row.day, owner.since))

    def _take_number(self, row, match):
        """Note the owner's new telephone number, if the row is the newest we know."""
        person = row.car.owner.person
        field, number = "mobile", row.data.get("mobile")
        if not number:
            field, number = "phone", row.data.get("landline")
        old = person.values.get(field)
        if not number or number == old:
            return
        if match:
            row.note("owner_phone_shared", "phone", match.name)
        elif not old or row.car.is_newest(row.day):
            if old:
                row.note("phone_changed", "phone", old)
            person.change(field, number, row.line)
            row.is_changed = True

    def _note_purchase(self, row):
        """Mark the owner's role as a purchase from us, and let it begin on time."""
        owner = row.car.owner
        if not self._is_purchase or owner.person is not row.person:
            return
        if owner.role_id and (not owner.is_purchase or row.day < owner.since):
            since = min(owner.since, row.day)
            row.car.owner = owner._replace(since=since, is_purchase=True)
            self.bought[owner.role_id] = row.car.owner
            row.is_changed = row.car.is_touched = True

    def _fill_gaps(self, row):
        """Fill what the file of a known customer lacks."""
        told = self._prepare(row.data)
        for name in GAPS:
            if told.get(name) and not row.person.values.get(name):
                row.person.change(name, told[name], row.line)
                row.is_changed = True

    def _add(self, row):
        """Return a new customer as a row describes him."""
        person = Person(self._prepare(row.data))
        self._register.add(person)
        return person

    def _prepare(self, data):
        """Return the values of a customer as a row describes him."""
        organization, id_number = data.get("organization"), data.get("id_number")
        values = {
            "name": data["name"],
            "is_company": bool(organization),
            "mobile": data.get("mobile"),
            "phone": data.get("landline"),
            "street": data.get("address"),
            "cr_id_number": id_number,
            "cr_organization_type": organization,
            "cr_source_id": self._get_source(data),
        }
        if not organization and id_number:
            values["birthdate_date"] = identity.birthdate_of_id(id_number)
            values["cr_gender"] = identity.gender_of_id(id_number)
        return values
