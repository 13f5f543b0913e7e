from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallback(CallbackCommon):
    """What a card says and what people may do with it by hand."""

    def test_a_card_says_in_words_when_it_wants_to_be_called(self):
        day = timedelta(days=1)
        cases = {
            "by today": {},
            "by tomorrow": {"due_on": self.TODAY + day},
            "2 days late": {"due_on": self.TODAY - 2 * day},
            "from tomorrow": {
                "earliest_on": self.TODAY + day,
                "due_on": self.TODAY + day,
            },
            "again today 14:00": {
                "state": "retry",
                "next_at": self.utc(self.TODAY, 14),
            },
            "agreed for Nov 23 09:30": {
                "state": "retry",
                "is_appointment": True,
                "next_at": self.utc(self.TODAY + 3 * day, 9, 30),
            },
        }
        for text, values in cases.items():
            with self.subTest(text):
                callback = self.make_callback(
                    **{"earliest_on": self.TODAY - 2 * day, **values}
                )
                self.assertEqual(callback.due_text, text)

    def test_late_is_red_today_amber_done_green(self):
        late = self.make_callback(due_on=self.TODAY - timedelta(days=1))
        today = self.make_callback()
        done = self.make_callback(state="done")
        self.assertEqual((late | today | done).mapped("color"), [1, 3, 10])
        self.assertEqual(late.late_days, 1)

    def test_a_card_counts_what_else_is_due_for_the_customer(self):
        callback = self.make_callback()
        self.make_callback(kind="care")
        self.env["cr.inspection"].create(
            {"vehicle_id": self.car.id, "due_on": self.TODAY + timedelta(days=9)}
        )
        self.assertEqual(callback.also_due_count, 2)

    def test_nobody_drags_a_card_to_an_end(self):
        callback = self.as_user(self.make_callback(), self.head)
        for state in ("done", "lost", "missed", "retry", "cancelled"):
            with self.subTest(state), self.assertRaisesRegex(UserError, "CSI"):
                callback.state = state

    def test_a_card_may_be_dragged_back_to_the_ones_to_call(self):
        callback = self.make_callback(state="retry")
        self.as_user(callback, self.agent).state = "todo"
        self.assertEqual(callback.state, "todo")

    def test_a_closed_card_is_opened_again_only_with_a_reason(self):
        callback = self.as_user(self.make_callback(state="done"), self.head)
        with self.assertRaisesRegex(UserError, "Open again"):
            callback.state = "todo"

    def test_agents_write_the_note_only(self):
        callback = self.as_user(self.make_callback(), self.agent)
        callback.note = "rings after six only"
        with self.assertRaises(AccessError):
            callback.expires_on = self.TODAY + timedelta(days=90)
        with self.assertRaises(AccessError):
            callback.block_code = False

    def test_a_callback_by_hand_gets_script_consent_and_agent(self):
        callbacks = self.as_user(self.env["cr.callback"], self.agent)
        form = Form(callbacks)
        form.kind = "winback"
        form.partner_id = self.customer
        callback = form.save()
        self.assertEqual(callback.purpose, "marketing")
        self.assertEqual(callback.script_version_id.script_id.kind, "winback")
        self.assertEqual(callback.agent_id, self.agent)

    def test_only_an_administrator_deletes(self):
        callback = self.make_callback()
        with self.assertRaises(AccessError):
            self.as_user(callback, self.head).unlink()
        self.as_user(callback, self.persona("admin")).unlink()
        self.assertFalse(callback.exists())

    def test_the_columns_of_the_board_are_always_there(self):
        self.make_callback()
        board = self.env["cr.callback"].with_context(read_group_expand=True)
        groups = board.web_read_group(
            [("partner_id", "=", self.customer.id)], ["state"], ["__count"]
        )
        states = [group["state"] for group in groups["groups"]]
        self.assertEqual(states, ["todo", "retry", "done", "lost", "missed"])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackReassign(CallbackCommon):
    """The CR head hands over, opens again and cancels, with a reason."""

    def apply(self, callbacks, mode, user=None, **values):
        """Run the wizard as a user."""
        wizard = self.as_user(self.env["cr.callback.reassign"], user or self.head)
        wizard.create(
            {"callback_ids": callbacks.ids, "mode": mode, "reason": "holiday", **values}
        ).action_apply()

    def test_cards_are_handed_over(self):
        callback = self.make_callback(agent_id=self.agent.id)
        second = self.second_agent()
        self.apply(callback, "hand_over", agent_id=second.id)
        self.assertEqual(callback.agent_id, second)
        self.assertIn("holiday", callback.message_ids[0].body)

    def test_a_missed_card_is_opened_again_until_a_day(self):
        callback = self.make_callback(
            state="missed",
            missed_reason="known_late",
            due_on=self.TODAY - timedelta(days=1),
            expires_on=self.TODAY - timedelta(days=1),
        )
        until = self.TODAY + timedelta(days=2)
        self.apply(callback, "reopen", until=until)
        self.assertRecordValues(
            callback, [{"state": "todo", "expires_on": until, "missed_reason": False}]
        )
        self.assertTrue(self.take(callback))

    def test_open_cards_are_cancelled(self):
        callback = self.make_callback()
        self.apply(callback, "cancel")
        self.assertEqual(callback.state, "cancelled")
        self.assertTrue(callback.closed_at)

    def test_agents_are_sent_to_the_head(self):
        callback = self.make_callback()
        with self.assertRaises(AccessError):
            self.apply(callback, "cancel", user=self.agent)
