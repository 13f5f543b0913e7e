from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .callback_common import NOW
from .problem_common import ProblemCommon


@tagged("post_install", "-at_install")
class TestCrProblemCron(ProblemCommon):
    """Late problems climb to the next post, once a rung."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.persona("director")
        cls.hold(cls.env.ref("cr_dealership.cr_role_general_manager"), cls.boss)

    def fire(self, moment):
        cron = self.env.ref("cr_dealership.ir_cron_cr_problem_climb")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def open_two(self):
        with freeze_time(NOW):
            return self.note() | self.note()

    def test_each_rung_is_told_once(self):
        problems = self.open_two()
        deadline = problems[0].deadline_at
        self.fire(deadline - timedelta(minutes=1))
        self.assertFalse(problems.alert_ids)
        for _turn in range(2):
            self.fire(deadline + timedelta(minutes=1))
            self.assertEqual(problems.alert_ids.user_id, self.head)
            self.assertEqual(len(problems.alert_ids), 2)
        self.assertEqual(set(problems.mapped("is_late")), {True})
        self.assertIn(self.head, problems.told_ids)
        # Eight working hours later, and not before.
        self.fire(deadline + timedelta(hours=2))
        self.assertEqual(len(problems.alert_ids), 2)
        self.fire(deadline + timedelta(days=4))
        self.assertEqual(problems.alert_ids.user_id, self.head | self.boss)
        self.assertEqual(set(problems.mapped("climb_at")), {False})

    def test_what_is_solved_climbs_no_more(self):
        [problem, _other] = self.open_two()
        with freeze_time(NOW):
            self.solve(problem)
        self.fire(problem.deadline_at + timedelta(days=4))
        self.assertFalse(problem.alert_ids)
        self.assertFalse(problem.is_late)

    def test_a_late_solution_stays_late(self):
        [problem, _other] = self.open_two()
        with freeze_time(problem.deadline_at + timedelta(minutes=5)):
            self.assertTrue(problem.is_overdue)
            self.assertIn(
                problem, self.env["cr.problem"].search([("is_overdue", "=", True)])
            )
            self.solve(problem)
        self.assertTrue(problem.is_late)

    def test_who_left_is_replaced_by_who_holds_the_post(self):
        problems = self.open_two()
        successor = self.second_manager()
        self.hold(self.service_role, successor)
        self.manager.active = False
        self.fire(NOW)
        self.assertEqual(problems.owner_id, successor)
        self.assertEqual(problems.activity_ids.user_id, successor)

    @freeze_time(NOW)
    def test_the_cost_does_not_depend_on_how_many_are_late(self):
        problems = self.env["cr.problem"]
        self.note()
        later = fields.Datetime.now() + timedelta(days=5)
        few = self.count_queries(problems._climb, later)
        for _number in range(8):
            self.note()
        many = self.count_queries(problems._climb, later)
        self.assertLessEqual(many, few + 4)
