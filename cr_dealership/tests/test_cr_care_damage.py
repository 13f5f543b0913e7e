from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import PromotionCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareDamage(PromotionCommon):
    """An incident: who was hit is told at once and followed until he is settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hit = cls.people["high"]
        cls.hit_car = cls.env["cr.vehicle"].search([("owner_id", "=", cls.hit.id)])
        cls.incident = cls.env["cr.care.campaign"].create(
            {
                "name": "Flood of November",
                "kind": "incident",
                "plan_id": cls.plan("incident").id,
                "day": cls.TODAY,
                "cause": "Flood",
                "incident_from": cls.TODAY - timedelta(days=1),
                "text": "We stand by you.",
            }
        )

    def damage(self, car=None, **values):
        return self.env["cr.care.damage"].create(
            {
                "campaign_id": self.incident.id,
                "vehicle_id": (car or self.hit_car).id,
                "damage": "Water in the engine",
                **values,
            }
        )

    def insure(self, car):
        self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": car.id,
                "number": "P1",
                "date_start": date(2026, 1, 1),
                "date_end": date(2026, 12, 31),
            }
        )

    def sms(self):
        return self.env["cr.message"].search(
            [("partner_id", "=", self.hit.id), ("channel", "=", "sms")]
        )

    def test_whoever_was_hit_is_told_at_once_and_once(self):
        self.damage()
        self.assertEqual(self.incident.audience_count, 1)
        self.incident.action_launch()
        self.run_steps()
        self.run_steps()
        self.assertEqual(len(self.sms()), 1)
        self.assertIn("handles it with priority", self.sms().body)

    def test_who_is_reported_later_is_told_as_well(self):
        self.damage()
        self.incident.action_launch()
        second = self.env["cr.vehicle"].search(
            [("owner_id", "=", self.people["low"].id)]
        )
        self.damage(second)
        self.open_cases(self.incident.plan_id)
        self.assertEqual(len(self.incident.case_ids), 2)
        self.assertEqual(self.incident.case_ids.vehicle_id, self.hit_car | second)

    def test_nobody_is_told_before_the_launch(self):
        self.damage()
        self.assertFalse(self.open_cases(self.incident.plan_id))

    def test_the_calls_listen_calm_answer_and_ask(self):
        self.damage()
        self.incident.action_launch()
        case = self.incident.case_ids
        self.assert_days(case, [0, 1, 5, 7, 14, 45])
        for words in ("grievance", "Calmed", "doubts", "needs"):
            self.assertIn(words, case.open_topics)

    def test_insured_or_not_decides_who_pays(self):
        self.assertEqual(self.damage().route, "support")
        second = self.env["cr.vehicle"].search(
            [("owner_id", "=", self.people["low"].id)]
        )
        self.insure(second)
        insured = self.damage(second, insurer_percent=70)
        self.assertEqual(insured.route, "insurer")
        insured.write(
            {
                "assessed_loss": 10000,
                "insurer_payment": 7000,
                "support_amount": 2000,
            }
        )
        self.assertEqual(insured.rest_amount, 1000)
        self.assertEqual(self.incident.support_total, 2000)

    def test_no_insurer_pays_for_a_car_that_was_not_insured(self):
        damage = self.damage(assessed_loss=500)
        with self.assertRaisesRegex(ValidationError, "was not insured"):
            damage.insurer_payment = 100
        damage.insurer_payment = 0
        with self.assertRaisesRegex(ValidationError, "more than its loss"):
            damage.support_amount = 600

    def test_gift_and_card_go_by_age(self):
        self.hit.birthdate_date = date(1960, 1, 1)
        self.incident.card_ids = [
            Command.create({"age_from": 18, "age_to": 59, "text": "For the young"}),
            Command.create({"age_from": 60, "text": "For the old"}),
        ]
        self.incident.gives_gift = True
        self.damage()
        self.incident.action_launch()
        self.run_steps(self.TODAY + timedelta(days=5))
        letter = self.env["cr.message"].search(
            [("partner_id", "=", self.hit.id), ("channel", "=", "letter")]
        )
        self.assertIn("For the old", letter.body)
        gift = self.env["cr.care.gift.request"].search(
            [("partner_id", "=", self.hit.id)]
        )
        self.assertEqual(gift.occasion, "campaign")
        self.assertFalse(gift.gift_id.age_to and gift.gift_id.age_to < 60)

    def test_two_cards_of_one_age_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "for the same age"):
            self.incident.card_ids = [
                Command.create({"age_from": 18, "age_to": 40, "text": "One"}),
                Command.create({"age_from": 40, "text": "Two"}),
            ]

    def test_it_closes_when_everybody_is_settled_and_the_report_is_written(self):
        damage = self.damage()
        self.incident.action_launch()
        with self.assertRaisesRegex(UserError, "1 cars of"):
            self.incident.action_close()
        with self.assertRaisesRegex(UserError, "how it ended"):
            damage.action_settle()
        damage.result = "Repaired, content"
        damage.action_settle()
        self.assertEqual(self.incident.case_ids.state, "won")
        self.incident.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "closing report"):
            self.incident.action_close()
        self.incident.closing_report = "All cars are back on the road."
        self.incident.action_close()
        self.assertEqual(self.incident.state, "closed")

    def test_an_incident_without_cars_is_not_launched(self):
        with self.assertRaisesRegex(UserError, "enter the damages first"):
            self.incident.action_launch()
        self.damage()
        self.incident.plan_id = self.plan("weather")
        with self.assertRaisesRegex(UserError, "report of a damage"):
            self.incident.action_launch()

    def test_its_last_day_does_not_leave_anybody_alone(self):
        self.incident.valid_until = self.TODAY
        self.damage()
        self.incident.action_launch()
        self.env["cr.care.campaign"]._launch_due(self.TODAY + timedelta(days=9))
        self.assertEqual(self.incident.state, "launched")
