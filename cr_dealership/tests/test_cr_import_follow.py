import math
from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time

from odoo.tests import tagged

from ..models.cr_import_follow import Follower
from .import_common import NOW, ImportCommon, make_xlsx


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportFollow(ImportCommon):
    """Facts follow the rows of an import, whoever is still there to work them out."""

    def record(self, *rows):
        """Have rows recorded, leaving to somebody else what follows."""
        content = make_xlsx(self.sheet("order", *rows))
        batch = self.check(self.receive(content))
        batch.action_load()
        batch.sudo()._in_its_own_words()._load_next(has_follower=True)
        self.env.flush_all()
        return batch

    def find_notes(self, batch):
        """Return what is still to be worked out."""
        return self.env["cr.import.follow"].search([("batch_id", "=", batch.id)])

    def test_what_nobody_worked_out_is_done_by_the_next_run(self):
        batch = self.record(self.order("RO-1"), self.order("RO-2", 2))
        order = self.find_order("RO-1")
        self.assertEqual((batch.state, batch.new_count), ("loading", 2))
        orders = order | self.find_order("RO-2")
        self.assertEqual(self.find_notes(batch).records, sorted(orders.ids))
        self.assertFalse(order.vehicle_id.visit_count)
        self.work(batch)
        self.assertEqual(batch.state, "done")
        self.assertFalse(self.find_notes(batch))
        self.assertEqual(order.vehicle_id.visit_count, 1)
        self.assertTrue(order.partner_id.cr_last_visit_on)

    def test_a_record_that_is_gone_meanwhile_is_left_out(self):
        batch = self.record(self.order("RO-1", state="未结算", out_at=""))
        car = self.find_car(1)
        self.find_order("RO-1").unlink()
        self.work(batch)
        self.assertEqual((batch.state, car.visit_count), ("done", 0))

    def test_the_newest_visit_counts_before_its_facts_have_followed(self):
        batch = self.record(self.order("RO-1", plate="赣D99999"))
        older = self.order("RO-0", in_at="2026-10-01 09:00", out_at="2026-10-01 12:00")
        self.bring("order", {**older, "plate": "赣D11111"})
        self.assertEqual(self.find_car(1).plate, "赣D99999")
        self.work(batch)
        self.assertEqual(self.find_car(1).visit_count, 2)

    def test_after_a_conflict_the_step_is_done_while_the_follower_waits(self):
        batch = self.record(self.order("RO-1")).sudo()
        follower, turns, step = Follower(batch), [], type(batch)._step

        def stumble(one, until, helper=None):
            turns.append(helper.turn.locked())
            if len(turns) == 1:
                raise psycopg2.errors.SerializationFailure
            return step(one, until, helper)

        with (
            patch.object(type(batch), "_step", stumble),
            patch.object(self.env.cr, "rollback"),
        ):
            batch._run_steps(math.inf, follower)
        self.assertEqual(turns[:3], [False, True, False])
        self.assertEqual(batch.state, "done")
