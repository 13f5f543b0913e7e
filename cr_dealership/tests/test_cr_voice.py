from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW
from .problem_common import ProblemCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrVoice(ProblemCommon):
    """What customers say that is no problem: praise, wishes, recommendations."""

    def take_down(self, kind, **values):
        """Return the voice that the agent takes down in a call."""
        callback = self.make_callback(vehicle_id=self.car.id)
        notes = self.as_user(self.env["cr.callback.note"], self.agent)
        note = notes.create({"callback_id": callback.id, "kind": kind, **values})
        note.action_save()
        note.action_save()
        found = self.env["cr.customer.wish"].search(
            [("callback_id", "=", callback.id)]
        )
        self.assertEqual(len(found), 1)
        return found

    def test_it_is_kept_word_for_word_with_topic_department_and_tone(self):
        topic = self.env.ref("cr_dealership.cr_problem_category_service_1")
        voice = self.take_down(
            "suggestion",
            text="Longer hours <i>please</i>",
            tone="negative",
            category_id=topic.id,
        )
        self.assertEqual(voice.text, "Longer hours <i>please</i>")
        self.assertEqual(voice.topic_ids, topic)
        self.assertEqual(voice.department_id, self.service)
        self.assertEqual((voice.tone, voice.state), ("negative", "new"))
        self.assertEqual(voice.role_id, self.service_role)

    def test_a_praised_employee_hears_it(self):
        employee = self.make_employee(user_id=self.persona("advisor").id)
        voice = self.take_down("praise", text="Mr. Li was so kind")
        voice = self.as_user(voice, self.agent)
        with self.assertRaisesRegex(UserError, "name the employee"):
            voice.action_pass_on()
        voice.praised_id = employee
        voice.action_pass_on()
        self.assertEqual(voice.state, "done")
        self.assertFalse(voice.is_to_tell)
        told = self.env["mail.message"].search(
            [("model", "=", voice._name), ("res_id", "=", voice.id)]
        )
        self.assertIn(employee.user_id.partner_id, told.notified_partner_ids)
        bonus = self.env["cr.reward.entry"].search([("employee_id", "=", employee.id)])
        self.assertEqual((bonus.amount, bonus.state), (50, "proposed"))
        self.assertEqual(bonus.reason, "Mr. Li was so kind")

    def test_a_recommendation_is_customer_information_until_it_is_decided(self):
        voice = self.take_down(
            "referral",
            text="My brother looks for an SUV",
            referred_name="Zeng Qiang",
            referred_phone="13979600077",
        )
        self.assertEqual((voice.capture_id.name, voice.state), ("Zeng Qiang", "handed"))
        self.assertEqual(voice.capture_id.user_id, self.agent)
        self.as_user(voice.capture_id, self.agent).action_verify()
        self.assertEqual(voice.state, "done")
        self.assertEqual(voice.capture_id.partner_id.mobile, "13979600077")

    def test_a_recommendation_of_nobody_is_refused(self):
        with self.assertRaisesRegex(UserError, "whom the customer recommends"):
            self.take_down("referral", text="Somebody")

    def test_use_of_the_car_is_noted(self):
        voice = self.take_down("usage", text="Mostly in town")
        self.as_user(voice, self.agent).action_note()
        self.assertEqual(voice.state, "done")
