import datetime
import io
from decimal import Decimal

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import workbook
from ..tools.errors import RuleError
from .test_workbook import make_xlsx, read

ALIASES = {
    "key": ["工单号", "单号"],
    "vin": ["VIN", "车架号"],
    "phone": ["车主电话", "联系电话", "电话"],
    "amount": ["合计金额", "成交价"],
}


def lines(*rows):
    """Return rows as :meth:`Table.rows` yields them."""
    return list(enumerate(rows, 1))


@tagged("post_install", "-at_install")
class TestWorkbookHeader(BaseCase):
    """The header is found and its columns become fields."""

    def test_header_stands_below_title_and_empty_lines(self):
        rows = lines(
            ("售后维修工单明细(2026-11)",), (), ("工单号", "VIN", "备注"), ("RO1",)
        )
        found = workbook.find_header(rows, ALIASES)
        self.assertEqual(found.line, 3)
        self.assertEqual(found.columns, ["工单号", "VIN", "备注"])
        self.assertEqual(found.mapping, {"key": 0, "vin": 1})
        self.assertEqual(found.unknown, [2])
        self.assertEqual(found.missing, ["phone", "amount"])

    def test_names_are_compared_without_case_blanks_brackets_width(self):
        for name in (
            "vin",
            " V I N ",
            "ＶＩＮ",
            "【VIN】",
            "*VIN：",
            "VIN(车架)",
            "V\nIN",
        ):
            found = workbook.find_header(lines((name,)), ALIASES)
            self.assertEqual(found.mapping, {"vin": 0}, name)

    def test_bracketed_unit_is_ignored_after_exact_names(self):
        found = workbook.find_header(lines(("成交价(元)", "成交价")), ALIASES)
        self.assertEqual(found.mapping, {"amount": 1})
        found = workbook.find_header(lines(("成交价（元）",)), ALIASES)
        self.assertEqual(found.mapping, {"amount": 0})

    def test_better_alias_wins_over_the_first_column(self):
        found = workbook.find_header(lines(("电话", "车主电话")), ALIASES)
        self.assertEqual(found.mapping, {"phone": 1})
        self.assertEqual(found.unknown, [0])

    def test_row_with_most_names_wins(self):
        rows = lines(("电话",), ("工单号", "电话", "VIN"), ("VIN", "电话"))
        self.assertEqual(workbook.find_header(rows, ALIASES).line, 2)

    def test_file_without_any_known_name_has_no_header(self):
        below = lines(*[("x",)] * 30, ("工单号",))
        for rows in ([], lines(("a", 5, None)), below):
            with self.assertRaises(RuleError) as caught:
                workbook.find_header(rows, ALIASES)
            self.assertEqual(caught.exception.code, "file_no_header")

    def test_totals_signatures_and_empty_rows_are_footers(self):
        for values in (
            (), (None, ""), ("合计", None, "12台"), ("合 计:", 5, 6.5), ("Total", 3),
            (None, "总计", 100), ("小计",), ("制表人：刘晓燕",), ("打印日期", "2026-11-20"),
            ("  ", None),
        ):  # fmt: skip
            self.assertTrue(workbook.is_footer(values), values)

    def test_rows_of_data_are_no_footers(self):
        full = ("合计",) + ("x",) * 12
        for values in (
            ("RO1",),
            (5, None),
            full,
            ("王总计", 1),
            ("备注", 1, 2, 3),
            (0,),
        ):
            self.assertFalse(workbook.is_footer(values), values)


@tagged("post_install", "-at_install")
class TestWorkbookDigest(BaseCase):
    """Equal rows have equal digests, others do not."""

    def test_digest_ignores_how_a_number_or_nothing_is_held(self):
        stamp = datetime.datetime(2026, 1, 5)
        same = [("a", 5, None, stamp), ("a", 5.0, "", stamp), ("a", 5, "", stamp, None)]
        self.assertEqual(len({workbook.row_digest(row) for row in same}), 1)

    def test_digest_sees_every_change(self):
        rows = [
            ("a", "b"),
            ("ab",),
            ("a", None, "b"),
            ("a", "c"),
            ("b", "a"),
            (),
            (1.5,),
        ]
        self.assertEqual(len({workbook.row_digest(row) for row in rows}), len(rows))

    def test_digest_of_a_row_read_again_is_the_same(self):
        content = make_xlsx([["RO1", 5, 1.25, datetime.date(2026, 1, 5), None, True]])
        first, second = (
            [workbook.row_digest(row) for _line, row in read(content)] for _ in "ab"
        )
        self.assertEqual(first, second)
        self.assertEqual(len(first[0]), 32)


@tagged("post_install", "-at_install")
class TestWorkbookWrite(BaseCase):
    """Rows become a workbook that a person can mend and hand in again."""

    def make_table(self, rows, **options):
        stream = io.BytesIO()
        self.count = workbook.write_table(
            stream, ["工单号", "电话", "原因"], rows, **options
        )
        return stream

    def test_what_is_written_reads_back(self):
        stamp = datetime.datetime(2026, 1, 5, 14, 9, 30)
        rows = [
            ["RO1", "13812345678", "日期"],
            [None, stamp, 1.5],
            [True, 5, Decimal("2.5")],
        ]
        found = read(self.make_table(iter(rows)))
        self.assertEqual(found[0], (1, ("工单号", "电话", "原因")))
        self.assertEqual(found[1:3], [(2, tuple(rows[0])), (3, tuple(rows[1]))])
        self.assertEqual(found[3], (4, (True, 5, 2.5)))
        self.assertEqual(self.count, 3)

    def test_text_never_becomes_formula_link_or_number(self):
        texts = ["=1+1", "http://example.com", "007", "{=A1}"]
        for text in texts:
            stream = self.make_table([[text]])
            cell = openpyxl.load_workbook(stream).active["A2"]
            self.assertEqual((cell.value, cell.data_type), (text, "s"))
            self.assertIsNone(cell.hyperlink)

    def test_long_numbers_become_text(self):
        found = read(self.make_table([[13812345678, 9999, 13812345678.0]]))
        self.assertEqual(found[1][1], ("13812345678", 9999, "13812345678"))

    def test_header_is_bold_and_stays_in_sight(self):
        sheet = openpyxl.load_workbook(
            self.make_table([["x"]], title="退回:行/1")
        ).active
        self.assertEqual(sheet.freeze_panes, "A3")
        self.assertTrue(sheet["A2"].font.bold)
        self.assertEqual(sheet["A1"].value, "退回:行/1")
        self.assertEqual(sheet.title, "退回 行 1")

    def test_columns_are_as_wide_as_their_text(self):
        sheet = openpyxl.load_workbook(self.make_table([["x" * 30, "y" * 500]])).active
        widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
        self.assertAlmostEqual(widths[0], 32, delta=1)
        self.assertLess(widths[1], 60)

    def test_text_too_long_for_a_cell_is_cut(self):
        found = read(self.make_table([["x" * 40000]]))
        self.assertEqual(len(found[1][1][0]), 32767)

    def test_no_rows_leave_a_header(self):
        self.assertEqual(len(read(self.make_table([]))), 1)
        self.assertEqual(self.count, 0)
