from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .club_common import ClubCommon

_DAY = date(2026, 11, 16)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsPurchase(ClubCommon):
    """A bought car brings points, once; a delivery taken back takes them (PTS-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_rule(name="New car", source="purchase", points=500)

    def sell(self, partner=None, day=_DAY, **values):
        """Return a car that the store delivered to somebody."""
        return self.make_vehicle(
            company_id=values.pop("company_id", self.store.id),
            delivered_on=day,
            role_ids=[
                Command.create(
                    {
                        "partner_id": (partner or self.guest).id,
                        "date_from": day,
                        "is_purchase": True,
                    }
                )
            ],
            **values,
        )

    def entries(self, car):
        return self.env["cr.points.entry"].search(
            [("origin_model", "=", "cr.vehicle"), ("origin_id", "=", car.id)],
            order="id",
        )

    # === EARNING === #

    def test_a_delivered_car_brings_its_buyer_points_once(self):
        car = self.sell()
        entry = self.entries(car)
        self.assertEqual((entry.kind, entry.points, entry.day), ("purchase", 500, _DAY))
        self.assertIn("New car: 500", entry.note)
        car._post_purchase_points(car.ids)
        car.role_ids.note = "x"
        car.write({"delivered_on": _DAY, "color": "red"})
        self.assertEqual(self.entries(car), entry)
        self.assert_points(self.guest, 500)
        self.assert_proven()

    def test_an_owner_who_bought_elsewhere_gets_none(self):
        car = self.make_vehicle(
            owner=self.guest, delivered_on=_DAY, company_id=self.store.id
        )
        self.assertFalse(self.entries(car))
        self.assertFalse(self.entries(self.sell(company_id=self.other_store.id)))

    def test_points_by_the_price_of_the_car(self):
        self.rule.write({"purchase_basis": "price", "rate": 0.01})
        car = self.sell(price=123456)
        self.assertEqual(self.entries(car).points, 1234)
        car.price = 100000
        self.assertEqual(self.entries(car).mapped("points"), [1234, -1234, 1000])
        self.assert_points(self.guest, 1000)

    def test_dates_tier_and_membership_decide(self):
        self.rule.date_to = date(2026, 11, 15)
        self.assertFalse(self.entries(self.sell()))
        self.rule.write({"date_to": False, "tier_ids": self.tier("gold").ids})
        self.assertFalse(self.entries(self.sell(self.owner)))
        self.rule.write({"tier_ids": False, "use_tier_factor": True})
        self.tier("gold").points_factor = 1.5
        self.member._give_tier(self.tier("gold"), "Test")
        self.assertEqual(self.entries(self.sell(self.owner)).points, 750)
        self.program.is_open_to_all = False
        self.assertFalse(self.entries(self.sell()))
        self.program.points_from = date(2026, 11, 17)
        self.assertFalse(self.entries(self.sell(self.owner)))

    def test_a_new_rule_moves_no_old_points(self):
        self.rule.active = False
        car = self.sell()
        self.rule.active = True
        self.make_order(car, _DAY)
        self.assertFalse(self.entries(car).filtered(lambda one: one.kind != "order"))

    def test_a_delivery_to_come_brings_points_when_its_day_has_come(self):
        car = self.sell(day=date(2026, 11, 25))
        self.assertFalse(self.entries(car))
        accounts = self.env["cr.points.account"]
        with freeze_time("2026-11-25 02:00:00"):
            accounts._post_recent_purchases(date(2026, 11, 25))
            accounts._post_recent_purchases(date(2026, 11, 25))
        self.assertEqual(self.entries(car).points, 500)

    # === BACK === #

    def test_a_delivery_taken_back_takes_the_points(self):
        car = self.sell()
        self.spend(200, self.guest)
        car.delivered_on = False
        self.assert_points(self.guest, -200, arrears=200)
        car.delivered_on = _DAY
        self.assert_points(self.guest, 300)
        car.role_ids.is_purchase = False
        self.assert_points(self.guest, -200, arrears=200)
        self.assertEqual(len(self.entries(car)), 4)
        self.assert_proven()

    def test_a_deleted_car_was_not_bought(self):
        car = self.sell()
        entry = self.entries(car)
        car.unlink()
        self.assert_points(self.guest, 0)
        self.assertTrue(entry.exists())

    def test_who_bought_it_after_all_gets_the_points(self):
        car = self.sell()
        car.role_ids.partner_id = self.owner
        self.assert_points(self.guest, 0)
        self.assert_points(self.owner, 500)
        self.assert_proven()

    def test_the_first_buyer_keeps_his_points_when_we_sell_the_car_again(self):
        car = self.sell()
        buyer = self.make_partner("Second buyer")
        car._set_owner(buyer, date(2026, 11, 19), is_purchase=True)
        self.assert_points(self.guest, 500)
        self.assert_points(buyer, 500)
        car._set_owner(self.owner, date(2026, 11, 20))
        self.assert_points(self.owner, 0)
        self.assert_points(buyer, 500)

    def test_merged_files_keep_the_points_of_a_car(self):
        car = self.sell()
        keeper = self.make_partner("Keeper")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [self.guest.id, keeper.id], keeper
        )
        car._post_purchase_points(car.ids)
        self.assert_points(keeper, 500)
        self.assertEqual(len(self.entries(car)), 1)
        self.assert_proven()

    # === SIZE === #

    def test_many_cars_cost_as_many_statements_as_one(self):
        self.rule.active = False
        cars = self.env["cr.vehicle"].union(
            *(self.sell(self.make_partner()) for _number in range(21))
        )
        self.rule.active = True
        post = self.env["cr.points.account"]._post_purchases
        one = self.count_queries(post, cars[:1].ids)
        many = self.count_queries(post, cars[1:].ids)
        self.assertEqual(one, many)
        self.assertEqual(sum(len(self.entries(car)) for car in cars), 21)
        again = self.count_queries(post, cars.ids)
        self.assertLess(again, one)
