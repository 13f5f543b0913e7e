from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.cr_vehicle_churn_mixin import CrVehicleChurnMixin
from .callback_common import NOW, CallbackCommon


class ChurnCommon(CallbackCommon):
    """A car that came every 100 days and has stayed away for long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialist = cls.persona("specialist")
        cls.hold(cls.env.ref("cr_dealership.cr_role_cr_specialist"), cls.specialist)
        cls.come_regularly(cls.car)

    @classmethod
    def ago(cls, days):
        return cls.TODAY - timedelta(days=days)

    @classmethod
    def come_regularly(cls, car, last=200):
        """Give a car four visits, a hundred days apart, the last so many days ago."""
        for days in (last + 300, last + 200, last + 100, last):
            cls.make_order(car, cls.ago(days), amount_labour=500)

    def score(self, cars=None):
        """Score cars as the nightly run does."""
        (cars or self.car)._score_churn(self.TODAY)

    def warning(self, car=None):
        return self.env["cr.churn.warning"].search(
            [("vehicle_id", "=", (car or self.car).id)]
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrVehicleChurn(ChurnCommon):
    """Cars carry an explained score, looked at only when it may change (RCL-08)."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_cr_vehicle_review_churn"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_the_job_scores_the_car_and_says_why(self):
        self.run_cron()
        self.assertEqual((self.car.churn_score, self.car.churn_level), (40, "warning"))
        self.assertEqual(
            self.car.churn_text.split("\n")[0],
            "100 days past its own rhythm of 100 days: +40",
        )
        self.assertEqual(self.car.churn_on, self.TODAY)
        self.assertGreater(self.car.churn_check_on, self.TODAY)

    def test_reasons_are_said_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.score()
        text = self.car.with_context(lang="zh_CN").churn_text
        self.assertTrue(text)
        self.assertEqual(self.car.churn_text.count("\n"), text.count("\n"))

    def test_what_is_not_due_costs_nothing(self):
        self.run_cron()
        with patch.object(CrVehicleChurnMixin, "_score_churn") as scored:
            self.assertEqual(self.env["cr.vehicle"]._review_churn(self.TODAY), 0)
        scored.assert_not_called()
        self.run_cron()
        self.assertEqual(len(self.warning()), 1)

    def test_what_happens_to_a_car_has_it_scored_again(self):
        acts = {
            "a visit": lambda: self.make_order(self.car, self.ago(1)),
            "an amount": lambda: self.car.order_ids[:1].write({"amount_labour": 9}),
            "declined work": lambda: self.env["cr.declined.work"].create(
                {"order_id": self.car.order_ids[:1].id, "name": "Brake pads"}
            ),
            "a policy": lambda: self.make_policy(self.ago(10), is_bought_here=False),
            "a call": lambda: self.call("phone_off", self.TODAY),
            "its state": lambda: self.car.write({"state": "gone"}),
            "its return": lambda: self.car.write({"state": "in_use"}),
            "a weight": lambda: self.env.ref(
                "cr_dealership.cr_churn_factor_visits"
            ).action_new_version(),
            "a threshold": lambda: self.store.write({"cr_churn_watch": 15}),
        }
        for name, act in acts.items():
            with self.subTest(act=name):
                self.score()
                self.assertNotEqual(self.car.churn_check_on, self.TODAY)
                act()
                self.assertEqual(self.car.churn_check_on, self.TODAY)

    def make_policy(self, start, **values):
        return self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": self.car.id,
                "number": f"P{next(self._numbers)}",
                "date_start": start,
                **values,
            }
        )

    def call(self, code, day):
        outcome = self.outcome(code)
        return self.env["cr.call.attempt"].create(
            {
                "company_id": self.store.id,
                "agent_id": self.agent.id,
                "partner_id": self.customer.id,
                "at": datetime(day.year, day.month, day.day, 3),
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
            }
        )

    def test_signs_are_read_from_the_records(self):
        self.env["cr.declined.work"].create(
            {
                "order_id": self.car.order_ids[:1].id,
                "name": "Brake pads",
                "safety": "safety",
            }
        )
        self.make_policy(self.ago(400), is_bought_here=True)
        self.make_policy(self.ago(35), is_bought_here=False)
        self.call("phone_off", self.ago(30))
        self.call("phone_off", self.ago(20))
        self.score()
        text = self.car.churn_text
        self.assertIn("declined work still open: Brake pads: +8", text)
        self.assertIn("insured elsewhere since 2026-10-16: +10", text)
        self.assertIn("2 contacts without an answer: +4", text)
        self.call("reached", self.ago(10))
        self.score()
        self.assertNotIn("without an answer", self.car.churn_text)

    def test_complaint_and_refusal_come_through_hooks(self):
        customer = self.customer
        with (
            patch.object(
                CrVehicleChurnMixin,
                "_get_churn_complainers",
                lambda self, partners, today: partners & customer,
            ),
            patch.object(
                CrVehicleChurnMixin,
                "_get_churn_refusals",
                lambda self, today: dict.fromkeys(self.ids, today),
            ),
        ):
            self.score()
        self.assertIn("open complaint: +15", self.car.churn_text)
        self.assertIn("refused the renewal: +10", self.car.churn_text)

    def test_queries_do_not_grow_with_the_cars(self):
        cars = self.car
        for _number in range(8):
            car = self.make_vehicle(self.make_partner())
            self.come_regularly(car)
            cars |= car
        self.score(cars)
        few = self.count_queries(self.car._score_churn, self.TODAY)
        many = self.count_queries(cars._score_churn, self.TODAY)
        self.assertEqual(few, many)

    def test_old_weights_are_kept(self):
        factor = self.env.ref("cr_dealership.cr_churn_factor_overdue")
        with self.assertRaisesRegex(UserError, "New weight from today"):
            factor.points = 1
        action = factor.action_new_version()
        newer = factor.browse(action["res_id"])
        newer.write({"points": 1, "cap": 1})
        weights = factor._get_weights(self.TODAY)
        self.assertEqual(weights["overdue"].points, 1)
        self.assertEqual(factor._get_weights(self.ago(1))["overdue"].points, 10)
        self.assertEqual(newer.action_new_version()["res_id"], newer.id)
        newer.active = False
        self.assertNotIn("overdue", factor._get_weights(self.TODAY))

    def test_formula_in_words(self):
        factor = self.env.ref("cr_dealership.cr_churn_factor_overdue")
        self.assertEqual(
            factor.formula,
            "+10 for every 15 % past its rhythm of visits, at most +40",
        )
        for other in factor.search([]):
            self.assertIn("at most", other.formula)

    def test_visit_of_a_future_day_is_not_known_yet(self):
        verdicts = self.car._get_churn_verdicts(self.TODAY)
        self.make_order(self.car, date(2026, 11, 25))
        again = self.car._get_churn_verdicts(self.TODAY)
        self.assertEqual(verdicts[self.car.id][1].score, again[self.car.id][1].score)
