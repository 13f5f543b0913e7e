from datetime import date

from odoo.tests import BaseCase

from odoo.addons.cr_club.tools.points import (
    earned_points,
    lot_dates,
    round_points,
    window_start,
)


class TestPoints(BaseCase):
    """Rounding, multipliers and windows, without a database."""

    def test_rounding_is_what_the_rule_says(self):
        for amount, down, half, up in (
            (0, 0, 0, 0),
            (1.2, 1, 1, 2),
            (1.5, 1, 2, 2),
            (1.99, 1, 2, 2),
            (-1.2, -1, -1, -2),
            (-1.5, -1, -2, -2),
            (2.0000, 2, 2, 2),
            (1e6 + 0.5, 1000000, 1000001, 1000001),
        ):
            with self.subTest(amount=amount):
                found = [round_points(amount, mode) for mode in ("down", "half", "up")]
                self.assertEqual(found, [down, half, up])

    def test_a_refund_loses_what_the_sale_brought(self):
        for mode in ("down", "half", "up"):
            for cents in range(1, 500, 7):
                amount = cents / 100
                self.assertEqual(
                    round_points(-amount, mode), -round_points(amount, mode)
                )

    def test_rate_and_tier_multiply_before_rounding(self):
        self.assertEqual(earned_points(99.99, 1, 1, "down"), 99)
        self.assertEqual(earned_points(99.99, 0.5, 1.2, "down"), 59)
        self.assertEqual(earned_points(99.99, 0.5, 1.2, "up"), 60)

    def test_the_part_paid_with_points_brings_none(self):
        self.assertEqual(earned_points(300, 1, 1, "down", total=1000, paid=250), 225)
        self.assertEqual(earned_points(300, 1, 1, "down", total=1000, paid=1000), 0)
        self.assertEqual(earned_points(300, 1, 1, "down", total=0, paid=0), 300)

    def test_points_wait_and_expire(self):
        day = date(2026, 8, 31)
        self.assertEqual(lot_dates(day, 0, 0), (day, None))
        self.assertEqual(
            lot_dates(day, 7, 6), (date(2026, 9, 7), date(2027, 2, 28))
        )

    def test_a_window_is_counted_in_calendar_months(self):
        self.assertEqual(window_start(date(2026, 11, 20), 24), date(2024, 11, 20))
        self.assertEqual(window_start(date(2028, 2, 29), 12), date(2027, 2, 28))
