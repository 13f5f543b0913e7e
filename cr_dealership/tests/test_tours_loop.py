from freezegun import freeze_time

from odoo.tests import tagged

from .interview_common import InterviewCommon
from .test_tours import AFTERNOON, MORNING, TourCommon

# Monday after the week of the tours, half past six in the store.
MONDAY = "2026-11-22 22:30:00"


@tagged("post_install", "-at_install")
class TestLoopTour(InterviewCommon, TourCommon):
    """From a six by the keyboard to the satisfied customer and the weekly report."""

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()
            cls.manager = cls.persona("manager")
            cls.manager.lang = "en_US"
            role = cls.env.ref("cr_dealership.cr_role_service_manager")
            cls.hold(role, cls.manager)
            cls.service = cls.env.ref("cr_dealership.hr_department_service")
            cls.advisor.department_id = cls.service

    def setUp(self):
        super().setUp()
        with freeze_time(MORNING):
            self.callback = self.make_order_callback()

    def freeze_week(self):
        """Return {code: value} of the week's report of the store."""
        cron = self.env.ref("cr_dealership.ir_cron_cr_figure_freeze")
        with freeze_time(MONDAY), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        report = self.env["cr.figure.report"].search(
            [
                ("company_id", "=", self.store.id),
                ("period", "=", "week"),
                ("department_id", "=", False),
            ]
        )
        return {one.figure_id.code: one.value for one in report.value_ids}

    def test_a_six_is_heard_solved_and_counted(self):
        index = self.env.ref("cr_dealership.cr_figure_csi_index")
        span = (self.TODAY, self.TODAY)
        self.assertEqual(index._count(self.store, *span)[index.id], (0, 0))
        self.run_tour("cr_loop_ask")
        interview = self.interviews.search([("callback_id", "=", self.callback.id)])
        self.assertEqual((interview.state, interview.low_count), ("done", 1))
        problem = self.env["cr.problem"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(problem.text, "Brakes squeal")
        self.assertEqual(problem.owner_id, self.manager)
        self.run_tour("cr_problem_solved", MORNING, self.manager, "/odoo/problems")
        self.assertEqual((problem.state, problem.callback_count), ("calling", 1))
        self.run_tour("cr_problem_verdict", AFTERNOON)
        self.assertEqual((problem.state, problem.result), ("closed", "satisfied"))
        points, number = index._count(self.store, *span)[index.id]
        self.assertEqual(number, 1)
        week = self.freeze_week()
        self.assertEqual(week["csi_index"], round(points, 1))
        self.assertEqual(week["problems_opened"], 1)
        self.assertEqual(week["problems_open"], 0)
        self.assertEqual(week["second_callbacks"], 1)
        self.assertEqual(week["satisfied_rate"], 100)
