from datetime import date, datetime

from psycopg2 import IntegrityError
from pytz import timezone

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import holidays
from .common import DealershipCommon

ZONE = timezone("Asia/Shanghai")


def local(*parts):
    return ZONE.localize(datetime(*parts))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestResourceCalendarChina(DealershipCommon):
    """Holidays and make-up days of 2026 wherever Odoo asks the calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.store.resource_calendar_id
        cls.calendar._cr_load_year(2026)

    def test_national_day_is_off_and_made_up_for(self):
        days = self.calendar._cr_working_days(date(2026, 9, 28), date(2026, 10, 11))
        self.assertEqual(
            days,
            {
                *(date(2026, 9, day) for day in (28, 29, 30)),
                *(date(2026, 10, day) for day in (8, 9, 10)),
            },
        )

    def test_spring_festival_is_off_and_made_up_for(self):
        days = self.calendar._cr_working_days(date(2026, 2, 13), date(2026, 3, 1))
        self.assertEqual(
            days, {date(2026, 2, day) for day in (13, 14, 24, 25, 26, 27, 28)}
        )

    def test_make_up_saturday_counts_its_hours(self):
        hours = self.calendar.get_work_hours_count(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0)
        )
        self.assertEqual(hours, 8)
        data = self.calendar.get_work_duration_data(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0)
        )
        self.assertEqual(data, {"days": 1, "hours": 8})

    def test_deadline_passes_over_the_holiday_and_uses_the_make_up_day(self):
        start = local(2026, 9, 30, 16)
        end = self.calendar.plan_hours(18, start, compute_leaves=True)
        self.assertEqual(end, local(2026, 10, 10, 9))
        self.assertEqual(
            self.calendar.plan_days(4, start, compute_leaves=True),
            local(2026, 10, 10, 12),
        )

    def test_deadline_counts_backwards_too(self):
        end = self.calendar.plan_hours(-2, local(2026, 10, 10, 9), compute_leaves=True)
        self.assertEqual(end, local(2026, 10, 9, 16))

    def test_part_of_a_make_up_day_is_cut_to_the_bounds(self):
        hours = self.calendar.get_work_hours_count(
            local(2026, 10, 10, 10), local(2026, 10, 10, 14)
        )
        self.assertEqual(hours, 3)

    def test_bounds_in_another_time_zone_find_the_make_up_day(self):
        utc = timezone("UTC")
        hours = self.calendar.get_work_hours_count(
            utc.localize(datetime(2026, 10, 9, 23)),
            utc.localize(datetime(2026, 10, 10, 5)),
        )
        self.assertEqual(hours, 4)

    def test_employee_works_on_the_make_up_day(self):
        resource = self.make_employee().resource_id
        intervals = self.calendar._work_intervals_batch(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0), resources=resource
        )
        self.assertEqual(len(intervals[resource.id]), len(intervals[False]))
        self.assertEqual(len(intervals[False]), 2)

    def test_other_questions_to_the_calendar_agree(self):
        day = date(2026, 10, 10)
        self.assertTrue(self.calendar._works_on_date(day))
        self.assertFalse(self.calendar._works_on_date(date(2026, 10, 11)))
        self.assertEqual(self.calendar._get_hours_for_date(day), (8, 17))
        unusual = self.calendar._get_unusual_days(
            local(2026, 10, 9, 0), local(2026, 10, 11, 23)
        )
        self.assertEqual(
            unusual, {"2026-10-09": False, "2026-10-10": False, "2026-10-11": True}
        )

    def test_lunch_break_of_the_make_up_day_is_known(self):
        breaks = self.calendar._attendance_intervals_batch(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0), lunch=True
        )[False]
        self.assertEqual(
            [(start, stop) for start, stop, __ in breaks],
            [(local(2026, 10, 10, 12), local(2026, 10, 10, 13))],
        )

    def test_store_says_whether_it_works(self):
        self.assertTrue(self.store._cr_is_working_day(date(2026, 10, 10)))
        self.assertFalse(self.store._cr_is_working_day(date(2026, 10, 1)))
        self.assertFalse(self.store._cr_is_working_day(date(2026, 10, 11)))

    def test_a_year_of_working_days_costs_no_more_queries_than_a_week(self):
        self.calendar._cr_working_days(date(2026, 10, 5), date(2026, 10, 11))
        week, year = (
            self.count_queries(
                self.calendar._cr_working_days, start, date(2026, 10, 11)
            )
            for start in (date(2026, 10, 5), date(2026, 1, 1))
        )
        self.assertEqual(week, year)
        self.assertLess(year, 15)

    def test_shop_open_on_saturdays_keeps_its_own_hours(self):
        self.calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Saturday",
                    "dayofweek": "5",
                    "hour_from": 9,
                    "hour_to": 12,
                    "day_period": "morning",
                }
            )
        ]
        hours = self.calendar.get_work_hours_count(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0)
        )
        self.assertEqual(hours, 3)

    def test_make_up_day_of_the_store_holds_for_all_its_calendars(self):
        day = date(2026, 12, 5)
        other = self.calendar.copy({"name": "Workshop"})
        foreign = self.other_store.resource_calendar_id
        makeup = self.env["cr.makeup.day"].create({"date": day, "like_weekday": "2"})
        self.assertTrue(other._cr_is_working_day(day))
        self.assertTrue(self.calendar._cr_is_working_day(day))
        self.assertFalse(foreign._cr_is_working_day(day))
        makeup.unlink()
        self.assertFalse(other._cr_is_working_day(day))

    def test_calendar_of_two_weeks_takes_the_right_week(self):
        self.calendar.switch_calendar_type()
        hours = self.calendar.get_work_hours_count(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0)
        )
        self.assertEqual(hours, 8)

    def test_flexible_calendar_stays_as_it_is(self):
        self.calendar.schedule_type = "flexible"
        intervals = self.calendar._attendance_intervals_batch(
            local(2026, 10, 10, 0), local(2026, 10, 11, 0)
        )
        self.assertEqual(len(intervals[False]), 1)

    @mute_logger("odoo.sql_db")
    def test_day_is_made_up_once(self):
        with self.assertRaises(IntegrityError):
            self.env["cr.makeup.day"].create(
                {"calendar_id": self.calendar.id, "date": date(2026, 10, 10)}
            )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestResourceCalendarLoading(DealershipCommon):
    """Loading a year: once, by whom, and what is not known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.store.resource_calendar_id
        cls.leaves = cls.env["resource.calendar.leaves"]

    def loaded(self):
        own = [("calendar_id", "=", self.calendar.id)]
        return self.leaves.search([*own, ("cr_holiday_on", "!=", False)])

    def test_holiday_is_one_time_off_of_whole_days(self):
        self.calendar._cr_load_year(2026)
        national = self.loaded().filtered(
            lambda leave: leave.cr_holiday_on == date(2026, 10, 1)
        )
        self.assertEqual(national.name, "National Day")
        self.assertEqual(national.date_from, datetime(2026, 9, 30, 16, 0))
        self.assertEqual(national.date_to, datetime(2026, 10, 7, 15, 59, 59))

    def test_loading_again_adds_nothing(self):
        self.calendar._cr_load_year(2026)
        before = (len(self.loaded()), len(self.calendar.cr_makeup_ids))
        self.assertEqual(before, (7, 6))
        self.calendar._cr_load_year(2026, again=True)
        self.assertEqual((len(self.loaded()), len(self.calendar.cr_makeup_ids)), before)

    def test_removed_holiday_comes_back_only_on_demand(self):
        self.calendar._cr_load_year(2026)
        self.loaded()[0].unlink()
        self.calendar._cr_load_year(2026)
        self.assertEqual(len(self.loaded()), 6)
        self.calendar._cr_load_year(2026, again=True)
        self.assertEqual(len(self.loaded()), 7)

    def test_unknown_year_is_said_and_not_guessed(self):
        year = holidays.known_years()[-1] + 1
        self.assertIn(str(year), self.calendar._cr_load_year(year)[0])
        self.assertFalse(self.loaded())
        self.assertFalse(self.calendar.cr_loaded_years)

    def test_head_presses_the_button(self):
        calendar = self.as_persona(self.calendar, "head")
        message = calendar.action_cr_load_holidays()["params"]["message"]
        self.assertIn("2026", message)
        self.assertIn("2027", message)
        self.assertEqual(self.calendar.cr_loaded_years, "2026")

    def test_agent_may_not_press_the_button(self):
        with self.assertRaises(AccessError):
            self.as_persona(self.calendar, "agent").action_cr_load_holidays()

    def test_head_records_a_make_up_day_and_an_agent_does_not(self):
        values = {"date": date(2026, 12, 5), "company_id": self.store.id}
        self.as_persona(self.env["cr.makeup.day"], "head").create(values)
        with self.assertRaises(AccessError):
            self.as_persona(self.env["cr.makeup.day"], "agent").create(values)

    @mute_logger("odoo.sql_db")
    def test_database_keeps_a_holiday_once(self):
        self.calendar._cr_load_year(2026)
        with self.assertRaises(IntegrityError):
            self.loaded()[0].copy({"cr_holiday_on": self.loaded()[0].cr_holiday_on})


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestResourceCalendarCron(DealershipCommon):
    """The nightly job loads what is known, for stores in China, once."""

    def run_cron(self):
        cron = self.env.ref("cr_dealership.ir_cron_resource_calendar_load_holidays")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_nightly_job_loads_chinese_stores_and_no_others(self):
        self.other_store.country_id = self.env.ref("base.de")
        self.run_cron()
        self.assertEqual(self.store.resource_calendar_id.cr_loaded_years, "2026")
        self.assertFalse(self.other_store.resource_calendar_id.cr_loaded_years)

    def test_second_run_adds_nothing(self):
        self.run_cron()
        days = self.env["cr.makeup.day"].search_count([])
        leaves = self.env["resource.calendar.leaves"].search_count([])
        self.run_cron()
        self.assertEqual(self.env["cr.makeup.day"].search_count([]), days)
        self.assertEqual(
            self.env["resource.calendar.leaves"].search_count([]), leaves
        )
