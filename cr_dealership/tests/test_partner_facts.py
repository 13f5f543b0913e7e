from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.partner_facts import FACT_TYPES, work_out

TODAY = date(2026, 11, 20)
LIMITS = {
    "frequency": {"repeat": 2, "loyal": 3},
    "value": {"high": 200000, "medium": 5000},
    "lifecycle": {},
}
EMPTY = {
    "id": 7,
    "override": None,
    "vehicle_count": None,
    "plates": None,
    "main_vehicle_id": None,
    "due_on": None,
    "due_kind": None,
    "is_buying": None,
    "last_visit_on": None,
    "bought_count": None,
    "last_delivery_on": None,
    "spend": 0,
    "is_customer": False,
}


@tagged("post_install", "-at_install")
class TestPartnerFacts(BaseCase):
    """From a row of the question to the stored facts, without a database."""

    def work_out(self, is_lost_contact=False, **values):
        return work_out(EMPTY | values, LIMITS, TODAY, is_lost_contact)

    def test_every_stored_column_has_a_value(self):
        self.assertEqual(set(self.work_out()), {"id", *FACT_TYPES})

    def test_somebody_without_car_and_visit_is_a_prospect_without_class(self):
        facts = self.work_out()
        self.assertEqual(facts["cr_stage"], "prospect")
        self.assertIsNone(facts["cr_value_class"])
        self.assertIsNone(facts["cr_frequency_class"])
        self.assertEqual(facts["cr_vehicle_count"], 0)

    def test_value_set_by_hand_wins(self):
        facts = self.work_out(is_customer=True, spend=10, override="high")
        self.assertEqual(facts["cr_value_class"], "high")

    def test_lost_contact_is_a_stage(self):
        facts = self.work_out(
            is_lost_contact=True, is_customer=True, last_visit_on=date(2026, 10, 1)
        )
        self.assertEqual(facts["cr_stage"], "lost_contact")
        self.assertEqual(facts["cr_stage_until"], date(2028, 10, 1))
