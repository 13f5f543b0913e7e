from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareTopic(CareCommon):
    """What the customer was told is ticked in the call and kept topic by topic."""

    def case(self, code, delivered_on):
        self.buyer = self.make_partner("Peng Jianhua")
        self.bought = self.make_vehicle(
            self.buyer, delivered_on=delivered_on, company_id=self.store.id
        )
        self.bought.role_ids.is_purchase = True
        case = self.open_cases(self.plan(code))
        return case.filtered(lambda case: case.partner_id == self.buyer)

    def call(self, case):
        """Return the card of the case's call and its open conversation."""
        self.run_steps()
        call = self.env["cr.callback"].search(
            [
                ("origin_model", "=", "cr.care.task"),
                ("origin_id", "in", case.task_ids.ids),
            ]
        )
        return call, self.take(call)

    def topic(self, code):
        return self.env.ref(f"cr_dealership.cr_care_topic_{code}")

    def test_the_first_week_names_use_warranty_class_and_club(self):
        case = self.case("first_week", date(2026, 11, 15))
        self.assert_days(case, [5])
        _call, session = self.call(case)
        [shown] = session.get_workplace()["callbacks"]
        topics = {line["topic_id"] for line in shown["script"]} - {False}
        wanted = [
            self.topic(code).id for code in ("use", "warranty", "class", "club")
        ]
        self.assertLessEqual(set(wanted), topics)

    def test_ticked_topics_are_kept_and_the_rest_is_named(self):
        case = self.case("first_week", date(2026, 11, 15))
        call, session = self.call(case)
        told = self.topic("warranty") | self.topic("class")
        self.finish(
            session, "reached", call, answers={call.id: {"topic_ids": told.ids}}
        )
        self.assertEqual(case.told_topic_ids, told)
        self.assertIn("club", case.open_topics)
        self.assertNotIn("warranty", case.open_topics)

    def test_a_second_call_adds_to_what_was_told(self):
        case = self.case("first_week", date(2026, 11, 15))
        case._add_topics(self.topic("use").ids)
        case._add_topics([self.topic("club").id, 0])
        self.assertEqual(case.told_topic_ids, self.topic("use") | self.topic("club"))

    def test_agents_tick_topics_on_the_case_by_hand(self):
        case = self.case("first_week", date(2026, 11, 15))
        self.as_user(case, self.agent).told_topic_ids = self.topic("club")
        self.assertEqual(case.told_topic_ids, self.topic("club"))

    def test_every_two_years_safety_new_models_and_referral(self):
        case = self.case("two_years", date(2024, 11, 20))
        self.assertEqual(case.anchor_on, self.TODAY)
        self.assertIn("brake", case.checklist)
        _call, session = self.call(case)
        [shown] = session.get_workplace()["callbacks"]
        topics = {line["topic_id"] for line in shown["script"]}
        codes = ("safety", "launch", "replace", "referral")
        self.assertLessEqual({self.topic(code).id for code in codes}, topics)
        self.assertTrue([line for line in shown["script"] if line["is_optional"]])

    def test_every_three_months_maintenance_and_booking_are_offered(self):
        self.speak_english()
        case = self.case("quarter", date(2026, 8, 20))
        self.assertEqual(case.anchor_on, self.TODAY)
        self.run_steps()
        message = self.env["cr.message"].search([("partner_id", "=", self.buyer.id)])
        self.assertIn("maintenance", message.body)
        self.assertIn("/cr/book/", message.body)
        template = self.env.ref("cr_dealership.cr_message_template_quarter")
        self.assertIn("{link}", template.body)
