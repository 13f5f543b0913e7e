import json
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon

KEYS = {
    "session": {"id", "partner_id", "started_at", "note", "draft"},
    "customer": {
        *("id", "name", "title", "stage", "classes", "phones", "consent"),
        *("preferred_hours", "completeness", "missing", "verified_on"),
    },
    "callbacks": {
        *("id", "kind", "kind_label", "reason", "due_text", "is_late", "state"),
        *("max_attempts", "attempts", "vehicle", "order", "script", "checked"),
        *("answers", "interview", "problem"),
    },
    "household_due": {"label", "text", "model", "res_id"},
    "history": {"at_text", "icon", "text", "model", "res_id"},
    "outcomes": {
        *("id", "code", "key", "name", "kind"),
        *("suggested_at", "suggested_text", "is_last"),
    },
    "alerts": {"level", "text"},
}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallWorkplace(CallbackCommon):
    """The one answer that the call workplace is drawn from."""

    def setUp(self):
        super().setUp()
        self.order = self.make_order(
            self.car, self.TODAY - timedelta(days=3), customer_words="air is warm"
        )
        self.callback = self.make_callback(
            vehicle_id=self.car.id, order_id=self.order.id
        )

    def open_workplace(self, callback=None):
        """Take the card and return the session and the answer."""
        session = self.take(callback or self.callback)
        return session, session.get_workplace()

    def test_the_answer_has_the_agreed_parts_and_is_json(self):
        self.env["cr.declined.work"].create(
            {"order_id": self.order.id, "name": "Brake pads", "safety": "safety"}
        )
        self.env["cr.inspection"].create(
            {"vehicle_id": self.car.id, "due_on": self.TODAY + timedelta(days=10)}
        )
        _session, answer = self.open_workplace()
        # The lines of the household have tests of their own.
        self.assertEqual(set(answer), {*KEYS, "household_lines"})
        for part, keys in KEYS.items():
            with self.subTest(part):
                found = answer[part]
                sample = found[0] if isinstance(found, list) else found
                self.assertEqual(set(sample), keys)
        self.assertTrue(json.dumps(answer))

    def test_a_callback_tells_what_happened_and_what_was_said(self):
        _session, answer = self.open_workplace()
        [callback] = answer["callbacks"]
        self.assertEqual(callback["reason"], "left the shop Nov 17, day 3")
        self.assertEqual(callback["order"]["words"], "air is warm")
        self.assertEqual(callback["vehicle"]["plate"], self.car.plate)
        self.assertTrue(callback["checked"])

    def test_a_callback_for_later_is_shown_but_not_ticked(self):
        day = self.TODAY + timedelta(days=5)
        later = self.make_callback(kind="care", earliest_on=day, due_on=day)
        _session, answer = self.open_workplace()
        checked = {line["id"]: line["checked"] for line in answer["callbacks"]}
        self.assertEqual(checked, {self.callback.id: True, later.id: False})

    def test_an_outcome_for_all_leaves_later_callbacks_alone(self):
        day = self.TODAY + timedelta(days=5)
        later = self.make_callback(kind="care", earliest_on=day, due_on=day)
        session, _answer = self.open_workplace()
        self.finish(session, "busy")
        self.assertEqual((self.callback.state, later.state), ("retry", "todo"))

    def test_earlier_calls_are_told_oldest_first(self):
        self.finish(self.take(self.callback), "phone_off")
        with freeze_time("2026-11-20 06:30:00"):
            self.finish(self.take(self.callback), "busy")
        with freeze_time("2026-11-20 07:30:00"):
            _session, answer = self.open_workplace()
        attempts = answer["callbacks"][0]["attempts"]
        self.assertEqual(
            [(line["at_text"], line["part"]) for line in attempts],
            [("today 10:00", "Morning"), ("today 14:30", "Afternoon")],
        )
        self.assertTrue(
            {line["code"]: line["is_last"] for line in answer["outcomes"]}["busy"]
        )

    def test_declined_safety_work_and_the_birthday_are_pointed_out(self):
        self.customer.birthdate_date = date(1990, 11, 20)
        self.env["cr.declined.work"].create(
            {"order_id": self.order.id, "name": "Brake pads", "safety": "safety"}
        )
        _session, answer = self.open_workplace()
        texts = [alert["text"] for alert in answer["alerts"]]
        self.assertEqual(
            texts, ["Safety work was declined: Brake pads", "Today is the birthday."]
        )

    def test_missing_fields_can_be_filled_in_the_call(self):
        session, answer = self.open_workplace()
        missing = {line["field"]: line for line in answer["customer"]["missing"]}
        self.assertEqual(missing["cr_gender"]["type"], "selection")
        self.assertIn("female", dict(missing["cr_gender"]["options"]))
        self.assertNotIn("cr_id_masked", missing)
        data = session.update_customer({"cr_gender": "male"})
        self.assertEqual(data["title"], "Mr.")
        self.assertNotIn("cr_gender", [line["field"] for line in data["missing"]])

    def test_numbers_are_masked_for_reading(self):
        _session, answer = self.open_workplace()
        [phone] = answer["customer"]["phones"]
        self.assertNotEqual(phone["masked"], self.customer.mobile)
        self.assertTrue(phone["masked"].endswith(self.customer.mobile[-4:]))

    def test_the_history_is_the_customer_s_story_newest_first(self):
        _session, answer = self.open_workplace()
        models = [line["model"] for line in answer["history"]]
        self.assertIn("cr.service.order", models)

    def test_a_draft_that_is_too_long_is_refused_in_words(self):
        session, _answer = self.open_workplace()
        with self.assertRaisesRegex(UserError, "shorten them"):
            session.save_draft({"note": "x" * 30000})

    def test_a_colleague_does_not_see_my_conversation_s_workplace(self):
        session, _answer = self.open_workplace()
        with self.assertRaisesRegex(UserError, "is talking with"):
            self.as_user(session, self.second_agent()).get_workplace()

    def test_the_appointment_of_today_stands_in_the_head_of_the_board(self):
        self.finish(
            self.take(self.callback),
            "appointment",
            next_at=fields.Datetime.to_string(self.utc(self.TODAY, 15, 30)),
        )
        summary = self.as_user(self.callback, self.agent).get_day_summary()
        self.assertEqual(
            summary["next_appointment"],
            {"id": self.callback.id, "text": "today 15:30", "name": "Zeng Xiaoyan"},
        )

    def test_an_open_conversation_stands_in_the_head_of_the_board(self):
        session, _answer = self.open_workplace()
        summary = self.as_user(self.callback, self.agent).get_day_summary()
        self.assertEqual(
            summary["open_session"], {"id": session.id, "name": "Zeng Xiaoyan"}
        )
        self.assertEqual(session.action_resume()["tag"], "cr_call_workplace")

    def test_ten_callbacks_need_few_queries_more_than_one(self):
        session, _answer = self.open_workplace()
        few = self.count_queries(session.get_workplace)
        for _number in range(9):
            self.make_callback(vehicle_id=self.car.id, order_id=self.order.id)
        session = self.take(self.callback)
        session.get_workplace()
        many = self.count_queries(session.get_workplace)
        self.assertLessEqual(many, few)
        # Complaints, where they are installed, ask twice more; a questionnaire costs
        # seven, and so do problems and what the club knows.
        self.assertLessEqual(few, 78)
