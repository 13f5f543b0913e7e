from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.base.models import ir_cron

from .complaint_common import ComplaintCommon

FIRST, SECOND, THIRD = date(2026, 9, 1), date(2026, 10, 12), date(2026, 11, 2)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrWarranty(ComplaintCommon):
    """Three-guarantees warnings follow from the work orders (anchors: feature 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cr.warranty.rule"].search([]).active = False
        cls.rule = cls.env["cr.warranty.rule"].create(
            {
                "name": "Same fault",
                "code": "same",
                "kind": "same_fault",
                "valid_from": "2026-01-01",
                "within_months": 24,
                "threshold": 3,
                "warn_at": 2,
                "right": "the right to exchange",
            }
        )
        cls.car.delivered_on = date(2026, 2, 1)

    def prepare_repair(self, car, day, name="gearbox mount", code="warranty", **values):
        lines = [Command.create({"name": name})]
        return self.prepare_order(car, day, code, line_ids=lines, **values)

    def repair(self, day, car=None, **values):
        vals = self.prepare_repair(car or self.car, day, **values)
        return self.env["cr.service.order"].create(vals)

    def warnings(self, cars=None):
        cars = cars or self.car
        return self.env["cr.warranty.warning"].search([("vehicle_id", "in", cars.ids)])

    def test_second_repair_of_a_fault_warns_in_words(self):
        self.repair(FIRST)
        self.assertFalse(self.warnings())
        self.repair(SECOND)
        warning = self.warnings()
        self.assertEqual(warning.state, "open")
        self.assertIn(
            "Repair no. 2 of “gearbox mount” in 41 days; no. 3 within 24 months gives"
            " the right to exchange (assumed rule of 2026-01-01)",
            warning.display_name,
        )
        self.assertEqual(warning.activity_ids.user_id, self.manager)
        self.assertEqual(warning.partner_id, self.customer)

    def test_an_imported_order_without_lines_is_read_by_the_customers_words(self):
        said = ("1.变速箱异响;2.常规保养", "变速箱 异响、常规保养、空调不凉")
        for day, words in zip((FIRST, SECOND), said, strict=True):
            self.env["cr.service.order"].create(
                self.prepare_order(
                    self.car, day, "warranty", customer_words=words
                )
            )
        warning = self.warnings()
        self.assertEqual((len(warning), warning.count), (1, 2))
        self.assertEqual(warning.cause, "变速箱 异响")

    def test_words_that_change_are_read_again(self):
        self.repair(FIRST)
        vals = self.prepare_order(self.car, SECOND, "warranty")
        order = self.env["cr.service.order"].create(vals)
        self.assertFalse(self.warnings())
        order.customer_words = "Gearbox mount!"
        self.assertEqual(self.warnings().count, 2)

    def test_the_third_changes_the_same_warning_and_tells_again(self):
        self.repair(FIRST)
        self.repair(SECOND)
        self.repair(THIRD)
        warning = self.warnings()
        self.assertEqual((len(warning), warning.count), (1, 3))
        self.assertTrue(warning.is_reached)
        self.assertEqual(len(warning.activity_ids), 1)

    def test_maintenance_and_other_faults_do_not_count(self):
        self.repair(FIRST)
        self.repair(SECOND, code="maintenance")
        self.repair(THIRD, name="door handle")
        self.assertFalse(self.warnings())

    def test_replay_makes_nothing_twice(self):
        orders = self.repair(FIRST) | self.repair(SECOND)
        before = self.warnings().read(["write_date", "state", "activity_ids"])
        orders._after_orders_changed()
        orders._after_orders_changed()
        self.env.flush_all()
        self.env.invalidate_all()
        after = self.warnings().read(["write_date", "state", "activity_ids"])
        self.assertEqual(before, after)

    def test_cancelled_order_closes_and_reopened_order_opens(self):
        self.repair(FIRST)
        order = self.repair(SECOND, state="open", out_at=False)
        warning = self.warnings()
        order.action_cancel()
        self.assertEqual(warning.state, "closed")
        self.assertEqual(warning.closed_because, "outdated")
        self.assertFalse(warning.activity_ids)
        order.action_reopen()
        self.assertEqual((self.warnings(), warning.state), (warning, "open"))
        self.assertEqual(len(warning.activity_ids), 1)

    def test_deleted_order_and_changed_lines_are_followed(self):
        self.repair(FIRST)
        order = self.repair(SECOND, state="open", out_at=False)
        order.line_ids = [Command.update(order.line_ids.id, {"name": "door handle"})]
        warning = self.warnings()
        self.assertEqual(warning.state, "closed")
        order.line_ids = [Command.update(order.line_ids.id, {"name": "Gearbox mount"})]
        self.assertEqual(warning.state, "open")
        order.unlink()
        self.assertEqual(warning.state, "closed")

    def test_resale_changes_nothing_about_the_right(self):
        self.repair(FIRST)
        buyer = self.make_partner()
        self.car._set_owner(buyer, date(2026, 9, 15))
        self.repair(SECOND, company_id=self.other_store.id)
        warning = self.warnings()
        self.assertEqual(warning.state, "open")
        self.assertEqual(warning.partner_id, buyer)
        self.assertEqual(warning.company_id, self.other_store)

    def test_closed_with_a_reason_until_it_comes_back(self):
        self.repair(FIRST)
        self.repair(SECOND)
        warning = self.warnings().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Why closed"):
            warning.action_close()
        warning.note = "Mount of a better make fitted"
        warning.action_close()
        self.assertEqual(warning.closed_by_id, self.manager)
        self.car.order_ids._after_orders_changed()
        self.assertEqual(warning.state, "closed")
        self.repair(THIRD)
        self.assertEqual(warning.state, "open")

    def test_manager_closes_it_on_the_form(self):
        self.repair(FIRST)
        self.repair(SECOND)
        warning = self.as_persona(self.warnings(), "manager")
        with Form(warning) as form:
            form.note = "Spoke with the customer"
        warning.action_close()
        self.assertEqual(warning.closed_because, "hand")
        self.assertFalse(self.warnings().activity_ids)

    def test_facts_are_written_by_nobody(self):
        self.repair(FIRST)
        self.repair(SECOND)
        warning = self.warnings()
        with self.assertRaises(AccessError):
            warning.with_user(self.manager).state = "closed"
        with self.assertRaises(AccessError):
            self.as_persona(warning, "advisor").note = "x"
        stranger = self.as_persona(warning, "manager", self.other_store)
        self.assertFalse(stranger.search([("id", "=", warning.id)]))

    def test_complaint_of_a_warned_car_is_graded_by_it(self):
        self.repair(FIRST)
        self.repair(SECOND)
        complaint = self.make()
        self.assertTrue(complaint.is_guarantee)
        self.assertEqual(complaint.warranty_warning_id, self.warnings())
        self.assertEqual(complaint.grade_id, self.grade("complaint"))
        self.assertIn("gearbox mount", complaint.grade_reason)
        other = self.make_partner()
        quiet = self.make(partner_id=other.id, vehicle_id=self.make_vehicle(other).id)
        self.assertFalse(quiet.is_guarantee)

    def test_button_fills_a_complaint_and_finds_it_again(self):
        self.repair(FIRST)
        self.repair(SECOND)
        warning = self.warnings()
        action = warning.action_open_complaint()
        self.assertFalse(action["res_id"])
        complaints = self.env["cr.complaint"].with_user(self.agent)
        complaint = complaints.with_context(**action["context"]).create({})
        self.assertEqual(complaint.vehicle_id, self.car)
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertTrue(complaint.is_guarantee)
        self.assertIn("gearbox mount", complaint.grade_reason)
        self.assertEqual(warning.action_open_complaint()["res_id"], complaint.id)

    def test_many_orders_cost_as_many_queries_as_one(self):
        cars = self.env["cr.vehicle"].concat(
            *(self.make_vehicle(delivered_on=date(2026, 2, 1)) for __ in range(31))
        )
        values = [self.prepare_repair(car, FIRST) for car in cars]
        self.env["cr.service.order"].create(values)
        values = [self.prepare_repair(car, SECOND) for car in cars]
        orders = self.env["cr.service.order"]
        with_warning = [orders.create(values[:1]), orders.create(values[1:])]
        warnings = self.warnings(cars)
        self.assertEqual(len(warnings), 31)
        warnings.unlink()
        one, many = (
            self.count_queries(some._after_orders_changed) for some in with_warning
        )
        self.assertEqual(len(self.warnings(cars)), 31)
        self.assertLessEqual(many - one, 2, f"{one} for one, {many} for thirty")
        again = self.count_queries(with_warning[1]._after_orders_changed)
        self.assertLess(again, many)

    def test_maintenance_costs_one_query(self):
        order = self.make_order(self.car, FIRST)
        follow = self.env["cr.warranty.warning"]._follow
        car = order.vehicle_id
        self.assertEqual(self.count_queries(follow, car), 1)

    def test_a_car_that_stands_is_warned_of_by_the_job(self):
        self.rule.write({"kind": "shop_days", "threshold": 30, "warn_at": 20})
        self.repair(date(2026, 11, 15), state="open", out_at=False)
        self.assertFalse(self.warnings())
        with freeze_time("2026-12-06 02:00:00"), self.enter_registry_test_mode():
            cron = self.env.ref("cr_complaints.ir_cron_warranty_watch")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.env.invalidate_all()
        warning = self.warnings()
        self.assertEqual((warning.count, len(warning.activity_ids)), (21, 1))
        self.assertIn("21 days in the shop; day 30 within", warning.display_name)

    def test_the_job_comes_to_the_last_car_even_when_its_time_is_over(self):
        cars = [self.make_vehicle(self.customer) for _number in range(3)]
        for car in cars:
            car.delivered_on = date(2026, 11, 1)
            self.repair(date(2026, 11, 15), car, state="open", out_at=False)
        warnings = self.env["cr.warranty.warning"]
        watch, looked = type(warnings)._watch, []

        def watch_one(model, today, after=0):
            found = watch(model, today, after, limit=1)
            looked.extend(found)
            return found

        self.patch(type(warnings), "_watch", watch_one)
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0)
        with freeze_time("2026-12-06 02:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "cr_complaints.ir_cron_warranty_watch"
            ).method_direct_trigger()
        self.assertLessEqual({car.id for car in cars}, set(looked))

    def test_a_window_that_is_over_closes_the_warning(self):
        self.repair(FIRST)
        self.repair(SECOND)
        warning = self.warnings()
        after = warning.ends_on + timedelta(days=1)
        self.env["cr.warranty.warning"]._watch(after)
        self.assertEqual(warning.state, "closed")

    def test_history_that_is_imported_opens_nothing(self):
        old = self.make_vehicle(delivered_on=date(2026, 1, 2))
        self.rule.write({"within_months": 3, "threshold": 2})
        self.repair(date(2026, 1, 8), old)
        self.repair(date(2026, 2, 8), old)
        self.assertFalse(self.warnings(old))

    def test_delivery_day_becomes_known(self):
        car = self.make_vehicle(self.customer)
        self.repair(FIRST, car)
        self.repair(SECOND, car)
        self.assertFalse(self.warnings(car))
        car.delivered_on = date(2026, 8, 1)
        self.assertTrue(self.warnings(car))

    def test_shipped_rules_are_marked_as_assumed(self):
        rules = self.env["cr.warranty.rule"].with_context(active_test=False)
        shipped = rules.search([("id", "!=", self.rule.id)])
        self.assertEqual(len(set(shipped.mapped("kind"))), 4)
        self.assertTrue(all(shipped.mapped("is_assumed")))
