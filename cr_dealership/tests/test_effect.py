from odoo.tests import BaseCase

from ..tools.effect import LEAST, measure, wilson


class TestEffect(BaseCase):
    """Reminded customers beside those set aside by lot: difference and interval."""

    def test_the_difference_lies_in_its_interval(self):
        """The example of Newcombe (1998), table II (a): 56 of 70 and 48 of 80."""
        effect = measure(56, 70, 48, 80)
        self.assertEqual((effect.reminded, effect.aside), (80, 60))
        self.assertAlmostEqual(effect.points, 20)
        self.assertAlmostEqual(effect.low, 5.24, places=2)
        self.assertAlmostEqual(effect.high, 33.39, places=2)
        self.assertEqual(effect.verdict, "more")

    def test_nobody_came_still_gives_an_interval(self):
        """The same, table II (g): zeros are no certainty."""
        effect = measure(0, 56, 0, 28)
        self.assertEqual(effect.points, 0)
        self.assertLess(effect.low, 0)
        self.assertGreater(effect.high, 0)

    def test_few_customers_give_no_verdict(self):
        self.assertEqual(measure(LEAST, LEAST, 0, LEAST - 1).verdict, "few")
        self.assertEqual(measure(LEAST, LEAST, 0, LEAST).verdict, "more")

    def test_chance_may_explain_a_small_difference(self):
        self.assertEqual(measure(21, 40, 20, 40).verdict, "unclear")

    def test_reminders_may_keep_customers_away(self):
        self.assertEqual(measure(48, 80, 56, 70).verdict, "fewer")

    def test_the_more_customers_the_narrower_the_interval(self):
        widths = [
            effect.high - effect.low
            for effect in (measure(n, 2 * n, n // 2, 2 * n) for n in (20, 200, 2000))
        ]
        self.assertEqual(widths, sorted(widths, reverse=True))

    def test_an_empty_side_cannot_be_compared(self):
        self.assertIsNone(measure(1, 2, 0, 0))
        self.assertIsNone(measure(0, 0, 1, 2))

    def test_bounds_of_a_rate_stay_between_none_and_all(self):
        self.assertAlmostEqual(wilson(0, 10)[0], 0)
        self.assertAlmostEqual(wilson(10, 10)[1], 1)
