from odoo.tests import BaseCase

from odoo.addons.cr_club.tools.books import bill_lines


class TestBooks(BaseCase):
    """Lines of bills and invoices, without a database (CLB-25)."""

    def test_lines_are_together_what_is_due(self):
        for earned, redeemed, due in (
            (6.0, 2.0, 4.0),
            (2.0, 6.0, -4.0),
            (6.01, 2.0, 4.0),
            (0.0, 6.0, -6.0),
            (6.0, 0.0, 6.01),
            (-3.0, 0.0, -3.0),
        ):
            lines = bill_lines(earned, redeemed, due)
            with self.subTest(earned=earned, redeemed=redeemed):
                self.assertAlmostEqual(sum(money for _what, money in lines), abs(due))

    def test_a_side_that_is_nothing_has_no_line(self):
        self.assertEqual(bill_lines(5, 0, 5), [("earned", 5)])
        self.assertEqual(bill_lines(0, 5, -5), [("redeemed", 5)])
        self.assertEqual(bill_lines(5, 5, 0), [])
