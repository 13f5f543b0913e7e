from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .test_cr_care_report import CareReportCommon

COUNTS = ("reminded_total", "reminded_came", "aside_total", "aside_came")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareEffect(CareReportCommon):
    """Reminded customers beside those set aside by lot, by month and year."""

    END = date(2026, 12, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.renewals = cls.plan("insurance", holdout_percent=50)

    def open_many(self, count):
        """Return cases, a part of them set aside."""
        for _number in range(count):
            self.insured_car(self.END)
        cases = self.open_cases(self.renewals)
        self.assertTrue(0 < len(cases.filtered("is_holdout")) < count)
        return cases

    def renew(self, cases):
        """Have the customers of cases renew here."""
        for case in cases:
            end = case.anchor_on + timedelta(days=365)
            self.insure(case.vehicle_id, end, is_bought_here=True)

    def rows(self, day):
        """Return the rows as they stand on a day: {period: row}."""
        self.env.flush_all()
        with freeze_time(day):
            self.env["cr.care.effect"].invalidate_model()
            found = self.env["cr.care.effect"].search(
                [("plan_id", "=", self.renewals.id)]
            )
            return {row.period: row for row in found}

    def counts(self, row):
        return tuple(row[name] for name in COUNTS)

    def test_only_cases_whose_last_day_is_over_are_compared(self):
        cases = self.open_many(20)
        over = max(cases.mapped("expires_on")) + timedelta(days=1)
        self.assertFalse(self.rows(over - timedelta(days=1)))
        self.assertEqual(set(self.rows(over)), {"month", "year"})

    def test_both_sides_are_counted_with_all_their_cases(self):
        cases = self.open_many(20)
        aside = cases.filtered("is_holdout")
        reminded = cases - aside
        self.renew(reminded[:2] | aside[:1])
        reminded[2].action_cancel()
        row = self.rows(max(cases.mapped("expires_on")) + timedelta(days=1))["month"]
        self.assertEqual(self.counts(row), (len(reminded), 2, len(aside), 1))
        self.assertEqual(row.day, date(2026, 12, 1))
        self.assertAlmostEqual(row.reminded_rate, 200 / len(reminded), places=1)
        points = 200 / len(reminded) - 100 / len(aside)
        self.assertAlmostEqual(row.points, points, places=1)

    def test_small_numbers_say_so_in_words(self):
        cases = self.open_many(20)
        row = self.rows(max(cases.mapped("expires_on")) + timedelta(days=1))["month"]
        self.assertEqual(row.verdict, "few")
        self.assertIn("at least 30", row.verdict_text)

    def test_a_month_in_which_everybody_was_reminded_is_left_out(self):
        cases = self.open_many(20)
        self.renewals.holdout_percent = 0
        for _number in range(5):
            self.insured_car(self.END + timedelta(days=20))
        later = self.open_cases(self.renewals) - cases
        self.assertEqual(len(later), 5)
        over = max(later.mapped("expires_on")) + timedelta(days=1)
        rows = self.rows(over)
        self.assertEqual(self.counts(rows["year"]), self.counts(rows["month"]))

    def test_a_row_opens_the_cases_it_compares(self):
        cases = self.open_many(20)
        over = max(cases.mapped("expires_on")) + timedelta(days=1)
        row = self.rows(over)["year"]
        with freeze_time(over):
            action = row.action_open_cases()
            found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.case_id, cases)

    def test_the_text_follows_the_verdict(self):
        row = self.env["cr.care.effect"].new(
            {
                "reminded_total": 200,
                "reminded_came": 100,
                "aside_total": 100,
                "aside_came": 20,
            }
        )
        self.assertEqual(row.verdict, "more")
        self.assertIn("30 more", row.verdict_text)
