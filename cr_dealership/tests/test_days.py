from datetime import date

from odoo.tests import BaseCase

from ..tools.days import find_locale, write_short


class TestDays(BaseCase):
    """Days as people write them, without database."""

    def test_a_day_is_written_in_the_language_asked_for(self):
        day = date(2026, 12, 3)
        self.assertEqual(write_short(day, "zh_CN"), "12月3日")
        self.assertEqual(write_short(day, "en_US"), "Dec 3")

    def test_an_unknown_language_is_written_in_english(self):
        self.assertEqual(find_locale("xx_YY").language, "en")
        self.assertEqual(find_locale("1").language, "en")
