from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .booking_common import BookingCommon
from .callback_common import NOW

SUNDAY = "2026-11-22 08:00:00"
MONDAY_AFTERNOON = "2026-11-23 08:00:00"
MONDAY_EVENING = "2026-11-23 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrAppointmentCron(BookingCommon):
    """Jobs remind, ask for confirmation and end the day; twice changes nothing."""

    def fire(self, name, moment):
        """Fire a job twice at a moment."""
        cron = self.env.ref(f"cr_dealership.ir_cron_cr_appointment_{name}")
        with freeze_time(moment):
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
        self.env.invalidate_all()

    def reminders(self, appointment):
        """Return the reminders of an appointment."""
        key = f"appointment-reminder-{appointment.id}-%"
        return self.env["cr.message"].search([("key", "=like", key)])

    def test_who_comes_tomorrow_is_reminded_once_with_a_link(self):
        appointment = self.book()
        self.fire("remind", NOW)
        self.assertFalse(self.reminders(appointment))
        self.fire("remind", SUNDAY)
        [message] = self.reminders(appointment)
        self.assertIn("/cr/book/", message.body)
        self.assertIn(self.car.plate, message.body)

    def test_a_cancelled_visit_is_not_reminded(self):
        appointment = self.book()
        appointment._set_state("cancelled")
        self.fire("remind", SUNDAY)
        self.assertFalse(self.reminders(appointment))

    def test_who_opted_out_is_not_written_to(self):
        self.env["cr.contact.preference"].create(
            {
                "partner_id": self.customer.id,
                "purpose": "service",
                "channel": "sms",
            }
        )
        appointment = self.book()
        self.fire("remind", SUNDAY)
        self.assertEqual(self.reminders(appointment).state, "cancelled")

    def test_the_evening_notes_who_did_not_come(self):
        appointment = self.book()
        self.fire("close_day", MONDAY_AFTERNOON)
        self.assertEqual(appointment.state, "requested")
        self.fire("close_day", MONDAY_EVENING)
        self.assertEqual(appointment.state, "no_show")
        calls = self.env["cr.callback"].search(
            [
                ("origin_model", "=", "cr.appointment"),
                ("origin_id", "=", appointment.id),
            ]
        )
        self.assertEqual(len(calls), 1)

    def test_an_earlier_visit_without_open_order_is_finished(self):
        came, stays = self.book(), self.book(vehicle=self.make_car())
        with freeze_time("2026-11-23 02:00:00"):
            came.action_arrive()
            self.make_order(stays.vehicle_id, came.day, state="open", out_at=False)
        self.fire("close_day", MONDAY_EVENING)
        self.assertEqual(came.state, "arrived")
        self.fire("close_day", "2026-11-24 12:00:00")
        self.assertEqual((came.state, stays.state), ("done", "arrived"))

    def test_a_late_confirmation_is_pointed_out_once(self):
        advisor = self.persona("advisor")
        self.hold(self.env.ref("cr_dealership.cr_role_service_advisor"), advisor)
        appointment = self.book()
        self.fire("close_day", NOW)
        self.assertFalse(appointment.activity_ids)
        self.fire("close_day", "2026-11-20 07:00:00")
        self.assertEqual(appointment.activity_ids.user_id, advisor)
        self.assertIn("To confirm", appointment.activity_ids.summary)

    def test_queries_do_not_depend_on_the_number(self):
        self.make_capacity(places=80)
        remind = self.env["cr.appointment"]._remind
        counts = []
        for number in (1, 1, 15):
            for _time in range(number):
                self.book(vehicle=self.make_car())
            with freeze_time(SUNDAY):
                counts.append(self.count_queries(remind))
        self.assertLessEqual(counts[2], counts[1] + 4, counts)

    def test_queries_of_the_evening_do_not_depend_on_the_number(self):
        self.make_capacity(places=80)
        counts = []
        for number in (1, 1, 15):
            for _time in range(number):
                self.book(vehicle=self.make_car())
            with freeze_time(MONDAY_EVENING):
                now = fields.Datetime.now()
                counts.append(
                    self.count_queries(self.env["cr.appointment"]._close_day, now)
                )
        self.assertLessEqual(counts[2], counts[1] + 4, counts)
