from odoo.tests import BaseCase

from odoo.addons.cr_club.tools.settlement import (
    Movement,
    breakage,
    journal,
    liability,
)


class TestSettlement(BaseCase):
    """Liability, breakage and the journal entry, without a database (PTS-12)."""

    def test_what_is_left_is_what_was_and_came_less_what_went(self):
        self.assertEqual(Movement(1000, 500, 300, 100, 50).closing, 1050)
        self.assertEqual(Movement(0, 0, -40, 0, 0).closing, 40)

    def test_breakage_is_the_part_that_expired(self):
        self.assertEqual(breakage(900, 100), 10)
        self.assertEqual(breakage(0, 0), 0)
        self.assertEqual(breakage(0, 5), 100)

    def test_liability_leaves_out_what_nobody_redeems(self):
        self.assertEqual(liability(100000, 0.01, 10), 900)
        self.assertEqual(liability(333, 0.01, 0), 3.33)

    def test_the_entry_moves_the_liability_exactly(self):
        for opening, closing, earned, redeemed in (
            (0, 900, 900, 0),
            (900, 1000, 300, 150),
            (900, 500, 300, 150),
            (10, 10, 0, 0),
            (0.1, 0.3, 0.1, 0),
        ):
            lines = journal(opening, closing, earned, redeemed)
            moved = sum(
                (line[3] if line[2] == "liability" else 0)
                - (line[3] if line[1] == "liability" else 0)
                for line in lines
            )
            with self.subTest(opening=opening, closing=closing):
                self.assertAlmostEqual(moved, closing - opening, 2)
                self.assertTrue(all(line[3] > 0 for line in lines))
