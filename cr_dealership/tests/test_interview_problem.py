from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .interview_common import InterviewCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInterviewProblem(InterviewCommon):
    """A low score is a problem of the department before the agent hangs up (CB-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.persona("manager")
        cls.hold(cls.env.ref("cr_dealership.cr_role_service_manager"), cls.manager)
        cls.department.cr_role_id = cls.env.ref(
            "cr_dealership.cr_role_service_manager"
        )

    def setUp(self):
        super().setUp()
        self.callback = self.make_order_callback()
        self.session = self.take(self.callback)

    def save(self, number, value, part="answer"):
        self.session.save_answer(
            self.callback.id, self.question(number).id, value, part
        )

    def problems(self):
        return self.env["cr.problem"].search(
            [("callback_id", "=", self.callback.id)], order="id"
        )

    def test_a_low_score_is_a_problem_at_once(self):
        self.save(5, "6")
        [problem] = self.problems()
        self.assertEqual(problem.department_id, self.department)
        self.assertEqual(problem.state, "new")
        self.assertTrue(problem.owner_id)
        self.assertTrue(problem.step_id)
        self.assertGreater(problem.deadline_at, problem.opened_at)
        self.assertEqual(problem.order_id, self.callback.order_id)

    def test_the_words_after_the_score_come_to_the_same_problem(self):
        self.save(5, "6")
        self.save(5, "The brakes still squeak", "comment")
        [problem] = self.problems()
        self.assertEqual(problem.text, "The brakes still squeak")
        self.assertEqual(problem.name, "The brakes still squeak")

    def test_a_corrected_score_opens_no_second_problem(self):
        for score in ("6", "5", "6"):
            self.save(5, score)
        self.assertEqual(len(self.problems()), 1)

    def test_no_low_score_is_without_its_problem(self):
        numbers = [
            number
            for number in range(1, 13)
            if self.question(number).question_type == "scale"
        ]
        for number in numbers:
            self.save(number, "3")
        interview = self.interviews.search([("callback_id", "=", self.callback.id)])
        low = interview.answer_ids.filtered(lambda answer: answer._is_problem())
        self.assertGreater(len(low), 3)
        self.assertEqual(len(self.problems()), len(low))

    def test_good_scores_open_none(self):
        self.save(5, "10")
        self.assertFalse(self.problems())

    def test_words_do_not_change_what_the_department_works_on(self):
        self.save(5, "6")
        problem = self.problems()
        problem.sudo().state = "working"
        self.save(5, "And the horn too", "comment")
        self.assertNotEqual(problem.text, "And the horn too")

    def test_whoever_answers_for_a_question_may_answer_its_problem(self):
        lounge = self.persona("lounge")
        post = self.env.ref("cr_dealership.cr_role_lounge_attendant")
        self.hold(post, lounge)
        for number in range(1, 13):
            if self.question(number).cr_role_id == post:
                self.save(number, "5")
        problem = self.problems()
        self.assertEqual(problem.owner_id, lounge)
        mine = self.as_user(problem, lounge)
        mine.solution = "The coffee machine is repaired"
        mine.action_solve()
        self.assertEqual(problem.state, "calling")
        self.assertTrue(mine.get_views([(False, "form"), (False, "kanban")]))
