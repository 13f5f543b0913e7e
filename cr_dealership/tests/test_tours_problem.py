from odoo.tests import tagged

from .problem_common import ProblemCommon
from .test_tours import AFTERNOON, MORNING, TourCommon


@tagged("post_install", "-at_install")
class TestProblemTour(ProblemCommon, TourCommon):
    """The closed loop: the agent notes, the department solves, the agent asks."""

    def test_from_the_grievance_to_the_satisfied_customer(self):
        self.manager.lang = "en_US"
        self.make_callback(vehicle_id=self.car.id)
        self.run_tour("cr_problem_found")
        problem = self.env["cr.problem"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((problem.owner_id, problem.state), (self.manager, "new"))
        self.run_tour("cr_problem_solved", MORNING, self.manager, "/odoo/problems")
        self.assertEqual((problem.state, problem.callback_count), ("calling", 1))
        self.run_tour("cr_problem_verdict", AFTERNOON)
        self.assertEqual((problem.state, problem.result), ("closed", "satisfied"))
