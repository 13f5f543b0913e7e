from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrServiceOrderValues(DealershipCommon):
    """Days, amounts and people of a work order that somebody types."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.make_partner()
        cls.car = cls.make_vehicle(owner=cls.owner)

    def test_days_follow_the_clock_of_the_store(self):
        order = self.make_order(
            self.car,
            date(2026, 11, 18),
            in_at=datetime(2026, 11, 17, 15, 30),
            out_at=datetime(2026, 11, 17, 16, 30),
        )
        self.assertEqual(order.in_on, date(2026, 11, 17))
        self.assertEqual(order.out_on, date(2026, 11, 18))

    def test_customer_is_the_owner_unless_said_otherwise(self):
        order = self.env["cr.service.order"].create(
            {
                "number": "RO1",
                "vehicle_id": self.car.id,
                "type_id": self.service_type().id,
            }
        )
        self.assertEqual(order.partner_id, self.owner)

    def test_total_is_the_sum_of_its_parts(self):
        order = self.make_order(
            self.car, self.TODAY, amount_labour=200, amount_material=560.5
        )
        self.assertEqual(order.amount_total, 760.5)
        order.amount_other = 40
        self.assertEqual(order.amount_total, 800.5)

    def test_total_of_the_shop_system_stands(self):
        order = self.make_order(
            self.car, self.TODAY, amount_labour=200, amount_total=180
        )
        self.assertEqual(order.amount_total, 180)

    def test_lines_make_up_the_amount_of_their_kind(self):
        order = self.make_order(self.car, self.TODAY, amount_labour=200)
        order.line_ids = [
            Command.create({"kind": "material", "name": "Oil", "amount": 300}),
            Command.create({"kind": "material", "name": "Filter", "amount": 60}),
        ]
        self.assertEqual(order.amount_labour, 200)
        self.assertEqual(order.amount_material, 360)
        self.assertEqual(order.amount_total, 560)

    def test_lines_given_with_an_amount_count_at_once(self):
        order = self.make_order(
            self.car,
            self.TODAY,
            amount_labour=120,
            line_ids=[
                Command.create({"kind": "material", "name": "Oil", "amount": 300})
            ],
        )
        self.assertEqual(order.amount_material, 300)
        self.assertEqual(order.amount_total, 420)

    def test_leaving_before_coming_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot leave on 2026-11-18"):
            self.make_order(
                self.car, date(2026, 11, 18), in_at=datetime(2026, 11, 19, 1, 0)
            )

    @mute_logger("odoo.sql_db")
    def test_score_above_ten_is_refused(self):
        with self.assertRaises(IntegrityError):
            self.make_order(self.car, self.TODAY, score_service=11)

    @mute_logger("odoo.sql_db")
    def test_number_exists_once_per_store_and_system(self):
        self.make_order(self.car, self.TODAY, number="RO77")
        self.make_order(
            self.car, self.TODAY, number="RO77", company_id=self.other_store.id
        )
        self.make_order(self.car, self.TODAY, number="RO77", system="dms")
        with self.assertRaises(IntegrityError):
            self.make_order(self.car, self.TODAY, number="RO77")

    def test_form_opens_and_saves_for_an_advisor(self):
        orders = self.as_persona(self.env["cr.service.order"], "advisor")
        with Form(orders) as form:
            form.number = "RO-FORM"
            form.vehicle_id = self.car
            form.type_id = self.service_type()
            form.odometer_km = 5200
            form.in_at = datetime(2026, 11, 20, 1, 0)
        self.assertEqual(form.record.reading_ids.km, 5200)
        self.assertEqual(form.record.partner_id, self.owner)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrServiceOrderStates(DealershipCommon):
    """How an order moves and what its settlement sets off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.make_vehicle()
        cls.order = cls.make_order(
            cls.car, date(2026, 11, 16), state="open", out_at=False
        )

    def test_settling_notes_the_departure_and_waits_for_the_callback(self):
        self.assertFalse(self.order.callback_pending)
        self.order.action_settle()
        self.assertEqual(self.order.out_at, datetime(2026, 11, 20, 2, 0))
        self.assertEqual(self.order.out_on, self.TODAY)
        self.assertTrue(self.order.callback_pending)
        self.assertEqual(self.car.visit_count, 1)

    def test_settled_order_cannot_be_cancelled(self):
        self.order.action_settle()
        refusal = f"{self.order.number}.*back to the shop"
        with self.assertRaisesRegex(UserError, refusal):
            self.order.action_cancel()

    def test_reopened_order_counts_no_more(self):
        self.order.action_settle()
        self.order.action_reopen()
        self.assertEqual(self.car.visit_count, 0)
        self.order.action_cancel()
        self.assertEqual(self.order.state, "cancelled")

    def test_settled_order_is_not_deleted(self):
        self.order.action_settle()
        with self.assertRaisesRegex(UserError, self.order.number):
            self.order.unlink()

    def test_open_order_is_deleted_with_its_reading(self):
        self.order.odometer_km = 5000
        self.order.unlink()
        self.assertFalse(self.car.reading_ids)
        self.assertFalse(self.car.odometer_km)

    def test_order_open_for_too_long_stands_in_the_list(self):
        young = self.make_order(
            self.car, date(2026, 11, 18), state="open", out_at=False
        )
        orders = self.env["cr.service.order"]
        late = orders.search([("is_overdue", "=", True)])
        self.assertIn(self.order, late)
        self.assertNotIn(young, late)
        self.assertTrue(self.order.is_overdue)
        self.assertIn(young, orders.search([("is_overdue", "=", False)]))
        self.store.cr_unsettled_days = 5
        self.assertFalse(orders.search([("is_overdue", "=", True)]))

    def test_changed_orders_are_told_once_for_all(self):
        calls = []
        self.patch(
            type(self.order),
            "_after_orders_changed",
            lambda orders: calls.append(len(orders)),
        )
        day = date(2026, 11, 18)
        self.env["cr.service.order"].create(
            [self.prepare_order(self.car, day) for __ in range(3)]
        ).write({"customer_words": "Noise"})
        self.assertEqual(calls, [3])

    def test_hundred_orders_cost_as_many_queries_as_ten(self):
        values = [
            self.prepare_order(self.make_vehicle(), self.TODAY, odometer_km=900)
            for __ in range(111)
        ]
        orders = self.env["cr.service.order"]
        orders.create(values[:1])
        ten = self.count_queries(orders.create, values[1:11])
        hundred = self.count_queries(orders.create, values[11:])
        # Odoo inserts a hundred rows at a time.
        self.assertLessEqual(hundred - ten, 2)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrServiceOrderAccess(DealershipCommon):
    """Who works with whose orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.make_vehicle(), cls.TODAY)

    def test_advisor_of_another_store_does_not_see_the_order(self):
        stranger = self.as_persona(
            self.env["cr.service.order"], "advisor", self.other_store
        )
        self.assertNotIn(self.order.id, stranger.search([]).ids)
        with self.assertRaises(AccessError):
            stranger.browse(self.order.id).read(["number"])

    def test_agent_reads_but_does_not_change(self):
        order = self.as_persona(self.order, "agent")
        self.assertEqual(order.number, self.order.number)
        with self.assertRaises(AccessError):
            order.customer_words = "changed"

    def test_lounge_attendant_sees_no_order(self):
        with self.assertRaises(AccessError):
            self.as_persona(self.order, "lounge").read(["number"])
