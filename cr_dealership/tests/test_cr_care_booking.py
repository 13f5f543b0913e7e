from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .booking_common import MONDAY, BookingCommon
from .callback_common import NOW
from .care_common import CareCommon

TUESDAY = MONDAY + timedelta(days=1)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareBooking(CareCommon, BookingCommon):
    """A booked visit stops reminding, an arrival ends the case (APT-08, FS-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cr.capacity"].search([]).unlink()
        cls.capacity = cls.make_capacity()
        cls.car = cls.make_away_car()
        cls.recall = cls.plan("recall")
        cls.case = cls.open_cases(cls.recall)

    @classmethod
    def make_away_car(cls):
        """Return a car that was last in the shop six months before today."""
        car = cls.make_car()
        cls.make_order(car, date(2026, 5, 20))
        return car

    def make_ready_call(self):
        """Return the case's call step, handed over to the callers."""
        self.run_steps()
        call = self.case.task_ids.filtered(lambda t: t.channel == "call")[:1]
        if call.state != "ready":
            call.write({"state": "todo", "next_on": self.TODAY, "due_on": self.TODAY})
            self.run_steps()
        return call

    def test_a_booking_holds_the_case_and_takes_its_call_away(self):
        call = self.make_ready_call()
        card = call.callback_id
        self.assertEqual((call.state, card.state), ("ready", "todo"))
        visit = self.book()
        self.assertEqual(self.case.state, "booked")
        self.assertEqual(self.case.appointment_id, visit)
        self.assertEqual(self.case.booked_on, self.TODAY)
        self.assertEqual((call.state, call.reason), ("cancelled", "booked"))
        self.assertEqual(card.state, "cancelled")

    def test_the_call_that_brings_the_booking_goes_on(self):
        call = self.make_ready_call()
        session = self.take(call.callback_id)
        session.book_visit({"slot_id": self.slot().id, "vehicle_id": self.car.id})
        self.assertEqual(self.case.state, "booked")
        self.assertEqual(call.state, "ready")
        self.finish(session, "reached", call.callback_id)
        self.assertEqual((call.state, call.is_reached), ("done", True))

    def test_steps_wait_for_the_visit_and_go_on_if_he_does_not_come(self):
        visit = self.book()
        step = self.case.task_ids.filtered(lambda t: t.state in ("todo", "held"))[:1]
        step.write({"due_on": self.TODAY, "next_on": self.TODAY, "state": "todo"})
        self.run_steps()
        self.assertEqual((step.state, step.reason), ("held", "booked"))
        self.assertEqual(step.next_on, TUESDAY)
        self.case.answer = "coming"
        visit.action_no_show()
        self.assertEqual((self.case.state, self.case.answer), ("open", False))
        self.assertEqual((step.state, step.next_on), ("todo", self.TODAY))
        self.assertEqual(self.case.booked_on, self.TODAY, "he had booked")
        self.run_steps()
        self.assertNotEqual(step.reason, "booked")

    def test_a_cancelled_booking_lets_the_case_go_on(self):
        visit = self.book()
        visit._set_state("cancelled", cancel_reason="ill")
        self.assertEqual(self.case.state, "open")
        self.assertFalse(self.case.appointment_id)

    def test_a_later_visit_keeps_the_case_alive(self):
        self.case.expires_on = MONDAY
        visit = self.book()
        visit.slot_id = self.slot(TUESDAY)
        self.assertEqual(self.case.expires_on, TUESDAY)

    def test_an_arrival_ends_the_case_before_the_work_order_comes(self):
        self.case._add_contact(self.TODAY)
        visit = self.book()
        with freeze_time("2026-11-23 01:10:00"):
            visit.with_user(self.specialist).action_arrive()
            self.assertEqual((self.case.state, self.case.won_on), ("won", MONDAY))
            self.assertTrue(self.case.is_effect)
            self.assertEqual(self.case.received_by_id, self.specialist)
            self.assertEqual(self.case.arrived_at, visit.arrived_at)
            left = self.case.task_ids.filtered(lambda t: t.state in ("todo", "held"))
            self.assertFalse(left)
            order = self.make_order(self.car, MONDAY)
        self.assertEqual(self.case.won_order_id, order)

    def test_a_customer_without_booking_is_received_too(self):
        self.case.with_user(self.specialist).action_arrive()
        self.assertEqual((self.case.state, self.case.won_on), ("won", self.TODAY))
        self.assertEqual(self.case.received_by_id, self.specialist)
        self.assertFalse(self.case.is_effect, "nobody had contacted him")

    def test_the_designated_host_is_told_of_the_arrival(self):
        host = self.persona("lounge")
        role = self.env.ref("cr_dealership.cr_role_lounge_attendant")
        self.hold(role, host)
        self.service_type().host_role_id = role
        visit = self.book()
        visit.state = "arrived"
        with freeze_time("2026-11-23 01:10:00"):
            visit._alert_arrivals()
        self.assertIn(host, visit.activity_ids.user_id)

    def test_other_work_does_not_settle_a_maintenance(self):
        repair = self.env["cr.service.type"].search(
            [("is_maintenance", "=", False), ("is_first_service", "=", False)], limit=1
        )
        visit = self.book(line_ids=[(0, 0, {"type_id": repair.id, "name": "door"})])
        self.assertTrue(visit._settles("visit"))
        self.assertFalse(visit._settles("service"))

    def test_booking_takes_as_many_queries_for_one_as_for_many(self):
        cars = self.env["cr.vehicle"].union(*(self.make_away_car() for _i in range(6)))
        self.recall.opened_until = False
        self.open_cases(self.recall)
        self.capacity.places = 20
        slot = self.slot()

        def count(some):
            vals_list = [self.prepare_appointment(slot, car) for car in some]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["cr.appointment"].create(vals_list)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(self.car)
        self.assertEqual(count(cars[:1]), count(cars[1:]))

    def test_a_text_with_a_link_carries_the_booking_page(self):
        car = self.make_car()
        self.make_order(car, date(2026, 8, 20))
        case = self.open_cases(self.plan("recruiting"))
        tasks = case.task_ids.filtered(
            lambda task: "{link}" in (task.step_id.template_id.body or "")
        )
        messages, broken = tasks[:1]._prepare_messages()
        self.assertFalse(broken)
        self.assertIn("/cr/book/", messages[0]["body"])
        link = self.env["cr.appointment.link"].search(
            [("origin_model", "=", "cr.care.case"), ("origin_id", "=", case.id)]
        )
        self.assertEqual((link.partner_id, link.vehicle_id), (case.partner_id, car))

    def test_a_case_opened_after_the_booking_is_booked_at_once(self):
        car = self.make_away_car()
        self.book(vehicle=car)
        self.recall.opened_until = False
        case = self.open_cases(self.recall).filtered(
            lambda case: case.vehicle_id == car
        )
        self.assertEqual((case.state, case.booked_on), ("booked", self.TODAY))

    def test_the_story_tells_the_booked_visit(self):
        visit = self.book(wish="Waits in the lounge")
        story = self.env["cr.story"].get_story("cr.vehicle", self.car.id)
        [line] = [one for one in story["entries"] if one["kind"] == "booked"]
        self.assertEqual((line["day"], line["res_id"]), ("2026-11-23", visit.id))
        self.assertEqual(line["text"], "Waits in the lounge")
        self.assertTrue(line["title"].startswith("To confirm"))

    def test_a_closed_case_cannot_arrive_twice(self):
        self.case.action_arrive()
        self.case.action_arrive()
        self.assertEqual(self.case.state, "won")
        visit = self.book()
        self.assertEqual(self.case.state, "won")
        with self.assertRaises(UserError):
            visit._set_state("done")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareRefusal(CareCommon):
    """What customers refuse in care cases counts elsewhere."""

    def test_a_refused_renewal_counts_for_the_churn_score(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 10, 1))
        self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": car.id,
                "number": "P-1",
                "date_start": date(2025, 12, 20),
                "date_end": date(2026, 12, 20),
            }
        )
        case = self.open_cases(self.plan("insurance"))
        self.env["cr.vehicle"].search([]).churn_check_on = date(2030, 1, 1)
        reason = self.env["cr.care.reason"].search(
            [("answer", "=", "refused"), ("needs_note", "=", False)], limit=1
        )
        case._record_answer(reason)
        self.env.invalidate_all()
        self.assertEqual(car.churn_check_on, self.TODAY)
        self.assertEqual(car._get_churn_refusals(self.TODAY), {car.id: self.TODAY})
        before = self.TODAY - timedelta(days=1)
        self.assertFalse(car._get_churn_refusals(before), "not known yet on that day")

    def test_the_birthday_step_asks_for_the_gift_once(self):
        partner = self.make_partner(birthdate_date=date(1990, 12, 5))
        car = self.make_vehicle(partner)
        self.make_order(car, date(2026, 10, 1))
        case = self.open_cases(self.plan("birthday"))
        self.run_steps()
        self.run_steps()
        [step] = case.task_ids.filtered("step_id.is_gift")
        self.assertEqual(step.state, "done")
        requests = self.env["cr.care.gift.request"].search(
            [("partner_id", "=", partner.id)]
        )
        self.assertEqual(len(requests), 1)
        self.assertEqual(requests.occasion, "birthday")
        self.assertEqual(requests.day, case.anchor_on)
