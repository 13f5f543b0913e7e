from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..models import cr_import_work_mixin
from .import_common import NOW, ImportCommon, make_xlsx

_LOGGER = "odoo.addons.cr_dealership.models.cr_import_work_mixin"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportCron(ImportCommon):
    """The job does the work in steps, and goes on where it stopped."""

    _is_job = True

    def fire(self):
        """Let the scheduled job run once, with a transaction of its own."""
        cron = self.env.ref("cr_dealership.ir_cron_cr_import_run")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def hand_in(self, *numbers):
        """Hand a file of work orders in and confirm its columns."""
        rows = [self.order(f"RO-{number}", number) for number in numbers]
        batch = self.receive(make_xlsx(self.sheet("order", *rows)))
        if batch.state == "draft":
            batch.action_stage()
        return batch

    def to_load(self, *numbers):
        """Return an import whose rows were checked and released."""
        batch = self.hand_in(*numbers)
        self.fire()
        batch.action_load()
        return batch

    def summarise(self):
        """Return what the import made, without ids and times."""
        orders = self.env["cr.service.order"].search(
            [("company_id", "=", self.store.id)], order="number"
        )
        return [
            (
                order.number,
                order.amount_total,
                order.vehicle_id.vin,
                order.vehicle_id.visit_count,
                order.vehicle_id.service_on,
                order.partner_id.name,
                order.partner_id.mobile,
                order.reading_ids.mapped("km"),
                order.vehicle_id.role_ids.mapped("role"),
            )
            for order in orders
        ]

    def undisturbed(self, *numbers):
        """Return what an import makes when nothing happens, and take it back."""
        with self.cr.savepoint(flush=True) as savepoint:
            batch = self.to_load(*numbers)
            self.fire()
            self.assertEqual(batch.state, "done")
            result = self.summarise()
            self.env.flush_all()
            savepoint.rollback()
            self.env.invalidate_all(flush=False)
        self.assertFalse(self.summarise())
        return result

    def test_the_job_reads_waits_and_loads(self):
        batch = self.hand_in(1, 2)
        self.fire()
        self.assertEqual((batch.state, batch.ready_count), ("checked", 2))
        self.fire()
        self.assertEqual((batch.state, batch.new_count), ("checked", 0))
        batch.action_load()
        self.fire()
        self.assertEqual((batch.state, batch.new_count), ("done", 2))

    def test_a_second_run_changes_nothing(self):
        batch = self.to_load(1, 2)
        self.fire()
        self.assertEqual(batch.state, "done")
        before = self.snapshot()
        self.fire()
        self.assertEqual(self.snapshot(), before)

    def test_every_action_wakes_the_job(self):
        cron = self.env.ref("cr_dealership.ir_cron_cr_import_run")
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", cron.id)]
        batch = self.hand_in(1)
        staged = triggers.search_count(domain)
        self.assertTrue(staged)
        self.fire()
        before = triggers.search_count(domain)
        batch.action_load()
        self.assertGreater(triggers.search_count(domain), before)

    def test_an_import_that_stopped_goes_on_to_the_same_result(self):
        expected = self.undisturbed(1, 2, 3, 4, 5)
        self.patch(cr_import_work_mixin, "LOAD_ROWS", 2)
        batch = self.to_load(1, 2, 3, 4, 5)
        loader = self.env.registry["cr.import.loader"]
        load, steps = loader._load_together, []

        def fail_in_the_middle(this, *args):
            steps.append(args)
            load(this, *args)
            if len(steps) == 2:
                raise RuntimeError("power cut")

        with patch.object(loader, "_load_together", fail_in_the_middle):
            with self.assertLogs(_LOGGER, "ERROR"):
                self.fire()
        self.assertEqual((batch.state, batch.new_count), ("failed", 2))
        self.assertIn("What was recorded before stays", batch.error)
        self.assertEqual(len(self.summarise()), 2)
        batch.action_retry()
        self.fire()
        self.assertEqual((batch.state, batch.new_count), ("done", 5))
        self.assertEqual(self.summarise(), expected)

    def test_a_job_that_died_goes_on_with_the_rows_that_are_left(self):
        expected = self.undisturbed(1, 2, 3)
        self.patch(cr_import_work_mixin, "LOAD_ROWS", 2)
        batch = self.to_load(1, 2, 3)
        with patch.object(
            self.env.registry["ir.cron"],
            "_commit_progress",
            lambda *_, **__: self.env.flush_all(),
        ):
            batch.sudo()._in_its_own_words()._step(float("inf"))
        self.assertEqual((batch.state, batch.ready_count), ("loading", 1))
        self.fire()
        self.assertEqual((batch.state, batch.new_count), ("done", 3))
        self.assertEqual(self.summarise(), expected)

    def test_cars_of_an_import_that_stopped_are_left_to_their_job(self):
        batch = self.to_load(1)
        batch.sudo()._in_its_own_words()._load_next(has_follower=True)
        self.env.flush_all()
        loader = self.env.registry["cr.import.loader.order"]
        with patch.object(loader, "_follow", side_effect=RuntimeError("power cut")):
            with self.assertLogs(_LOGGER, "ERROR"):
                self.fire()
        car = self.find_car(1)
        self.assertEqual((batch.state, car.facts_stale), ("failed", True))
        self.env["cr.vehicle"]._refresh_stale_facts(10)
        self.assertEqual((car.visit_count, car.facts_stale), (1, False))
        batch.action_retry()
        self.fire()
        self.assertEqual((batch.state, car.visit_count), ("done", 1))
        self.assertFalse(self.env["cr.import.follow"].search([]))

    def test_imports_of_a_store_are_loaded_in_the_order_of_their_release(self):
        first, second = self.hand_in(1), self.hand_in(2)
        self.fire()
        with freeze_time("2026-11-20 02:01:00"):
            second.action_load()
        with freeze_time("2026-11-20 02:02:00"):
            first.action_load()
        self.env.flush_all()
        self.assertEqual(self.env["cr.import.batch"]._next_to_run(), second)
        self.fire()
        self.assertEqual((first | second).mapped("state"), ["done", "done"])

    def test_the_records_bear_the_name_of_who_handed_the_file_in(self):
        self.to_load(1)
        self.fire()
        author = self.persona("head")
        order = self.find_order("RO-1")
        self.assertEqual(order.create_uid, author)
        self.assertEqual(order.partner_id.create_uid, author)
