from datetime import date

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .complaint_common import ComplaintCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrComplaintReport(ComplaintCommon):
    """Figures equal the sum of their records; the file prints (CPL-22, CPL-36)."""

    def test_the_rate_is_complaints_by_orders_of_the_cell(self):
        for day in (2, 3, 4, 5):
            self.make_order(self.car, date(2026, 11, day))
        self.make()
        report = self.env["cr.complaint.report"]
        domain = [
            ("company_id", "=", self.store.id),
            ("day", ">=", date(2026, 11, 1)),
        ]
        [(__, rate, count)] = report._read_group(
            domain, ["day:month"], ["order_rate:avg", "complaint_count:sum"]
        )
        self.assertEqual((rate, count), (25, 1))
        rows = report.search([*domain, ("kind", "=", "complaint")])
        self.assertEqual(len(rows), count)
        self.assertEqual(rows.action_open_record()["res_id"], rows.complaint_id.id)

    def test_hours_until_the_answer_are_those_of_the_first(self):
        complaint = self.make()
        with freeze_time("2026-11-20 05:00:00"):
            complaint._answer("We look at it")
        with freeze_time("2026-11-20 09:00:00"):
            complaint._answer("The part is ordered")
        row = self.env["cr.complaint.report"].search(
            [("complaint_id", "=", complaint.id)]
        )
        self.assertEqual(row.answer_hours, 3)

    def test_the_daily_note_reaches_the_general_manager(self):
        crisis = self.make(user=self.head, is_media=True)
        form = Form(
            self.env["cr.complaint.note"]
            .with_user(self.head)
            .with_context(default_complaint_id=crisis.id)
        )
        form.text = "The newspaper waits until Monday"
        form.save().action_apply()
        self.assertIn("daily", crisis.event_ids.mapped("kind"))
        summaries = crisis.activity_ids.filtered(
            lambda one: one.user_id == self.director
        ).mapped("summary")
        self.assertIn("The newspaper waits until Monday", summaries)

    def test_form_and_file_print(self):
        complaint = self.make(user=self.head)
        for name in ("form", "file"):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"cr_complaints.report_complaint_{name}", complaint.ids
            )
            text = html.decode()
            self.assertIn(complaint.name, text)
            self.assertIn("It was in the shop twice.", text)
        self.assertIn("Received", text)
