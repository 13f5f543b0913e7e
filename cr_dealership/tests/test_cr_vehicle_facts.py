from datetime import date

from odoo.tests import freeze_time, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleFacts(DealershipCommon):
    """Stored facts follow roles, readings, orders, policies and inspections."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.make_partner()
        cls.car = cls.make_vehicle(
            owner=cls.owner, company_id=cls.store.id, delivered_on=date(2025, 11, 20)
        )

    def test_new_car_is_due_for_its_first_service(self):
        self.assertEqual(self.car.first_service_on, date(2026, 2, 20))
        self.assertEqual(self.car.due_kind, "first_service")
        self.assertEqual(
            self.car.due_reason,
            "First service by 2026-02-20: 3 months after delivery",
        )

    def test_settled_maintenance_ends_the_first_service(self):
        self.make_order(self.car, date(2026, 2, 18), "first", odometer_km=3690)
        self.assertFalse(self.car.first_service_on)
        self.assertEqual(self.car.last_maintenance_on, date(2026, 2, 18))
        self.assertEqual(self.car.last_maintenance_km, 3690)
        self.assertEqual(self.car.visit_count, 1)
        self.assertEqual(self.car.km_per_day, 41)
        self.assertEqual(self.car.service_basis, "mileage")
        self.assertEqual(
            self.car.due_reason,
            "Maintenance by 2026-06-19: 8,690 km reached at 41 km a day, earlier than"
            " the date",
        )

    def test_repair_is_no_first_service(self):
        self.make_order(self.car, date(2026, 2, 1), "repair", odometer_km=900)
        self.assertTrue(self.car.first_service_on)
        self.assertFalse(self.car.last_maintenance_on)

    def test_open_and_cancelled_orders_count_for_nothing(self):
        for state in ("open", "cancelled"):
            self.make_order(self.car, date(2026, 2, 18), "first", state=state)
        self.assertEqual(self.car.visit_count, 0)
        self.assertTrue(self.car.first_service_on)

    def test_shop_statement_wins_over_the_interval(self):
        self.make_order(self.car, date(2026, 6, 1), next_on=date(2027, 6, 1))
        self.assertEqual(self.car.service_on, date(2027, 6, 1))
        self.assertEqual(self.car.service_basis, "date")

    def test_interval_of_the_model_wins_over_the_store(self):
        model = self.env.ref("cr_dealership.fleet_vehicle_model_camry")
        model.cr_service_months = 12
        self.car.model_id = model
        self.make_order(self.car, date(2026, 6, 1))
        self.assertEqual(self.car.service_on, date(2027, 6, 1))

    def test_policy_and_inspection_fall_due(self):
        self.env["cr.insurance.policy"].create(
            {
                "vehicle_id": self.car.id,
                "number": "PDAA1",
                "date_start": date(2025, 11, 20),
            }
        )
        self.assertEqual(self.car.insurance_on, date(2026, 11, 19))
        inspection = self.env["cr.inspection"].create(
            {"vehicle_id": self.car.id, "due_on": date(2027, 11, 30)}
        )
        self.assertEqual(self.car.inspection_on, date(2027, 11, 30))
        inspection.passed_on = date(2027, 10, 2)
        self.assertEqual(self.car.inspection_on, date(2029, 11, 30))

    def test_deleted_policy_leaves_nothing_behind(self):
        policy = self.env["cr.insurance.policy"].create(
            {"vehicle_id": self.car.id, "number": "PDAA2"}
        )
        self.assertTrue(self.car.insurance_on)
        policy.unlink()
        self.assertFalse(self.car.insurance_on)

    def test_scrapped_car_is_never_due(self):
        self.car.state = "scrapped"
        self.assertFalse(self.car.due_on)
        self.assertFalse(self.car.due_reason)

    def test_order_that_moves_to_another_car_leaves_the_first(self):
        other = self.make_vehicle()
        order = self.make_order(self.car, date(2026, 6, 1), odometer_km=7000)
        order.vehicle_id = other
        self.assertEqual((self.car.visit_count, other.visit_count), (0, 1))
        self.assertEqual((self.car.odometer_km, other.odometer_km), (0, 7000))

    def test_estimate_of_today_follows_the_rhythm(self):
        self.make_order(self.car, date(2026, 10, 1), odometer_km=12600)
        self.assertEqual(self.car.km_per_day, 40)
        self.assertEqual(self.car.estimated_km, 14600)
        self.assertEqual(self.car.estimated_error_km, 700)

    def test_other_store_is_seen_by_the_facts(self):
        self.make_order(self.car, date(2026, 6, 1), company_id=self.other_store.id)
        self.assertEqual(self.car.visit_count, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleFactsCost(DealershipCommon):
    """The facts of a hundred cars cost as many queries as those of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cars = cls.env["cr.vehicle"].concat(
            *(
                cls.make_vehicle(
                    owner=cls.make_partner(), delivered_on=date(2025, 11, 20)
                )
                for __ in range(100)
            )
        )
        cls.env["cr.service.order"].create(
            [
                cls.prepare_order(car, date(2026, month, 18), odometer_km=month * 900)
                for car in cls.cars
                for month in (3, 9)
            ]
        )

    def test_refresh_of_hundred_cars_costs_no_more_queries(self):
        one = self.count_queries(self.cars[0]._refresh_facts)
        many = self.count_queries(self.cars._refresh_facts)
        self.assertEqual(one, many)
        self.assertLess(many, 30)

    def test_refresh_without_a_change_writes_nothing(self):
        self.env.cr.execute(
            "SELECT max(xmin::text::bigint) FROM cr_vehicle WHERE id = ANY(%s)",
            [self.cars.ids],
        )
        before = self.env.cr.fetchone()
        self.cars._refresh_facts()
        self.env.cr.execute(
            "SELECT max(xmin::text::bigint) FROM cr_vehicle WHERE id = ANY(%s)",
            [self.cars.ids],
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_readings_that_turn_suspect_cost_no_more_queries(self):
        self.cars.reading_ids.filtered(
            lambda reading: reading.read_on == date(2026, 3, 18)
        ).with_context(cr_dealership_skip_facts=True).km = 270000
        many = self.count_queries(self.cars[:99]._refresh_facts)
        one = self.count_queries(self.cars[99]._refresh_facts)
        self.assertEqual(one, many)
        self.assertEqual(
            set(self.cars.reading_ids.mapped("state")), {"confirmed", "suspect"}
        )
