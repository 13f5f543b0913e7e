from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrInsurancePolicy(DealershipCommon):
    """Policies run a year, belong to a store and move the car's renewal date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.make_vehicle(owner=cls.make_partner())

    def make_policy(self, **values):
        values = {"vehicle_id": self.car.id, "number": "PDAA1", **values}
        return self.env["cr.insurance.policy"].create(values)

    def test_policy_runs_a_year_for_the_owner(self):
        policy = self.make_policy(date_start=date(2026, 12, 1))
        self.assertEqual(policy.date_end, date(2027, 11, 30))
        self.assertEqual(policy.partner_id, self.car.owner_id)

    def test_newest_end_counts(self):
        self.make_policy(date_start=date(2025, 12, 1))
        self.make_policy(number="PDAA2", date_start=date(2026, 12, 1))
        self.assertEqual(self.car.insurance_on, date(2027, 11, 30))

    def test_the_policy_taken_with_the_purchase_is_the_cars_first(self):
        self.car.delivered_on = date(2026, 11, 18)
        action = self.car.action_cr_first_policy()
        form = Form(self.env["cr.insurance.policy"].with_context(**action["context"]))
        form.number = "PDAA9"
        policy = form.save()
        self.assertEqual(policy.date_start, date(2026, 11, 18))
        self.assertTrue(policy.is_bought_here)
        self.assertEqual(self.car.insurance_on, date(2027, 11, 17))
        self.assertEqual(self.car.action_cr_first_policy()["res_id"], policy.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_policy(number="PDAA8", is_from_purchase=True)

    def test_policy_that_moves_leaves_its_first_car(self):
        policy = self.make_policy()
        other = self.make_vehicle()
        policy.vehicle_id = other
        self.assertFalse(self.car.insurance_on)
        self.assertEqual(other.insurance_on, policy.date_end)

    @mute_logger("odoo.sql_db")
    def test_policy_cannot_end_before_it_begins(self):
        with self.assertRaises(IntegrityError):
            self.make_policy(date_start=date(2026, 5, 1), date_end=date(2026, 4, 1))

    @mute_logger("odoo.sql_db")
    def test_number_exists_once_per_store(self):
        self.make_policy()
        self.make_policy(company_id=self.other_store.id)
        with self.assertRaises(IntegrityError):
            self.make_policy()

    def test_insurance_specialist_records_a_renewal(self):
        policies = self.as_persona(self.env["cr.insurance.policy"], "insurance")
        with Form(policies) as form:
            form.number = "PDAA9"
            form.vehicle_id = self.car
            form.date_start = date(2026, 11, 20)
        self.assertEqual(form.record.date_end, date(2027, 11, 19))

    def test_agent_records_none_and_other_stores_see_none(self):
        policy = self.make_policy()
        with self.assertRaises(AccessError):
            self.as_persona(policy, "agent").premium = 1
        stranger = self.as_persona(policy, "insurance", self.other_store)
        with self.assertRaises(AccessError):
            stranger.read(["number"])

    def test_sales_count_for_the_service_advisor_who_won_the_customer(self):
        """INS-14: number and premium by month and advisor, what is ours only."""
        advisor = self.make_employee("Xiao")
        values = {"advisor_id": advisor.id, "premium": 3000, "is_bought_here": True}
        self.make_policy(number="A1", **values)
        self.make_policy(number="A2", **values)
        self.make_policy(number="A3", **{**values, "is_bought_here": False})
        action = self.env.ref("cr_dealership.cr_insurance_policy_action_sales")
        self.assertIn("search_default_bought_here", action.context)
        found = self.env["cr.insurance.policy"]._read_group(
            [("is_bought_here", "=", True), ("advisor_id", "=", advisor.id)],
            ["date_start:month", "advisor_id"],
            ["__count", "premium:sum"],
        )
        [(_month, found_advisor, count, premium)] = found
        self.assertEqual((found_advisor, count, premium), (advisor, 2, 6000))
