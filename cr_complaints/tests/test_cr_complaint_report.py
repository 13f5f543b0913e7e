import io
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook

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

    def test_the_monthly_report_holds_how_complaints_were_handled(self):
        spot, reopened = self.make(), self.make(partner_id=self.make_partner().id)
        spot.result = "Explained"
        spot.action_on_the_spot()
        reopened.result = "Explained"
        reopened.action_on_the_spot()
        reopened._reopen("He calls again")
        with freeze_time("2026-11-30 22:30:00"):
            cron = self.env.ref("cr_dealership.ir_cron_cr_figure_freeze")
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()
        report = self.env["cr.figure.report"].search(
            [
                ("company_id", "=", self.store.id),
                ("period", "=", "month"),
                ("department_id", "=", False),
            ]
        )
        found = {
            row["name"]: row["value"]
            for row in report.with_context(lang="en_US")._get_rows()
        }
        figures = ("received", "closed", "reopened")
        names = [
            self.env.ref(f"cr_complaints.cr_figure_complaints_{code}")
            .with_context(lang="en_US")
            .name
            for code in figures
        ]
        self.assertEqual([found[name] for name in names], [2, 1, 50])
        received = self.env.ref("cr_complaints.cr_figure_complaints_received")
        action = received._get_counted_action(
            self.store, report.date_from, report.date_to
        )
        records = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(records, spot | reopened)

    def test_the_store_chooses_what_its_rate_is_divided_by(self):
        for day in (2, 3, 4):
            self.make_order(self.car, date(2026, 11, day))
        other = self.make_vehicle(self.make_partner())
        self.make_order(other, date(2026, 11, 5))
        other.write(
            {"company_id": self.store.id, "delivered_on": date(2026, 11, 6)}
        )
        self.make()
        self.env.flush_all()
        report = self.env["cr.complaint.report"].with_company(self.store)
        domain = [
            ("company_id", "=", self.store.id),
            ("day", ">=", date(2026, 11, 1)),
        ]
        names = ["complaint_rate:avg", "order_rate:avg", "customer_rate:avg"]
        # One complaint; four orders of two customers, one delivery.
        for base, rate in (("order", 25), ("customer", 50), ("delivery", 100)):
            with self.subTest(base=base):
                self.store.cr_complaint_rate_base = base
                [(found, orders, customers)] = report._read_group(domain, [], names)
                self.assertEqual((found, orders, customers), (rate, 25, 50))

    def test_the_workbook_says_what_the_screen_says(self):
        self.make_order(self.car, date(2026, 11, 2))
        self.make(subject="=1+1", demand_amount=1000)
        report = self.env["cr.complaint.report"].with_company(self.store)
        domain = [("company_id", "=", self.store.id)]
        sheets = self.env["report.cr_complaints.report_complaint_figures_xlsx"]
        dates = {"first_on": "2026-11-01", "last_on": "2026-11-30"}
        chosen = self.env["cr.complaint.figures"].with_user(self.head).create(dates)
        action = chosen.action_print()
        self.assertEqual(action["report_type"], "xlsx")
        sheets = sheets.with_user(self.head).with_company(self.store)
        self.env.flush_all()
        data, kind = sheets.with_context(**action["context"]).create_xlsx_report(
            chosen.ids, {}
        )
        self.assertEqual(kind, "xlsx")
        book = load_workbook(io.BytesIO(data))
        months, complaints = book.worksheets
        header, *rows = months.values
        [shown] = report._read_group(
            [*domain, ("day", ">=", date(2026, 11, 1))],
            [],
            ["complaint_count:sum", "order_count:sum", "complaint_rate:avg"],
        )
        november = dict(zip(header, rows[-2], strict=True))
        self.assertEqual(november["Month"], "2026-11")
        self.assertEqual(
            (
                november["Complaints"],
                november["Work orders"],
                november["Complaint rate"],
            ),
            shown,
        )
        self.assertEqual(rows[-1][0], "Total")
        found = [cell for row in complaints.iter_rows() for cell in row]
        [formula] = [cell for cell in found if cell.value == "=1+1"]
        self.assertEqual(formula.data_type, "s")

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

    def test_every_grouping_adds_up_to_all_complaints(self):
        self.make()
        self.make(partner_id=self.make_partner().id, channel="consumer")
        self.env.flush_all()
        report = self.env["cr.complaint.report"]
        domain = [("company_id", "=", self.store.id), ("kind", "=", "complaint")]
        rows = report.search(domain)
        self.assertEqual(len(rows), 2)
        for name in (
            *("category_id", "role_id", "model_id", "advisor_id", "grade_id"),
            *("channel", "day:month"),
        ):
            with self.subTest(by=name):
                groups = report._read_group(domain, [name], ["complaint_count:sum"])
                self.assertEqual(sum(count for _key, count in groups), len(rows))

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
        order = self.make_order(self.car, date(2026, 11, 2))
        self.car.model_id = self.env["fleet.vehicle.model"].search([], limit=1)
        complaint = self.make(user=self.head, order_id=order.id, result="Explained")
        complaint._record("daily", text="Newspaper waits")
        complaint._record("media", text="Film has 900 views")
        for name in ("form", "file"):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                f"cr_complaints.report_complaint_{name}", complaint.ids
            )
            text = html.decode()
            self.assertIn(complaint.name, text)
            self.assertIn("It was in the shop twice.", text)
            for value in (
                complaint.phone,
                complaint.plate,
                complaint.model_id.name,
                complaint.order_id.number,
                complaint.demand,
                complaint.grade_id.name,
                complaint.category_id.name,
                complaint.role_id.name,
                complaint.owner_id.name,
                complaint.recorder_id.name,
                complaint.result,
                "Calm",
                "Telephone",
            ):
                self.assertIn(value, text)
        for words in ("Newspaper waits", "Film has 900 views", "Received"):
            self.assertIn(words, text)
