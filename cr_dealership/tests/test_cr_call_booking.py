from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .booking_common import BookingCommon
from .callback_common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallBooking(BookingCommon):
    """Booking a visit while the agent talks with the customer (APT-08)."""

    def setUp(self):
        super().setUp()
        self.callback = self.make_callback(vehicle_id=self.car.id)
        self.session = self.take(self.callback)

    def test_the_panel_offers_cars_kinds_and_times(self):
        panel = self.session.get_booking()
        self.assertEqual(
            set(panel), {"kinds", "kind", "types", "cars", "offers", "booked"}
        )
        self.assertEqual([car["id"] for car in panel["cars"]], self.car.ids)
        self.assertEqual(panel["offers"][0]["id"], self.slot().id)
        self.assertFalse(self.session.get_booking("repair")["offers"])
        self.assertEqual(self.session.get_booking("nonsense")["kind"], "maintenance")

    def book_visit(self, **values):
        """Book on Monday at nine; return the panel's line."""
        panel = self.session.book_visit(
            {
                "slot_id": self.slot().id,
                "vehicle_id": self.car.id,
                "type_ids": self.service_type().ids,
                **values,
            }
        )
        return panel["booked"][0]

    def test_a_visit_is_booked_and_confirmed_in_the_conversation(self):
        line = self.book_visit(wish="Waits in the lounge")
        appointment = self.env["cr.appointment"].browse(line["id"])
        self.assertEqual(appointment.state, "confirmed")
        self.assertEqual(appointment.session_id.id, self.session.id)
        self.assertEqual(
            (appointment.origin_model, appointment.origin_id),
            ("cr.callback", self.callback.id),
        )
        self.assertEqual(line["items"], "Periodic maintenance")
        self.assertTrue(line["can_undo"])

    def test_what_was_booked_can_be_taken_back(self):
        panel = self.session.undo_visit(self.book_visit()["id"])
        self.assertFalse(panel["booked"])
        self.assertEqual(self.slot().taken, 0)

    def test_another_conversations_booking_is_shown_but_not_taken_back(self):
        other = self.book()
        [line] = self.session.get_booking()["booked"]
        self.assertFalse(line["can_undo"])
        self.session.undo_visit(other.id)
        self.assertEqual(other.state, "requested")

    def test_a_strangers_car_is_not_booked(self):
        stranger = self.make_car()
        line = self.book_visit(vehicle_id=stranger.id)
        self.assertFalse(self.env["cr.appointment"].browse(line["id"]).vehicle_id)

    def test_a_closed_conversation_books_nothing(self):
        self.session.release()
        with self.assertRaisesRegex(UserError, "was closed"):
            self.book_visit()

    def test_the_printed_history_says_how_to_book(self):
        """What a buyer gets with his new car tells him to book (APT-07)."""
        self.car.delivered_on = self.TODAY
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cr_dealership.report_vehicle_history", self.car.ids
        )
        self.assertIn("please book your time before you come", page.decode())
        self.assertIn("is_booking_explained", self.car.fields_get())

    def test_the_car_and_the_customer_open_a_new_appointment(self):
        for record in (self.car, self.customer):
            action = record.action_cr_book()
            self.assertEqual(
                action["context"],
                {
                    "default_partner_id": self.customer.id,
                    "default_vehicle_id": self.car.id,
                },
            )
        action = self.car.action_cr_open_appointments()
        self.assertEqual(action["domain"], [("vehicle_id", "=", self.car.id)])
