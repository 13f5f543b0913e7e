from datetime import date

from odoo.tests import freeze_time, tagged

from .callback_common import NOW
from .test_cr_vehicle_churn import ChurnCommon

DAY = date(2025, 11, 20)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrChurnBacktest(ChurnCommon):
    """The score is held against the store's own past (RCL-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car.order_ids.write({"state": "cancelled"})
        cls.left, cls.stayed = cls.env["cr.vehicle"], cls.env["cr.vehicle"]
        for number in range(4):
            left, stayed = cls.make_regular(200 + number), cls.make_regular(20)
            cls.make_order(stayed, date(2026, 2, 1 + number))
            cls.left |= left
            cls.stayed |= stayed
        cls.test = cls.env["cr.churn.backtest"].create({"company_id": cls.store.id})

    @classmethod
    def make_regular(cls, last):
        """Return a car that came every 100 days until so many days before DAY."""
        car = cls.make_vehicle(cls.make_partner())
        cls.come_regularly(car, last=(cls.TODAY - DAY).days + last)
        return car

    def judged(self):
        """Return {score: count} of the cars as of DAY."""
        return sorted(car[0] for car in self.test._judge(DAY))

    def test_defaults_are_a_year_ago_and_nine_months(self):
        self.assertEqual((self.test.day, self.test.months), (DAY, 9))

    def test_shares_lift_and_words(self):
        self.test.action_run()
        self.assertRecordValues(
            self.test, [{"car_count": 8, "lost_count": 4, "share": 0.5}]
        )
        levels = {line.level: line for line in self.test.level_line_ids}
        self.assertRecordValues(
            levels["warning"],
            [{"car_count": 4, "lost_count": 4, "share": 1.0, "lift": 2.0}],
        )
        self.assertRecordValues(
            levels["none"],
            [{"car_count": 4, "lost_count": 0, "share": 0.0, "lift": 0.0}],
        )
        self.assertEqual(sum(self.test.decile_line_ids.mapped("car_count")), 8)
        text = self.test.result_text
        self.assertIn("Of 8 cars known on 2025-11-20, 50 % did not come", text)
        self.assertIn("Warning: 100 % of 4 cars stayed away, 2.0 times", text)
        self.assertIn("These are few cars", text)
        self.assertIn("Work orders begin on", text)
        formula = "Past its rhythm of visits: +10 for every 15 %"
        self.assertIn(formula, self.test.formula_text)

    def test_calibration_is_what_was_found_one_period_before(self):
        self.test.action_run()
        lines = self.test.level_line_ids
        past = self.test._judge(date(2025, 2, 20))
        self.assertEqual(sum(lines.mapped("forecast_count")), len(past))

    def test_running_again_replaces_the_lines(self):
        self.test.action_run()
        count = len(self.test.line_ids)
        self.test.action_run()
        self.assertEqual(len(self.test.line_ids), count)

    def test_nothing_after_the_day_leaks_in(self):
        """Everything a score rests on happens after the day; no score moves."""
        before = self.judged()
        car = self.left[0]
        order = self.make_order(
            car, date(2026, 9, 1), amount_labour=9000, odometer_km=90000, next_km=95000
        )
        self.env["cr.odometer.reading"].create(
            {"vehicle_id": car.id, "read_on": date(2026, 10, 1), "km": 99000}
        )
        self.env["cr.declined.work"].create({"order_id": order.id, "name": "Brakes"})
        self.env["cr.insurance.policy"].create(
            [
                {
                    "company_id": self.store.id,
                    "vehicle_id": car.id,
                    "number": f"LEAK{year}",
                    "date_start": date(year, 12, 1),
                    "is_bought_here": year == 2025,
                }
                for year in (2025, 2026)
            ]
        )
        outcome = self.outcome("phone_off")
        self.env["cr.call.attempt"].create(
            {
                "company_id": self.store.id,
                "agent_id": self.agent.id,
                "partner_id": car.owner_id.id,
                "at": "2025-11-20 16:30:00",
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
            }
        )
        self.stayed[0]._set_owner(self.customer, date(2026, 3, 1))
        self.stayed[1].state = "scrapped"
        self.assertEqual(self.judged(), before)

    def test_work_declined_before_the_day_counts_although_it_is_done_since(self):
        work = self.env["cr.declined.work"].create(
            {
                "order_id": self.stayed[0].order_ids[-1:].id,
                "name": "Brakes",
                "declined_on": date(2025, 10, 1),
            }
        )
        open_then = self.judged()
        work.action_done()
        self.assertEqual(work.closed_on, self.TODAY)
        self.assertEqual(self.judged(), open_then)
        self.assertIn(8, open_then)

    def test_mileage_is_that_of_the_day(self):
        car = self.left[0]
        orders = car.order_ids.sorted("out_on")
        for order, km in zip(orders, (5000, 10000, 15000, 20000), strict=True):
            order.odometer_km = km
        [facts] = car._get_facts_on(DAY).values()
        self.make_order(car, date(2026, 9, 1), odometer_km=90000)
        [again] = car._get_facts_on(DAY).values()
        self.assertEqual(facts, again)
        self.assertEqual(again["odometer_km"], 20000)

    def test_a_past_too_short_is_said(self):
        self.test.months = 13
        self.test.action_run()
        self.assertFalse(self.test.line_ids)
        self.assertIn("13 months after 2025-11-20 are not over", self.test.result_text)
        self.test.write({"months": 9, "day": date(2015, 1, 1)})
        self.test.action_run()
        self.assertIn("no car of this store was known", self.test.result_text)

    def test_only_cars_of_the_store_count(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2025, 6, 1), company_id=self.other_store.id)
        self.assertEqual(len(self.judged()), 8)

    def test_graph_opens_the_tenths(self):
        self.test.action_run()
        action = self.test.action_view_lines()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines, self.test.decile_line_ids)
        self.assertEqual(lines[0].display_name, "Tenth 1")
