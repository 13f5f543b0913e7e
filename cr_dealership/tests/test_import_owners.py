import datetime

from odoo.tests import BaseCase, tagged

from ..tools.import_owners import Car, Owner, Person, Register, Settlement
from ..tools.import_rows import StagedRow

SOLD = datetime.date(2024, 5, 1)


@tagged("post_install", "-at_install")
class TestImportOwners(BaseCase):
    """Whom the rows of a file mean, and who owns the cars they tell of."""

    def setUp(self):
        super().setUp()
        self.register = Register()
        self.car = Car({"vin": "X"}, 1)

    def person(self, person_id, name, mobile=None, **values):
        values = {"name": name, "mobile": mobile, "phone": None, **values}
        for field in ("cr_id_number", "street", "cr_source_id"):
            values.setdefault(field, None)
        person = Person(values, person_id)
        self.register.add(person)
        return person

    def own(self, person, since=SOLD):
        self.car.owner = Owner(person, since, 7)
        self.car.owner_ids.add(person.id)
        self.car.see(since)

    def settle(self, kind, day, name, mobile=None, **data):
        field = {"delivery": "delivered_on", "order": "in_on", "policy": "date_start"}
        data = {"name": name, field[kind]: day, **data}
        if mobile:
            data["mobile"] = mobile
        row = StagedRow(kind, 1, 2, "N1", "", data, [], False)
        row.car = self.car
        settlement = Settlement(self.register, kind, lambda data: None)
        settlement.settle(row)
        return row, settlement

    def codes(self, row):
        return [code for code, __, __ in row.notes]

    def test_a_mobile_number_stands_for_one_person(self):
        wang = self.person(1, "王伟", "13800000001")
        found = self.register.match({"name": "王 伟", "mobile": "13800000001"})
        self.assertIs(found, wang)
        other = self.register.match({"name": "李娜", "mobile": "13800000001"})
        self.assertIs(other, wang, "the name is told, the file is his")

    def test_two_id_numbers_tell_two_people_apart(self):
        self.person(1, "王伟", "13800000001", cr_id_number="A")
        data = {"name": "李娜", "mobile": "13800000001", "id_number": "B"}
        self.assertIsNone(self.register.match(data))

    def test_an_id_number_finds_who_has_a_new_telephone(self):
        wang = self.person(1, "王伟", "13800000001", cr_id_number="A")
        data = {"name": "王伟", "mobile": "13900000009", "id_number": "A"}
        self.assertIs(self.register.match(data), wang)
        self.assertIsNone(self.register.match({**data, "name": "李娜"}))

    def test_a_landline_serves_a_household(self):
        self.person(1, "王伟", phone="0796-8212345")
        data = {"name": "李娜", "landline": "0796-8212345"}
        self.assertIsNone(self.register.match(data))
        self.assertTrue(self.register.match({**data, "name": "王伟"}))

    def test_an_organisation_is_found_by_name_and_number(self):
        bank = self.person(1, "庐陵银行", "13800000001", is_company=True)
        data = {"name": "庐陵银行", "organization": "company"}
        self.assertIs(self.register.match(data), bank, "the only one of this name")
        self.assertIsNone(self.register.match({**data, "mobile": "13900000002"}))
        self.assertIsNone(
            self.register.match({"name": "王伟", "mobile": "13800000001"}),
            "its clerk has a file of his own",
        )

    def test_the_first_row_of_a_car_gives_it_its_owner(self):
        row, settlement = self.settle("order", "2026-01-05", "王伟", "13800000001")
        self.assertEqual(self.register.new, [row.person])
        [(car, owner)] = settlement.opened
        self.assertIs(car, self.car)
        self.assertEqual((owner.since, owner.is_purchase), (row.day, False))

    def test_a_row_without_a_name_means_the_owner_on_record(self):
        wang = self.person(1, "王伟", "13800000001")
        self.own(wang)
        row, __ = self.settle("order", "2026-01-05", "")
        self.assertIs(row.person, wang)

    def test_the_newest_row_brings_the_owners_new_number(self):
        wang = self.person(1, "王伟", "13800000001")
        self.own(wang)
        row, __ = self.settle("order", "2026-01-05", "王伟", "13900000009")
        self.assertEqual(wang.changes, {"mobile": ("13800000001", "13900000009")})
        self.assertEqual(self.codes(row), ["phone_changed"])
        self.assertTrue(row.is_changed)

    def test_an_old_row_brings_no_old_number_back(self):
        wang = self.person(1, "王伟", "13800000001")
        self.own(wang)
        self.car.see(datetime.date(2026, 6, 1))
        row, __ = self.settle("order", "2025-01-05", "王伟", "13900000009")
        self.assertFalse(wang.changes or row.notes)

    def test_a_number_that_belongs_to_another_is_not_taken(self):
        wang = self.person(1, "王伟", "13800000001")
        self.person(2, "王伟", "13900000009")
        self.own(wang)
        row, __ = self.settle("order", "2026-01-05", "王伟", "13900000009")
        self.assertFalse(wang.changes)
        self.assertEqual(self.codes(row), ["owner_phone_shared"])

    def test_only_a_delivery_hands_a_car_over(self):
        wang = self.person(1, "王伟", "13800000001")
        self.own(wang)
        row, settlement = self.settle("order", "2026-01-05", "李娜", "13900000009")
        self.assertIs(self.car.owner.person, wang)
        self.assertEqual(self.codes(row), ["owner_differs"])
        self.assertFalse(self.register.new, "who brings a car is no customer")
        row, settlement = self.settle("delivery", "2026-01-05", "李娜", "13900000009")
        self.assertEqual(self.codes(row), ["owner_changed"])
        [(__, owner)] = settlement.handed
        self.assertEqual((owner.person.name, owner.is_purchase), ("李娜", True))

    def test_a_delivery_of_earlier_tells_of_an_earlier_owner(self):
        self.own(self.person(1, "王伟", "13800000001"))
        row, settlement = self.settle("delivery", "2020-01-05", "李娜", "13900000009")
        self.assertEqual(self.codes(row), ["owner_former"])
        [(__, person, since, until)] = settlement.former
        self.assertEqual((person.name, since, until), ("李娜", row.day, SOLD))

    def test_an_earlier_owner_is_known_without_a_doubt(self):
        self.own(self.person(1, "王伟", "13800000001"))
        before = self.person(2, "李娜", "13900000009")
        self.car.owner_ids.add(2)
        row, __ = self.settle("order", "2023-01-05", "李娜", "13900000009")
        self.assertIs(row.person, before)
        self.assertFalse(row.notes)

    def test_a_delivery_marks_the_owner_as_our_buyer(self):
        wang = self.person(1, "王伟", "13800000001")
        self.own(wang, datetime.date(2024, 8, 1))
        row, settlement = self.settle("delivery", "2024-05-01", "王伟", "13800000001")
        self.assertEqual(
            settlement.bought, {7: Owner(wang, datetime.date(2024, 5, 1), 7, True)}
        )
        self.assertTrue(row.is_changed)

    def test_a_known_file_takes_what_it_lacks(self):
        wang = self.person(1, "王伟", "13800000001", street="吉州区1号")
        self.own(wang)
        self.settle(
            "order", "2026-01-05", "王伟", "13800000001",
            landline="0796-8212345", address="青原区2号",
        )  # fmt: skip
        self.assertEqual(wang.changes, {"phone": (None, "0796-8212345")})
