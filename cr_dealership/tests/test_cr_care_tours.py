from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .care_common import CareCommon
from .test_tours import MORNING, TourCommon


@tagged("post_install", "-at_install")
class TestCareCallTour(CareCommon, TourCommon):
    """A specialist calls about a case and keeps what the customer decided."""

    def test_the_decision_of_the_call_ends_the_case(self):
        self.specialist.lang = "en_US"
        with freeze_time(MORNING):
            self.make_order(self.car, date(2026, 5, 20))
            case = self.open_cases(self.plan("recall"))
            self.run_steps()
            self.env["cr.callback"]._assign(self.TODAY)
        self.run_tour("cr_call_care", user=self.specialist)
        reason = self.env.ref("cr_dealership.cr_care_reason_other_shop")
        self.assertEqual((case.state, case.reason_id), ("lost", reason))
        self.assertEqual(case.note, "Nearer to home")
        self.assertEqual(case.agent_id, self.specialist)
