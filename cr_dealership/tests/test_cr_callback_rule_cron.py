import contextlib
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackRuleCron(CallbackCommon):
    """What the nightly run makes of deliveries and settled work orders."""

    def open_callbacks(self, limit=1000):
        """Run one batch and return its counts."""
        return self.env["cr.callback.rule"]._open_callbacks(self.TODAY, limit)

    def find_callback(self, order):
        """Return the callbacks of a work order."""
        return self.env["cr.callback"].search([("order_id", "=", order.id)])

    def make_fresh_order(self, days=1, **values):
        """Return a work order that left the shop some days ago."""
        return self.make_order(self.car, self.TODAY - timedelta(days=days), **values)

    def test_a_settled_order_brings_a_csi_callback_due_on_day_three(self):
        order = self.make_fresh_order()
        self.open_callbacks()
        callback = self.find_callback(order)
        self.assertRecordValues(
            callback,
            [
                {
                    "kind": "csi",
                    "state": "todo",
                    "partner_id": self.customer.id,
                    "vehicle_id": self.car.id,
                    "company_id": self.store.id,
                    "anchor_on": date(2026, 11, 19),
                    "earliest_on": date(2026, 11, 20),
                    "due_on": date(2026, 11, 22),
                    "expires_on": date(2026, 12, 4),
                    "block_code": False,
                }
            ],
        )
        self.assertFalse(order.callback_pending)
        self.assertEqual(callback.script_version_id.script_id.kind, "csi")

    def test_a_delivery_brings_an_ssi_callback_due_on_day_seven(self):
        car = self.make_vehicle(
            self.customer,
            company_id=self.store.id,
            delivered_on=self.TODAY - timedelta(days=1),
        )
        self.open_callbacks()
        callback = self.env["cr.callback"].search([("vehicle_id", "=", car.id)])
        self.assertEqual(callback.kind, "ssi")
        self.assertEqual(callback.due_on, date(2026, 11, 26))
        self.assertEqual(callback.partner_id, self.customer)

    def test_a_second_run_makes_nothing_twice(self):
        order = self.make_fresh_order()
        self.open_callbacks()
        order.callback_pending = True
        counts = self.open_callbacks()
        self.assertEqual((counts["taken"], counts["opened"]), (1, 0))
        self.assertEqual(len(self.find_callback(order)), 1)

    def test_a_run_that_was_killed_loses_nothing(self):
        order = self.make_fresh_order()
        self.env.flush_all()
        with contextlib.suppress(ZeroDivisionError), self.cr.savepoint():
            self.open_callbacks()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertTrue(order.callback_pending)
        self.assertEqual(self.open_callbacks()["opened"], 1)

    def test_a_run_without_pending_events_takes_nothing(self):
        self.open_callbacks()
        self.assertEqual(self.open_callbacks()["taken"], 0)

    def test_a_batch_takes_no_more_than_its_limit(self):
        for days in (1, 2, 3):
            self.make_fresh_order(days)
        taken = [self.open_callbacks(limit=2)["taken"] for _run in range(3)]
        self.assertEqual(taken, [2, 1, 0])

    def test_an_event_known_too_late_is_listed_as_missed(self):
        order = self.make_fresh_order(days=4)
        counts = self.open_callbacks()
        callback = self.find_callback(order)
        self.assertEqual(counts["missed"], 1)
        self.assertEqual(callback.state, "missed")
        self.assertEqual(callback.missed_reason, "known_late")
        self.assertTrue(callback.closed_at)

    def test_an_event_before_the_rule_began_is_called_while_its_days_last(self):
        self.env.ref("cr_dealership.cr_callback_rule_csi").start_on = self.TODAY
        order = self.make_fresh_order(days=2)
        self.open_callbacks()
        self.assertEqual(self.find_callback(order).state, "todo")

    def test_an_older_event_before_the_rule_began_is_only_ticked_off(self):
        self.env.ref("cr_dealership.cr_callback_rule_csi").start_on = self.TODAY
        order = self.make_fresh_order(days=9)
        counts = self.open_callbacks()
        self.assertEqual((counts["taken"], counts["opened"]), (1, 0))
        self.assertFalse(order.callback_pending)

    def test_an_order_that_is_not_settled_brings_no_callback(self):
        order = self.make_fresh_order(state="open")
        order.callback_pending = True
        self.open_callbacks()
        self.assertFalse(self.find_callback(order))

    def test_a_switched_off_rule_brings_no_callback(self):
        self.env.ref("cr_dealership.cr_callback_rule_csi").active = False
        order = self.make_fresh_order()
        self.open_callbacks()
        self.assertFalse(self.find_callback(order))
        self.assertFalse(order.callback_pending)

    def test_two_care_rules_of_one_event_bring_two_callbacks(self):
        rule = self.env.ref("cr_dealership.cr_callback_rule_csi")
        rule.copy({"kind": "care", "due_days": 5})
        rule.copy({"kind": "care", "earliest_days": 10, "due_days": 12})
        order = self.make_fresh_order()
        self.open_callbacks()
        kinds = sorted(self.find_callback(order).mapped("kind"))
        self.assertEqual(kinds, ["care", "care", "csi"])

    def test_an_excluded_service_type_brings_no_callback(self):
        rule = self.env.ref("cr_dealership.cr_callback_rule_csi")
        rule.excluded_type_ids = self.service_type("repair")
        order = self.make_fresh_order(code="repair")
        self.open_callbacks()
        self.assertFalse(self.find_callback(order))

    def test_a_rule_of_the_store_stands_in_for_the_general_one(self):
        rule = self.env.ref("cr_dealership.cr_callback_rule_csi")
        own = rule.copy({"company_id": self.store.id, "due_days": 5})
        order = self.make_fresh_order()
        self.open_callbacks()
        self.assertEqual(self.find_callback(order).rule_id, own)

    def test_a_date_corrected_before_the_first_call_moves_the_callback(self):
        order = self.make_fresh_order(days=2)
        self.open_callbacks()
        callback = self.find_callback(order)
        day = self.TODAY - timedelta(days=1)
        order.write({"out_at": self.utc(day, 11), "callback_pending": True})
        counts = self.open_callbacks()
        self.assertEqual((counts["opened"], counts["moved"]), (0, 1))
        self.assertEqual(callback.anchor_on, day)
        self.assertEqual(self.find_callback(order), callback)

    def test_a_car_delivered_again_to_another_owner_is_called_again(self):
        car = self.make_vehicle(
            self.customer,
            company_id=self.store.id,
            delivered_on=self.TODAY - timedelta(days=6),
        )
        self.open_callbacks()
        buyer = self.make_partner()
        car._set_owner(buyer, self.TODAY - timedelta(days=1), is_purchase=True)
        car.write(
            {"delivered_on": self.TODAY - timedelta(days=1), "callback_pending": True}
        )
        self.open_callbacks()
        callbacks = self.env["cr.callback"].search([("vehicle_id", "=", car.id)])
        self.assertEqual(callbacks.partner_id, self.customer | buyer)

    def test_who_refuses_calls_stands_blocked_with_the_reason(self):
        self.customer.action_cr_do_not_call()
        order = self.make_fresh_order()
        counts = self.open_callbacks()
        self.assertEqual(counts["blocked"], 1)
        self.assertEqual(self.find_callback(order).block_code, "do_not_call")

    def test_a_car_without_customer_stands_blocked_until_one_is_named(self):
        car = self.make_vehicle()
        order = self.make_order(car, self.TODAY, partner_id=False)
        self.open_callbacks()
        callback = self.find_callback(order)
        self.assertEqual(callback.block_code, "no_customer")
        car._set_owner(self.customer, self.TODAY)
        self.env["cr.callback"]._recheck_blocks(self.TODAY)
        self.assertFalse(callback.block_code)
        self.assertEqual(callback.partner_id, self.customer)

    def test_queries_do_not_depend_on_how_much_is_pending(self):
        self.open_callbacks()
        self.make_fresh_order()
        few = self.count_queries(self.open_callbacks)
        day = self.TODAY - timedelta(days=1)
        self.env["cr.service.order"].create(
            [self.prepare_order(self.car, day) for _number in range(100)]
        )
        self.assertEqual(self.count_queries(self.open_callbacks), few)

    def test_the_job_opens_all_and_commits_each_batch(self):
        orders = self.make_fresh_order(1) | self.make_fresh_order(2)
        with self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_cr_callback_open"
            ).method_direct_trigger()
        self.assertEqual(len(self.find_callback(orders[0])), 1)
        self.assertEqual(len(self.find_callback(orders[1])), 1)
