import datetime

from odoo.tests import BaseCase, tagged

from ..tools import holidays
from ..tools.errors import RuleError


@tagged("post_install", "-at_install")
class TestHolidays(BaseCase):
    """Public holidays and make-up working days as announced."""

    def test_national_day_and_its_makeup_days_are_known(self):
        days, makeup = holidays.chinese_days(2026)
        self.assertEqual(days[datetime.date(2026, 10, 1)], "National Day")
        self.assertIn(datetime.date(2026, 10, 10), makeup)
        self.assertEqual(holidays.CHINESE_NAMES["National Day"], "国庆节")

    def test_days_belong_to_the_year_and_never_to_both_kinds(self):
        for year in holidays.known_years():
            days, makeup = holidays.chinese_days(year)
            self.assertTrue(days)
            self.assertEqual({day.year for day in days}, {year})
            self.assertTrue(all(day.year == year for day in makeup))
            self.assertFalse(set(days) & set(makeup))
            self.assertLessEqual(set(days.values()), set(holidays.CHINESE_NAMES))

    def test_makeup_days_are_weekend_days(self):
        for year in range(2015, 2027):
            for day in holidays.chinese_days(year)[1]:
                self.assertGreaterEqual(day.weekday(), 5)

    def test_year_that_is_not_announced_is_refused(self):
        for year in (1990, max(holidays.known_years()) + 1):
            with self.assertRaises(RuleError) as caught:
                holidays.chinese_days(year)
            self.assertEqual(caught.exception.code, "holidays_unknown")
            self.assertEqual(caught.exception.params, {"year": year})
