from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .booking_common import MONDAY, BookingCommon
from .callback_common import NOW

ON_MONDAY = "2026-11-23 03:00:00"
MONDAY_EVENING = "2026-11-23 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrAppointmentVisit(BookingCommon):
    """Who came, who is told, who waited (APT-09, APT-12+)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.advisor = cls.persona("advisor")
        cls.hold(cls.env.ref("cr_dealership.cr_role_service_advisor"), cls.advisor)

    def order(self, vehicle=None, day=MONDAY, **values):
        """Return an order of a car that is in the shop."""
        values = {"state": "open", "out_at": False, **values}
        return self.make_order(vehicle or self.car, day, **values)

    def test_a_work_order_of_the_day_means_that_the_customer_came(self):
        with freeze_time(NOW):
            appointment = self.book()
        with freeze_time(ON_MONDAY):
            order = self.order()
            self.assertEqual(order.appointment_id, appointment)
            self.assertEqual(appointment.state, "arrived")
            self.assertEqual(appointment.arrived_at, order.in_at)
            order.action_settle()
            self.assertEqual(appointment.state, "done")

    def test_a_settled_order_finishes_at_once(self):
        appointment = self.book()
        with freeze_time(ON_MONDAY):
            self.make_order(self.car, MONDAY)
        self.assertEqual(appointment.state, "done")

    def test_another_day_another_car_or_a_cancelled_order_is_no_arrival(self):
        appointment = self.book()
        with freeze_time(ON_MONDAY):
            self.order(day=MONDAY - timedelta(days=1))
            self.order(self.make_car())
            self.order(state="cancelled")
        self.assertEqual(appointment.state, "requested")

    def test_the_advisor_on_duty_is_told_once(self):
        appointment = self.book()
        with freeze_time(ON_MONDAY):
            self.as_persona(appointment, "lounge").action_arrive()
            self.order()
        [activity] = appointment.activity_ids
        self.assertEqual(activity.user_id, self.advisor)
        self.assertIn(self.customer.name, activity.summary)

    def test_the_named_advisor_is_told_instead(self):
        user = self.persona("manager")
        employee = self.make_employee(user_id=user.id)
        appointment = self.book(advisor_id=employee.id)
        with freeze_time(ON_MONDAY):
            appointment.action_arrive()
        self.assertEqual(appointment.activity_ids.user_id, user)

    def test_nobody_is_alarmed_about_yesterdays_arrival(self):
        appointment = self.book()
        with freeze_time("2026-11-24 03:00:00"):
            self.order()
        self.assertEqual(appointment.state, "arrived")
        self.assertFalse(appointment.activity_ids)

    def test_the_next_mornings_import_takes_a_no_show_back(self):
        appointment = self.book()
        with freeze_time(MONDAY_EVENING):
            appointment.action_no_show()
        call = self.follow_ups(appointment)
        self.assertEqual(call.state, "todo")
        with freeze_time("2026-11-24 00:00:00"):
            self.make_order(self.car, MONDAY)
        self.assertEqual(appointment.state, "done")
        self.assertEqual(call.state, "cancelled")

    def follow_ups(self, appointments):
        """Return the calls to customers who did not come."""
        return self.env["cr.callback"].search(
            [
                ("origin_model", "=", "cr.appointment"),
                ("origin_id", "in", appointments.ids),
            ]
        )

    def test_who_did_not_come_is_called_the_next_day(self):
        appointment = self.book()
        with freeze_time(MONDAY_EVENING):
            appointment.action_no_show()
            appointment._open_follow_ups()
        [call] = self.follow_ups(appointment)
        self.assertEqual((call.kind, call.purpose), ("care", "service"))
        self.assertEqual(call.role_id, self.agent_role)
        self.assertEqual(call.earliest_on, MONDAY + timedelta(days=1))
        self.assertFalse(call.agent_id)
        with freeze_time("2026-11-24 03:00:00"):
            self.assertEqual(call._get_reason(), "did not come to the visit yesterday")

    def test_a_wish_not_to_be_called_blocks_the_follow_up(self):
        self.env["cr.contact.preference"].create(
            {
                "partner_id": self.customer.id,
                "purpose": "service",
                "channel": "phone",
            }
        )
        appointment = self.book()
        with freeze_time(MONDAY_EVENING):
            appointment.action_no_show()
        self.assertEqual(self.follow_ups(appointment).block_code, "opt_out")

    def test_waiting_lasts_from_the_arrival_until_the_work_begins(self):
        appointment = self.book()
        with freeze_time("2026-11-23 01:05:00"):
            appointment.action_arrive()
        with freeze_time(ON_MONDAY):
            order = self.order(in_at="2026-11-23 01:20:00")
            order.work_started_at = "2026-11-23 01:35:00"
        self.assertEqual(order.waiting_minutes, 30)
        self.assertEqual(appointment.waiting_minutes, 30)

    def test_the_figures_are_averages_of_their_rows(self):
        came, missed = self.book(), self.book(vehicle=self.make_car())
        with freeze_time(MONDAY_EVENING):
            self.order().work_started_at = "2026-11-23 02:00:00"
            walk_in = self.order(self.make_car())
            walk_in.work_started_at = "2026-11-23 02:30:00"
            self.order(self.make_car(), state="cancelled")
            missed.action_no_show()
        self.assertEqual(came.state, "arrived")
        names = ("booking_rate", "no_show_rate", "slot_use")
        waits = ("booked_waiting", "walk_in_waiting")
        [figures] = self.env["cr.appointment.report"]._read_group(
            [("company_id", "=", self.store.id), ("day", "=", MONDAY)],
            [],
            [f"{name}:avg" for name in (*names, *waits)],
        )
        self.assertEqual(figures, (0.5, 0.5, 0.5, 30, 60))

    def test_queries_do_not_depend_on_the_number_of_orders(self):
        self.make_capacity(places=80)
        cars = [self.make_car() for _number in range(12)]
        for car in cars:
            self.book(vehicle=car)
        with freeze_time(ON_MONDAY):
            orders = [self.order(car, state="cancelled") for car in cars]
            follow = self.env["cr.appointment"]._follow_orders
            ids = [order.id for order in orders]
            self.cr.execute(
                "UPDATE cr_service_order SET state = 'open' WHERE id = ANY(%s)", [ids]
            )
            self.env.invalidate_all()
            counts = [
                self.count_queries(follow, self.env["cr.service.order"].browse(part))
                for part in (ids[:1], ids[1:2], ids[2:])
            ]
        self.assertEqual(orders[5].appointment_id.state, "arrived")
        self.assertLessEqual(counts[2], counts[1] + 5, counts)
