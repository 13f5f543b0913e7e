from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import DealershipCommon


class TouchCommon(DealershipCommon):
    """A customer, and contacts with him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner("曾晓燕")
        cls.touches = cls.env["cr.care.touch"]

    def log(self, **values):
        values = {"channel": "phone", "direction": "out", **values}
        return self.touches._log([{"partner_id": self.customer.id, **values}])

    def count_recent(self, since):
        self.touches.flush_model()
        count = self.touches._count_recent_sql(
            SQL("%s", self.customer.id), SQL("%s", since)
        )
        return self.env.execute_query(SQL("SELECT %s", count))[0][0]

    def call(self, **values):
        outcome = self.env["cr.call.outcome"].search([], limit=1)
        return self.env["cr.call.attempt"].create(
            {
                "company_id": self.store.id,
                "agent_id": self.env.uid,
                "partner_id": self.customer.id,
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 18:00:00")
class TestCrCareTouch(TouchCommon):
    """The ledger of contacts: complete, counted, never changed (COM-01)."""

    def test_the_day_is_the_one_of_the_store(self):
        self.assertEqual(self.log().day, date(2026, 11, 21))

    def test_a_key_stands_there_once(self):
        self.assertTrue(self.log(key="a"))
        self.assertFalse(self.log(key="a"))
        self.assertTrue(self.log() and self.log())

    def test_the_database_refuses_to_change_a_contact(self):
        touch = self.log()
        for statement in (
            "UPDATE cr_care_touch SET content = 'x' WHERE id = %s",
            "DELETE FROM cr_care_touch WHERE id = %s",
        ):
            with self.assertRaises(DatabaseError), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.env.cr.execute(statement, [touch.id])

    def test_merging_customers_moves_their_contacts(self):
        other = self.make_partner()
        touch = self.log()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, other)
        touch.invalidate_recordset()
        self.assertEqual(touch.partner_id, other)

    def test_the_cap_counts_days_and_channels(self):
        self.log()
        self.log(at=datetime(2026, 11, 20, 19))
        self.log(channel="sms")
        self.log(direction="in")
        self.log(at=datetime(2026, 11, 10, 2))
        self.assertEqual(self.count_recent(date(2026, 11, 15)), 2)
        self.assertEqual(self.count_recent(date(2026, 11, 10)), 3)

    def test_a_corrected_contact_counts_as_the_correction_says(self):
        wrong = self.log()
        self.log(corrects_id=wrong.id, direction="in")
        self.assertEqual(self.count_recent(date(2026, 11, 15)), 0)

    def test_every_call_stands_in_the_ledger(self):
        attempt = self.call(note="busy")
        touch = self.touches.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((touch.channel, touch.direction), ("phone", "out"))
        self.assertIn("busy", touch.content)
        self.assertTrue(touch.is_counted)
        self.assertEqual(touch.action_open_origin()["res_id"], attempt.id)
        self.call(direction="in")
        self.assertEqual(self.count_recent(date(2026, 11, 15)), 1)

    def test_a_corrected_call_corrects_its_contact(self):
        attempt = self.call()
        attempt._correct(attempt.outcome_id, "was wrong")
        touches = self.touches.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(touches[0].corrects_id, touches[1])
        self.assertEqual(self.count_recent(date(2026, 11, 15)), 1)

    def test_writing_needs_as_many_queries_for_many_as_for_one(self):
        def write(count):
            return self.count_queries(
                self.touches._log,
                [
                    {"partner_id": self.customer.id, "channel": "sms", **values}
                    for values in [{"direction": "out"}] * count
                ],
            )

        self.assertEqual(write(1), write(100))

    def test_the_department_is_that_of_who_had_the_contact(self):
        department = self.env["hr.department"].create({"name": "CR"})
        agent = self.persona("agent")
        self.make_employee(user_id=agent.id, department_id=department.id)
        touch = self.log(user_id=agent.id)
        self.assertEqual((touch.department, touch.user_id), ("CR", agent))

    def test_the_story_tells_contacts_but_calls_only_once(self):
        self.call()
        self.log(channel="visit", direction="in", content="wants a test drive")
        story = self.as_persona(self.env["cr.story"], "head")
        entries = story.get_story("res.partner", self.customer.id)["entries"]
        kinds = [entry["kind"] for entry in entries]
        self.assertEqual((kinds.count("called"), kinds.count("contact")), (1, 1))

    def test_the_customer_shows_how_many_there_are(self):
        self.log()
        mine = self.as_persona(self.customer, "agent")
        self.assertEqual(mine.cr_touch_count, 1)
        domain = mine.action_cr_open_touches()["domain"]
        self.assertEqual(self.touches.search_count(domain), 1)
        self.assertEqual(self.as_persona(self.customer, "lounge").cr_touch_count, 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrCareTouchHotline(TouchCommon):
    """Questions of customers wait until somebody answers (COM-02, COM-14)."""

    def ask(self, **values):
        form = Form(self.as_persona(self.env["cr.care.touch.record"], "agent"))
        form.partner_id = self.customer
        form.content = "When is the car ready?"
        form.need = "A call before five"
        form.is_question = True
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_apply()
        return self.touches.search([("partner_id", "=", self.customer.id)], limit=1)

    def answer(self, touch):
        action = self.as_persona(touch, "agent").action_view_answer()
        records = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(self.as_persona(records, "agent"))
        form.content = "At four"
        form.save().action_apply()

    def test_a_question_waits_until_it_is_answered(self):
        question = self.ask()
        self.assertEqual(question.answer_state, "open")
        self.assertIn(question, self.touches.search(self.touches._get_open_domain()))
        self.answer(question)
        question.invalidate_recordset()
        self.assertEqual(question.answer_state, "answered")
        self.assertEqual(question.answer_ids.direction, "out")
        open_ones = self.touches.search(self.touches._get_open_domain())
        self.assertNotIn(question, open_ones)

    def test_a_call_on_the_booking_line_is_handed_on_and_booked(self):
        car = self.make_vehicle(self.customer)
        advisor = self.persona("advisor")
        form = Form(self.env["cr.care.touch.record"])
        form.partner_id = self.customer
        form.vehicle_id = car
        form.content = "Asks for a time on Saturday"
        form.need = "Brakes squeal"
        form.about = "service"
        form.handed_to_id = advisor
        action = form.save().action_book()
        touch = self.touches.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((touch.about, touch.handed_to_id), ("service", advisor))
        [todo] = self.customer.activity_ids
        self.assertEqual((todo.user_id, todo.summary), (advisor, "Brakes squeal"))
        self.assertEqual(action["res_model"], "cr.appointment")
        self.assertEqual(action["context"]["default_vehicle_id"], car.id)

    def test_what_is_answered_at_once_does_not_wait(self):
        question = self.ask(is_question=False)
        self.assertEqual(question.answer_state, "at_once")

    def test_an_answer_is_late_after_the_hours_of_the_store(self):
        self.store.cr_answer_hours = 2
        question = self.ask(channel="email")
        self.assertEqual(question.answer_by, datetime(2026, 11, 20, 6))
        with freeze_time("2026-11-20 06:00:01"):
            question.invalidate_recordset()
            self.assertEqual(question.answer_state, "late")

    def test_an_email_of_a_customer_waits_for_an_answer(self):
        self.customer.email = "zeng@example.com"
        self.customer.message_post(
            body="Is it ready?",
            subject="My car",
            author_id=self.customer.id,
            message_type="email",
        )
        touch = self.touches.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((touch.channel, touch.direction), ("email", "in"))
        self.assertEqual(touch.content, "My car: Is it ready?")
        self.assertEqual(touch.answer_state, "open")

    def test_a_correction_names_the_wrong_entry(self):
        wrong = self.ask()
        action = self.as_persona(wrong, "agent").action_view_correct()
        records = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(self.as_persona(records, "agent"))
        form.content = "It was his wife"
        record = form.save()
        record.action_apply()
        self.assertEqual(wrong.correction_ids.content, "It was his wife")
        with self.assertRaisesRegex(UserError, "already corrected"):
            record.action_apply()

    def test_what_has_not_happened_is_refused(self):
        with self.assertRaisesRegex(UserError, "lies in the future"):
            self.ask(at=datetime.now() + timedelta(days=1))

    def test_a_call_is_corrected_where_it_was_recorded(self):
        self.call()
        touch = self.touches.search([("partner_id", "=", self.customer.id)])
        record = self.env["cr.care.touch.record"].create(
            {
                "partner_id": self.customer.id,
                "content": "x",
                "corrects_id": touch.id,
            }
        )
        with self.assertRaisesRegex(UserError, "correct it there"):
            record.action_apply()

    def test_the_ledger_takes_nothing_directly(self):
        with self.assertRaises(AccessError):
            self.as_persona(self.touches, "admin").create(
                {
                    "partner_id": self.customer.id,
                    "channel": "phone",
                    "direction": "out",
                }
            )
