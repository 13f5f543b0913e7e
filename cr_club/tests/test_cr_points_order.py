from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cr_club.tools.points import earned_points

from .club_common import ClubCommon

_DAY = date(2026, 11, 18)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsOrder(ClubCommon):
    """What work orders bring, and take back."""

    def order(self, material=0, labour=0, code="maintenance", day=_DAY, **values):
        values.setdefault("vehicle_id", self.car.id)
        values.setdefault("partner_id", self.owner.id)
        car = self.env["cr.vehicle"].browse(values.pop("vehicle_id"))
        return self.make_order(
            car,
            day,
            code,
            amount_material=material,
            amount_labour=labour,
            amount_total=values.pop("total", material + labour),
            **values,
        )

    def entries(self, order):
        return self.env["cr.points.entry"].search(
            [("origin_model", "=", order._name), ("origin_id", "=", order.id)],
            order="id",
        )

    # === EARNING === #

    def test_a_settled_order_brings_points_for_material_and_labour(self):
        order = self.order(material=300.9, labour=120.5)
        entry = self.entries(order)
        self.assertEqual(
            (entry.points, entry.qualifying, entry.material), (420, 420, 300)
        )
        self.assertEqual(entry.day, _DAY)
        self.assertIn("300.90 × 1 = 300", entry.note)
        self.assertFalse(self.entries(self.order(material=99, state="open")))
        self.assert_proven()

    def test_other_kinds_of_service_bring_none_without_a_rule(self):
        self.assertFalse(self.entries(self.order(material=99, code="body")))
        body = self.service_type("body")
        self.make_rule(basis="total", rate=0.5, type_ids=body.ids)
        order = self.order(material=99, code="body")
        self.assertEqual(self.entries(order).points, 49)
        self.assertEqual(self.entries(order).material, 0)

    def test_customers_who_are_no_members_collect_if_the_club_wants_it(self):
        order = self.order(material=100, partner_id=self.guest.id)
        self.assertEqual(self.entries(order).points, 100)
        member = self.make_member(self.guest)
        self.assertEqual(member.points_balance, 100)
        self.program.is_open_to_all = False
        stranger = self.make_partner()
        self.assertFalse(
            self.entries(self.order(material=100, partner_id=stranger.id))
        )
        self.assertTrue(self.entries(self.order(material=100)))

    def test_tier_and_campaign_multiply_and_add(self):
        self.tier("gold").points_factor = 1.5
        self.program.rule_ids.use_tier_factor = True
        self.make_rule(
            name="Autumn",
            basis="total",
            rate=1,
            date_from="2026-11-01",
            date_to="2026-11-18",
            is_qualifying=False,
        )
        self.assertEqual(self.entries(self.order(material=101)).points, 202)
        self.member._give_tier(self.tier("gold"), "Test")
        entry = self.entries(self.order(material=101))
        self.assertEqual((entry.points, entry.qualifying), (151 + 101, 151))
        later = self.order(material=101, day=date(2026, 11, 19))
        self.assertEqual(self.entries(later).points, 151)

    def test_a_rule_for_one_tier_is_for_no_other(self):
        self.program.rule_ids.active = False
        self.make_rule(basis="total", tier_ids=self.tier("gold").ids)
        self.assertFalse(self.entries(self.order(material=100)))
        self.member._give_tier(self.tier("gold"), "Test")
        self.assertTrue(self.entries(self.order(material=100)))

    def test_the_part_paid_with_points_brings_none(self):
        order = self.order(material=600, labour=400, amount_by_points=250)
        entry = self.entries(order)
        self.assertEqual((entry.points, entry.material), (750, 450))
        self.assertIn("0.75", entry.note)

    def test_the_database_rounds_as_the_tool_does(self):
        rule = self.program.rule_ids[0]
        self.program.rule_ids[1].active = False
        for rounding in ("down", "half", "up"):
            rule.write({"rounding": rounding, "rate": 0.35})
            for cents in (1, 99, 142, 143, 9999, 123457):
                amount = cents / 100
                order = self.order(material=amount, total=amount * 2)
                order.amount_by_points = amount / 2
                points = earned_points(
                    amount, 0.35, 1, rounding, amount * 2, amount / 2
                )
                with self.subTest(rounding=rounding, amount=amount):
                    self.assertEqual(
                        sum(self.entries(order).mapped("points")), points
                    )

    def test_orders_before_the_club_bring_none(self):
        self.program.points_from = "2026-11-19"
        self.assertFalse(self.entries(self.order(material=100)))

    # === AGAIN === #

    def test_nothing_is_earned_twice(self):
        orders = self.order(material=100) | self.order(material=50)
        self.assert_points(self.owner, 150)
        orders._after_orders_changed()
        orders.write({"odometer_km": 5000})
        self.env["cr.points.account"]._post_orders(orders)
        self.assert_points(self.owner, 150)

    def test_a_changed_rule_moves_no_old_points(self):
        order = self.order(material=100)
        self.program.rule_ids.rate = 5
        order._after_orders_changed()
        self.assert_points(self.owner, 100)

    def test_a_changed_amount_is_posted_anew(self):
        order = self.order(material=100)
        order.amount_material = 80
        kinds = self.entries(order).mapped(lambda one: (one.kind, one.points))
        self.assertEqual(kinds, [("order", 100), ("reverse", -100), ("order", 80)])
        self.assert_points(self.owner, 80)
        order.amount_material = 80
        self.assertEqual(len(self.entries(order)), 3)
        self.assert_proven()

    def test_lines_move_the_points_of_their_order(self):
        order = self.make_order(
            self.car,
            _DAY,
            line_ids=[
                (0, 0, {"kind": "material", "name": "Oil", "amount": 200}),
                (0, 0, {"kind": "labour", "name": "Change", "amount": 50}),
            ],
        )
        self.assert_points(self.owner, 250)
        order.line_ids[0].amount = 100
        self.assert_points(self.owner, 150)
        order.line_ids[1].unlink()
        self.assert_points(self.owner, 150)
        self.assert_proven()

    # === BACK === #

    def test_a_cancelled_order_takes_its_points_back_also_when_spent(self):
        order = self.order(material=100)
        self.spend(70)
        order.action_reopen()
        self.assert_points(self.owner, -70, arrears=70)
        order.action_settle()
        self.assert_points(self.owner, 30)
        order.action_reopen()
        order.action_cancel()
        self.assert_points(self.owner, -70, arrears=70)
        self.assertEqual(len(self.entries(order)), 4)
        self.assert_proven()

    def test_points_that_expired_are_not_owed_when_the_order_is_cancelled(self):
        self.program.expiry_months = 1
        order = self.order(material=300)
        self.spend(100)
        accounts = self.env["cr.points.account"]
        accounts._expire(date(2026, 12, 19))
        self.assert_points(self.owner, 0)
        order.state = "cancelled"
        undone = self.entries(order)[-1]
        self.assertEqual((undone.points, undone.qualifying), (-100, -300))
        self.assert_points(self.owner, -100, arrears=100)
        accounts._post_orders(order)
        self.assertEqual(len(self.entries(order)), 2)
        self.assert_proven()

    def test_a_negative_order_takes_points(self):
        self.order(material=100)
        self.order(material=-40)
        self.assert_points(self.owner, 60)
        self.order(material=-100)
        self.assert_points(self.owner, -40, arrears=40)
        self.assert_proven()

    def test_another_customer_of_the_order_gets_its_points(self):
        order = self.order(material=100)
        order.partner_id = self.guest
        self.assert_points(self.owner, 0)
        self.assert_points(self.guest, 100)
        self.assert_proven()

    def test_points_stay_with_the_person_when_the_car_is_sold(self):
        order = self.order(material=100)
        self.car._set_owner(self.guest, date(2026, 11, 19))
        order._after_orders_changed()
        self.assert_points(self.owner, 100)
        self.assert_points(self.guest, 0)

    # === STORES === #

    def test_stores_of_a_group_share_the_account(self):
        self.program.store_ids = self.other_store
        self.order(material=100)
        order = self.order(material=50, company_id=self.other_store.id)
        self.assert_points(self.owner, 150)
        self.assertEqual(self.entries(order).company_id, self.other_store)

    def test_a_store_without_club_brings_none(self):
        order = self.order(material=50, company_id=self.other_store.id)
        self.assertFalse(self.entries(order))

    # === SIZE === #

    def test_an_import_costs_as_many_statements_as_one_order(self):
        owners = [self.make_partner() for _number in range(25)]
        orders = self.env["cr.service.order"]
        with_points = self.env["cr.points.account"]
        self.program.active = False
        for number in range(101):
            orders |= self.order(material=10, partner_id=owners[number % 25].id)
        self.program.active = True
        with_points._post_orders(self.order(material=1))
        one = self.count_queries(with_points._post_orders, orders[:1])
        many = self.count_queries(with_points._post_orders, orders[1:])
        self.assertEqual(one, many)
        self.assertEqual(len(self.entries(orders[5])), 1)
        self.assert_proven()
