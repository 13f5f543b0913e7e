import io
from datetime import date, timedelta

import psycopg2
from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW
from .problem_common import ProblemCommon

# Monday after the week of NOW, half past six in the store.
MONDAY = "2026-11-22 22:30:00"


@tagged("post_install", "-at_install")
class TestCrFigure(ProblemCommon):
    """A figure is one definition, and equals the records that it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = (date(2026, 11, 16), date(2026, 11, 22))
        cls.reports = cls.env["cr.figure.report"]

    def setUp(self):
        super().setUp()
        with freeze_time(NOW):
            self.play()

    def play(self):
        """Let a week happen: three calls, two problems, one of them solved."""
        self.note(self.make_callback(kind="ssi"))
        problem = self.note()
        self.solve(problem)
        self.say(problem.callback_ids, "satisfied")
        for code in ("reached", "phone_off"):
            callback = self.make_callback(self.make_partner())
            self.finish(self.take(callback), code, callback)
        self.env["cr.customer.wish"].create(
            {
                "name": "Thanks",
                "text": "Thanks",
                "kind": "praise",
                "department_id": self.service.id,
                "received_on": self.TODAY,
            }
        )

    def figure(self, code):
        return self.env.ref(f"cr_dealership.cr_figure_{code}")

    def count(self, code, department=None):
        figure = self.figure(code)
        found = figure._count(self.store, *self.week, department)[figure.id]
        return figure._get_value(*found)

    def test_the_figures_of_a_week_worked_out_by_hand(self):
        with freeze_time(NOW):
            expected = {
                "call_volume": 3,
                "reach_rate": 66.7,
                "second_callbacks": 1,
                "satisfied_rate": 100,
                "problems_opened": 2,
                "problems_open": 1,
                "problems_overdue": 0,
                "praises": 1,
            }
            found = {code: self.count(code) for code in expected}
        self.assertEqual(found, expected)
        self.assertEqual(self.count("problems_opened", self.service), 1)
        self.assertEqual(self.count("problems_opened", self.sales), 1)
        self.assertEqual(self.count("praises", self.sales), 0)

    @freeze_time(NOW)
    def test_every_shipped_figure_equals_the_records_it_opens(self):
        departments = [None, self.service, self.sales]
        for figure in self.env["cr.figure"].search([]):
            for department in departments[: 3 if figure._has_department() else 1]:
                with self.subTest(figure.code, department=department):
                    found = figure._count(self.store, *self.week, department)
                    numerator, out_of = found[figure.id]
                    action = figure._get_counted_action(
                        self.store, *self.week, department
                    )
                    records = self.env[action["res_model"]].search(action["domain"])
                    if measure := figure.measure_field:
                        self.assertEqual(len(records), out_of)
                        self.assertAlmostEqual(sum(records.mapped(measure)), numerator)
                        continue
                    self.assertEqual(len(records), numerator)
                    self.assertTrue(out_of is None or numerator <= out_of)

    @freeze_time(NOW)
    def test_a_rate_of_nothing_is_none_and_misses_no_target(self):
        figure = self.figure("renewal_rate")
        self.assertEqual(self.figure("call_volume").this_text, "3")
        self.assertEqual(self.figure("reach_rate").this_text, "66.7 %")
        self.assertEqual(figure.this_text, "–")
        figure.target_ids = [(0, 0, {"date_from": date(2026, 1, 1), "value": 80})]
        span = ("week", *self.week)
        none = self.env["hr.department"]
        values = figure._prepare_value(figure, self.store, none, span)
        self.assertFalse(values["has_target"])

    @freeze_time(NOW)
    def test_departments_add_up_to_the_store(self):
        for code in ("problems_opened", "second_callbacks", "satisfied_rate"):
            figure = self.figure(code)
            parts = [
                figure._count(self.store, *self.week, department)[figure.id][0]
                for department in (self.service, self.sales)
            ]
            whole = figure._count(self.store, *self.week)[figure.id][0]
            self.assertEqual(sum(parts), whole, code)

    def test_a_definition_that_cannot_be_counted_is_refused_in_words(self):
        figure = self.figure("call_volume")
        for values in (
            {"model": "no.such.model"},
            {"numerator_domain": "[('nothing', '=', 1)]"},
            {"numerator_domain": "import os"},
            {"date_field": "nothing"},
            {"measure_field": "nothing"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                figure.write(values)

    # === FROZEN === #

    def freeze(self, moment):
        cron = self.env.ref("cr_dealership.ir_cron_cr_figure_freeze")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_week_is_frozen_and_sent_once(self):
        for code, weight, target in (("reach_rate", 1, 80), ("call_volume", 3, 2)):
            self.figure(code).write(
                {
                    "weight": weight,
                    "target_ids": [
                        (0, 0, {"date_from": date(2026, 1, 1), "value": target})
                    ],
                }
            )
        for _turn in range(2):
            self.freeze(MONDAY)
        mine = [("company_id", "=", self.store.id)]
        values = self.env["cr.figure.value"].search([*mine, ("period", "=", "week")])
        rate = values.filtered(
            lambda one: one.figure_id.code == "reach_rate" and not one.department_id
        )
        self.assertEqual((rate.value, rate.target, rate.is_reached), (66.7, 80, False))
        self.assertEqual((rate.date_from, rate.date_to), self.week)
        reports = self.reports.search([*mine, ("period", "=", "week")])
        self.assertEqual(len(reports), 4)
        owners = {report.department_id: report.user_id for report in reports}
        self.assertEqual(owners[self.service], self.manager)
        self.assertEqual(owners[self.env["hr.department"]], self.head)
        self.assertEqual(len(reports.activity_ids), 4)
        whole = reports.filtered(lambda one: not one.department_id)
        self.assertEqual(whole.score, 75)
        seen = self.as_user(self.reports, self.seller).search(
            [*mine, ("period", "=", "week")]
        )
        self.assertEqual(seen.department_id, self.sales)

    def test_what_is_frozen_stays(self):
        self.freeze(MONDAY)
        value = self.env["cr.figure.value"].search([], limit=1)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            with self.cr.savepoint():
                value.value = 5
                value.flush_recordset()

    def test_screen_workbook_and_pdf_say_the_same(self):
        self.freeze(MONDAY)
        report = self.reports.search(
            [
                ("company_id", "=", self.store.id),
                ("period", "=", "week"),
                ("department_id", "=", self.service.id),
            ]
        ).with_context(lang=self.env.lang)
        screen = {one.figure_id.name: one.value for one in report.value_ids}
        rows = {row["name"]: row["value"] for row in report._get_rows()}
        self.assertEqual(rows, screen)
        actions = self.env["ir.actions.report"]
        content, _kind = actions._render_xlsx(
            "cr_dealership.cr_figure_report_action_xlsx", report.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).active
        book = {row[0]: row[1] for row in sheet.iter_rows(min_row=4, values_only=True)}
        self.assertEqual(book, screen)
        html, _kind = actions._render_qweb_html(
            "cr_dealership.cr_figure_report_action_print", report.ids
        )
        for name in screen:
            self.assertIn(name, html.decode())

    def test_the_span_before_stands_beside(self):
        self.freeze(MONDAY)
        self.freeze("2026-11-29 22:30:00")
        report = self.reports.search(
            [
                ("company_id", "=", self.store.id),
                ("date_from", "=", self.week[1] + timedelta(days=1)),
                ("department_id", "=", False),
            ]
        )
        calls = {row["name"]: row for row in report._get_rows()}[
            self.figure("call_volume").name
        ]
        self.assertEqual((calls["value"], calls["before"]), (0, 3))
