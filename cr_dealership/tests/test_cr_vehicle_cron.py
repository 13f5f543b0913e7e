from datetime import date

from odoo.tests import freeze_time, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleCron(DealershipCommon):
    """Changed intervals reach the cars in the background, batch by batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env.ref("cr_dealership.fleet_vehicle_model_camry")
        cls.car = cls.make_vehicle(model_id=cls.model.id, company_id=cls.store.id)
        cls.make_order(cls.car, date(2026, 8, 1))
        cls.other = cls.make_vehicle(company_id=cls.other_store.id)
        cls.make_order(cls.other, date(2026, 8, 1))

    def run_cron(self):
        cron = self.env.ref("cr_dealership.ir_cron_cr_vehicle_refresh_facts")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_interval_of_a_model_reaches_its_cars(self):
        self.model.cr_service_months = 12
        self.assertTrue(self.car.facts_stale)
        self.assertFalse(self.other.facts_stale)
        self.assertEqual(self.car.service_on, date(2027, 2, 1))
        self.run_cron()
        self.assertFalse(self.car.facts_stale)
        self.assertEqual(self.car.service_on, date(2027, 8, 1))

    def test_interval_of_a_store_reaches_its_cars_only(self):
        self.store.cr_service_months = 3
        self.run_cron()
        self.assertEqual(self.car.service_on, date(2026, 11, 1))
        self.assertEqual(self.other.service_on, date(2027, 2, 1))

    def test_type_that_becomes_maintenance_reaches_its_cars(self):
        self.make_order(self.car, date(2026, 9, 1), "repair")
        self.service_type("repair").is_maintenance = True
        self.run_cron()
        self.assertEqual(self.car.last_maintenance_on, date(2026, 9, 1))

    def test_run_after_the_run_finds_nothing(self):
        self.model.cr_service_months = 12
        self.run_cron()
        stale = self.env["cr.vehicle"].search([("facts_stale", "=", True)])
        self.assertFalse(stale)
        self.run_cron()

    def test_cars_are_taken_in_batches(self):
        self.model.cr_service_months = 12
        self.other.model_id = self.model
        self.model.cr_service_months = 9
        vehicles = self.env["cr.vehicle"]
        vehicles._refresh_stale_facts(limit=1)
        self.assertEqual(vehicles.search_count([("facts_stale", "=", True)]), 1)

    def test_changing_an_interval_wakes_the_job(self):
        triggers = self.env["ir.cron.trigger"].search([])
        self.model.cr_service_km = 10000
        woken = self.env["ir.cron.trigger"].search([]) - triggers
        self.assertEqual(
            woken.cron_id,
            self.env.ref("cr_dealership.ir_cron_cr_vehicle_refresh_facts"),
        )

    def test_an_inspection_missed_long_ago_gives_way_to_the_next(self):
        car = self.make_vehicle(company_id=self.store.id, registered_on="2014-10-05")
        self.assertEqual(car.inspection_on, date(2026, 10, 31))
        with freeze_time("2026-12-30 02:00:00"):
            self.run_cron()
            self.assertEqual(car.inspection_on, date(2026, 10, 31))
        with freeze_time("2026-12-31 02:00:00"):
            self.run_cron()
        self.assertEqual(car.inspection_on, date(2027, 10, 31))
