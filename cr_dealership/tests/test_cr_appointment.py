from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .booking_common import MONDAY, BookingCommon
from .callback_common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrAppointment(BookingCommon):
    """Booking, moving and cancelling a visit (APT-01, APT-03)."""

    def test_an_appointment_takes_a_place_and_the_time_of_its_slot(self):
        appointment = self.book()
        self.assertEqual(self.slot().taken, 1)
        self.assertEqual(appointment.day, MONDAY)
        self.assertEqual(appointment.start_at, self.utc(MONDAY, 9))
        self.assertEqual(appointment.bay_kind, "maintenance")
        self.assertEqual(appointment.phone, self.customer.mobile)
        self.assertEqual(appointment.state, "requested")

    def test_a_full_slot_is_refused_with_the_nearest_free_ones(self):
        self.book()
        self.book(vehicle=self.make_car())
        with self.assertRaisesRegex(UserError, r"is full.*Nov 23 10:00"):
            self.book(vehicle=self.make_car())

    def test_several_at_once_get_all_their_places_or_none(self):
        values = [
            self.prepare_appointment(vehicle=self.make_car()) for _number in range(3)
        ]
        with self.assertRaisesRegex(UserError, "is full"):
            self.env["cr.appointment"].create(values)
        self.assertEqual(self.slot().taken, 0)

    def test_the_database_refuses_more_than_the_places(self):
        slot = self.slot()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self.cr.execute(
                    "UPDATE cr_appointment_slot SET taken = 3 WHERE id = %s", [slot.id]
                )

    def test_a_car_has_one_appointment_a_day(self):
        self.book()
        with self.assertRaisesRegex(UserError, r"already has an appointment.*09:00"):
            self.book(self.slot(hour=10))
        self.book(self.slot(MONDAY + timedelta(days=1)))

    def test_the_database_refuses_a_second_appointment_of_the_day(self):
        first, other = self.book(), self.book(vehicle=self.make_car())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self.cr.execute(
                    "UPDATE cr_appointment SET vehicle_id = %s WHERE id = %s",
                    [first.vehicle_id.id, other.id],
                )

    def test_a_time_that_has_passed_is_refused(self):
        slot = self.slot()
        with freeze_time("2026-11-23 05:00:00"):
            with self.assertRaisesRegex(UserError, "has passed"):
                self.book(slot)
            later = self.book(self.slot(MONDAY + timedelta(days=1)))
            with self.assertRaisesRegex(UserError, "has passed"):
                later.slot_id = slot

    def test_an_appointment_needs_a_time(self):
        with self.assertRaisesRegex(UserError, "Choose a free time"):
            self.env["cr.appointment"].create({"partner_id": self.customer.id})

    def test_a_move_takes_the_new_place_and_gives_the_old_one_back(self):
        appointment = self.book()
        appointment.slot_id = self.slot(hour=10)
        self.assertEqual((self.slot().taken, self.slot(hour=10).taken), (0, 1))
        self.assertEqual(appointment.start_at, self.utc(MONDAY, 10))

    def test_a_move_to_a_full_slot_keeps_the_old_place(self):
        appointment = self.book()
        for _number in range(2):
            self.book(self.slot(hour=10), self.make_car())
        with self.assertRaises(UserError), self.cr.savepoint():
            appointment.slot_id = self.slot(hour=10)
        self.assertEqual((self.slot().taken, self.slot(hour=10).taken), (1, 2))

    def test_cancelling_gives_the_place_back_and_keeps_the_reason(self):
        appointment = self.book()
        wizard = self.env["cr.appointment.cancel"].create(
            {"appointment_ids": appointment.ids, "reason": "Travels"}
        )
        wizard.action_cancel()
        self.assertEqual(appointment.state, "cancelled")
        self.assertEqual(appointment.cancel_reason, "Travels")
        self.assertEqual(self.slot().taken, 0)
        self.book()

    def test_a_state_follows_only_where_it_may(self):
        appointment = self.book()
        with self.assertRaisesRegex(UserError, "“To confirm”.*“Done”"):
            appointment.action_done()
        appointment.action_confirm()
        self.assertTrue(appointment.confirmed_at)
        appointment.action_arrive()
        appointment.action_done()
        with self.assertRaisesRegex(UserError, "cannot become"):
            appointment.action_no_show()
        with self.assertRaisesRegex(UserError, "cannot be moved"):
            appointment.slot_id = self.slot(hour=10)

    def test_nobody_writes_a_state_by_hand(self):
        mine = self.as_persona(self.book(), "advisor")
        with self.assertRaisesRegex(UserError, "use the buttons"):
            mine.state = "done"
        mine.action_confirm()
        self.assertEqual(mine.state, "confirmed")

    def test_a_booking_is_kept_and_not_deleted(self):
        with self.assertRaisesRegex(UserError, "is kept for the figures"):
            self.book().unlink()

    def test_confirming_sends_one_message_for_a_time(self):
        appointment = self.book()
        appointment.action_confirm()
        [message] = self.messages(appointment)
        self.assertIn("2026-11-23 09:00", message.body)
        appointment.slot_id = self.slot(hour=10)
        self.assertEqual(len(self.messages(appointment)), 2)

    def messages(self, appointment):
        """Return the messages about an appointment."""
        return self.env["cr.message"].search(
            [
                ("origin_model", "=", "cr.appointment"),
                ("origin_id", "=", appointment.id),
            ]
        )

    def test_an_unconfirmed_booking_turns_late(self):
        self.store.cr_confirm_hours = 4
        appointment = self.book()
        late = [("is_unconfirmed_late", "=", True)]
        self.assertNotIn(appointment, appointment.search(late))
        with freeze_time("2026-11-20 06:01:00"):
            self.env.invalidate_all()
            self.assertTrue(appointment.is_unconfirmed_late)
            self.assertEqual(appointment.color, 1)
            self.assertIn(appointment, appointment.search(late))

    def test_printing_the_sheet_is_a_step_of_preparing(self):
        appointment = self.book(wish="Squeaks when cold")
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "cr_dealership.report_appointment_sheet", appointment.ids
        )
        self.assertIn("Squeaks when cold", html.decode())
        self.assertIn("oil", html.decode())
        self.assertTrue(appointment.is_sheet_printed)
        self.assertFalse(appointment.is_prepared)
        appointment.write({"is_parts_confirmed": True, "is_workshop_told": True})
        self.assertTrue(appointment.is_prepared)

    def test_queries_do_not_depend_on_the_number(self):
        one = [self.prepare_appointment(vehicle=self.make_car())]
        self.make_capacity(places=60)
        many = [
            self.prepare_appointment(vehicle=self.make_car()) for _number in range(20)
        ]
        create = self.env["cr.appointment"].create
        self.count_queries(create, one)
        self.assertLessEqual(
            self.count_queries(create, many),
            self.count_queries(
                create, [self.prepare_appointment(vehicle=self.make_car())]
            )
            + 3,
        )

    def test_other_stores_see_nothing(self):
        appointment = self.book()
        stranger = self.persona("advisor", self.other_store)
        theirs = appointment.with_user(stranger).with_context(
            allowed_company_ids=self.other_store.ids
        )
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.action_confirm()

    def test_a_consultant_sees_his_customers_appointments(self):
        appointment = self.book()
        own = self.as_persona(appointment, "sales")
        self.assertFalse(own.search([]))
        self.customer.cr_consultant_id = self.persona("sales")
        self.assertIn(appointment, own.search([]))
