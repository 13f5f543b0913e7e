import io
from datetime import timedelta

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrDailyReport(CallbackCommon):
    """The report of a day is counted, not typed."""

    def setUp(self):
        super().setUp()
        done = self.make_callback()
        self.finish(self.take(done), "reached", done)
        retried = self.make_callback(self.make_partner())
        self.finish(self.take(retried), "busy")
        self.make_callback(
            self.make_partner(),
            agent_id=self.agent.id,
            due_on=self.TODAY - timedelta(days=1),
        )
        reports = self.as_user(self.env["cr.daily.report"], self.agent)
        self.report = reports.browse(reports.action_open_today()["res_id"])

    def test_the_figures_come_from_the_calls_and_cards(self):
        self.assertRecordValues(
            self.report,
            [
                {
                    "call_count": 2,
                    "reached_count": 1,
                    "reached_rate": 50,
                    "done_count": 1,
                    "left_count": 2,
                    "late_count": 1,
                    "missed_count": 0,
                    "day": self.TODAY,
                }
            ],
        )
        counts = {line.outcome_id.code: line.count for line in self.report.line_ids}
        self.assertEqual(counts, {"reached": 1, "busy": 1})

    def test_opening_it_twice_gives_the_same_report(self):
        again = self.report.action_open_today()
        self.assertEqual(again["res_id"], self.report.id)

    def test_only_the_remark_is_written(self):
        self.report.remark = "Two customers praised Li"
        with self.assertRaisesRegex(UserError, "come from the calls"):
            self.report.call_count = 99
        with self.assertRaisesRegex(UserError, "come from the calls"):
            self.report.state = "submitted"

    def test_figures_that_a_client_sends_are_ignored(self):
        report = self.report.create(
            {"day": self.TODAY - timedelta(days=1), "call_count": 99}
        )
        self.assertEqual(report.call_count, 0)

    def test_a_submitted_report_is_frozen_and_reaches_the_head(self):
        self.report.remark = "quiet day"
        self.report.action_submit()
        self.assertEqual(self.report.head_ids, self.head)
        message = self.env["mail.message"].search(
            [("model", "=", "cr.daily.report"), ("res_id", "=", self.report.id)]
        )
        self.assertIn("quiet day", message[0].body)
        other = self.make_callback(self.make_partner())
        self.finish(self.take(other), "reached", other)
        self.report.action_refresh()
        self.assertEqual(self.report.call_count, 2)
        with self.assertRaisesRegex(UserError, "handed in already"):
            self.report.action_submit()
        with self.assertRaisesRegex(UserError, "is kept"):
            self.report.sudo().unlink()

    def test_agents_see_their_own_reports_only(self):
        second = self.second_agent()
        self.assertFalse(self.as_user(self.report, second).search([]))
        with self.assertRaises(AccessError):
            self.as_user(self.report, second).read(["call_count"])
        self.assertTrue(self.as_user(self.report, self.head).search([]))

    def test_who_has_not_handed_in_is_reminded_once_before_the_end_of_work(self):
        reports = self.env["cr.daily.report"]
        self.assertFalse(reports._remind_missing(self.utc(self.TODAY, 11)))
        late = self.utc(self.TODAY, 23)
        self.assertIn(self.report, reports._remind_missing(late))
        reports._remind_missing(late)
        self.assertEqual(len(self.report.sudo().activity_ids), 1)
        self.report.action_submit()
        self.assertNotIn(self.report, reports._remind_missing(late))

    def test_who_was_on_duty_without_a_call_is_reminded_too(self):
        second = self.second_agent()
        self.hold(self.agent_role, second)
        missing = self.env["cr.daily.report"]._remind_missing(self.utc(self.TODAY, 23))
        self.assertIn(second, missing.agent_id)
        self.assertNotIn(self.head, missing.agent_id)

    def test_nobody_is_reminded_on_a_day_off(self):
        sunday = self.TODAY + timedelta(days=2)
        late = self.utc(sunday, 23)
        self.assertFalse(self.env["cr.daily.report"]._remind_missing(late))

    def test_counting_needs_as_many_queries_for_many_reports(self):
        days = [self.TODAY - timedelta(days=number) for number in range(1, 21)]
        reports = self.env["cr.daily.report"].create(
            [{"agent_id": self.agent.id, "day": day} for day in days]
        )
        few = self.count_queries(reports[0]._get_figures)
        self.assertEqual(self.count_queries(reports._get_figures), few)

    def test_the_workbook_agrees_with_the_screen_and_holds_no_formula(self):
        self.report.remark = "=1+1"
        xlsx = self.env["report.cr_dealership.report_cr_daily_report_xlsx"]
        xlsx = xlsx.with_context(active_model="cr.daily.report")
        content, _type = xlsx.create_xlsx_report(self.report.ids, {})
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        header, row, totals = (
            [cell.value for cell in line] for line in sheet.iter_rows(max_row=3)
        )
        calls = header.index("Calls")
        self.assertEqual((row[calls], totals[calls]), (2, 2))
        remark = sheet.cell(2, header.index("Remark") + 1)
        self.assertEqual((remark.value, remark.data_type), ("=1+1", "s"))

    def test_the_print_shows_the_figures(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "cr_dealership.report_cr_daily_report", self.report.ids
        )
        self.assertIn(b"Reached", html)
