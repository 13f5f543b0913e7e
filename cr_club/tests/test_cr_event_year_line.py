from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .event_common import EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrEventYearLine(EventCommon):
    """The plan of the year: what is opened by itself, what is checked (EVT-11)."""

    def make_line(self, code="self_drive", **values):
        return self.env["cr.event.year.line"].create(
            {
                "name": "Tour",
                "company_id": self.store.id,
                "type_id": self.kind(code).id,
                "every_months": 6,
                "lead_days": 40,
                "next_on": "2026-12-25",
                "year_min": 2,
                "year_max": 4,
                **values,
            }
        )

    def test_the_night_opens_the_next_event_in_time(self):
        line = self.make_line()
        later = self.make_line(next_on="2027-06-01", name="Later")
        with self.enter_registry_test_mode():
            cron = self.env.ref("cr_club.ir_cron_event_open_due")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(len(line.event_ids), 1)
        self.assertFalse(later.event_ids)
        self.assertEqual(line.event_ids.cr_day, date(2026, 12, 25))
        self.assertEqual(str(line.event_ids.date_begin), "2026-12-25 01:30:00")
        self.assertEqual(line.next_on, date(2027, 6, 25))
        self.assertTrue(line.event_ids.cr_task_ids)

    def test_the_same_day_is_opened_once(self):
        line = self.make_line()
        line.action_open_next()
        line.next_on = "2026-12-25"
        line.action_open_next()
        self.assertEqual(len(line.event_ids), 1)

    def test_a_year_keeps_to_its_limits(self):
        line = self.make_line()
        self.assertEqual((line.year_count, line.verdict), (0, "short"))
        self.assertIn("2 at least: plan more", line.verdict_text)
        for _number in range(2):
            self.make_event("self_drive")
        line.invalidate_recordset()
        self.assertEqual((line.year_count, line.verdict), (2, "right"))
        for _number in range(3):
            self.make_event("self_drive")
        line.invalidate_recordset()
        self.assertEqual(line.verdict, "over")

    def test_events_of_other_years_and_stores_do_not_count(self):
        line = self.make_line()
        self.make_event("self_drive", company=self.other_store)
        self.make_event("self_drive", date_begin="2027-01-05 02:00:00")
        gone = self.make_event("self_drive")
        gone.action_cr_cancel()
        self.assertEqual(line.year_count, 0)

    def test_the_plan_of_the_sources_is_there(self):
        lines = self.env["cr.event.year.line"].sudo()
        for code, months in (("festival_notice", 6), ("body_paint", 12)):
            line = lines.browse(self.env.ref(f"cr_club.cr_event_year_line_{code}").id)
            self.assertEqual(line.every_months, months)
            self.assertTrue(line.type_id.cr_is_notice)
        monthly = lines.search([("every_months", "=", 1), ("year_min", "=", 12)])
        self.assertGreaterEqual(len(monthly), 5)

    @mute_logger("odoo.sql_db")
    def test_limits_without_sense_are_refused(self):
        for values in (
            {"year_min": 5},
            {"every_months": -1},
            {"lead_days": 400},
        ):
            with self.subTest(**values), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.make_line(**values)
