from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .booking_common import MONDAY, BookingCommon
from .callback_common import NOW

SATURDAY = date(2026, 11, 21)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrAppointmentSlot(BookingCommon):
    """Slots follow the capacity and the store's working days (APT-06)."""

    def get_days(self):
        """Return the days of the store that have places."""
        slots = self.env["cr.appointment.slot"].search(
            [("company_id", "=", self.store.id), ("planned", ">", 0)]
        )
        return set(slots.mapped("day"))

    def test_working_days_have_slots_and_weekends_have_none(self):
        days = self.get_days()
        self.assertIn(MONDAY, days)
        self.assertNotIn(SATURDAY, days)
        self.assertEqual(max(days), date(2026, 12, 18))

    def test_a_make_up_day_works_like_its_weekday(self):
        self.env["cr.makeup.day"].create(
            {"company_id": self.store.id, "date": SATURDAY, "like_weekday": "3"}
        )
        self.capacity.weekday = "3"
        days = self.get_days()
        self.assertIn(SATURDAY, days)
        self.assertNotIn(MONDAY, days)

    def test_a_public_holiday_has_no_slot(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.store.resource_calendar_id.id,
                "company_id": self.store.id,
                "date_from": self.utc(MONDAY, 0),
                "date_to": self.utc(MONDAY, 23, 59),
            }
        )
        self.env["cr.appointment.slot"]._sync_coming(self.store)
        self.assertNotIn(MONDAY, self.get_days())

    def test_slots_follow_another_time_zone_at_once(self):
        domain = [("day", "=", MONDAY), ("planned", ">", 0)]
        slots = self.env["cr.appointment.slot"]
        before = slots.search(domain, order="start_at", limit=1).start_at
        calendar, partner = self.store.resource_calendar_id, self.store.partner_id
        for owner, zone, later in (
            (partner, "Asia/Tokyo", timedelta(hours=-1)),
            (partner, False, timedelta()),
            (calendar, "UTC", timedelta(hours=8)),
        ):
            owner.tz = zone
            slot = slots.search(domain, order="start_at", limit=1)
            self.assertEqual(slot.start_at - before, later, zone)

    def test_closing_a_day_keeps_what_is_booked_in_sight(self):
        appointment = self.book()
        self.make_capacity(
            bay_kind=False,
            hour_from=0,
            hour_to=24,
            places=0,
            is_override=True,
            date_from=MONDAY,
            date_to=MONDAY,
        )
        slot = self.slot()
        self.assertEqual((slot.planned, slot.taken, slot.places), (0, 1, 1))
        self.assertTrue(slot.is_overbooked)
        found = slot.search([("is_overbooked", "=", True)])
        self.assertEqual(found, slot)
        appointment.slot_id = self.slot(MONDAY + timedelta(days=1))
        self.assertEqual((slot.taken, slot.places), (0, 0))

    def test_an_exception_adds_places_on_a_day(self):
        self.make_capacity(
            places=7, is_override=True, date_from=SATURDAY, date_to=SATURDAY
        )
        self.assertEqual(self.slot(SATURDAY).planned, 7)

    def test_a_second_run_changes_nothing(self):
        slots = self.env["cr.appointment.slot"]
        self.assertEqual(slots._sync_coming(self.store), 0)
        cron = self.env.ref("cr_dealership.ir_cron_cr_appointment_slot_sync")
        with freeze_time("2026-11-21 16:30:00"):
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
            self.assertIn(date(2026, 12, 21), self.get_days())
            self.assertEqual(slots._sync_coming(self.store), 0)

    def test_queries_do_not_depend_on_the_days(self):
        sync = self.env["cr.appointment.slot"]._sync_coming
        few = self.count_queries(sync, self.store)
        self.store.cr_booking_days = 200
        self.assertLessEqual(self.count_queries(sync, self.store), few + 2)

    def test_the_offer_begins_with_the_quiet_times(self):
        for _number in range(2):
            self.book(vehicle=self.make_car())
        offer = self.env["cr.appointment"]._get_offer(self.store, "maintenance", 3)
        self.assertEqual(offer[0]["id"], self.slot(hour=10).id)
        self.assertTrue(offer[0]["is_off_peak"])
        self.assertNotIn(self.slot().id, [line["id"] for line in offer])

    def test_a_store_nobody_asked_before_gets_its_slots(self):
        self.env["cr.appointment.slot"].search([]).unlink()
        offer = self.env["cr.appointment"]._get_offer(self.store, "maintenance")
        self.assertTrue(offer)

    def test_slots_are_found_by_a_part_of_their_time(self):
        found = self.env["cr.appointment.slot"].name_search(
            "11-23 09:00", [("planned", ">", 0)]
        )
        self.assertEqual([slot_id for slot_id, _name in found], [self.slot().id])

    def test_an_exception_says_its_days(self):
        with self.assertRaisesRegex(ValidationError, "from which day"):
            self.make_capacity(is_override=True)

    def test_only_a_closing_exception_leaves_the_kind_out(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self.make_capacity(bay_kind=False)
