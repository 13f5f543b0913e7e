from odoo.tests import BaseCase

from ..tools import interview


class TestInterviewTools(BaseCase):
    """What may be answered, and how sure an index is."""

    def test_a_score_is_a_whole_number_from_one_to_ten(self):
        for value, score in (("9", 9), (10, 10), ("0", 0), (" 7 ", 7)):
            self.assertEqual(interview.read_score(value), score)
        for value in ("11", "-1", "9.5", "", None, "ten", "９", "1e1", "<b>9</b>"):
            self.assertIsNone(interview.read_score(value), value)

    def test_a_text_loses_what_the_database_cannot_hold(self):
        self.assertEqual(interview.clean_text(" a\0b "), "ab")
        self.assertEqual(interview.clean_text(None), "")

    def test_the_interval_is_that_of_student(self):
        # Ten values, deviation 3: 2.262 × 3 ÷ √10 by the printed table.
        self.assertAlmostEqual(interview.half_width(10, 3), 2.146, delta=0.01)
        self.assertAlmostEqual(interview.half_width(5, 3), 3.725, delta=0.05)
        self.assertAlmostEqual(interview.half_width(1000, 3), 0.18616, delta=0.0005)

    def test_too_few_interviews_have_no_interval(self):
        self.assertIsNone(interview.half_width(4, 3))
        self.assertIsNone(interview.half_width(1, None))

    def test_a_difference_strikes_only_beyond_chance(self):
        rest = (100, 850, 100)
        self.assertFalse(interview.is_striking((20, 890, 90), rest))
        self.assertTrue(interview.is_striking((20, 990, 30), rest))
        self.assertFalse(interview.is_striking((4, 1000, 0), rest))

    def test_the_study_asks_within_its_window(self):
        self.assertEqual(interview.study_window(2, (2, 6)), "in")
        self.assertEqual(interview.study_window(7, (2, 6)), "out")
        self.assertEqual(interview.study_window(None, (2, 6)), "unknown")
        self.assertIsNone(interview.study_window(3, None))
