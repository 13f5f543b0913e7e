from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .care_common import CareCommon
from .test_cr_call_household import HouseholdCommon
from .test_tours import MORNING, TourCommon

ACTION = "/odoo/action-cr_dealership."


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


@tagged("post_install", "-at_install")
class TestInsuranceMonthTour(HouseholdCommon, TourCommon):
    """The insurance specialist's month: list, message, call, refusal, feedback."""

    END = date(2027, 1, 24)

    def run_jobs(self, day):
        """Let the jobs of a night run as the server runs them; return the morning."""
        moment = f"{day} 02:00:00"
        with freeze_time(moment), self.enter_registry_test_mode():
            for name in ("care_take", "cr_message_send", "cr_callback_share_out"):
                self.env.ref(f"cr_dealership.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()
        return moment

    def get_tasks(self, case, channel):
        return case.task_ids.filtered(lambda task: task.channel == channel)

    def test_from_the_list_to_the_feedback(self):
        self.insurer.lang = "en_US"
        self.renewals.needs_confirmation = True
        with freeze_time(MORNING):
            self.insured_car(self.END, self.customer)
            self.insured_car(self.END, self.wife)
            cases = self.open_cases(self.renewals)
        self.run_jobs(self.TODAY)
        case = cases.filtered(lambda case: case.partner_id == self.customer)
        self.run_tour(
            "cr_care_list", user=self.insurer, url=f"{ACTION}cr_care_list_action"
        )
        self.assertEqual(set(cases.mapped("confirmed_on")), {self.TODAY})
        self.assertTrue(case.list_id.printed_at)
        self.run_jobs(self.END - timedelta(days=60))
        self.assertEqual(set(self.get_tasks(cases, "sms").mapped("state")), {"done"})
        self.assertTrue(case.contacted_on)
        # The wife's own call comes later: here she is on the telephone already.
        hers = cases - case
        self.get_tasks(hers, "call").write({"next_on": self.END})
        moment = self.run_jobs(self.END - timedelta(days=48))
        self.run_tour("cr_care_insurance_call", moment, user=self.insurer)
        self.assertEqual((case.answer, hers.answer), ("refused", "agreed"))
        self.assertEqual(case.note, "300 yuan less elsewhere")
        self.assertEqual(case.reason_id.code, "price")
        touches = self.env["cr.care.touch"].search(
            [("partner_id", "in", cases.partner_id.ids), ("channel", "=", "phone")]
        )
        self.assertEqual(touches.partner_id, cases.partner_id)
        moment = self.run_jobs(self.END + timedelta(days=3))
        self.run_tour(
            "cr_care_feedback",
            moment,
            user=self.insurer,
            url=f"{ACTION}cr_care_task_action",
        )
        feedback = self.get_tasks(case, "task").sorted("due_on")[0]
        self.assertEqual(feedback.state, "done")
        self.assertEqual(feedback.result, "Broker gives a discount")
        self.report_to_department(case, moment)

    def report_to_department(self, case, moment):
        """Let the specialist sum up who refused for the service manager."""
        manager = self.persona("manager")
        self.hold(self.env.ref("cr_dealership.cr_role_service_manager"), manager)
        self.run_tour(
            "cr_care_department",
            moment,
            user=self.insurer,
            url=f"{ACTION}cr_care_case_action",
        )
        report = self.env["cr.care.feedback"].search([("case_ids", "in", case.ids)])
        self.assertEqual(report.state, "sent")
        self.assertIn("300 yuan less elsewhere", report.summary)
        self.assertEqual(report.activity_ids.user_id, manager)


class FunnelCommon(CareCommon, TourCommon):
    """Three first services are due, one customer was called and came."""

    def open_funnel(self, tour):
        """Run a tour of the CR head over the funnel, without filters of today."""
        with freeze_time(MORNING):
            for owner in (self.customer, self.make_partner(), self.make_partner()):
                self.make_vehicle(
                    owner, delivered_on=date(2026, 9, 1), company_id=self.store.id
                )
            cases = self.open_cases(self.plan("first_service"))
            case = cases.filtered(lambda case: case.partner_id == self.customer)
            case._add_contact(self.TODAY, True, self.specialist)
            self.make_order(case.vehicle_id, self.TODAY, "first")
        action = self.env.ref("cr_dealership.cr_care_report_action").copy(
            {"context": "{}"}
        )
        self.run_tour(tour, user=self.head, url=f"/odoo/action-{action.id}")


@tagged("post_install", "-at_install")
class TestCareFunnelTour(FunnelCommon):
    """The CR head reads the funnel and opens the records behind it."""

    def test_the_records_behind_a_cell_and_a_bar_open(self):
        self.open_funnel("cr_care_funnel")


@tagged("post_install", "-at_install")
class TestCareFunnelTourPhone(FunnelCommon):
    """The same on a telephone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_the_funnel_fits_on_a_telephone(self):
        self.open_funnel("cr_care_funnel_phone")


class HouseholdFileCommon(HouseholdCommon, TourCommon):
    """A customer's file shows what is due for him and his wife, with its answers."""

    def answer_in_file(self, tour):
        """Answer for the wife in the customer's file; return her case."""
        self.specialist.lang = "en_US"
        with freeze_time(MORNING):
            hers, own = self.renewal(self.wife, 10), self.renewal(self.customer, 40)
        self.run_tour(
            tour,
            user=self.specialist,
            url=f"{ACTION}res_partner_action/{self.customer.id}",
        )
        self.assertEqual((hers.answer, hers.state), ("agreed", "open"))
        self.assertEqual(hers.answered_on, self.TODAY)
        self.assertFalse(own.answer, "the other line stays open")


@tagged("post_install", "-at_install")
class TestHouseholdFileTour(HouseholdFileCommon):
    """The answer button of a line in the customer's file."""

    def test_a_line_of_the_household_is_answered_in_the_file(self):
        self.answer_in_file("cr_care_household_file")


@tagged("post_install", "-at_install")
class TestHouseholdFileTourPhone(HouseholdFileCommon):
    """The same on a telephone of 390 pixels."""

    browser_size = "390x844"
    touch_enabled = True

    def test_the_button_is_under_the_thumb(self):
        self.answer_in_file("cr_care_household_file_phone")
