from odoo.tests import BaseCase

from odoo.addons.cr_club.tools.loyalty import Factor, score, segment, share


class TestLoyalty(BaseCase):
    """Score and segment, without a database (CLB-30, CLB-35)."""

    def test_a_value_earns_its_share(self):
        visits, complaints = Factor(30, 6), Factor(10, 0.5, True)
        for value, factor, expected in (
            (0, visits, 0),
            (3, visits, 0.5),
            (6, visits, 1),
            (60, visits, 1),
            (-2, visits, 0),
            (0, complaints, 1),
            (0.25, complaints, 0.5),
            (2, complaints, 0),
        ):
            with self.subTest(value=value, factor=factor):
                self.assertEqual(share(value, factor), expected)

    def test_weights_need_not_sum_up_to_a_hundred(self):
        for times in (1, 10):
            pairs = [(3, Factor(3 * times, 6)), (0, Factor(1 * times, 1, True))]
            self.assertEqual(score(pairs), 62.5)
        self.assertEqual(score([]), 0)
        self.assertEqual(score([(5, Factor(0, 5))]), 0)

    def test_the_better_of_spend_and_points_counts(self):
        for value_class, points, expected in (
            (None, 0, "low"),
            ("low", 5000, "medium"),
            ("medium", 0, "medium"),
            ("medium", 20000, "high"),
            ("high", 0, "high"),
        ):
            with self.subTest(value_class=value_class, points=points):
                self.assertEqual(segment(value_class, points, 20000, 5000), expected)
