from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import RestrictViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW
from .interview_common import InterviewCommon

LATER = "2026-11-20 06:30:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrInterviewCall(InterviewCommon):
    """The interview in the call: each answer is saved at once."""

    def setUp(self):
        super().setUp()
        self.callback = self.make_order_callback()
        self.session = self.take(self.callback)

    def save(self, number, value, part="answer", session=None):
        session = session or self.session
        return session.save_answer(
            self.callback.id, self.question(number).id, value, part
        )

    def interview(self):
        return self.interviews.search([("callback_id", "=", self.callback.id)])

    def valid(self, number, part="answer"):
        return self.interview()._get_valid(self.question(number), part)

    def test_the_call_shows_the_questions_of_its_script(self):
        [call] = self.session.get_workplace()["callbacks"]
        questions = call["interview"]["questions"]
        self.assertEqual([one["id"] for one in questions][0], self.question(1).id)
        self.assertEqual(len(questions), 12)
        self.assertTrue(all(one["value"] is False for one in questions))
        self.assertEqual(set(call["interview"]["labels"]), set(map(str, range(1, 11))))
        self.assertTrue(questions[0]["post"], "The responsible post stands beside it.")

    def test_an_answer_begins_the_interview_with_who_served_the_customer(self):
        self.assertFalse(self.interview())
        self.assertEqual(self.save(3, "9"), {"is_low": False})
        interview = self.interview()
        self.assertEqual(interview.state, "started")
        self.assertEqual(interview.advisor_id, self.advisor)
        self.assertEqual(interview.department_id, self.department)
        self.assertEqual(interview.agent_id, self.agent)
        self.assertEqual(interview.order_id, self.callback.order_id)
        self.assertEqual(self.valid(3).score, 9)

    def test_a_low_score_asks_why(self):
        self.assertEqual(self.save(5, "8"), {"is_low": True})
        self.save(5, "It still squeaks", "comment")
        self.assertEqual(self.valid(5, "comment").text, "It still squeaks")
        self.assertEqual(self.interview().low_count, 1)

    def test_saving_the_same_twice_makes_one_entry(self):
        self.save(3, "9")
        self.save(3, "9")
        self.assertEqual(len(self.interview().answer_ids), 1)

    def test_a_changed_answer_is_a_second_entry_that_names_the_first(self):
        self.save(3, "6")
        self.save(3, "10")
        first, second = self.interview().answer_ids
        self.assertEqual((first.score, second.score), (6, 10))
        self.assertEqual(second.corrects_id, first)
        self.assertTrue(second.reason)
        interview = self.interview()
        self.assertEqual((interview.change_count, interview.raise_count), (1, 1))
        self.assertEqual(interview.low_count, 0)

    def test_who_cannot_say_has_answered_without_a_score(self):
        self.save(1, "0")
        self.assertFalse(self.valid(1).is_scored)
        self.assertFalse(self.valid(1).is_low)

    def test_not_solved_invites_for_a_check_of_the_car(self):
        no = self.choice(6, 2)
        self.assertEqual(self.save(6, no.id), {"is_low": True})
        self.assertEqual(self.valid(6).choice_id, no)
        [call] = self.session.get_workplace()["callbacks"]
        [asked] = [
            one
            for one in call["interview"]["questions"]
            if one["id"] == self.question(6).id
        ]
        self.assertEqual([one["follow"] for one in asked["choices"]], ["none", "visit"])

    def test_a_colleague_goes_on_where_the_first_one_stopped(self):
        self.save(1, "9")
        self.session.release()
        other = self.second_agent()
        session = self.take(self.callback, other)
        [call] = session.get_workplace()["callbacks"]
        self.assertEqual(call["interview"]["questions"][0]["value"], "9")
        self.save(2, "10", session=session)
        self.assertEqual(len(self.interview()), 1)
        self.assertEqual(self.interview().agent_id, other)
        self.assertEqual(self.interview().answer_ids.user_id, self.agent | other)

    def test_reaching_the_customer_completes_the_interview(self):
        self.save(3, "9")
        self.finish(self.session, "reached", self.callback)
        interview = self.interview()
        self.assertEqual((interview.state, interview.day), ("done", self.TODAY))
        self.assertEqual(self.callback.state, "done")

    def test_an_agreed_time_keeps_the_interview_open(self):
        self.save(3, "9")
        self.finish(
            self.session, "appointment", self.callback, next_at="2026-11-20 07:00:00"
        )
        self.assertEqual(self.interview().state, "started")

    def test_a_refusal_in_the_middle_breaks_it_off(self):
        self.save(3, "9")
        self.finish(self.session, "refused", self.callback)
        self.assertEqual(self.interview().state, "broken")

    def test_nothing_answered_is_no_interview(self):
        self.finish(self.session, "reached", self.callback)
        self.assertFalse(self.interview())

    def test_a_foreign_question_is_refused(self):
        with self.assertRaisesRegex(UserError, "does not belong to the call"):
            self.session.save_answer(self.callback.id, self.question(1, "ssi").id, "9")
        with self.assertRaisesRegex(UserError, "does not belong to the call"):
            self.session.save_answer(self.callback.id, 0, "9")

    def test_what_is_no_answer_is_refused(self):
        for number, value in ((3, "11"), (3, "nine"), (6, "9"), (6, None)):
            with self.assertRaisesRegex(UserError, "one of the answers shown"):
                self.save(number, value)

    def test_html_stays_text_and_a_flood_of_words_is_refused(self):
        self.save(5, "3")
        self.save(5, "<script>alert(1)</script>", "comment")
        self.assertEqual(self.valid(5, "comment").text, "<script>alert(1)</script>")
        with self.assertRaisesRegex(UserError, "100000 characters; shorten it"):
            self.save(5, "x" * 100000, "comment")

    def test_a_colleague_cannot_answer_in_my_conversation(self):
        with self.assertRaisesRegex(UserError, "is talking with"):
            self.save(3, "9", session=self.as_user(self.session, self.second_agent()))

    def test_more_callbacks_need_no_more_queries(self):
        few = self.count_queries(self.session._get_interviews, self.callback)
        callbacks = self.callback
        for _number in range(5):
            callbacks |= self.make_order_callback()
        many = self.count_queries(self.session._get_interviews, callbacks)
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrInterviewLedger(InterviewCommon):
    """Answers are never changed, versions stay as they were asked."""

    def test_the_database_refuses_to_change_or_delete_an_answer(self):
        entry = self.make_interview()._save(self.question(3).id, 3)
        self.env.flush_all()
        for statement in (
            "UPDATE cr_interview_answer SET score = 10 WHERE id = %s",
            "DELETE FROM cr_interview_answer WHERE id = %s",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(RestrictViolation):
                with self.cr.savepoint():
                    self.cr.execute(statement, [entry.id])

    def test_the_database_refuses_a_second_first_answer(self):
        interview = self.make_interview()
        interview._save(self.question(3).id, 9)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["cr.interview.answer"].create(
                {
                    "interview_id": interview.id,
                    "question_id": self.question(3).id,
                    "channel": "phone",
                    "score": 10,
                    "is_scored": True,
                }
            )

    def test_a_version_that_was_asked_does_not_change(self):
        question = self.question(3)
        for change in (
            lambda: question.write({"title": "Other"}),
            lambda: question.unlink(),
            lambda: self.choice(6, 2).write({"value": "Maybe"}),
            lambda: question.copy(),
        ):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                change()

    def test_a_survey_changed_while_calls_run_leaves_them_alone(self):
        callback = self.make_order_callback()
        session = self.take(callback)
        session.save_answer(callback.id, self.question(1).id, "9")
        action = self.version().action_new_version()
        fresh = self.env["cr.questionnaire.version"].browse(action["res_id"])
        fresh.question_ids[0].title = "Asked otherwise"
        self.assertEqual(len(fresh.question_ids), 12)
        self.assertEqual(
            fresh.question_ids[5].suggested_answer_ids[1].cr_follow, "visit"
        )
        fresh.action_put_in_force()
        self.assertEqual(self.version().state, "retired")
        session.save_answer(callback.id, self.question(2).id, "10")
        interview = self.interviews.search([("callback_id", "=", callback.id)])
        self.assertEqual(interview.version_id, self.version())
        with self.assertRaisesRegex(UserError, "not part of"):
            session.save_answer(callback.id, fresh.question_ids[2].id, "10")
        later = self.make_order_callback()
        shown = session._get_interviews(callback | later)
        first = [shown[one.id]["questions"][0]["id"] for one in callback | later]
        self.assertEqual(first, [self.question(1).id, fresh.question_ids[0].id])

    def test_a_question_that_no_screen_can_ask_is_refused(self):
        action = self.version().action_new_version()
        draft = self.env["cr.questionnaire.version"].browse(action["res_id"])
        with self.assertRaisesRegex(ValidationError, "scale from 1 to 10"):
            draft.question_ids[0].write({"scale_min": 0})
        with self.assertRaisesRegex(ValidationError, "scale from 1 to 10"):
            draft.question_ids[0].write({"question_type": "matrix"})

    def test_an_advisor_who_left_keeps_his_interviews(self):
        interview = self.answer(self.make_interview(), {"quality": 9, "advisor": 8})
        self.advisor.active = False
        self.assertEqual(interview.advisor_id.name, "Test advisor")
        figures = self.env["cr.index.report"]._read_group(
            [("interview_id", "=", interview.id)], ["advisor_id"], ["__count"]
        )
        self.assertEqual([advisor for advisor, _count in figures], [self.advisor])

    def test_an_agent_corrects_his_answer_of_today_with_a_reason(self):
        interview = self.make_interview()
        entry = interview._save(self.question(3).id, 3, user=self.agent)
        interview._save(self.question(5).id, 9, user=self.agent)
        interview._finish()
        before = interview.score_ids.filtered("is_current")
        points = dict(zip(before.version_id.ids, before.mapped("score"), strict=True))
        wizard = self.as_user(self.env["cr.interview.correct"], self.agent).create(
            {"answer_id": entry.id, "score": 8, "reason": "Typed wrongly"}
        )
        wizard.action_apply()
        correction = entry.correction_ids
        self.assertEqual((correction.score, correction.reason), (8, "Typed wrongly"))
        self.assertEqual(interview.raise_count, 1)
        self.assertTrue(points)
        for score in before:
            self.assertGreater(score.score, points[score.version_id.id])
        with self.assertRaisesRegex(UserError, "already corrected"):
            wizard.action_apply()

    def test_yesterdays_answers_are_corrected_by_the_head(self):
        entry = self.make_interview()._save(self.question(3).id, 3, user=self.agent)
        values = {"answer_id": entry.id, "score": 8, "reason": "Typed wrongly"}
        with freeze_time("2026-11-21 02:00:00"):
            wizards = self.env["cr.interview.correct"]
            with self.assertRaisesRegex(UserError, "ask the CR head"):
                self.as_user(wizards, self.agent).create(values).action_apply()
            self.as_user(wizards, self.head).create(values).action_apply()
        self.assertEqual(entry.correction_ids.score, 8)

    def test_a_closed_interview_takes_no_answers(self):
        interview = self.answer(self.make_interview(), {"quality": 9})
        with self.assertRaisesRegex(UserError, "is closed"):
            interview._save(self.question(3).id, 3)
