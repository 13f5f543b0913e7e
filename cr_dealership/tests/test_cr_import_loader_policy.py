from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .import_common import NOW, ImportCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderPolicy(ImportCommon):
    """Policies become records of their cars and tell when insurance is due."""

    def find_policy(self, number):
        """Return the policy of a number."""
        return self.env["cr.insurance.policy"].search([("number", "=", number)])

    def test_a_row_becomes_a_policy(self):
        specialist = self.make_employee("Sister Zeng")
        self.bring("policy", self.policy("P-1"))
        self.assertRecordValues(
            self.find_policy("P-1"),
            [
                {
                    "company_id": self.store.id,
                    "system": "dms",
                    "vehicle_id": self.find_car(1).id,
                    "partner_id": self.find_car(1).owner_id.id,
                    "insurer": "人保财险",
                    "kind": "both",
                    "date_start": date(2026, 3, 1),
                    "date_end": date(2027, 2, 28),
                    "premium": 3450,
                    "is_bought_here": True,
                    "specialist_id": specialist.id,
                }
            ],
        )

    def test_a_row_becomes_a_car_with_its_owner(self):
        self.bring("policy", self.policy("P-1"))
        car = self.find_car(1)
        self.assertEqual(car.plate, "赣D00001")
        self.assertEqual(car.owner_id.mobile, "13700015566")
        self.assertTrue(car.owner_id.phone)
        self.assertEqual(car.insurance_on, date(2027, 2, 28))

    def test_kinds_of_insurance_are_understood(self):
        told = {"交强险": "compulsory", "商业险": "commercial", "交强+商业": "both"}
        told["玻璃险"] = "other"
        rows = [
            self.policy(kind, car, policy_kind=kind) for car, kind in enumerate(told, 1)
        ]
        self.bring("policy", *rows)
        found = {text: self.find_policy(text).kind for text in told}
        self.assertEqual(found, told)

    def test_a_change_leaves_its_trace(self):
        self.bring("policy", self.policy("P-1"))
        batch = self.bring("policy", self.policy("P-1", premium="3,900"))
        policy = self.find_policy("P-1")
        self.assertEqual((batch.changed_count, policy.premium), (1, 3900))
        values, sentence = self.traces(policy)
        self.assertEqual(values["premium"], (3450, 3900))
        self.assertIn("Import “policy.xlsx”, row 4", sentence)

    def test_an_advisor_noted_by_hand_stays(self):
        self.bring("policy", self.policy("P-1"))
        advisor = self.find_policy("P-1").advisor_id = self.make_employee("Xiao")
        self.bring("policy", self.policy("P-1", premium="3,900"))
        self.assertEqual(self.find_policy("P-1").advisor_id, advisor)

    def test_another_holder_is_told_and_the_owner_stays(self):
        self.bring("order", self.order("RO-1"))
        row = self.policy("P-1", name="Fang Min", phone="13888880000")
        batch = self.bring("policy", row)
        self.assertEqual(self.find_policy("P-1").vehicle_id, self.find_car(1))
        self.assertEqual(self.find_car(1).owner_id.name, "Owner 00001")
        self.assertIn("owner_differs", self.note_codes(batch, "P-1"))
        self.assertTrue(self.row_of(batch, "P-1").is_doubtful)

    def test_a_policy_may_begin_in_the_future(self):
        row = self.policy("P-1", date_start="2027-01-01", date_end="2027-12-31")
        batch = self.bring("policy", row)
        self.assertNotIn("in_future", self.note_codes(batch, "P-1"))

    def test_queries_do_not_depend_on_the_number_of_rows(self):
        self.bring("policy", self.policy("warm-up"))
        few = self.count_import_queries("policy", 100, 10)
        self.assertEqual(self.count_import_queries("policy", 200, 100), few)
