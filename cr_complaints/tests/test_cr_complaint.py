from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

# A Friday, 10 o'clock in the store.
NOW = "2026-11-20 02:00:00"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrComplaint(ComplaintCommon):
    """Recorded, graded, owned, planned, solved, verified, closed (CPL-01)."""

    def test_a_complaint_gets_number_grade_owner_and_clocks(self):
        complaint = self.make()
        self.assertRegex(complaint.name, r"^TS2026-\d{5}$")
        self.assertEqual(complaint.grade_id, self.grade("minor"))
        self.assertEqual(complaint.stage, "received")
        self.assertEqual(set(complaint.clock_ids.mapped("kind")), {
            "answer", "promise", "solve",
        })
        answer = self.clock(complaint, "answer")
        self.assertEqual(answer.deadline_at, self.local(20, 12))
        self.assertEqual(complaint.next_deadline_at, answer.deadline_at)
        self.assertEqual(complaint.role_id.code, "service_manager")

    def test_channel_and_facts_set_the_grade(self):
        cases = (
            ({"channel": "hotline"}, "major"),
            ({"channel": "consumer"}, "major"),
            ({"channel": "group"}, "major"),
            ({"is_media": True}, "crisis"),
            ({"is_crowd": True}, "crisis"),
            ({"is_injury": True}, "crisis"),
            ({"is_regulator": True}, "major"),
            ({"is_guarantee": True}, "complaint"),
            ({"demand_amount": 1000}, "complaint"),
            ({"demand_amount": 999}, "minor"),
        )
        for values, code in cases:
            with self.subTest(values=values):
                partner = self.make_partner()
                complaint = self.make(partner_id=partner.id, **values)
                self.assertEqual(complaint.grade_id, self.grade(code))
                self.assertTrue(complaint.grade_reason)

    def test_who_complains_again_is_graded_higher(self):
        first = self.make()
        second = self.make()
        self.assertTrue(second.is_repeat)
        self.assertEqual(second.event_ids.mapped("kind"), ["received"])
        self.assertEqual(second.grade_id, self.grade("complaint"))
        self.assertEqual(second.earlier_ids, first)

    def test_a_fact_that_becomes_known_raises_the_grade_and_the_owner(self):
        complaint = self.make()
        complaint.with_user(self.agent).is_media = True
        self.assertEqual(complaint.grade_id, self.grade("crisis"))
        self.assertEqual(complaint.owner_id, self.director)
        self.assertEqual(self.clock(complaint, "answer").target_hours, 0.5)

    def test_only_a_supervisor_lowers_a_grade_and_says_why(self):
        complaint = self.make(is_regulator=True)
        with self.assertRaisesRegex(AccessError, "lowers a grade"):
            complaint.with_user(self.agent)._set_grade(self.grade("minor"), "calm now")
        with self.assertRaisesRegex(UserError, "say why"):
            complaint.with_user(self.head)._set_grade(self.grade("minor"), " ")
        complaint.with_user(self.head)._set_grade(self.grade("minor"), "A mistake")
        self.assertEqual(complaint.grade_id, self.grade("minor"))

    def test_the_two_class_scheme_is_a_switch(self):
        self.store.cr_complaint_scheme_id = self.env.ref(
            "cr_complaints.cr_complaint_scheme_two"
        )
        self.assertEqual(self.make().grade_id, self.grade("ordinary"))
        self.assertEqual(
            self.make(channel="consumer").grade_id, self.grade("two_major")
        )

    def test_solved_on_the_spot_needs_the_answer_and_closes(self):
        complaint = self.make()
        with self.assertRaisesRegex(UserError, "write into “Result”"):
            complaint.action_on_the_spot()
        complaint.result = "Explained that the noise is the fuel pump"
        complaint.action_on_the_spot()
        self.assertEqual(complaint.stage, "closed")
        self.assertEqual(self.clock(complaint, "answer").state, "met")

    def test_a_grave_one_is_not_closed_on_the_spot(self):
        complaint = self.make(channel="consumer", result="Said sorry")
        with self.assertRaisesRegex(UserError, "not closed on the spot"):
            complaint.action_on_the_spot()

    def test_guards_say_what_is_missing(self):
        complaint = self.make(demand=False, category_id=False)
        with self.assertRaisesRegex(UserError, "still missing: .*What the customer"):
            complaint.action_next()
        complaint.write(
            {"demand": "Money", "category_id": self.prepare()["category_id"]}
        )
        complaint.action_next()
        self.assertEqual(complaint.stage, "classified")
        self.assertTrue(complaint.dispatched_at)
        complaint.action_next()
        with self.assertRaisesRegex(UserError, "Root cause"):
            complaint.action_next()

    def test_a_card_is_dragged_only_where_nothing_is_missing(self):
        complaint = self.make().with_user(self.head)
        complaint.stage = "classified"
        with self.assertRaisesRegex(UserError, "Root cause"):
            complaint.stage = "plan"
        with self.assertRaisesRegex(UserError, "by its buttons"):
            complaint.stage = "closed"
        with self.assertRaisesRegex(AccessError, "follows from what happens"):
            complaint.grade_id = self.grade("crisis")

    def test_the_whole_way_to_a_satisfied_customer(self):
        complaint = self.make()
        self.bring_to_handling(complaint)
        complaint.with_user(self.head)._set_grade(self.grade("grievance"), "Upset")
        with self.assertRaisesRegex(UserError, "carried out"):
            complaint.action_solved()
        self.solve(complaint)
        self.assertEqual(complaint.stage, "verification")
        call = complaint.callback_ids
        self.assertEqual((call.kind, call.state), ("complaint", "todo"))
        self.assertEqual(call.due_on, complaint.verify_by_on)
        with self.assertRaisesRegex(UserError, "follow-up call by somebody else"):
            complaint.action_close()
        session = self.take(call)
        verdict = self.env.ref("cr_complaints.cr_complaint_verdict_satisfied")
        self.finish(
            session, "reached", call, answers={call.id: {"reason_id": verdict.id}}
        )
        self.assertEqual((complaint.stage, complaint.is_satisfied), ("review", "yes"))
        self.assertEqual(complaint.verified_by_id, self.agent)
        self.assertEqual(complaint.satisfaction_after, "5")
        complaint.action_close()
        self.assertEqual(complaint.stage, "closed")
        with self.assertRaisesRegex(UserError, "closed already"):
            complaint.action_close()

    def test_a_dissatisfied_customer_opens_it_again_with_all_history(self):
        complaint = self.make()
        complaint.with_user(self.head)._set_grade(self.grade("grievance"), "Upset")
        with freeze_time("2026-11-20 05:00:00"):
            self.bring_to_handling(complaint)
            self.env["cr.complaint.clock"]._follow(complaint)
            self.assertTrue(self.clock(complaint, "answer").breached_at)
            self.solve(complaint)
            call = complaint.callback_ids
            session = self.take(call)
            verdict = self.env.ref("cr_complaints.cr_complaint_verdict_dissatisfied")
            said = {"reason_id": verdict.id, "note": "It still knocks"}
            self.finish(session, "reached", call, answers={call.id: said})
        self.assertEqual((complaint.stage, complaint.round), ("investigating", 2))
        self.assertTrue(self.clock(complaint, "answer", 1).breached_at)
        self.assertEqual(self.clock(complaint, "answer").state, "running")
        self.assertTrue(complaint.is_breached, "what was missed stays in sight")
        log = complaint.event_ids.filtered(lambda one: one.kind == "reopened")
        self.assertEqual(log.text, "It still knocks")

    def test_who_handled_it_does_not_verify_it(self):
        complaint = self.make()
        self.bring_to_handling(complaint)
        complaint.measure_ids.user_id = self.agent
        complaint.with_user(self.head)._set_grade(self.grade("grievance"), "Upset")
        self.solve(complaint)
        with self.assertRaisesRegex(UserError, "somebody else asks"):
            self.take(complaint.callback_ids)

    def test_the_log_is_never_changed(self):
        complaint = self.make()
        with self.assertRaises(DatabaseError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE cr_complaint_event SET at = now() WHERE complaint_id = %s",
                [complaint.id],
            )

    def test_a_pause_needs_a_reason_and_ends(self):
        complaint = self.make()
        with self.assertRaisesRegex(UserError, "ends within 24 working hours"):
            complaint._pause("Waits for parts", self.local(30, 10))
        with self.assertRaisesRegex(UserError, "say why"):
            complaint._pause(" ", self.local(20, 14))
        complaint._pause("Waits for parts", self.local(20, 14))
        answer = self.clock(complaint, "answer")
        self.assertEqual((answer.state, answer.deadline_at), ("paused", False))
        self.assertEqual(answer.left_hours, 2)
        with freeze_time(self.local(20, 14, 3)):
            self.env["cr.complaint"]._end_pauses(self.local(20, 14, 3))
        self.assertFalse(complaint.is_paused)
        self.assertEqual(answer.state, "running")
        self.assertEqual(answer.deadline_at, self.local(20, 16))

    def test_the_deadline_follows_from_the_log(self):
        complaint = self.make()
        with freeze_time(self.local(20, 11)):
            complaint._pause("Waits for parts", self.local(20, 15))
        with freeze_time(self.local(20, 15)):
            complaint._resume()
            complaint.is_regulator = True
        with freeze_time(self.local(20, 16)):
            complaint._answer("We look at it", self.local(21, 10))
        found = complaint.clock_ids._recompute_from_log()
        self.assertEqual(len(found), 3)
        for one, deadline in found.items():
            self.assertEqual(one.deadline_at, deadline, one.kind)

    def test_a_promise_is_a_deadline(self):
        complaint = self.make()
        promised = self.local(20, 11)
        form = Form(
            self.env["cr.complaint.tell"].with_context(
                default_complaint_id=complaint.id
            )
        )
        form.text = "The part comes at eleven"
        form.until_at = promised
        form.save().action_apply()
        self.assertEqual(self.clock(complaint, "promise").deadline_at, promised)
        self.assertEqual(self.clock(complaint, "answer").state, "met")
        touch = self.env["cr.care.touch"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertFalse(touch.is_counted)

    def test_a_batch_takes_as_many_queries_as_one(self):
        def count(number):
            vals = [
                self.prepare(partner_id=self.make_partner().id) for _i in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["cr.complaint"].create(vals)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(12), count(1))

    def test_a_used_category_is_kept(self):
        complaint = self.make()
        with self.assertRaisesRegex(UserError, "switch it off"):
            complaint.category_id.unlink()

    def test_compensation_is_signed_by_somebody_else_and_by_amount(self):
        complaint = self.make()
        cheap, dear = self.env["cr.complaint.compensation"].create(
            [
                {"complaint_id": complaint.id, "kind": "gift", "amount": amount}
                for amount in (300, 3000)
            ]
        )
        (cheap | dear).with_user(self.head).action_ask()
        with self.assertRaisesRegex(UserError, "somebody else signs"):
            cheap.with_user(self.head).action_approve()
        with self.assertRaisesRegex(AccessError, "the general manager decides"):
            dear.with_user(self.manager).action_approve()
        complaint.reader_ids |= self.manager
        cheap.with_user(self.manager).action_approve()
        dear.with_user(self.director).action_approve()
        self.assertEqual(complaint.cost, 3300)

    def test_an_outside_body_has_its_clock_beside_ours(self):
        complaint = self.make(channel="consumer")
        body = self.env.ref("cr_complaints.cr_complaint_outside_body_12315")
        complaint.outside_ids = [(0, 0, {"body_id": body.id, "reference": "A-7"})]
        clock = self.clock(complaint, "outside")
        self.assertEqual(clock.deadline_at, self.local(1, 18, month=12))
        self.assertEqual(len(complaint.outside_ids.document_ids), 4)
        complaint.outside_ids.closed_on = "2026-11-24"
        self.assertEqual(clock.state, "met")

    def test_a_call_becomes_a_complaint(self):
        call = self.make_callback(vehicle_id=self.car.id)
        action = call.action_make_complaint()
        form = Form(self.env["cr.complaint"].with_context(**action["context"]))
        form.subject = "Was rude"
        complaint = form.save()
        self.assertEqual(complaint.channel, "callback")
        self.assertEqual(complaint.partner_id, call.partner_id)
        self.assertTrue(call.has_open_complaint)
        self.assertEqual(call.action_make_complaint()["res_id"], complaint.id)

    def test_similar_cases_are_offered(self):
        case = self.env["cr.complaint.case"].create(
            {
                "name": "Gearbox knocks when shifting",
                "company_id": self.store.id,
                "cause": "Mount not tightened",
                "part": "gearbox",
            }
        )
        self.env["cr.complaint.case"].create(
            {"name": "Paint", "company_id": self.store.id, "cause": "Stone chips"}
        )
        self.assertEqual(self.make(part="gearbox", category_id=False).similar_ids, case)

    def test_a_complaint_about_the_advisor_proposes_a_deduction_once(self):
        advisor = self.env["hr.employee"].create(
            {"name": "Zhao", "company_id": self.store.id}
        )
        order = self.make_order(self.car, self.TODAY)
        order.advisor_id = advisor
        reception = self.env.ref("cr_complaints.cr_complaint_category_attitude_1")
        complaint = self.make(category_id=reception.id, order_id=order.id)
        complaint.result = "Apology by the service manager"
        complaint.action_on_the_spot()
        entries = self.env["cr.reward.entry"]
        entry = entries.search([("employee_id", "=", advisor.id)])
        self.assertEqual((entry.amount, entry.state), (-50, "proposed"))
        self.assertIn(complaint.name, entry.reason)
        complaint._reopen("He calls again")
        complaint.action_on_the_spot()
        self.assertEqual(entries.search([("employee_id", "=", advisor.id)]), entry)
        guest = self.make_partner()
        other = self.make(partner_id=guest.id, vehicle_id=False, order_id=order.id)
        other.result = "Explained"
        other.action_on_the_spot()
        self.assertEqual(entries.search([("employee_id", "=", advisor.id)]), entry)

    def test_complaints_are_not_deleted(self):
        with self.assertRaisesRegex(UserError, "kept for good"):
            self.make().unlink()

    def test_the_story_and_the_churn_score_know_it(self):
        complaint = self.make()
        story = self.env["cr.story"].get_story("res.partner", self.customer.id)
        self.assertIn("complaint", [entry["kind"] for entry in story["entries"]])
        complainers = self.env["cr.vehicle"]._get_churn_complainers(
            self.customer, self.TODAY
        )
        self.assertEqual(complainers, self.customer)
        before = self.TODAY - timedelta(days=1)
        self.assertFalse(
            self.env["cr.vehicle"]._get_churn_complainers(self.customer, before)
        )
        self.assertEqual(self.car.open_complaint_count, 1)
        complaint.result = "Explained"
        complaint.action_on_the_spot()
        self.env.invalidate_all()
        self.assertEqual(self.customer.cr_open_complaint_count, 0)
