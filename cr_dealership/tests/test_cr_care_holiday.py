from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestCrCareHoliday(CareCommon):
    """Cards handed out before or in a long holiday are called after it (FS-07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store.resource_calendar_id._cr_load_year(2026)
        cls.recall = cls.plan("recall")

    def hand_out(self, last_visit, today):
        """Return the case of a car that falls due on a day, and its card."""
        with freeze_time(f"{today} 02:00:00"):
            self.make_order(self.make_vehicle(self.make_partner()), last_visit)
            case = self.open_cases(self.recall, today).sorted("id")[-1:]
            self.run_steps(today)
            return case, self.get_card(case)

    def get_card(self, case):
        return self.env["cr.callback"].search(
            [
                ("origin_model", "=", "cr.care.task"),
                ("origin_id", "in", case.task_ids.ids),
            ]
        )

    def run_night(self, day):
        """Close what is over on a day, cards and cases, as the jobs do."""
        with freeze_time(f"{day} 02:00:00"):
            self.env["cr.care.case"]._expire(day)
            self.env["cr.callback"]._expire(day)
        self.env.invalidate_all()

    def test_the_national_day_does_not_use_up_the_days_of_a_card(self):
        case, card = self.hand_out(date(2026, 4, 1), date(2026, 10, 1))
        self.assertEqual(card.earliest_on, date(2026, 10, 1))
        # 8, 9, make-up Saturday 10, 12, 13
        self.assertEqual(
            (card.due_on, card.expires_on), (date(2026, 10, 8), date(2026, 10, 13))
        )
        for day in range(2, 14):
            self.run_night(date(2026, 10, day))
            self.assertEqual((card.state, case.state), ("todo", "open"), day)
        self.run_night(date(2026, 10, 14))
        self.assertEqual((card.state, card.missed_reason), ("missed", "not_called"))

    def test_the_spring_festival_counts_its_make_up_days(self):
        _case, card = self.hand_out(date(2025, 8, 13), date(2026, 2, 13))
        # make-up Saturday 14, then 24 to 27 after nine days off
        self.assertEqual(
            (card.due_on, card.expires_on), (date(2026, 2, 14), date(2026, 2, 27))
        )

    def test_an_ordinary_week_has_its_weekend(self):
        _case, card = self.hand_out(date(2026, 5, 20), date(2026, 11, 20))
        self.assertEqual(
            (card.due_on, card.expires_on), (date(2026, 11, 23), date(2026, 11, 27))
        )

    def test_a_store_without_a_calendar_counts_every_day(self):
        self.store.resource_calendar_id = False
        _case, card = self.hand_out(date(2026, 4, 1), date(2026, 10, 1))
        self.assertEqual(card.expires_on, date(2026, 10, 6))

    def test_a_case_waits_for_its_call(self):
        self.recall.close_days = 3
        case, card = self.hand_out(date(2026, 4, 1), date(2026, 10, 1))
        case.expires_on = date(2026, 10, 4)
        self.run_night(date(2026, 10, 13))
        self.assertEqual((card.state, case.state), ("todo", "open"))
        self.run_night(date(2026, 10, 14))
        self.assertEqual((card.state, case.state), ("missed", "open"))
        self.run_night(date(2026, 10, 15))
        self.assertEqual(case.state, "expired")

    def test_the_last_day_of_a_campaign_ends_the_wait(self):
        case, card = self.hand_out(date(2026, 4, 1), date(2026, 10, 1))
        case.expires_on = date(2026, 10, 4)
        case.campaign_id = self.env["cr.care.campaign"].create(
            {
                "name": "Autumn check",
                "plan_id": self.plan("promotion").id,
                "kind": "promotion",
                "day": date(2026, 10, 1),
                "valid_until": date(2026, 10, 8),
            }
        )
        self.run_night(date(2026, 10, 8))
        self.assertEqual(case.state, "open")
        self.run_night(date(2026, 10, 9))
        self.assertEqual((case.state, card.state), ("expired", "cancelled"))

    def test_windows_cost_the_same_for_one_and_for_many(self):
        def hand(count):
            with freeze_time("2026-10-01 02:00:00"):
                cars = [self.make_vehicle(self.make_partner()) for _n in range(count)]
                for car in cars:
                    self.make_order(car, date(2026, 4, 1))
                self.open_cases(self.recall, date(2026, 10, 1))
                return self.count_queries(self.run_steps, date(2026, 10, 1))

        hand(1)
        few = hand(1)
        self.assertLessEqual(hand(20), few + 1)
