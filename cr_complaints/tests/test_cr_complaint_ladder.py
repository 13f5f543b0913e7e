from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon

NOW = "2026-11-20 02:00:00"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrComplaintLadder(ComplaintCommon):
    """Nobody answers: the next one is told, at the minute (CPL-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One rung before, one at, one after the deadline of the first answer.
        cls.grade("minor").rung_ids.unlink()
        cls.rungs = cls.env["cr.complaint.rung"].create(
            [
                {
                    "grade_id": cls.grade("minor").id,
                    "clock": "answer",
                    "after_hours": after,
                    "role_id": cls.env.ref(f"cr_dealership.cr_role_{role}").id,
                    "ack_minutes": 30,
                    "silent_hours": 2,
                }
                for after, role in (
                    (-0.25, "service_manager"),
                    (1, "cr_head"),
                    (2, "general_manager"),
                )
            ]
        )
        cls.complaint = cls.make()

    def run_at(self, hour, minute=0, day=20):
        moment = self.local(day, hour, minute)
        with freeze_time(moment):
            self.env["cr.complaint"]._escalate(moment)

    @property
    def told(self):
        return self.complaint.alert_ids.sorted("id").mapped("user_id")

    def test_each_rung_is_told_at_its_minute_and_once(self):
        # Due at 12: a quarter before, and with lunch an hour after is 14.
        self.run_at(11, 44)
        self.assertFalse(self.told)
        self.run_at(11, 45)
        self.run_at(11, 45)
        self.run_at(11, 50)
        self.assertEqual(self.told, self.manager)

    def test_who_does_not_acknowledge_is_climbed_over(self):
        self.run_at(11, 45)
        alert = self.complaint.alert_ids
        # A quarter of an hour before lunch, and one after it.
        self.assertEqual(alert.next_at, self.local(20, 13, 15))
        self.run_at(13, 15)
        self.assertEqual(self.told, self.manager | self.head)
        self.assertEqual(alert.state, "climbed")

    def test_who_acknowledges_and_stays_silent_is_climbed_over_too(self):
        self.rungs.silent_hours = 1
        self.run_at(11, 45)
        with freeze_time(self.local(20, 11, 50)):
            self.complaint.with_user(self.manager).action_acknowledge()
        self.run_at(13, 49)
        self.assertEqual(self.told, self.manager)
        self.run_at(13, 50)
        self.assertEqual(self.told, self.manager | self.head)

    def test_working_on_it_keeps_the_ladder_waiting(self):
        self.run_at(11, 45)
        with freeze_time(self.local(20, 11, 50)):
            complaint = self.complaint.with_user(self.manager)
            complaint._answer("We look at it today")
        alert = self.complaint.alert_ids
        self.assertEqual(alert.state, "acknowledged")
        self.run_at(17)
        self.assertEqual(self.told, self.manager)

    def test_an_answer_on_the_telephone_counts(self):
        self.run_at(11, 45)
        alert = self.complaint.alert_ids
        with self.assertRaisesRegex(UserError, "acknowledges himself"):
            alert.with_user(self.head).action_acknowledge()
        alert.with_user(self.head).action_acknowledge_phone()
        self.assertEqual(alert.acknowledged_how, "phone")

    def test_the_last_one_is_told_again(self):
        self.run_at(11, 45)
        for hour in (13, 14, 15, 16):
            self.run_at(hour, 59)
        users = self.complaint.alert_ids.sorted("id").mapped("user_id.id")
        self.assertEqual(users.count(self.manager.id), 1)
        self.assertGreaterEqual(
            len(self.complaint.alert_ids.filtered(
                lambda one: one.user_id == self.director
            )),
            2,
        )

    def test_a_major_one_that_is_not_solved_in_time_becomes_a_crisis(self):
        with freeze_time(self.local(20, 10)):
            major, plain = (
                self.make(partner_id=self.make_partner().id, channel=channel)
                for channel in ("consumer", "phone")
            )
        end = self.clock(major, "solve").deadline_at
        with freeze_time(end):
            while self.env["cr.complaint"]._escalate(end):
                pass
        self.assertEqual(major.grade_id, self.grade("crisis"))
        self.assertIn("graded", major.event_ids.mapped("kind"))
        self.assertEqual(plain.grade_id, self.grade("minor"))
        # The hours of the crisis count now; what was missed stays.
        self.assertTrue(self.clock(major, "solve").breached_at)

    def test_who_is_told_again_has_one_todo(self):
        self.run_at(11, 45)
        for hour in (13, 14, 15, 16):
            self.run_at(hour, 59)
        told = self.complaint.alert_ids.filtered(
            lambda one: one.user_id == self.director
        )
        self.assertGreaterEqual(len(told), 2)
        self.assertEqual(len(told.activity_id), 1)
        todos = self.complaint.activity_ids.filtered(
            lambda one: one.user_id == self.director
        )
        self.assertEqual(todos, told.activity_id)

    def test_a_missed_deadline_is_noted_and_stays(self):
        self.run_at(13, 1)
        clock = self.clock(self.complaint, "answer")
        self.assertEqual(clock.breached_at, self.local(20, 12))
        kinds = self.complaint.event_ids.mapped("kind")
        self.assertEqual(kinds.count("breached"), 1)
        self.run_at(13, 30)
        self.assertEqual(self.complaint.event_ids.mapped("kind").count("breached"), 1)

    def test_who_answers_too_late_before_the_job_runs_is_noted_too(self):
        with freeze_time(self.local(20, 12, 30)):
            self.complaint._answer("Sorry for being late")
        self.run_at(13, 1)
        breaches = self.complaint.event_ids.filtered(
            lambda one: one.kind == "breached"
        )
        self.assertEqual(len(breaches), 1)
        self.assertEqual(self.clock(self.complaint, "answer").state, "missed")

    def test_nobody_is_woken_unless_it_is_grave(self):
        with freeze_time(self.local(20, 16, 50)):
            late = self.make(partner_id=self.make_partner().id)
        self.run_at(23, 0)
        self.assertFalse(late.alert_ids)
        clock = self.clock(late, "answer")
        self.assertTrue(clock.next_at > self.local(21, 7))
        with freeze_time(self.local(20, 16, 50)):
            crisis = self.make(partner_id=self.make_partner().id, is_media=True)
        self.run_at(23, 0)
        self.assertTrue(crisis.alert_ids)

    def test_the_job_does_nothing_twice(self):
        with freeze_time(self.local(20, 13, 10)), self.enter_registry_test_mode():
            cron = self.env.ref("cr_complaints.ir_cron_complaint_escalate")
            cron.method_direct_trigger()
            first = len(self.complaint.alert_ids), len(self.complaint.event_ids)
            cron.method_direct_trigger()
        self.env.invalidate_all()
        second = len(self.complaint.alert_ids), len(self.complaint.event_ids)
        self.assertEqual(first, second)

    def test_a_solved_complaint_climbs_no_more(self):
        self.run_at(11, 45)
        with freeze_time(self.local(20, 11, 50)):
            self.complaint.result = "Explained"
            self.complaint.action_on_the_spot()
        self.assertFalse(self.clock(self.complaint, "answer").next_at)
        self.run_at(17)
        self.assertEqual(len(self.complaint.alert_ids), 1)

    def test_an_absent_manager_is_stood_in_for(self):
        stand_in = self.second_agent(3)
        role = self.env.ref("cr_dealership.cr_role_service_manager")
        self.env["cr.role.holder"].search([("role_id", "=", role.id)]).unlink()
        self.hold(role, stand_in)
        self.run_at(11, 45)
        self.assertEqual(self.told, stand_in)

    def test_what_is_not_due_costs_nothing(self):
        before = self.env.cr.sql_log_count
        self.env["cr.complaint"]._escalate(self.local(20, 10) - timedelta(days=1))
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
