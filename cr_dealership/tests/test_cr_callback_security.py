from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon

READERS = ("agent", "specialist", "insurance", "sales", "advisor", "manager", "head")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackSecurity(CallbackCommon):
    """Who sees and does what with callbacks."""

    def test_lounge_and_finance_do_not_see_callbacks(self):
        callback = self.make_callback()
        for role in ("lounge", "finance", "user"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_persona(callback, role).read(["partner_id"])

    def test_the_departments_read_them(self):
        callback = self.make_callback()
        # Sales consultants read those of their own customers.
        callback.partner_id.cr_consultant_id = self.persona("sales")
        for role in (*READERS, "director"):
            with self.subTest(role):
                self.assertTrue(self.as_persona(callback, role).search([]))

    def test_only_callers_take_cards(self):
        callback = self.make_callback()
        for role in ("sales", "advisor", "manager", "director"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_persona(callback, role).action_take()

    def test_another_store_does_not_see_them(self):
        callback = self.make_callback()
        stranger = callback.with_user(
            self.persona("agent", self.other_store)
        ).with_context(allowed_company_ids=self.other_store.ids)
        self.assertNotIn(callback, stranger.search([]))
        with self.assertRaises(AccessError):
            stranger.action_take()

    def test_another_store_is_told_who_talks_with_a_shared_customer(self):
        self.take(self.make_callback())
        callback = self.make_callback(company_id=self.other_store.id)
        stranger = callback.with_user(
            self.persona("agent", self.other_store)
        ).with_context(allowed_company_ids=self.other_store.ids)
        with self.assertRaisesRegex(UserError, "Test agent has been talking"):
            stranger.action_take()

    def test_agents_write_no_sessions_calls_or_cases(self):
        session = self.take(self.make_callback())
        for model in ("cr.call.session", "cr.call.attempt", "cr.lost.contact"):
            records = self.as_user(self.env[model], self.agent)
            with self.subTest(model):
                self.assertFalse(records.has_access("create"))
        with self.assertRaises(AccessError):
            session.write({"closed_at": False})

    def test_rules_scripts_and_outcomes_are_the_head_s(self):
        for model in (
            "cr.callback.rule",
            "cr.script",
            "cr.script.version",
            "cr.call.outcome",
            "cr.role",
        ):
            for role, expected in (("agent", False), ("head", True)):
                records = self.as_persona(self.env[model], role)
                with self.subTest(f"{model} {role}"):
                    self.assertEqual(records.has_access("write"), expected)
                    self.assertTrue(records.has_access("read"))

    def test_what_changes_cards_is_not_open_to_remote_calls(self):
        callback = self.as_user(self.make_callback(), self.agent)
        for name in ("_update", "_reopen", "_close_as", "_apply_attempt", "_cancel"):
            with self.subTest(name), self.assertRaises(AccessError):
                get_public_method(callback, name)

    def test_opening_the_board_needs_few_queries(self):
        cards = [self.make_callback(self.make_partner()) for _number in range(80)]
        board = self.as_user(self.env["cr.callback"], self.agent)
        specification = {
            name: {}
            for name in (
                "partner_id plate model_id kind due_text color is_late value_class"
                " attempt_count attempt_dots last_outcome_id block_code also_due_count"
                " agent_id has_open_complaint missed_reason state"
            ).split()
        }
        for name in ("partner_id", "model_id", "last_outcome_id", "agent_id"):
            specification[name] = {"fields": {"display_name": {}}}

        def open_board():
            board.get_day_summary()
            board.web_read_group(
                [("state", "in", ["todo", "retry"])],
                ["state"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=specification,
                unfold_read_default_limit=80,
            )

        self.assertEqual(len(cards), 80)
        # The server keeps access rules in memory; the first call of a day loads them.
        open_board()
        self.assertLessEqual(self.count_queries(open_board), 25)
