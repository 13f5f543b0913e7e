from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.base.models import ir_cron

from ..models import cr_complaint_alert_mixin as alert_mixin
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

    def test_recording_many_costs_as_many_queries_as_one(self):
        # Odoo writes a hundred rows a statement; what is ours has one at any size.
        counts = []
        for many in (1, 1, 33):
            values = self.prepare(partner_id=self.make_partner().id)
            create = self.env["cr.complaint"].create
            counts.append(self.count_queries(create, [values] * many))
        self.assertEqual(counts[1], counts[2])

    def test_recording_none_is_nothing(self):
        self.assertFalse(self.env["cr.complaint"].create([]))

    def test_who_records_and_who_answers_follow_the_file(self):
        # What the tests of Odoo do without otherwise.
        loud = dict.fromkeys(("mail_create_nosubscribe", "tracking_disable"), False)
        model = self.env["cr.complaint"].with_user(self.agent).with_context(**loud)
        complaint = model.create(self.prepare()).with_env(self.env)
        self.assertNotEqual(complaint.owner_id, self.agent)
        people = (self.agent | complaint.activity_ids.user_id).partner_id
        self.assertLessEqual(people, complaint.message_partner_ids)
        subtypes = self.env["mail.message.subtype"].default_subtypes("cr.complaint")[0]
        for follower in complaint.message_follower_ids:
            self.assertEqual(follower.subtype_ids, subtypes)

    def test_who_answers_follows_the_roster_at_once(self):
        complaint, other = self.make_some(1), self.second_agent(3)
        self.assertNotEqual(complaint.owner_id, other)
        self.hold(complaint._get_owner_role(), other)
        self.assertEqual(self.make_some(1).owner_id, other)
        self.env["cr.absence"].create(
            {
                "user_id": other.id,
                "date_from": "2026-11-20",
                "date_to": "2026-11-20",
                "substitute_id": self.manager.id,
            }
        )
        self.assertEqual(self.make_some(1).owner_id, self.manager)

    def test_a_changed_preset_counts_at_once(self):
        complaint = self.make_some(1)
        scheme = complaint.grade_id.scheme_id
        grave = scheme.grade_ids.sorted("level")[-1]
        rule = self.env["cr.complaint.rule"].create(
            {"scheme_id": scheme.id, "channel": "phone", "grade_id": grave.id}
        )
        self.assertEqual(self.make_some(1).grade_id, grave)
        rule.unlink()
        self.assertEqual(self.make_some(1).grade_id, complaint.grade_id)

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

    def test_of_two_holders_one_answer_is_enough(self):
        second = self.second_agent(3)
        self.hold(self.role, second)
        complaint = self.make_some(1)
        self.run_at(14, 0)
        first, other = (
            complaint.alert_ids.filtered(lambda one, user=user: one.user_id == user)
            for user in (self.manager, second)
        )
        todo = other.activity_id
        self.assertEqual((todo.user_id, todo.res_id), (second, complaint.id))
        with freeze_time(self.local(20, 14, 10)):
            complaint.with_user(self.manager).action_acknowledge()
        self.assertEqual((first.state, other.state), ("acknowledged", "taken"))
        self.assertFalse(other.next_at)
        self.assertFalse(todo.exists(), "the other has nothing to do any more")
        self.assertTrue(first.activity_id)
        [text] = complaint.event_ids.filtered(
            lambda one: one.kind == "acknowledged"
        ).mapped("text")
        self.assertIn(f"{self.manager.name} takes care of it", text)
        self.assertIn(f"no longer asked: {second.name}", text)
        # Nobody is climbed over for the other; only silence of the first climbs.
        self.run_at(14, 30)
        self.assertEqual(len(complaint.alert_ids), 2)
        self.assertFalse(complaint.with_user(second).is_climbing_to_me)
        self.run_at(16, 10)
        self.assertEqual(len(complaint.alert_ids), 4)

    def test_two_answers_noted_at_once_are_one(self):
        self.hold(self.role, self.second_agent(3))
        complaint = self.make_some(1)
        self.run_at(14, 0)
        complaint.alert_ids.with_user(self.head).action_acknowledge_phone()
        states = sorted(complaint.alert_ids.mapped("state"))
        self.assertEqual(states, ["acknowledged", "taken"])

    def count_for_each(self, work):
        """Return the queries of a piece of work on the alerts of 1 and of 100."""
        counts = []
        for many in (1, 1, 100):
            complaints = self.make_some(many)
            self.run_at(14, 0)
            # Browsed anew: what was read of the complaints is to be forgotten.
            alerts = self.env["cr.complaint.alert"].browse(complaints.alert_ids.ids)
            alerts = alerts.with_user(self.manager)
            self.assertEqual(len(alerts), many)
            with freeze_time(self.local(20, 14, 10)):
                counts.append(self.count_queries(work, alerts))
            self.assertEqual(set(alerts.mapped("state")), {"acknowledged"})
            complaints.with_user(self.manager)._answer("Found")
        return counts[1:]

    def test_acknowledging_a_hundred_costs_as_many_queries_as_one(self):
        one, hundred = self.count_for_each(lambda some: some.action_acknowledge())
        self.assertEqual(one, hundred)

    def test_work_on_a_hundred_costs_as_many_queries_as_one(self):
        one, hundred = self.count_for_each(
            lambda some: some._note_work(some.sudo().complaint_id)
        )
        self.assertEqual(one, hundred)

    def test_waiting_counts_the_time_of_the_rung(self):
        # Told at half past eleven; lunch is from twelve to one.
        self.rung.after_hours = -0.5
        cases = (
            # time, minutes to acknowledge, climbs at; acknowledged: silent until
            ("working", (13, 15), (14, 45)),
            ("wall", (12, 15), (13, 45)),
        )
        for waits_in, climbs, silent in cases:
            with self.subTest(waits_in=waits_in):
                self.rung.write({"waits_in": waits_in, "ack_minutes": 45})
                complaint = self.make_some(1)
                self.run_at(11, 30)
                alert = complaint.alert_ids
                self.assertEqual(alert.next_at, self.local(20, *climbs))
                with freeze_time(self.local(20, 11, 45)):
                    complaint.with_user(self.manager).action_acknowledge()
                self.assertEqual(alert.next_at, self.local(20, *silent))

    def test_a_grade_of_day_and_night_waits_by_the_clock_on_the_wall(self):
        self.grade("minor").is_loud_at_night = True
        self.rung.after_hours = -0.5
        complaint = self.make_some(1)
        self.run_at(11, 45)
        self.assertEqual(complaint.alert_ids.next_at, self.local(20, 12, 15))

    def test_the_job_finds_what_is_due_by_its_index(self):
        self.make_some(3)
        self.env.flush_all()
        query = self.env["cr.complaint"]._get_due_query(self.local(20, 14), 200)
        # A table of a few rows is read faster without any index: see tests/bench for
        # what the planner chooses among many.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        plan = "\n".join(row[0] for row in rows)
        self.assertIn("cr_complaint_clock_next_index", plan)

    def test_the_job_says_how_many_are_left(self):
        self.make_some(3)
        progress = []
        self.patch(
            ir_cron.IrCron,
            "_commit_progress",
            lambda _cron, done=0, *, remaining=None, **_more: (
                progress.append((done, remaining)) or 60
            ),
        )
        self.patch(alert_mixin.CrComplaintAlertMixin._escalate, "__defaults__", (2,))
        with freeze_time(self.local(20, 14, 0)):
            self.env["cr.complaint"]._cron_escalate()
        self.assertEqual(progress[:2], [(2, 1), (1, 0)])

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
        self.assertEqual(texts.mapped("text").count(clock._get_kind_label()), 1)
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
