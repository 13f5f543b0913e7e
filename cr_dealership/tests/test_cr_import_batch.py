import io

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import cr_import_reader
from .common import make_vin
from .import_common import NOW, ImportCommon, make_csv, make_xls, make_xlsx


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportBatchPath(ImportCommon):
    """A file goes from its columns over the check to its records."""

    def test_nothing_is_recorded_before_a_person_releases_it(self):
        rows = [self.order("RO-1", 1), self.order("RO-2", 2)]
        batch = self.receive(make_xlsx(self.sheet("order", *rows)))
        self.assertEqual((batch.state, batch.kind), ("draft", "order"))
        batch.action_stage()
        self.assertEqual(batch.state, "staging")
        self.work(batch)
        self.assertEqual((batch.state, batch.ready_count), ("checked", 2))
        self.assertFalse(self.find_order("RO-1") or self.find_car(1))
        batch.action_load()
        self.assertEqual(batch.state, "loading")
        self.work(batch)
        self.assertEqual((batch.state, batch.new_count), ("done", 2))
        self.assertEqual((batch.ready_count, batch.total_count), (0, 2))
        self.assertTrue(self.find_order("RO-1") and self.find_car(1))

    def test_the_header_is_found_under_the_titles(self):
        batch = self.receive(make_xlsx(self.sheet("order", self.order("RO-1"))))
        self.assertEqual(batch.header_line, 3)
        self.assertEqual(len(batch.mapping), len(batch.header))

    def test_titles_totals_and_repeated_headers_are_no_rows(self):
        lines = self.sheet("order", self.order("RO-1"), self.order("RO-2"))
        lines.insert(4, lines[2])
        batch = self.check(self.receive(make_xlsx(lines)))
        self.assertEqual((batch.total_count, batch.skipped_count), (2, 2))
        self.assertFalse(batch.refused_count)

    def test_every_kind_of_file_is_understood_alike(self):
        lines = self.sheet("order", self.order("RO-1", name="曾晓燕"))
        contents = {
            "xlsx": make_xlsx(lines),
            "xls": make_xls(lines),
            "utf-8": make_csv(lines),
            "utf-8 with mark": make_csv(lines, "utf-8-sig"),
            "gbk": make_csv(lines, "gbk"),
        }
        found = {}
        for what, content in contents.items():
            batch = self.check(self.receive(content, f"export of {what}"))
            found[what] = self.row_of(batch, "RO-1").data
        expected = found["xlsx"]
        self.assertEqual((expected["name"], expected["plate"]), ("曾晓燕", "赣D00001"))
        for what, data in found.items():
            with self.subTest(what):
                self.assertEqual(data, expected)

    def test_a_file_is_read_in_as_many_steps_as_it_takes(self):
        self.patch(cr_import_reader, "CHUNK_ROWS", 2)
        rows = [self.order(f"RO-{n}", n) for n in range(1, 6)]
        batch = self.bring("order", *rows, self.order("RO-1", 1, amount_total=900))
        counts = (batch.total_count, batch.new_count, batch.superseded_count)
        self.assertEqual(counts, (6, 5, 1))
        self.assertEqual(self.find_order("RO-1").amount_total, 900)

    def test_what_was_loaded_can_not_be_cancelled_or_deleted(self):
        batch = self.bring("order", self.order("RO-1"))
        with self.assertRaisesRegex(UserError, "moved on meanwhile: Done"):
            batch.action_cancel()
        with self.assertRaisesRegex(UserError, "tells where records come from"):
            batch.unlink()

    def test_a_cancelled_import_can_be_deleted(self):
        content = make_xlsx(self.sheet("order", self.order("RO-1")))
        batch = self.check(self.receive(content))
        batch.action_cancel()
        batch.unlink()
        self.assertFalse(batch.exists())

    def test_a_step_at_the_wrong_time_is_refused(self):
        batch = self.receive(make_xlsx(self.sheet("order", self.order("RO-1"))))
        with self.assertRaisesRegex(UserError, "moved on meanwhile: Columns"):
            batch.action_load()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportBatchAgain(ImportCommon):
    """A file that comes twice writes nothing the second time (VEH-12)."""

    KINDS = ("delivery", "order", "policy")

    def lines(self, kind):
        """Return three rows of a kind."""
        return [getattr(self, kind)(f"{kind}-{n}", n) for n in (1, 2, 3)]

    def test_the_same_file_writes_nothing(self):
        for kind in self.KINDS:
            with self.subTest(kind):
                first = self.bring(kind, *self.lines(kind))
                before = self.snapshot()
                # The form of the workbook differs a little, its rows do not.
                content = first.sudo().attachment_id.raw
                again = self.load(self.receive(content, "again.xlsx"))
                self.assertEqual(again.repeated_id, first)
                self.assertEqual((again.state, again.unchanged_count), ("done", 3))
                self.assertEqual(self.snapshot(), before)

    def test_the_same_rows_in_another_file_write_nothing(self):
        for kind in self.KINDS:
            with self.subTest(kind):
                self.bring(kind, *self.lines(kind))
                before = self.snapshot()
                content = make_csv(self.sheet(kind, *self.lines(kind)), "gb18030")
                again = self.load(self.receive(content, "again.csv"))
                self.assertFalse(again.repeated_id)
                self.assertEqual((again.state, again.unchanged_count), ("done", 3))
                self.assertEqual(self.snapshot(), before)

    def test_looking_at_every_row_again_writes_nothing(self):
        for kind in self.KINDS:
            with self.subTest(kind):
                content = make_xlsx(self.sheet(kind, *self.lines(kind)))
                self.load(self.receive(content))
                before = self.snapshot()
                again = self.receive(content)
                again.action_read_again()
                self.load(again)
                self.assertEqual((again.state, again.unchanged_count), ("done", 3))
                self.assertEqual((again.new_count, again.changed_count), (0, 0))
                self.assertEqual(self.snapshot(), before)

    def test_a_file_of_its_own_has_nothing_to_be_read_again(self):
        batch = self.bring("order", self.order("RO-1"))
        with self.assertRaisesRegex(UserError, "read row by row"):
            batch.action_read_again()

    def test_an_older_file_does_not_bring_back_what_was_corrected(self):
        first = self.bring("order", self.order("RO-1", amount_total=500))
        content = first.sudo().attachment_id.raw
        self.bring("order", self.order("RO-1", amount_total=700))
        self.load(self.receive(content, "again.xlsx"))
        self.assertEqual(self.find_order("RO-1").amount_total, 700)

    def test_only_the_row_that_changed_is_written(self):
        self.bring("order", self.order("RO-1", 1), self.order("RO-2", 2))
        before = self.snapshot("cr_service_order")["cr_service_order"]
        changed = self.order("RO-2", 2, amount_total="650")
        batch = self.bring("order", self.order("RO-1", 1), changed)
        self.assertEqual((batch.changed_count, batch.unchanged_count), (1, 1))
        after = self.snapshot("cr_service_order")["cr_service_order"]
        order = self.find_order("RO-2")
        self.assertEqual(
            {key for key in after if after[key] != before.get(key)}, set(order.ids)
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportBatchFiles(ImportCommon):
    """A file that is none says so, and leaves nothing behind."""

    def assert_refused(self, content, sentence, name="export.xlsx"):
        """Check that a file is refused with a sentence and leaves nothing."""
        tables = ("cr_import_batch", "cr_import_row", "ir_attachment")
        before = self.snapshot(*tables)
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            self.receive(content, name)
        self.assertEqual(self.snapshot(*tables), before)

    def test_what_is_no_table_is_refused_in_words(self):
        locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        locked += "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
        whole = make_xlsx(self.sheet("order", self.order("RO-1")))
        for content, sentence in (
            (b"%PDF-1.7 x", "The file is no table"),
            (b"\x89PNG\r\n\x1a\n\0\0", "The file is no table"),
            (b"", "The file is empty"),
            (make_xlsx([]), "The file is empty"),
            (locked, "locked with a password"),
            (whole[: len(whole) // 2], "The file is damaged"),
            (make_csv([[1, 2], [3, 4]]), "No row of the file names its columns"),
        ):
            with self.subTest(sentence):
                self.assert_refused(content, sentence)

    def test_a_file_without_a_needed_column_names_it_and_waits(self):
        lines = self.sheet("order", self.order("RO-1"), footer=False)
        lines = [line[1:] for line in lines[2:]]
        batch = self.receive(make_xlsx(lines))
        with self.assertRaisesRegex(UserError, "no column for: Work order number"):
            batch.action_stage()
        self.assertEqual((batch.state, batch.total_count), ("draft", 0))
        self.assertFalse(self.find_car(1))

    def test_a_file_of_titles_alone_ends_with_nothing(self):
        batch = self.load(self.receive(make_xlsx(self.sheet("order"))))
        self.assertEqual((batch.state, batch.total_count), ("done", 0))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportBatchRights(ImportCommon):
    """Who brings which kind of file."""

    def content(self, kind):
        """Return a file of a kind."""
        return make_xlsx(self.sheet(kind, getattr(self, kind)(f"{kind}-1")))

    def test_posts_import_the_kinds_that_are_theirs(self):
        for role, kinds in (
            ("head", ("delivery", "order", "policy")),
            ("admin", ("delivery", "order", "policy")),
            ("specialist", ("delivery", "order", "policy")),
            ("sales", ("delivery", "policy")),
            ("insurance", ("policy",)),
        ):
            for kind in kinds:
                with self.subTest(role=role, kind=kind):
                    batch = self.receive(self.content(kind), role=role)
                    self.assertEqual(self.load(batch).state, "done")

    def test_other_posts_are_told_to_whom_to_turn(self):
        for role in ("user", "agent", "lounge", "advisor", "finance"):
            with self.subTest(role), self.assertRaisesRegex(
                UserError, "belongs to other posts. Hand “orders.xlsx” to the CR head"
            ):
                self.receive(self.content("order"), "orders.xlsx", role)

    def test_a_file_of_another_post_gets_no_further_than_its_columns(self):
        batch = self.receive(self.content("order"), role="insurance")
        self.assertNotEqual(batch.kind, "order")
        with self.assertRaisesRegex(UserError, "no column for"):
            batch.action_stage()

    def test_who_has_left_the_post_can_not_go_on(self):
        batch = self.check(self.receive(self.content("policy"), role="insurance"))
        batch.sudo().kind = "order"
        with self.assertRaisesRegex(UserError, "for another post to import"):
            batch.action_load()

    def test_nobody_writes_an_import_by_hand(self):
        batch = self.receive(self.content("order"))
        for role in ("specialist", "head", "admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_persona(batch, role).write({"state": "done"})

    def test_another_store_sees_nothing_of_it(self):
        batch = self.receive(self.content("order"))
        with self.assertRaises(AccessError):
            self.as_persona(batch, "head", self.other_store).get_page()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportBatchRefused(ImportCommon):
    """Refused rows come back as a workbook, and in again when corrected."""

    def hand_back(self, batch):
        """Return the sheet of the refused rows."""
        stream = io.BytesIO()
        batch._write_refused(stream)
        return openpyxl.load_workbook(stream).active

    def test_the_workbook_has_the_columns_of_the_file_and_the_reason(self):
        rows = [self.order("RO-1", 1), self.order("RO-2", vin="SHORT", type="=1+1")]
        lines = self.sheet("order", *rows)
        batch = self.load(self.receive(make_csv(lines), "orders.csv"))
        sheet = self.hand_back(batch)
        header, row = [list(line) for line in sheet.iter_rows()]
        self.assertEqual([cell.value for cell in header[:-1]], lines[2])
        self.assertTrue(header[-1].value.startswith("※"))
        self.assertIn("has not 17 characters", row[-1].value)
        self.assertEqual((row[1].value, row[1].data_type), ("=1+1", "s"))
        expected = [value or None for value in lines[4]]
        self.assertEqual([cell.value for cell in row[:-1]], expected)

    def test_corrected_rows_are_loaded(self):
        bad = self.order("RO-2", 2, in_at="someday")
        batch = self.bring("order", self.order("RO-1", 1), bad)
        self.assertFalse(self.find_order("RO-2"))
        sheet = self.hand_back(batch)
        names = [cell.value for cell in sheet[1]]
        sheet.cell(2, names.index("进厂时间") + 1).value = "2026-11-10 09:00"
        stream = io.BytesIO()
        sheet.parent.save(stream)
        again = self.receive(stream.getvalue(), "corrected.xlsx")
        # The header is known; our own column does not make it another one.
        self.assertEqual(again.state, "staging")
        self.load(again)
        self.assertEqual((again.new_count, again.refused_count), (1, 0))
        self.assertEqual(self.find_order("RO-2").vehicle_id.vin, make_vin(2))

    def test_a_repeated_file_still_hands_its_refused_rows_back(self):
        lines = self.sheet("order", self.order("RO-1", vin="SHORT"))
        self.load(self.receive(make_xlsx(lines)))
        content = self.env["cr.import.batch"].search([], limit=1).attachment_id.raw
        again = self.load(self.receive(content))
        self.assertTrue(again.repeated_id)
        self.assertEqual(self.hand_back(again).max_row, 2)
        self.assertEqual(self.refusals(again), {"RO-1": "vin_length"})
