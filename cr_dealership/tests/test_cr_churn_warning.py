from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.cr_churn_warning import CrChurnWarning
from ..models.cr_churn_warning_job_mixin import CrChurnWarningJobMixin
from .callback_common import NOW
from .test_cr_vehicle_churn import ChurnCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrChurnWarningOpening(ChurnCommon):
    """A car that reaches "warning" brings one warning for its absence (RCL-08)."""

    def test_warning_keeps_the_reasons_and_has_an_owner(self):
        self.score()
        warning = self.warning()
        self.assertRecordValues(
            warning,
            [
                {
                    "company_id": self.store.id,
                    "partner_id": self.customer.id,
                    "anchor_on": self.ago(200),
                    "opened_on": self.TODAY,
                    "opening_score": 40,
                    "main_code": "overdue",
                    "state": "open",
                    "user_id": self.specialist.id,
                }
            ],
        )
        text = warning.reason_text
        self.make_order(self.car, self.ago(250))
        self.score()
        self.assertEqual(warning.reason_text, text)

    def test_a_second_run_opens_nothing_twice(self):
        self.score()
        self.score()
        self.assertEqual(len(self.warning()), 1)
        self.warning().write({"note": "He travels.", "state": "working"})
        self.warning().action_close()
        self.score()
        self.assertEqual(self.warning().mapped("state"), ["closed"])

    def test_the_database_keeps_one_open_warning_per_car(self):
        self.score()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.warning().copy({"anchor_on": self.ago(1)})

    def test_the_next_absence_brings_the_next_warning(self):
        self.score()
        self.make_order(self.car, self.TODAY)
        self.assertEqual(self.warning().state, "won")
        later = self.ago(-250)
        with freeze_time(later):
            self.car._score_churn(later)
        self.assertEqual(self.warning().mapped("state"), ["open", "won"])

    def test_no_warning_below_the_level_nor_without_a_score(self):
        quiet = self.make_vehicle(self.make_partner())
        self.come_regularly(quiet, last=90)
        unknown = self.make_vehicle()
        lost = self.make_vehicle(self.make_partner())
        self.make_order(lost, self.ago(1000))
        self.score(quiet | unknown | lost)
        self.assertFalse(self.warning(quiet) | self.warning(unknown))
        self.assertFalse(self.warning(lost))
        self.assertEqual(lost.churn_level, "lost")

    def test_a_car_in_the_shop_is_not_warned_of(self):
        self.make_order(self.car, self.TODAY, state="open", out_at=False)
        self.score()
        self.assertFalse(self.warning())

    def test_warning_of_an_absence_that_was_none_is_closed(self):
        self.score()
        self.make_order(self.car, self.ago(5))
        self.assertEqual(self.warning().state, "open")
        self.score()
        self.assertRecordValues(
            self.warning(), [{"state": "closed", "closed_because": "outdated"}]
        )

    def test_warning_of_a_scrapped_car_is_closed(self):
        self.score()
        self.car.state = "scrapped"
        self.score()
        self.assertEqual(self.warning().closed_because, "gone")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrChurnWarningResult(ChurnCommon):
    """Won back by a visit, lost with a reason, or closed (RCL-09, RCL-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car._score_churn(cls.TODAY)

    def setUp(self):
        super().setUp()
        self.mine = self.as_user(self.warning(), self.specialist)

    def reason(self, code):
        return self.env.ref(f"cr_dealership.cr_care_reason_{code}")

    def test_a_visit_wins_the_customer_back_in_its_transaction(self):
        self.mine.action_call()
        order = self.make_order(self.car, self.ago(-3))
        self.assertRecordValues(
            self.warning(),
            [{"state": "won", "order_id": order.id, "closed_on": self.ago(-3)}],
        )
        callback = self.env["cr.callback"].search([("kind", "=", "winback")])
        self.assertEqual(callback.state, "cancelled")

    def test_a_visit_before_the_warning_does_not_count(self):
        self.make_order(self.car, self.ago(1))
        self.assertEqual(self.warning().state, "open")

    def test_a_visit_taken_back_undoes_the_win(self):
        order = self.make_order(self.car, self.TODAY)
        order.action_reopen()
        self.assertRecordValues(
            self.warning(), [{"state": "working", "order_id": False}]
        )
        order.action_settle()
        self.assertEqual(self.warning().state, "won")

    def test_winning_needs_as_many_queries_for_many(self):
        orders = self.env["cr.service.order"]
        cars = self.env["cr.vehicle"]
        for _number in range(6):
            car = self.make_vehicle(self.make_partner())
            self.come_regularly(car)
            cars |= car
        cars._score_churn(self.TODAY)
        one = self.make_order(self.car, self.TODAY)
        few = self.count_queries(self.env["cr.churn.warning"]._follow_orders, one)
        with patch.object(CrChurnWarningJobMixin, "_follow_orders"):
            for car in cars:
                orders |= self.make_order(car, self.TODAY)
        many = self.count_queries(self.env["cr.churn.warning"]._follow_orders, orders)
        self.assertEqual(set(self.warning(cars[0]).mapped("state")), {"won"})
        self.assertLessEqual(many, few + 1)

    def test_a_win_back_call_goes_to_the_dedicated_caller_once(self):
        caller = self.second_agent()
        self.mine.action_ids = [
            Command.create({"kind": "caller", "user_id": caller.id})
        ]
        self.assertEqual(self.mine.state, "working")
        first = self.mine.action_call()
        self.assertEqual(self.mine.action_call()["res_id"], first["res_id"])
        callback = self.env["cr.callback"].browse(first["res_id"])
        self.assertRecordValues(
            callback,
            [{"kind": "winback", "agent_id": caller.id, "purpose": "marketing"}],
        )
        self.assertEqual(self.mine.callback_count, 1)
        self.assertEqual(
            callback.search(self.mine.action_view_callbacks()["domain"]), callback
        )

    def test_nobody_on_file_is_said(self):
        self.warning().partner_id = False
        with self.assertRaisesRegex(UserError, "Name its owner first"):
            self.mine.action_call()

    def test_lost_needs_a_reason_and_says_what_to_do_next(self):
        with self.assertRaisesRegex(UserError, "choose why the customer is lost"):
            self.mine.action_lost()
        self.mine.reason_id = self.reason("price")
        self.mine.action_lost()
        self.assertRecordValues(
            self.mine,
            [{"state": "lost", "closed_on": self.TODAY}],
        )
        self.assertIn("coupon", self.mine.next_step)
        with self.assertRaisesRegex(UserError, "open it again first"):
            self.mine.action_close()

    def test_every_reason_says_what_to_do_next(self):
        for reason in self.env["cr.care.reason"].search([("is_for_churn", "=", True)]):
            self.assertTrue(reason.next_step, reason.name)

    def test_a_reason_of_loss_without_a_next_step_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "say what to do next"):
            self.reason("price").next_step = " "

    def test_one_list_offers_each_reason_in_its_place(self):
        reasons = self.env["cr.care.reason"].search([])
        lost = reasons.filtered("is_for_churn").mapped("code")
        asked = [one.code for one in reasons if one._is_offered_for("insurance")]
        bought = reasons.filtered("is_for_purchase").mapped("code")
        self.assertTrue({"moved", "price", "dissatisfied"} <= set(lost))
        self.assertNotIn("agreed", lost)
        self.assertIn("agreed", asked)
        self.assertNotIn("other_brand", asked)
        self.assertIn("other_brand", bought)
        self.assertEqual(len(reasons), len(set(reasons.mapped("code"))))

    def test_only_a_grievance_is_reported(self):
        with patch.object(CrChurnWarning, "_report_grievance") as report:
            self.mine.reason_id = self.reason("moved")
            self.mine.action_lost()
            self.assertEqual(report.call_count, 1)
            self.mine.action_reopen()
            self.mine.reason_id = self.reason("dissatisfied")
            self.mine.action_lost()
        self.assertEqual(report.call_count, 2)

    def test_closing_needs_a_note(self):
        with self.assertRaisesRegex(UserError, "write into the note"):
            self.mine.action_close()
        self.mine.note = "The car is at his son's."
        self.mine.action_close()
        self.assertEqual(self.mine.closed_because, "hand")

    def test_reopening_gives_way_to_a_newer_warning(self):
        self.mine.note = "Later"
        self.mine.action_close()
        self.env.flush_all()
        self.env["cr.churn.warning"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": self.car.id,
                "anchor_on": self.ago(10),
                "opened_on": self.TODAY,
            }
        )
        with self.assertRaisesRegex(UserError, "newer open warning"):
            self.mine.action_reopen()

    def test_a_home_visit_has_day_visitors_and_result(self):
        """RCL-05."""
        self.mine.action_ids = [
            Command.create(
                {
                    "kind": "visit",
                    "planned_on": self.ago(-2),
                    "visitor_ids": [Command.set(self.specialist.ids)],
                }
            )
        ]
        visit = self.mine.action_ids
        self.assertEqual(self.mine.next_on, self.ago(-2))
        with self.assertRaisesRegex(UserError, "Write the result"):
            visit.action_done()
        visit.result = "Accepted the apology, comes on Monday."
        visit.action_done()
        self.assertFalse(self.mine.next_on)

    def test_a_step_is_complete(self):
        with self.assertRaisesRegex(ValidationError, "needs visitors"):
            self.mine.action_ids = [Command.create({"kind": "visit"})]
        with self.assertRaisesRegex(ValidationError, "what exactly"):
            self.mine.action_ids = [Command.create({"kind": "other"})]
        with self.assertRaisesRegex(ValidationError, "needs its result"):
            self.mine.action_ids = [
                Command.create({"kind": "offer", "done_on": self.TODAY})
            ]

    def test_other_stores_do_not_see_the_warning(self):
        other = self.as_persona(self.warning(), "specialist", self.other_store)
        self.assertFalse(other.search([("id", "=", self.warning().id)]))
