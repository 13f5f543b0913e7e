from fractions import Fraction

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW
from .interview_common import InterviewCommon

# Twenty interviews after delivery. The columns are the questions of the factors; the
# hand-over has two, of which the first counts twice. None: not answered.
COLUMNS = (
    *("online", "contact", "initiation", "salesperson", "testdrive"),
    *("facility", "deal", "delivery_1", "delivery_2"),
)
TABLE = (
    (10, 10, 10, 10, 10, 10, 10, 10, 10),
    (9, 9, 9, 9, 9, 9, 9, 9, 9),
    (1, 1, 1, 1, 1, 1, 1, 1, 1),
    (8, 7, 9, 10, 6, 8, 7, 10, 7),
    (10, 9, 8, 7, 6, 5, 4, 3, 2),
    (2, 3, 4, 5, 6, 7, 8, 9, 10),
    (None, None, 9, 8, None, 10, 7, 9, 9),
    (None, 10, 10, 9, None, None, 8, 10, 9),
    (7, None, None, 9, 8, None, None, 9, 10),
    (None, None, None, None, None, 10, 10, 10, None),
    (None, None, 10, None, None, None, None, None, 9),
    (10, 10, None, None, 10, None, None, None, None),
    (9, 10, 9, 10, 9, 10, 9, 10, 9),
    (5, 5, 6, 6, 7, 7, 8, 8, 9),
    (10, 10, 10, 10, None, 9, 9, 8, 8),
    (None, 8, 8, 8, 9, 9, 9, None, 10),
    (6, 9, 10, 10, 8, 9, 10, 9, None),
    (10, None, 9, None, 8, None, 7, None, 6),
    (3, 9, 9, 2, 9, 9, 9, 9, 4),
    (None, None, None, None, None, None, None, None, 10),
)
# Worked out in words. Row 4 in 2015: delivery (2 × 10 + 7) ÷ 3 = 9, so
# 23 × 9 + 21 × 9 + 20 × 7 + 19 × 8 + 17 × 10 = 858. Row 7 in 2021: only initiation,
# facility, deal and delivery were answered, (9 + 10 + 7 + 9) ÷ 4 = 8.75, so 875.
# Row 9 in 2015 has 17 + 23 of 100: no points.


def by_hand(row, weights):
    """Return the points of a row by plain arithmetic, as a fraction, or None."""
    cells = dict(zip(COLUMNS, row, strict=True))
    both = [(2, cells.pop("delivery_1")), (1, cells.pop("delivery_2"))]
    both = [(weight, score) for weight, score in both if score is not None]
    cells["delivery"] = None
    if both:
        cells["delivery"] = Fraction(
            sum(weight * score for weight, score in both),
            sum(weight for weight, _score in both),
        )
    answered = [name for name in weights if cells[name] is not None]
    carried = sum(weights[name] for name in answered)
    if 2 * carried < sum(weights.values()):
        return None
    total = sum(weights[name] * Fraction(cells[name]) for name in answered)
    return 100 * total / carried


WEIGHTS_2015 = {
    "delivery": 23,
    "initiation": 21,
    "deal": 20,
    "facility": 19,
    "salesperson": 17,
}
WEIGHTS_2021 = dict.fromkeys(
    (
        *("online", "contact", "initiation", "facility"),
        *("testdrive", "deal", "delivery"),
    ),
    1,
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrIndexTable(InterviewCommon):
    """The index against a table made by hand, under two versions of weights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.interviews
        with freeze_time(NOW):
            for row in TABLE:
                cls.rows |= cls.make_row(row)

    @classmethod
    def make_row(cls, row):
        interview = cls.make_interview("ssi")
        numbers = {}
        for column, score in zip(COLUMNS, row, strict=True):
            factor = column.split("_")[0]
            place = numbers[factor] = numbers.get(factor, -1) + 1
            question = cls.factor_question(factor, "ssi")[place]
            if score is not None:
                interview._save(question.id, score)
        interview._finish()
        return interview

    def assert_as_by_hand(self, name, weights):
        version = self.index_version(name)
        for number, (interview, row) in enumerate(
            zip(self.rows, TABLE, strict=True), 1
        ):
            expected = by_hand(row, weights)
            points = self.points(interview, version)
            with self.subTest(row=number, version=name):
                if expected is None:
                    self.assertIsNone(points)
                else:
                    self.assertAlmostEqual(points, float(expected), places=4)

    def test_every_interview_has_its_points_under_the_weights_of_2015(self):
        self.assert_as_by_hand("ssi_maker_2015", WEIGHTS_2015)

    def test_every_interview_has_its_points_under_the_weights_of_2021(self):
        self.assert_as_by_hand("ssi_maker_2021", WEIGHTS_2021)

    def test_rows_worked_out_in_words(self):
        old = self.index_version("ssi_maker_2015")
        new = self.index_version("ssi_maker_2021")
        points = [self.points(interview, old) for interview in self.rows]
        self.assertEqual(points[:4], [1000, 900, 100, 858])
        self.assertEqual(self.points(self.rows[6], new), 875)
        self.assertIsNone(points[8], "17 + 23 of 100 were answered.")
        # Row 10: 19 + 20 + 23 = 62 of 100, three tens.
        self.assertEqual(points[9], 1000)
        self.assertIsNone(self.points(self.rows[19], new))

    def test_the_index_of_the_month_is_the_mean_of_its_interviews(self):
        for name, weights in (
            ("ssi_maker_2015", WEIGHTS_2015),
            ("ssi_maker_2021", WEIGHTS_2021),
        ):
            found = [by_hand(row, weights) for row in TABLE]
            found = [points for points in found if points is not None]
            expected = sum(found) / len(found)
            [(index, count)] = self.env["cr.index.report"]._read_group(
                [
                    ("version_id", "=", self.index_version(name).id),
                    ("company_id", "=", self.store.id),
                    ("day", ">=", "2026-11-01"),
                ],
                [],
                ["score:avg", "__count"],
            )
            self.assertEqual(count, len(found))
            self.assertEqual(round(index), round(expected))
            self.assertAlmostEqual(index, float(expected), places=4)

    def test_two_indices_come_from_one_interview(self):
        interview = self.rows[3]
        current = interview.score_ids.filtered("is_current").version_id
        self.assertEqual(set(current.index_id.mapped("owner")), {"maker", "store"})
        self.assertIn(self.index_version("ssi_maker_2021"), current)

    def test_a_draft_is_computed_when_asked_for(self):
        draft = self.index_version("ssi_maker_us_2017")
        self.assertFalse(self.points(self.rows[0], draft))
        draft.action_compute()
        self.assertEqual(self.points(self.rows[1], draft), 900)

    def test_new_weights_compute_the_past_anew_and_leave_the_old_ones(self):
        old = self.index_version("ssi_maker_2015")
        before = [self.points(interview, old) for interview in self.rows]
        action = old.action_new_version()
        fresh = self.env["cr.index.version"].browse(action["res_id"])
        fresh.line_ids.filtered(lambda line: line.factor_id.code != "deal").unlink()
        fresh.valid_from = "2026-11-01"
        fresh.action_put_in_force()
        self.assertEqual(self.points(self.rows[4], fresh), 400)
        self.assertEqual(
            [self.points(interview, old) for interview in self.rows], before
        )
        current = self.rows[4].score_ids.filtered("is_current").version_id
        self.assertIn(fresh, current)
        self.assertNotIn(self.index_version("ssi_maker_2021"), current)

    def test_weights_that_were_used_do_not_change(self):
        line = self.index_version("ssi_maker_2015").line_ids[0]
        with self.assertRaisesRegex(UserError, "its weights stay"):
            line.weight = 50

    def test_weights_that_sum_to_101_are_normalised(self):
        version = self.index_version("csi_maker_2014")
        self.assertEqual(version.total_weight, 101)
        self.assertAlmostEqual(sum(version.line_ids.mapped("share")), 1)
        scores = dict.fromkeys(
            ("quality", "pickup", "facility", "advisor", "initiation"), 9
        )
        interview = self.answer(self.make_interview(), scores)
        self.assertEqual(self.points(interview, version), 900)

    def test_computing_scores_is_one_statement_for_any_number(self):
        store = self.env["cr.index.version"]._store_scores
        few = self.count_queries(store, self.rows[:1])
        self.assertEqual(self.count_queries(store, self.rows), few)
