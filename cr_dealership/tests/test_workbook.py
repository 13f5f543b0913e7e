import datetime
import io
import pathlib
import random
import re
import tracemalloc
import zipfile

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import workbook
from ..tools.errors import FILE_REASONS, RuleError

XLS = pathlib.Path(__file__).parent / "files" / "orders.xls"
HEADER = ["工单号", "VIN", "进厂时间", "合计金额"]
STAMP = datetime.datetime(2026, 1, 5, 14, 9, 30)
ROW = ["RO1", "LVGH4BJ30SMA4LVD8", STAMP, 1234.5]


def make_xlsx(rows, title="工单"):
    """Return the bytes of a workbook as Excel writes it."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def change_member(content, name, change):
    """Return a zip file with one member passed through ``change``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(
        target, "w", zipfile.ZIP_DEFLATED
    ) as new:
        for member in old.namelist():
            data = old.read(member)
            new.writestr(member, change(data) if member == name else data)
    return target.getvalue()


def read(content, **options):
    """Return all lines of the first sheet."""
    with workbook.open_table(content, **options) as table:
        return list(table.rows())


class TableCase(BaseCase):
    def assertRefused(self, content, *codes, **options):
        with self.assertRaises(RuleError) as caught:
            read(content, **options)
        self.assertIn(caught.exception.code, codes)


@tagged("post_install", "-at_install")
class TestWorkbookText(TableCase):
    """CSV and text files, whatever their encoding and delimiter."""

    def test_every_usual_encoding_is_recognised(self):
        text = "名称,电话\n王伟,13812345678\n"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"):
            rows = read(text.encode(encoding))
            expected = [(1, ("名称", "电话")), (2, ("王伟", "13812345678"))]
            self.assertEqual(rows, expected, encoding)

    def test_every_usual_delimiter_is_recognised(self):
        for delimiter in ",;\t|":
            text = f"名称{delimiter}金额\n王伟{delimiter}12\n李娜{delimiter}3\n"
            self.assertEqual(read(text.encode())[1], (2, ("王伟", "12")))

    def test_half_a_character_does_not_refuse_the_file(self):
        content = "名称,电话\n王伟,138\n".encode("gbk") * 100 + b"\xd6,1\n"
        self.assertEqual(len(read(content)), 201)

    def test_quoted_cells_keep_delimiters_and_line_ends(self):
        rows = read(b'a,b\n"x, y\nz","=1"\n\n="007",2\n')
        self.assertEqual(rows[1:], [(2, ("x, y\nz", "=1")), (3, ()), (4, ("007", "2"))])

    def test_line_that_names_the_delimiter_is_obeyed(self):
        self.assertEqual(read(b"sep=;\na;b,c\n")[1], (2, ("a", "b,c")))

    def test_two_readers_of_one_table_do_not_disturb_each_other(self):
        table = workbook.open_table(b"a,b\n1,2\n3,4\n", "orders.csv")
        first, second = table.rows(), table.rows(start=1)
        self.assertEqual(next(first), (1, ("a", "b")))
        self.assertEqual(next(second), (2, ("1", "2")))
        self.assertEqual(next(first), (2, ("1", "2")))
        self.assertEqual(table.sheets, ["orders.csv"])

    def test_source_may_be_a_stream_that_cannot_seek(self):
        stream = io.BytesIO(b"a,b\n1,2\n")
        stream.seekable = lambda: False
        self.assertEqual(len(read(stream)), 2)


@tagged("post_install", "-at_install")
class TestWorkbookExcel(TableCase):
    """XLSX and XLS files, recognised by content."""

    def test_values_keep_their_types(self):
        day = datetime.date(2026, 1, 5)
        rows = read(make_xlsx([HEADER, ROW, [None, 5, day, True, 5.0, "", None]]))
        self.assertEqual(rows[1], (2, tuple(ROW)))
        midnight = datetime.datetime(2026, 1, 5)
        self.assertEqual(rows[2], (3, (None, 5, midnight, True, 5)))

    def test_gaps_between_rows_and_cells_stay(self):
        book = openpyxl.Workbook()
        book.active["C5"] = "x"
        book.active["AB7"] = "y"
        stream = io.BytesIO()
        book.save(stream)
        expected = [(5, (None, None, "x")), (7, (None,) * 27 + ("y",))]
        self.assertEqual([row for row in read(stream) if row[1]], expected)

    def test_written_and_streamed_workbooks_read_alike(self):
        stream, book = io.BytesIO(), openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(HEADER)
        sheet.append(ROW)
        book.save(stream)
        self.assertEqual(read(stream), read(make_xlsx([HEADER, ROW])))

    def test_formulas_never_come_out(self):
        rows = read(make_xlsx([["=1+1", "#N/A", "a"]]))
        self.assertEqual(rows, [(1, (None, None, "a"))])

    def test_wrong_size_in_the_sheet_cuts_nothing(self):
        content = change_member(
            make_xlsx([HEADER, ROW]),
            "xl/worksheets/sheet1.xml",
            lambda data: data.replace(b'ref="A1:D2"', b'ref="A1"'),
        )
        self.assertEqual(read(content)[1], (2, tuple(ROW)))

    def test_prefixed_tags_are_understood(self):
        def prefix(data):
            data = data.replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
            return data.replace(b"xmlns=", b"xmlns:x=").replace(b"<x:?", b"<?")

        content = make_xlsx([HEADER, ROW])
        changed = change_member(content, "xl/worksheets/sheet1.xml", prefix)
        self.assertEqual(read(changed), read(content))

    def test_plain_and_unusual_rows_read_alike(self):
        # The first kind is read without the parser of XML, the others with it.
        content = make_xlsx([HEADER, ROW, [], [None, 5, STAMP, True, 5.5, "a & b"]])
        expected = read(content)
        comment = b'<!-- <row r="9"><c r="A9"><v>1</v></c></row> -->'
        for old, new in (
            (b"<sheetData>", b"<sheetData>" + comment),
            (b'<row r="2"', b'<row spans="1:4" r="2"'),
            (b'<c r="A2"', b'<c cm="1" r="A2"'),
            (b"<row ", b"\n <row "),
            (b"<v>5</v>", b"<v>&#53;</v>"),
            (b"<v>5</v>", b"<v><![CDATA[5]]></v>"),
            (b"<v>5</v>", b"<f>2+3</f><v>5</v>"),
        ):
            changed = change_member(
                content,
                "xl/worksheets/sheet1.xml",
                lambda data, old=old, new=new: data.replace(old, new),
            )
            self.assertNotEqual(changed, content)
            self.assertEqual(read(changed), expected, new)

    def test_rows_without_numbers_are_counted(self):
        changed = change_member(
            make_xlsx([HEADER, ROW, ROW]),
            "xl/worksheets/sheet1.xml",
            lambda data: re.sub(rb' r="[A-Z]*\d+"', b"", data),
        )
        self.assertEqual([line for line, __ in read(changed)], [1, 2, 3])

    def test_faulty_styles_leave_serial_numbers(self):
        content = make_xlsx([ROW])
        changed = change_member(content, "xl/styles.xml", lambda data: b"<oops/>")
        self.assertAlmostEqual(read(changed)[0][1][2], 46027.5899, places=3)

    def test_hidden_sheets_are_not_offered(self):
        book = openpyxl.Workbook()
        book.active.title = "hidden"
        book.active.sheet_state = "hidden"
        book.create_sheet("orders").append(["a"])
        book.create_sheet("notes").append(["b"])
        stream = io.BytesIO()
        book.save(stream)
        with workbook.open_table(stream) as table:
            self.assertEqual(table.sheets, ["orders", "notes"])
            self.assertEqual(list(table.rows("notes")), [(1, ("b",))])
            with self.assertRaises(RuleError):
                list(table.rows("hidden"))

    def test_old_workbooks_are_read_by_content_not_by_name(self):
        for source in (XLS, str(XLS), XLS.read_bytes()):
            with workbook.open_table(source, "orders.csv") as table:
                rows = list(table.rows(start=3))
                self.assertEqual(table.sheets, ["工单", "说明"])
            stamp = datetime.datetime(2026, 1, 5, 14, 9)
            expected = ("RO1", ROW[1], stamp, 13812345678, 1234.5, True)
            self.assertEqual(rows, [(4, expected)])

    def test_rows_start_after_the_given_line(self):
        for content in (make_xlsx([["a"], ["b"], ["c"]]), b"a,\nb,\nc,\n"):
            with workbook.open_table(content) as table:
                self.assertEqual(list(table.rows(start=2)), [(3, ("c",))])

    def test_memory_does_not_grow_with_the_rows(self):
        peaks = []
        for count in (1000, 8000):
            content = io.BytesIO()
            workbook.write_table(
                content, HEADER, ([f"RO{n}", *ROW[1:]] for n in range(count))
            )
            tracemalloc.start()
            with workbook.open_table(content) as table:
                self.assertEqual(sum(1 for _row in table.rows()), count + 1)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        self.assertLess(peaks[1], peaks[0] * 2)


@tagged("post_install", "-at_install")
class TestWorkbookRefused(TableCase):
    """Files that hold no table are refused with their reason."""

    def test_empty_files(self):
        for content in (b"", b" \r\n\t", b"\xef\xbb\xbf"):
            self.assertRefused(content, "file_empty")

    def test_files_of_another_kind(self):
        other_zip = io.BytesIO()
        with zipfile.ZipFile(other_zip, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        for content in (
            b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7 x", b"<html><table></table></html>",
            b"\xff\xd8\xff\xe0\0\x10JFIF", b"<?xml version='1.0'?><Workbook/>",
            other_zip.getvalue(), b"{\\rtf1 x}", bytes(range(128, 256)) * 20,
        ):  # fmt: skip
            self.assertRefused(content, "file_not_table", filename="orders.xlsx")

    def test_locked_files(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        locked = ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
        self.assertRefused(locked, "file_encrypted")

    def test_files_beyond_the_limit(self):
        self.assertRefused(b"a,b\n1,2\n", "file_too_large", limit=5)

    def test_workbook_that_unpacks_without_end(self):
        content = change_member(
            make_xlsx([["a"]]), "xl/worksheets/sheet1.xml", lambda data: b" " * 10**8
        )
        self.assertRefused(content, "file_too_large")

    def test_document_type_with_entities(self):
        doctype = b'<!DOCTYPE x [<!ENTITY a "b">]>'
        for padding in (b"", b"<!--" + b" " * 2000 + b"-->"):
            content = change_member(
                make_xlsx([["a"]]),
                "xl/worksheets/sheet1.xml",
                lambda data, start=padding + doctype: start + data,
            )
            self.assertRefused(content, "file_not_table")

    def test_damaged_files_give_a_code_and_no_other_error(self):
        rng = random.Random(7)
        for content in (make_xlsx([HEADER, ROW] * 20), XLS.read_bytes()):
            for _number in range(60):
                broken = bytearray(
                    content[: rng.choice([len(content), rng.randrange(9, 4000)])]
                )
                for _byte in range(rng.randrange(1, 30)):
                    broken[rng.randrange(8, len(broken))] = rng.randrange(256)
                try:
                    read(bytes(broken))
                except RuleError as error:
                    self.assertIn(error.code, FILE_REASONS)
