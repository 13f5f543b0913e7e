from datetime import date, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackSettings(CallbackCommon):
    """What the head may set, and what the database refuses."""

    def assert_refused(self, function):
        """Assert that the database refuses what a function writes."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            function()
            self.env.flush_all()

    def test_the_days_of_a_rule_follow_each_other(self):
        rule = self.env.ref("cr_dealership.cr_callback_rule_csi")
        self.assert_refused(lambda: rule.write({"due_days": 20}))
        self.assert_refused(lambda: rule.write({"earliest_days": 4}))

    def test_the_days_of_a_callback_follow_each_other(self):
        self.assert_refused(
            lambda: self.make_callback(expires_on=self.TODAY - timedelta(days=1))
        )

    def test_one_event_has_one_callback_per_rule(self):
        self.make_callback(origin_id=77)
        self.assert_refused(lambda: self.make_callback(origin_id=77))

    def test_a_digit_stands_for_one_outcome(self):
        busy = self.outcome("busy")
        self.assert_refused(lambda: busy.write({"key": 1}))
        self.outcome("reached").active = False
        busy.key = 1
        self.assertEqual(busy.key, 1)

    def test_an_outcome_that_was_recorded_is_archived_not_deleted(self):
        callback = self.make_callback()
        self.finish(self.take(callback), "busy")
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.outcome("busy").unlink()
        self.outcome("phone_off").unlink()

    def test_a_part_of_the_day_ends_after_it_begins(self):
        window = self.env.ref("cr_dealership.cr_call_window_morning")
        self.assert_refused(lambda: window.write({"hour_to": 8}))

    def test_nobody_stands_in_for_himself(self):
        self.assert_refused(
            lambda: self.env["cr.absence"].create(
                {"user_id": self.agent.id, "substitute_id": self.agent.id}
            )
        )

    def test_a_role_is_not_held_twice_from_the_same_day(self):
        self.assert_refused(lambda: self.hold(self.agent_role, self.agent))

    def test_a_delegated_role_names_its_delegate(self):
        self.assert_refused(lambda: self.agent_role.write({"state": "delegated"}))

    def test_the_purpose_follows_the_kind_of_call(self):
        form = Form(self.env["cr.callback.rule"])
        form.kind = "winback"
        self.assertEqual(form.purpose, "marketing")

    def test_the_evening_ends_at_its_hour(self):
        parts = {part.code: part for part in self.env["cr.call.window"]._get_parts()}
        self.assertEqual(str(parts["evening"].start), "17:30:00")
        self.assertEqual(str(parts["evening"].end), "20:00:00")

    def test_the_shipped_rules_wait_for_new_events(self):
        """A first import of old orders must not flood the callers."""
        rules = self.env["cr.callback.rule"].search([])
        self.assertEqual(set(rules.mapped("trigger")), {"order", "delivery"})
        rule = rules.create(
            {
                "name": "New",
                "role_id": self.agent_role.id,
                "script_id": self.env.ref("cr_dealership.cr_script_csi").id,
            }
        )
        self.assertEqual(rule.start_on, date(2026, 11, 20))

    def test_every_shipped_rule_has_a_script_in_force(self):
        rules = self.env["cr.callback.rule"].with_context(active_test=False).search([])
        for rule in rules:
            with self.subTest(rule.name):
                self.assertTrue(rule.script_id.version_id.line_ids)

    def test_every_shipped_role_ends_at_somebody(self):
        roles = self.env["cr.role"].search([])
        found = roles._on_duty_map(self.store, [self.TODAY])
        for role in roles:
            with self.subTest(role.name):
                self.assertTrue(found[role.id, self.store.id, self.TODAY])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackActions(CallbackCommon):
    """The buttons that lead from a card to where the work is done."""

    def test_the_origin_of_a_card_opens(self):
        order = self.make_order(self.car, self.TODAY)
        callback = self.make_callback(origin_id=order.id)
        action = callback.action_view_origin()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("cr.service.order", order.id)
        )

    def test_the_hand_over_asks_for_the_chosen_cards(self):
        callbacks = self.make_callback() | self.make_callback()
        callbacks = self.as_user(callbacks, self.head)
        action = callbacks.with_context(
            cr_reassign_mode="cancel"
        ).action_view_reassign()
        wizard = callbacks.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizard)
        self.assertEqual(form.mode, "cancel")
        form.reason = "sold the car"
        form.save().action_apply()
        self.assertEqual(callbacks.mapped("state"), ["cancelled", "cancelled"])

    def test_the_hand_over_of_nothing_is_refused_in_words(self):
        wizard = self.as_user(self.env["cr.callback.reassign"], self.head).create(
            {"callback_ids": self.make_callback().ids, "reason": "leave"}
        )
        with self.assertRaisesRegex(UserError, "Choose who gets the cards"):
            wizard.action_apply()

    def test_opening_again_needs_a_day_to_come(self):
        wizard = self.as_user(self.env["cr.callback.reassign"], self.head).create(
            {
                "callback_ids": self.make_callback(state="missed").ids,
                "mode": "reopen",
                "until": self.TODAY - timedelta(days=1),
                "reason": "customer asked",
            }
        )
        with self.assertRaisesRegex(UserError, "choose today or a later day"):
            wizard.action_apply()

    def test_the_versions_of_a_script_open(self):
        script = self.env.ref("cr_dealership.cr_script_csi")
        action = script.action_view_versions()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, script.version_ids)

    def test_the_daily_report_opens_from_the_menu(self):
        action = self.env.ref("cr_dealership.cr_daily_report_action_today")
        opened = self.as_user(action, self.agent).run()
        report = self.env["cr.daily.report"].browse(opened["res_id"])
        self.assertEqual((report.agent_id, report.day), (self.agent, self.TODAY))

    def test_the_reminder_runs_as_a_job(self):
        self.finish(self.take(self.make_callback()), "busy")
        late = self.utc(self.TODAY, 23)
        with self.enter_registry_test_mode(), freeze_time(late):
            self.env.ref(
                "cr_dealership.ir_cron_cr_daily_report_remind"
            ).method_direct_trigger()
        reports = self.env["cr.daily.report"].search(
            [("agent_id", "=", self.agent.id), ("day", "=", self.TODAY)]
        )
        self.assertEqual(reports.activity_ids.user_id, self.agent)
