import io
from datetime import date

import openpyxl
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsSettlement(ClubCommon):
    """The month-end: figures equal the ledger, are signed off, and stay (PTS-12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"point_cost": 0.01, "breakage_percent": 10})
        cls.october = date(2026, 10, 31)

    def close(self, day=None, sign=True):
        cut = self.as_persona(self.env["cr.points.settlement"], "finance").create(
            {"program_id": self.program.id, "date_to": day or self.october}
        )
        cut.action_work_out()
        if sign:
            cut.action_sign()
        return cut

    def award_on(self, day, points, **values):
        return self.award(points, day=day, available_on=day, **values)

    def assert_ledger(self, cut):
        """Outstanding less owed is the sum of the entries up to the day."""
        [[points]] = self.env["cr.points.entry"]._read_group(
            [
                ("account_id.program_id", "=", self.program.id),
                ("day", "<=", cut.date_to),
            ],
            [],
            ["points:sum"],
        )
        self.assertEqual(cut.closing - cut.owed, points)
        names = ("opening", "brought", "redeemed", "expired", "other", "closing")
        for name in names:
            self.assertEqual(sum(cut.line_ids.mapped(name)), cut[name], name)

    def test_figures_by_category(self):
        self.award_on(date(2026, 10, 5), 1000)
        self.award_on(date(2026, 10, 6), 500, kind="campaign", expires_on="2026-10-20")
        self.spend(300, day=date(2026, 10, 8))
        self.env["cr.points.account"]._expire(date(2026, 10, 25))
        self.award_on(date(2026, 11, 2), 70)
        cut = self.close(sign=False)
        lines = {
            line.kind: (line.brought, line.redeemed, line.expired, line.closing)
            for line in cut.line_ids
        }
        self.assertEqual(
            lines, {"event": (1000, 0, 0, 1000), "campaign": (500, 300, 200, 0)}
        )
        self.assertEqual((cut.closing, cut.owed), (1000, 0))
        self.assertEqual((cut.liability, cut.breakage_estimate), (9.0, 40.0))
        self.assert_ledger(cut)

    def test_a_month_begins_where_the_last_one_ended(self):
        self.award_on(date(2026, 10, 5), 1000)
        first = self.close()
        spent = self.spend(400, day=date(2026, 11, 3))
        late = self.award_on(date(2026, 10, 30), 50)
        self.env["cr.points.account"]._give_back(
            [{"entry": spent, "key": "back", "points": 100}], day=date(2026, 11, 4)
        )
        with freeze_time("2026-12-02 02:00:00"):
            second = self.close(date(2026, 11, 30))
        self.assertEqual(second.date_from, date(2026, 11, 1))
        self.assertEqual((second.opening, second.opening_liability), (1000, 9.0))
        self.assertEqual((second.brought, second.redeemed), (50, 300))
        self.assertEqual((second.closing, second.late_count), (750, 1))
        self.assertIn(late, second.entry_ids)
        self.assertEqual(first.closing, 1000)
        self.assert_ledger(second)

    def test_points_that_are_owed_stand_beside_those_outstanding(self):
        entry = self.award_on(date(2026, 10, 5), 200)
        self.spend(200, day=date(2026, 10, 6))
        self.env["cr.points.account"]._take_back(entry, day=date(2026, 10, 7))
        first = self.close()
        self.assertEqual((first.closing, first.owed), (0, 200))
        self.award_on(date(2026, 11, 3), 500)
        with freeze_time("2026-12-02 02:00:00"):
            second = self.close(date(2026, 11, 30))
        self.assertEqual((second.closing, second.owed), (300, 0))
        self.assert_ledger(second)
        self.assert_points(self.owner, 300)

    def test_what_is_signed_stays_and_finance_signs(self):
        self.award_on(date(2026, 10, 5), 10)
        cut = self.close(sign=False)
        for role in ("head", "director", "admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(cut, role).action_sign()
        cut.action_sign()
        self.assertEqual(cut.signed_by_id, self.persona("finance"))
        for change in (
            lambda: cut.write({"breakage_percent": 99}),
            cut.action_work_out,
            cut.unlink,
        ):
            with self.assertRaisesRegex(UserError, "was signed off by"):
                change()

    def test_bad_months_are_refused(self):
        running = self.close(date(2026, 11, 30), sign=False)
        with self.assertRaisesRegex(UserError, "runs until"):
            running.action_sign()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.close()
        running.unlink()
        self.close()
        with self.assertRaisesRegex(UserError, "already"):
            self.close(date(2026, 9, 30))

    def test_an_entry_stands_in_one_month_only(self):
        self.award_on(date(2026, 10, 5), 10)
        cut = self.close()
        with freeze_time("2026-12-02 02:00:00"):
            other = self.close(date(2026, 11, 30))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.cr.execute(
                "INSERT INTO cr_points_settlement_entry_rel VALUES (%s, %s)",
                [other.id, cut.entry_ids.id],
            )

    def test_print_and_workbook_say_the_same(self):
        self.award_on(date(2026, 10, 5), 1000)
        cut = self.close()
        [_points, _money, (_title, _header, rows)] = cut._get_sheet()
        self.assertEqual([row[2:] for row in rows], [[9.0, 0], [0, 9.0]])
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "cr_club.report_points_settlement", cut.ids
        )
        report = self.env["report.cr_club.report_cr_points_settlement_xlsx"]
        report = report.with_context(active_model=cut._name)
        content, _type = report.create_xlsx_report(cut.ids, {})
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = [cell.value for line in sheet.iter_rows() for cell in line]
        for text in ("Points earned", "Liability now", "Event"):
            self.assertIn(text, html.decode())
            self.assertIn(text, cells)
        self.assertIn(1000, cells)

    def test_queries_do_not_depend_on_how_many_entries(self):
        self.award_on(date(2026, 10, 5), 10)
        cut = self.close(sign=False)
        one = self.count_queries(cut.action_work_out)
        for _number in range(60):
            self.award_on(date(2026, 10, 5), 10)
        many = self.count_queries(cut.action_work_out)
        self.assertEqual(cut.brought, 610)
        self.assertLessEqual(many, one + 1)
