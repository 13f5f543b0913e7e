from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .interview_common import InterviewCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrInterviewProblem(InterviewCommon):
    """What the customer is unhappy with reaches the problems before the call ends."""

    def setUp(self):
        super().setUp()
        self.raised = []
        self.patch(
            self.env.registry["cr.interview"],
            "_raise_problems",
            lambda _interview, answer, text: self.raised.append((answer, text)),
        )
        self.interview = self.make_interview()

    def save(self, number, value, part="answer"):
        return self.interview._save(self.question(number).id, value, part)

    def test_a_low_answer_becomes_a_problem_at_once(self):
        entry = self.save(5, 4)
        self.assertEqual(self.raised, [(entry, "")])
        self.save(5, "It squeaks", "comment")
        self.assertEqual(self.raised[1:], [(entry, "It squeaks")])

    def test_a_high_score_and_a_missing_one_raise_nothing(self):
        self.save(5, 9)
        self.save(3, 0)
        self.save(5, "All is well", "comment")
        self.assertFalse(self.raised)

    def test_a_grievance_is_one_without_any_score(self):
        entry = self.save(12, "Nobody called me back")
        self.assertEqual(self.raised, [(entry, "Nobody called me back")])

    def test_a_wish_and_a_praise_are_none(self):
        self.save(10, "Washing at the weekend")
        self.save(11, "Mr. Chen")
        self.assertFalse(self.raised)

    def test_a_question_may_ask_why_without_a_problem(self):
        action = self.version().action_new_version()
        draft = self.env["cr.questionnaire.version"].browse(action["res_id"])
        draft.question_ids[4].cr_opens_problem = False
        draft.action_put_in_force()
        interview = self.make_interview(version_id=draft.id)
        self.assertTrue(interview._save(draft.question_ids[4].id, 4).is_low)
        self.assertFalse(self.raised)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrInterviewFirstWeek(InterviewCommon):
    """A script says which questionnaire is asked in its calls (CB-32)."""

    def test_the_care_call_of_the_first_week_asks_its_questionnaire(self):
        callback = self.make_callback(
            kind="care",
            vehicle_id=self.car.id,
            script_version_id=self.env.ref(
                "cr_dealership.cr_script_version_new_car_1"
            ).id,
        )
        [call] = self.take(callback).get_workplace()["callbacks"]
        asked = [one["id"] for one in call["interview"]["questions"]]
        self.assertEqual(asked[0], self.question(1, "first_week").id)
        self.assertTrue([line for line in call["script"] if line.get("topic_id")])

    def test_a_script_without_a_questionnaire_asks_none(self):
        callback = self.make_callback(
            kind="care",
            script_version_id=self.env.ref(
                "cr_dealership.cr_script_version_maintenance_1"
            ).id,
        )
        [call] = self.take(callback).get_workplace()["callbacks"]
        self.assertFalse(call["interview"])
