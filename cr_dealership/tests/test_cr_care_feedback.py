from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareFeedback(CareCommon):
    """Reasons of customers become a measure of a department (INS-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.persona("manager")
        cls.role = cls.env.ref("cr_dealership.cr_role_service_manager")
        cls.hold(cls.role, cls.manager)
        plan = cls.plan("recall")
        for _number in range(3):
            car = cls.make_vehicle(cls.make_partner())
            cls.make_order(car, date(2026, 5, 20))
        cls.cases = cls.open_cases(plan)
        cls.reason = cls.env.ref("cr_dealership.cr_care_reason_dissatisfied")
        cls.cases[:2]._record_answer(cls.reason, "Waited for three hours")

    def make_feedback(self):
        form = Form(
            self.as_user(self.env["cr.care.feedback"], self.specialist).with_context(
                default_case_ids=self.cases.ids
            )
        )
        form.role_id = self.role
        return form.save()

    def test_reasons_are_counted_and_words_kept(self):
        feedback = self.make_feedback()
        first, *rest = feedback.summary.splitlines()
        self.assertEqual(first, f"2 × {self.reason.name}")
        self.assertTrue(rest[-1].endswith(": Waited for three hours"))
        self.assertEqual(feedback.name, self.cases.plan_id.name)
        self.assertEqual(feedback.case_count, 3)

    def test_the_department_decides_and_carries_out(self):
        feedback = self.make_feedback()
        feedback.action_send()
        self.assertEqual(feedback.sudo().activity_ids.user_id, self.manager)
        answer = feedback.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "fill in Improvement"):
            answer.action_decide()
        answer.write(
            {
                "measure": "A second lift on Saturdays",
                "measure_by_id": self.manager.id,
                "measure_until": date(2026, 12, 31),
            }
        )
        answer.action_decide()
        self.assertFalse(feedback.sudo().activity_ids)
        answer.action_done()
        self.assertEqual((feedback.state, feedback.done_on), ("done", self.TODAY))

    def test_what_was_sent_stays_as_it_is(self):
        feedback = self.make_feedback()
        feedback.action_send()
        with self.assertRaisesRegex(UserError, "was sent on 2026-11-20"):
            feedback.summary = "All is well"
        with self.assertRaisesRegex(UserError, "use them"):
            feedback.state = "done"

    def test_a_role_nobody_holds_is_named(self):
        feedback = self.make_feedback()
        self.env["cr.role.holder"].search([]).unlink()
        with self.assertRaisesRegex(UserError, "Nobody holds the role “Service"):
            feedback.action_send()
        self.assertEqual(feedback.state, "draft")

    def test_an_agent_does_not_see_it(self):
        feedback = self.make_feedback()
        with self.assertRaises(AccessError):
            feedback.with_user(self.agent).read(["summary"])

    def test_sending_finishes_the_step_that_asked_for_it(self):
        step = self.cases[2].task_ids.filtered(lambda task: task.channel == "task")
        step.write({"state": "ready"})
        self.make_feedback().action_send()
        self.assertEqual(step.state, "done")
