import threading
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

_COUNT = 12


@tagged("post_install", "-at_install")
class TestCrComplaintConcurrency(BaseCase):
    """Two nodes run the ladder at once, each on his own connection: told once.

    The data is committed, for only then other connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.now = fields.Datetime.now() + timedelta(days=1)
            grade = env.ref("cr_complaints.cr_complaint_grade_minor")
            names = ("is_loud_at_night", "needs_verification")
            self.grade_values = {name: grade[name] for name in names}
            grade.is_loud_at_night = True
            holder = env["cr.role.holder"].create(
                {
                    "role_id": env.ref("cr_dealership.cr_role_cr_head").id,
                    "user_id": env.ref("base.user_admin").id,
                    "date_from": "2020-01-01",
                }
            )
            self.holder_id = holder.id
            complaints = env["cr.complaint"].create(
                [{"subject": f"Race {number}"} for number in range(_COUNT)]
            )
            self.complaint_ids = complaints.ids
            due = complaints.clock_ids.filtered(lambda one: one.next_at <= self.now)
            self.due = len(due)
            self.todo_counts = {
                complaint.id: len(complaint.activity_ids) for complaint in complaints
            }
        self.addCleanup(self.remove_data)

    def remove_data(self):
        """Remove what was committed, the log too, which nobody else may."""
        trigger = "TRIGGER cr_complaint_event_append_only"
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            complaints = env["cr.complaint"].browse(self.complaint_ids)
            cr.execute(f"ALTER TABLE cr_complaint_event DISABLE {trigger}")
            complaints.event_ids.unlink()
            complaints.with_context(_force_unlink=True).unlink()
            env["cr.role.holder"].browse(self.holder_id).unlink()
            env.ref("cr_complaints.cr_complaint_grade_minor").write(self.grade_values)
            env.flush_all()
            cr.execute(f"ALTER TABLE cr_complaint_event ENABLE {trigger}")

    def run_job(self, barrier, looked, limit):
        """Climb when both are ready, a few clocks a transaction, until none is due."""
        barrier.wait(timeout=60)
        while True:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                count = retrying(
                    lambda env=env: env["cr.complaint"]._escalate(self.now, limit), env
                )
            looked.append(count)
            if not count:
                return

    def race(self, limit):
        barrier, looked = threading.Barrier(2), ([], [])
        threads = [
            threading.Thread(target=self.run_job, args=(barrier, counts, limit))
            for counts in looked
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
            self.assertFalse(thread.is_alive())
        return looked

    def assert_told_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            complaints = env["cr.complaint"].browse(self.complaint_ids)
            for complaint in complaints:
                told = [
                    (alert.clock_id, alert.rung_id, alert.user_id)
                    for alert in complaint.alert_ids
                ]
                self.assertTrue(told)
                self.assertEqual(len(told), len(set(told)))
                # One to-do a person, however many clocks he was told of.
                todos = len(complaint.activity_ids) - self.todo_counts[complaint.id]
                self.assertEqual(todos, len(complaint.alert_ids.user_id))
                kinds = complaint.event_ids.mapped("kind")
                self.assertEqual(kinds.count("alerted"), len(told))
                missed = complaint.clock_ids.filtered("breached_at")
                self.assertEqual(kinds.count("breached"), len(missed))

    def test_two_nodes_tell_nobody_twice(self):
        first, second = self.race(limit=200)
        # Each clock belongs to one of them; the other had nothing to do.
        self.assertIn([0], (first, second))
        self.assert_told_once()

    def test_two_nodes_share_small_batches(self):
        first, second = self.race(limit=2)
        self.assertEqual(sum(first) + sum(second), self.due)
        self.assert_told_once()

    def test_of_two_who_close_at_once_one_is_told_that_it_is_closed(self):
        complaint_id, barrier, said = self.complaint_ids[0], threading.Barrier(2), []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            complaint = env["cr.complaint"].browse(complaint_id)
            complaint.grade_id.needs_verification = False
            complaint.write({"stage": "review", "solved_at": fields.Datetime.now()})

        def close():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                complaint = env["cr.complaint"].browse(complaint_id)
                # Both have seen that it is open.
                self.assertEqual(complaint.stage, "review")
                barrier.wait(timeout=60)
                try:
                    retrying(complaint.action_close, env)
                    said.append("")
                except UserError as error:
                    said.append(str(error))

        threads = [threading.Thread(target=close) for _one in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        said.sort()
        self.assertEqual(said[0], "", "one of them closes it")
        self.assertRegex(said[1], "closed")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            events = env["cr.complaint"].browse(complaint_id).event_ids
            self.assertEqual(events.mapped("kind").count("closed"), 1)

    def test_what_another_node_holds_is_left_to_it(self):
        with self.registry.cursor() as one, self.registry.cursor() as other:
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (one, other)]
            looked = [env["cr.complaint"]._escalate(self.now, 2) for env in envs]
            ids = [env["cr.complaint"].browse(self.complaint_ids) for env in envs]
            told = [{a.complaint_id.id for a in some.alert_ids} for some in ids]
            self.assertEqual(looked, [2, 2])
            self.assertTrue(all(told))
            self.assertFalse(told[0] & told[1])
