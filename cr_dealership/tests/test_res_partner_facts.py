from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestResPartnerFacts(DealershipCommon):
    """Stored facts of customers: cars, visits, spend, classes, stage (CUS-13 …)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner("曾晓燕")

    def buy(self, day, partner=None, **values):
        """Return a car that a customer bought from the store."""
        partner = partner or self.partner
        vehicle = self.make_vehicle(
            delivered_on=day, company_id=self.store.id, **values
        )
        vehicle._set_owner(partner, day, is_purchase=True)
        return vehicle

    def days_ago(self, days):
        return self.TODAY - timedelta(days)

    # === CARS === #

    def test_nobody_is_a_customer_without_car_and_visit(self):
        self.partner._cr_refresh_facts()
        self.assertFalse(self.partner.cr_is_customer)
        self.assertEqual(self.partner.cr_stage, "prospect")

    def test_cars_are_counted_and_named(self):
        first = self.buy(date(2022, 5, 1), plate="赣D11111")
        second = self.buy(date(2025, 5, 1), plate="赣D22222")
        self.assertRecordValues(
            self.partner,
            [
                {
                    "cr_is_customer": True,
                    "cr_vehicle_count": 2,
                    "cr_bought_count": 2,
                    "cr_main_vehicle_id": second.id,
                    "cr_last_delivery_on": date(2025, 5, 1),
                }
            ],
        )
        self.make_order(first, self.days_ago(3))
        self.assertEqual(self.partner.cr_main_vehicle_id, first)
        self.assertEqual(self.partner.cr_plates, "赣D11111 赣D22222")
        self.assertEqual(self.partner.cr_last_visit_on, self.days_ago(3))

    def test_a_sold_car_leaves_the_old_owner(self):
        vehicle = self.buy(date(2022, 5, 1))
        self.make_order(vehicle, self.days_ago(40))
        buyer = self.make_partner("彭建华")
        vehicle._set_owner(buyer, self.days_ago(10))
        self.assertRecordValues(
            self.partner | buyer,
            [
                {
                    "cr_is_customer": True,
                    "cr_vehicle_count": 0,
                    "cr_bought_count": 1,
                    "cr_plates": False,
                    "cr_main_vehicle_id": False,
                    "cr_due_on": False,
                },
                {
                    "cr_is_customer": True,
                    "cr_vehicle_count": 1,
                    "cr_bought_count": 0,
                    "cr_plates": vehicle.plate,
                    "cr_main_vehicle_id": vehicle.id,
                    "cr_due_on": vehicle.due_on,
                },
            ],
        )
        self.assertFalse(buyer.cr_last_visit_on, "the visit was the old owner's")

    def test_soonest_date_of_all_cars_is_due_and_says_why(self):
        self.buy(self.days_ago(30), plate="赣D11111")
        late = self.buy(self.days_ago(400), plate="赣D22222")
        self.assertEqual(self.partner.cr_due_on, late.due_on)
        self.assertEqual(self.partner.cr_due_kind, late.due_kind)
        self.assertIn("赣D22222", self.partner.cr_due_reason)
        self.assertIn(late.due_reason, self.partner.cr_due_reason)

    def test_payer_of_a_car_is_not_reminded(self):
        vehicle = self.buy(self.days_ago(400))
        payer = self.make_partner()
        self.env["cr.vehicle.role"].create(
            {"vehicle_id": vehicle.id, "partner_id": payer.id, "role": "payer"}
        )
        self.assertEqual(payer.cr_plates, vehicle.plate)
        self.assertFalse(payer.cr_due_on)
        self.assertEqual(payer.cr_vehicle_count, 0)

    # === CLASSES === #

    def test_frequency_class_counts_cars_bought(self):
        expected = ["first", "repeat", "loyal"]
        for number, code in enumerate(expected):
            self.buy(date(2020 + number, 5, 1))
            self.assertEqual(self.partner.cr_frequency_class, code)

    def test_value_class_adds_price_and_settled_orders_of_the_window(self):
        vehicle = self.buy(date(2023, 1, 1), price=180000)
        self.make_order(vehicle, self.days_ago(10), amount_labour=4000)
        self.make_order(vehicle, self.days_ago(5), amount_labour=900, state="open")
        self.make_order(vehicle, date(2023, 6, 1), amount_labour=5000)
        self.assertEqual(self.partner.cr_spend, 4000)
        self.assertEqual(self.partner.cr_value_class, "low")
        self.make_order(vehicle, self.days_ago(4), amount_material=1000)
        self.assertEqual(self.partner.cr_value_class, "medium")
        self.buy(self.days_ago(3), price=195000)
        self.assertEqual(self.partner.cr_spend, 200000)
        self.assertEqual(self.partner.cr_value_class, "high")

    def test_thresholds_are_those_of_the_store_of_the_main_car(self):
        self.store.write({"cr_value_medium": 100, "cr_value_high": 300})
        vehicle = self.buy(date(2020, 5, 1))
        self.make_order(vehicle, self.days_ago(9), amount_labour=250)
        self.assertEqual(self.partner.cr_value_class, "medium")

    # === STAGE === #

    def test_stage_follows_the_last_visit(self):
        vehicle = self.buy(date(2023, 1, 1))
        for days, stage in ((800, "lost"), (200, "lapsed"), (100, "lapsing")):
            self.make_order(vehicle, self.days_ago(days))
            self.assertEqual(self.partner.cr_stage, stage, days)
        self.make_order(vehicle, self.days_ago(1))
        self.assertEqual(self.partner.cr_stage, "active")
        self.assertEqual(self.partner.cr_stage_until, date(2027, 2, 19))

    def test_new_owner_and_buyer_have_their_own_stage(self):
        self.make_vehicle(owner=self.partner, ordered_on=self.days_ago(5))
        self.assertEqual(self.partner.cr_stage, "in_purchase")
        buyer = self.make_partner()
        self.buy(self.days_ago(5), partner=buyer)
        self.assertEqual(buyer.cr_stage, "new_owner")
        self.assertEqual(buyer.cr_stage_until, self.days_ago(5) + timedelta(90))

    def test_cancelled_orders_are_no_visits(self):
        vehicle = self.buy(date(2023, 1, 1))
        self.make_order(vehicle, self.days_ago(1), state="cancelled")
        self.assertEqual(self.partner.cr_stage, "lost")

    # === SPEED === #

    def test_any_number_of_customers_takes_the_same_queries(self):
        partners = self.env["res.partner"].concat(
            *(self.make_partner() for __ in range(100))
        )
        for partner in partners:
            self.make_vehicle(owner=partner, delivered_on=date(2025, 1, 1))
        partners[0]._cr_refresh_facts(self.TODAY)
        one = self.count_queries(partners[0]._cr_refresh_facts, self.TODAY)
        many = self.count_queries(partners._cr_refresh_facts, self.TODAY)
        self.assertEqual(one, many)

    def test_reasons_in_a_list_take_the_same_queries(self):
        partners = self.env["res.partner"].concat(
            *(self.make_partner() for __ in range(20))
        )
        for partner in partners:
            self.make_vehicle(owner=partner, delivered_on=date(2025, 1, 1))
        one = self.count_queries(partners[0].mapped, "cr_due_reason")
        many = self.count_queries(partners.mapped, "cr_due_reason")
        self.assertEqual(one, many)

    def test_unchanged_facts_are_not_written(self):
        self.buy(date(2023, 1, 1))
        self.env.flush_all()
        self.cr.execute("SELECT xmin FROM res_partner WHERE id = %s", [self.partner.id])
        before = self.cr.fetchone()
        self.partner._cr_refresh_facts()
        self.cr.execute("SELECT xmin FROM res_partner WHERE id = %s", [self.partner.id])
        self.assertEqual(self.cr.fetchone(), before)
