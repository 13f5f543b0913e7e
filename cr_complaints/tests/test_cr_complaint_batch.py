from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .complaint_common import ComplaintCommon

NOW = "2026-11-20 02:00:00"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrComplaintBatch(ComplaintCommon):
    """The job takes a batch at once, and leaves nothing due behind (CPL-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grade = cls.grade("minor")
        grade.rung_ids.unlink()
        cls.role = cls.env.ref("cr_dealership.cr_role_service_manager")
        cls.rung = cls.env["cr.complaint.rung"].create(
            {
                "grade_id": grade.id,
                "clock": "answer",
                "after_hours": 1,
                "role_id": cls.role.id,
                "ack_minutes": 30,
                "silent_hours": 2,
            }
        )

    def run_at(self, hour, minute=0):
        moment = self.local(20, hour, minute)
        with freeze_time(moment):
            looked = self.env["cr.complaint"]._escalate(moment)
            self.assertEqual(self.env["cr.complaint"]._escalate(moment), 0)
        return looked

    def make_some(self, count):
        """Return complaints whose answers are all due at twelve."""
        # Somebody new: who complains again is graded higher.
        values = self.prepare(partner_id=self.make_partner().id)
        return self.env["cr.complaint"].create([values] * count)

    def test_twenty_cost_as_many_queries_as_one(self):
        moment = self.local(20, 14, 0)
        counts = []
        for many in (1, 1, 20):
            complaints = self.make_some(many)
            with freeze_time(moment):
                counts.append(
                    self.count_queries(self.env["cr.complaint"]._escalate, moment)
                )
            self.assertEqual(len(complaints.alert_ids), many)
        # The first one of all fills caches.
        self.assertEqual(counts[1], counts[2])

    def test_climbing_over_twenty_costs_as_many_queries_as_one(self):
        counts = []
        for many in (1, 1, 20):
            complaints = self.make_some(many)
            self.run_at(14, 0)
            moment = self.local(20, 14, 30)
            with freeze_time(moment):
                counts.append(
                    self.count_queries(self.env["cr.complaint"]._escalate, moment)
                )
            self.assertEqual(len(complaints.alert_ids), 2 * many)
            complaints.with_user(self.manager)._answer("Found")
        self.assertEqual(counts[1], counts[2])

    def test_nobody_on_duty_is_tried_again_and_does_not_hold_up_the_job(self):
        complaint = self.make_some(1)
        holders = self.env["cr.role.holder"].search([])
        holders.active = False
        self.assertEqual(self.run_at(14, 0), 1)
        self.assertFalse(complaint.alert_ids)
        self.assertNotIn("alerted", complaint.event_ids.mapped("kind"))
        self.assertEqual(
            self.clock(complaint, "answer").next_at, self.local(20, 14, 15)
        )
        holders.active = True
        self.run_at(14, 15)
        self.assertEqual(complaint.alert_ids.user_id, self.manager)

    def test_who_is_silent_is_climbed_over_once_somebody_is_on_duty(self):
        complaint = self.make_some(1)
        self.run_at(14, 0)
        holders = self.env["cr.role.holder"].search([])
        holders.active = False
        self.run_at(14, 30)
        self.assertEqual(complaint.alert_ids.state, "waiting")
        holders.active = True
        self.run_at(14, 45)
        self.assertEqual(complaint.alert_ids.sorted("id").mapped("turn"), [0, 1])

    def test_two_holders_are_told_once_a_turn(self):
        self.hold(self.role, self.second_agent(3))
        complaint = self.make_some(1)
        for count, (hour, minute) in enumerate(((14, 0), (14, 30), (15, 0)), 1):
            self.run_at(hour, minute)
            self.assertEqual(len(complaint.alert_ids), 2 * count)

    def test_the_clock_of_an_outside_body_runs_out_once(self):
        complaint = self.make_some(1)
        body = self.env["cr.complaint.outside.body"].search([], limit=1)
        outside = self.env["cr.complaint.outside"].create(
            {"complaint_id": complaint.id, "body_id": body.id}
        )
        clock = complaint.clock_ids.filtered(lambda one: one.outside_id == outside)
        complaint.with_user(self.manager)._answer("Found")
        # Due in the evening: looked at then, and again when the store works.
        deadline = clock.deadline_at
        for _look in range(2):
            moment = clock.next_at
            with freeze_time(moment):
                self.assertTrue(self.env["cr.complaint"]._escalate(moment))
                self.assertFalse(self.env["cr.complaint"]._escalate(moment))
        self.assertEqual(clock.breached_at, deadline)
        texts = complaint.event_ids.filtered(lambda one: one.kind == "breached")
        self.assertEqual(texts.mapped("text").count("Outside body"), 1)
        self.assertFalse(clock.next_at)

    def test_the_minute_in_which_the_store_closes_still_counts(self):
        with freeze_time(self.local(20, 9)):
            complaint = self.make_some(1)
        self.run_at(12, 0)
        self.assertEqual(complaint.alert_ids.fired_at, self.local(20, 12))

    def test_what_is_not_due_costs_nothing(self):
        self.make_some(20)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env["cr.complaint"]._escalate(self.local(20, 10) - timedelta(days=1))
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
