import datetime

from odoo.tests import BaseCase, tagged

from ..tools import import_rows
from ..tools.row_cleaner import RowCleaner, clean_rows

_HEADER = ("number", "vin", "name", "phone", "in_at", "amount_total", "model", "note")
_PLAN = {
    "kind": import_rows.ORDER,
    "fields": [(name, index) for index, name in enumerate(_HEADER[:-1])],
    "kept": [7],
    "header": _HEADER,
    "today": datetime.date(2026, 11, 1),
    "names": {"model": ({"卡罗拉"}, "model_created")},
}


@tagged("post_install", "-at_install")
class TestRowCleaner(BaseCase):
    """Rows are the same whoever cleans them; no row is lost with the process."""

    def make_rows(self, first, count=3):
        day = datetime.datetime(2026, 10, 1, 9, 30)
        return [
            {
                "line": line,
                "number": f"RO{line}",
                "digest": f"{line:032}",
                "values": (
                    *(f"RO{line}", " lfmayac0x00000001", "客户", "+86-13807960001"),
                    *(day if line % 2 else "soon", "¥1,200", "雷凌", "a\0b"),
                ),
            }
            for line in range(first, first + count)
        ]

    def clean(self, *firsts, cleaner=None, has_more=True):
        """Return the rows of some portions, cleaned one after the other."""
        rows = []
        for first in firsts:
            cleaner.submit(self.make_rows(first), has_more)
            rows += cleaner.collect()
        return rows

    def setUp(self):
        super().setUp()
        self.expected = clean_rows(_PLAN, self.make_rows(1, 6))

    def test_a_row_is_understood_with_its_notes_and_reasons(self):
        good, bad = self.expected[:2]
        self.assertEqual((good["state"], good["reasons"]), ("ready", []))
        self.assertIn(["model_created", "model", "雷凌"], good["notes"])
        self.assertIn('"extra": {"note": "a b"}', good["data"])
        self.assertEqual((bad["state"], bad["reason"]), ("refused", "date"))
        self.assertIn("soon", bad["raw"])

    def test_another_process_makes_the_same_of_them(self):
        with RowCleaner(_PLAN) as cleaner:
            self.assertEqual(self.clean(1, 4, cleaner=cleaner), self.expected)
            process = cleaner._process
            self.assertIsNone(process.poll())
        self.assertIsNotNone(process.poll())

    def test_few_rows_start_no_process(self):
        with RowCleaner(_PLAN) as cleaner:
            rows = self.clean(1, 4, cleaner=cleaner, has_more=False)
            self.assertEqual((rows, cleaner._process), (self.expected, None))

    def test_rows_of_a_process_that_died_are_cleaned_here(self):
        for is_underway in (True, False):
            with self.subTest(is_underway=is_underway), RowCleaner(_PLAN) as cleaner:
                rows = self.clean(1, cleaner=cleaner)
                if is_underway:
                    cleaner.submit(self.make_rows(4), has_more=True)
                cleaner._process.kill()
                cleaner._process.wait()
                if not is_underway:
                    cleaner.submit(self.make_rows(4), has_more=True)
                rows += cleaner.collect()
                self.assertEqual(rows, self.expected)
                self.assertIsNone(cleaner._process)

    def test_rows_that_nobody_collects_leave_no_process(self):
        with RowCleaner(_PLAN) as cleaner:
            cleaner.submit(self.make_rows(1, 5000), has_more=True)
            process = cleaner._process
        self.assertIsNotNone(process.poll())
