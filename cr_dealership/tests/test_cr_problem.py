from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .callback_common import NOW
from .problem_common import ProblemCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrProblem(ProblemCommon):
    """A grievance is a problem with owner and deadline before the agent hangs up."""

    def test_a_grievance_gets_department_owner_deadline_and_to_do(self):
        problem = self.note()
        self.assertEqual(problem.department_id, self.service)
        self.assertEqual(problem.owner_id, self.manager)
        self.assertEqual(problem.state, "new")
        # Eight working hours from Friday 10:00: the store closes at 17:00.
        self.assertGreater(problem.deadline_at, datetime(2026, 11, 23))
        self.assertEqual(problem.climb_at, problem.deadline_at)
        self.assertEqual(problem.sudo().activity_ids.user_id, self.manager)
        self.assertEqual(
            self.messages(problem).notified_partner_ids, self.manager.partner_id
        )

    def messages(self, problem):
        """Return what people were told of a problem directly."""
        return self.env["mail.message"].search(
            [
                ("model", "=", problem._name),
                ("res_id", "=", problem.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_the_lane_of_the_call_names_the_department(self):
        callback = self.make_callback(kind="ssi", vehicle_id=self.car.id)
        problem = self.note(callback)
        self.assertEqual(problem.department_id, self.sales)

    def test_an_answer_opens_one_problem_however_often_it_is_saved(self):
        callback = self.make_callback()
        line = self.line(callback, step="Repair work")
        first = self.open_problems([line, {**line, "step": "Billing"}])
        again = self.open_problems([{**line, "step": "Billing"}, line])
        self.assertEqual(first.ids, list(reversed(again.ids)))
        self.assertEqual(len(set(first.ids)), 2)
        self.assertEqual(first[0].step_id.name, "Repair work")

    def test_the_cost_does_not_depend_on_the_number_of_lines(self):
        callbacks = [self.make_callback() for _number in range(9)]
        one = [self.line(callbacks[0], step="A")]
        few = self.count_queries(self.open_problems, one)
        many = self.count_queries(
            self.open_problems, [self.line(one, step="B") for one in callbacks[1:]]
        )
        self.assertLessEqual(many, few + 4)

    def test_a_low_score_without_words_is_still_a_problem(self):
        problem = self.open_problems([self.line(self.make_callback(), text=" ")])
        self.assertTrue(problem.text)
        self.assertTrue(problem.name)

    def test_markup_in_what_was_said_stays_text(self):
        problem = self.note(text="<b>Brakes</b> <script>alert(1)</script>")
        body = self.messages(problem).body
        self.assertNotIn("<script>", body)
        self.assertIn("&lt;b&gt;", body)

    # === DEPARTMENT === #

    def test_without_post_the_manager_owns_it_and_without_him_the_head(self):
        self.service.cr_role_id = False
        self.assertEqual(self.note().owner_id, self.head)
        employee = self.make_employee(user_id=self.manager.id)
        self.service.manager_id = employee
        self.assertEqual(self.note().owner_id, self.manager)

    def test_the_wrong_department_hands_it_on(self):
        problem = self.note()
        self.as_user(problem, self.manager).department_id = self.sales
        self.assertEqual(problem.owner_id, self.seller)
        self.assertEqual(problem.sudo().activity_ids.user_id, self.seller)

    def test_a_department_sees_its_own_problems_only(self):
        mine, other = self.note(), self.note(self.make_callback(kind="ssi"))
        seen = self.as_user(self.env["cr.problem"], self.manager).search([])
        self.assertIn(mine, seen)
        self.assertNotIn(other, seen)
        with self.assertRaises(AccessError):
            self.as_user(other, self.manager).read(["text"])
        self.assertIn(other, self.as_user(mine, self.agent).search([]))

    def test_nobody_closes_without_a_solution(self):
        problem = self.as_user(self.note(), self.manager)
        for action in (problem.action_solve, problem.action_withdraw):
            with self.assertRaisesRegex(UserError, "Solution or answer"):
                action()
        with self.assertRaises(AccessError):
            problem.state = "closed"
        with self.assertRaises(AccessError):
            self.as_user(problem, self.head).unlink()

    def test_a_promise_is_followed_until_it_is_carried_out(self):
        problem = self.as_user(self.note(), self.manager)
        problem.write(
            {"solution": "New pads", "implement_by": self.TODAY + timedelta(days=5)}
        )
        problem.action_solve()
        self.assertFalse(problem.implemented_on)
        problem.action_implemented()
        self.assertEqual(problem.implemented_on, self.TODAY)

    # === LOOP === #

    def test_the_solution_opens_the_second_callback_until_he_is_satisfied(self):
        problem = self.solved()
        call = problem.callback_ids
        self.assertEqual(
            (call.kind, call.agent_id, call.problem_round, call.due_on),
            ("followup", self.agent, 1, self.TODAY),
        )
        self.say(call, "dissatisfied", "Still squeals")
        self.assertEqual((problem.state, problem.dissatisfied_count), ("new", 1))
        self.assertEqual(problem.sudo().activity_ids.user_id, self.manager)
        self.solve(problem, "Pads exchanged again")
        call = problem.callback_ids - call
        self.assertEqual(call.problem_round, 2)
        self.say(call, "satisfied")
        self.assertEqual((problem.state, problem.result), ("closed", "satisfied"))
        self.assertEqual(problem.callback_count, 2)
        self.assertEqual(set(problem.callback_ids.mapped("state")), {"done"})

    def test_whoever_was_reached_must_have_given_his_verdict(self):
        call = self.solved().callback_ids
        with self.assertRaisesRegex(UserError, "satisfied with the solution"):
            self.finish(self.take(call), "reached", call)

    def test_what_cannot_be_changed_notes_whether_it_was_accepted(self):
        problem = self.solved(is_unchangeable=True)
        session = self.take(problem.callback_ids)
        cards = {card["id"]: card for card in session.get_workplace()["callbacks"]}
        card = cards[problem.callback_ids.id]
        self.assertEqual(
            {answer["id"] for answer in card["answers"]},
            {self.verdict("accepted").id, self.verdict("not_accepted").id},
        )
        self.assertEqual(card["problem"]["solution"], "New pads")
        session.release()
        self.say(problem.callback_ids, "not_accepted", "No!")
        self.assertEqual((problem.state, problem.result), ("closed", "not_accepted"))

    def test_who_refuses_to_talk_closes_it_unheard(self):
        call = self.solved().callback_ids
        self.finish(self.take(call), "refused", call)
        self.assertEqual(call.problem_id.result, "unheard")

    def test_a_call_that_nobody_made_is_opened_again(self):
        problem = self.solved()
        problem.callback_ids._after_missed()
        self.assertEqual(problem.callback_count, 2)
        self.assertEqual(problem.state, "calling")

    def test_a_cancelled_call_gives_the_problem_back(self):
        problem = self.solved()
        problem.callback_ids._cancel()
        self.assertEqual(problem.state, "new")

    def test_a_call_recorded_wrongly_waits_for_the_answer_again(self):
        problem = self.solved()
        call = problem.callback_ids
        self.say(call, "satisfied")
        call._undo_attempt()
        self.assertEqual((problem.state, problem.result), ("calling", False))
        self.say(call, "dissatisfied", "No")
        self.assertEqual(problem.state, "new")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCallbackNote(ProblemCommon):
    """What the agent takes down while he talks with the customer."""

    def write_down(self, callback=None, **values):
        callback = callback or self.make_callback(vehicle_id=self.car.id)
        action = self.as_user(callback, self.agent).action_take_down()
        notes = self.as_user(self.env["cr.callback.note"], self.agent)
        note = notes.with_context(**action["context"]).create(
            {"text": "Brakes squeal", **values}
        )
        return note, callback

    def test_one_click_opens_it_once(self):
        note, callback = self.write_down()
        self.assertEqual(note.department_id, self.service)
        self.assertEqual(note.owner_id, self.manager)
        note.action_save()
        note.action_save()
        self.assertEqual(callback.raised_ids.owner_id, self.manager)
        self.assertEqual(len(callback.raised_ids), 1)

    def test_answered_at_once_is_closed_with_the_answer(self):
        note, callback = self.write_down(way="at_once")
        with self.assertRaisesRegex(UserError, "was told"):
            note.action_save()
        note.answer = "It is the rain; it goes away after two stops."
        note.is_accepted = False
        with self.assertRaisesRegex(UserError, "not content"):
            note.action_save()
        note.is_accepted = True
        note.action_save()
        problem = callback.raised_ids
        self.assertEqual((problem.state, problem.result), ("closed", "at_once"))
        self.assertEqual(problem.solution, note.answer)
        self.assertFalse(problem.callback_ids)
        self.assertFalse(problem.sudo().activity_ids)

    def test_an_explanation_notes_whether_it_was_accepted(self):
        note, callback = self.write_down(
            way="explained", answer="The price is the maker's.", is_accepted=False
        )
        note.action_save()
        self.assertEqual(callback.raised_ids.result, "not_accepted")

    def test_a_question_waits_for_the_expert(self):
        note, callback = self.write_down(kind="question")
        note.action_save()
        problem = callback.raised_ids
        self.assertEqual((problem.kind, problem.owner_id), ("question", self.manager))
        self.solve(problem, "Every 10,000 km")
        self.assertEqual(problem.callback_ids.agent_id, self.agent)

    def test_a_repair_that_is_not_solved_invites_to_a_check(self):
        order = self.make_order(self.car, self.TODAY - timedelta(days=3))
        order.customer_words = "Noise"
        callback = self.make_callback(vehicle_id=self.car.id, order_id=order.id)
        slots = self.env["cr.appointment.slot"]
        slots._ensure(self.store)
        slot = slots.search(
            [("company_id", "=", self.store.id), ("bay_kind", "=", "repair")]
        ).filtered(lambda one: one.day > self.TODAY)[0]
        note, callback = self.write_down(
            callback, is_unrepaired=True, slot_id=slot.id, text="It is still there"
        )
        note.action_save()
        problem = callback.raised_ids
        self.assertEqual(problem.order_id, order)
        self.assertEqual(order.customer_words, "Noise; It is still there")
        self.assertEqual(problem.appointment_ids.state, "confirmed")
        self.assertEqual(problem.appointment_ids.slot_id, slot)
        problem.check_result = "Pad spring was missing"
        self.assertEqual(problem.check_result, "Pad spring was missing")

    def test_the_workplace_warns_of_open_problems(self):
        self.note()
        session = self.take(self.make_callback())
        texts = [alert["text"] for alert in session.get_workplace()["alerts"]]
        self.assertTrue([text for text in texts if "Brakes squeal" in text])
