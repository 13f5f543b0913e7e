from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackShareOut(CallbackCommon):
    """Who gets which card, and what becomes of cards nobody called."""

    def share_out(self):
        """Share out until nothing moves any more."""
        while self.env["cr.callback"]._assign(self.TODAY):
            self.env.invalidate_all()

    def make_cards(self, count, **values):
        """Return callbacks of as many customers."""
        return self.env["cr.callback"].union(
            *(self.make_callback(self.make_partner(), **values) for _n in range(count))
        )

    def test_cards_are_shared_by_quota(self):
        second = self.second_agent()
        self.hold(self.agent_role, second, quota=60)
        cards = self.make_cards(9)
        self.share_out()
        counts = {user: len(found) for user, found in cards.grouped("agent_id").items()}
        self.assertEqual(counts, {self.agent: 3, second: 6})

    def test_all_cards_of_a_customer_go_to_one_agent(self):
        self.hold(self.agent_role, self.second_agent())
        cards = self.make_callback() | self.make_callback(kind="care")
        self.share_out()
        self.assertEqual(len(cards.agent_id), 1)

    def test_who_has_the_customer_keeps_him(self):
        second = self.second_agent()
        self.hold(self.agent_role, second, quota=500)
        self.make_callback(agent_id=self.agent.id)
        new = self.make_callback(kind="care")
        self.share_out()
        self.assertEqual(new.agent_id, self.agent)

    def test_cards_not_yet_to_be_called_wait(self):
        day = self.TODAY + timedelta(days=1)
        card = self.make_callback(earliest_on=day, due_on=day)
        self.share_out()
        self.assertFalse(card.agent_id)

    def test_without_holders_the_head_gets_the_cards(self):
        self.agent_role.holder_ids.unlink()
        card = self.make_callback()
        self.share_out()
        self.assertEqual(card.agent_id, self.head)

    def test_cards_of_an_absent_agent_go_to_the_substitute_and_come_back(self):
        second = self.second_agent()
        card = self.make_callback(agent_id=self.agent.id)
        self.env["cr.absence"].create(
            {
                "user_id": self.agent.id,
                "date_from": self.TODAY,
                "date_to": self.TODAY,
                "substitute_id": second.id,
            }
        )
        self.share_out()
        self.assertEqual((card.agent_id, card.regular_agent_id), (second, self.agent))
        while self.env["cr.callback"]._assign(self.TODAY + timedelta(days=1)):
            self.env.invalidate_all()
        self.assertEqual(card.agent_id, self.agent)
        self.assertFalse(card.regular_agent_id)

    def test_new_cards_go_to_the_substitute_too(self):
        second = self.second_agent()
        self.env["cr.absence"].create(
            {"user_id": self.agent.id, "substitute_id": second.id}
            | {"date_from": self.TODAY, "date_to": self.TODAY}
        )
        card = self.make_callback()
        self.share_out()
        self.assertEqual(card.agent_id, second)

    def test_a_card_in_conversation_stays_with_its_agent(self):
        card = self.make_callback()
        self.take(card)
        self.env["cr.absence"].create({"user_id": self.agent.id})
        self.share_out()
        self.assertEqual(card.agent_id, self.agent)

    def test_sharing_out_needs_as_many_queries_for_many_cards(self):
        self.make_cards(1)
        few = self.count_queries(self.env["cr.callback"]._assign, self.TODAY)
        self.make_cards(100)
        many = self.count_queries(self.env["cr.callback"]._assign, self.TODAY)
        self.assertEqual(many, few)

    def test_a_window_that_passed_is_missed_with_its_reason(self):
        ended = {"due_on": self.TODAY - timedelta(days=1)}
        ended["expires_on"] = ended["due_on"]
        never = self.make_callback(self.make_partner(), **ended)
        tried = self.make_callback(self.make_partner(), attempt_count=2, **ended)
        blocked = self.make_callback(self.make_partner(), block_code="opt_out", **ended)
        running = self.make_callback()
        self.assertEqual(self.env["cr.callback"]._expire(self.TODAY), 3)
        self.assertEqual(
            [card.missed_reason for card in (never, tried, blocked)],
            ["not_called", "not_reached", "blocked"],
        )
        self.assertEqual(running.state, "todo")
        self.assertEqual(self.env["cr.callback"]._expire(self.TODAY), 0)

    def test_the_night_checks_consent_again(self):
        card = self.make_callback()
        self.customer.action_cr_do_not_call()
        self.env["cr.callback"]._recheck_blocks(self.TODAY)
        self.assertEqual(card.block_code, "do_not_call")

    def test_the_job_ends_checks_and_shares_out(self):
        ended = self.make_callback(
            self.make_partner(),
            due_on=self.TODAY - timedelta(days=1),
            expires_on=self.TODAY - timedelta(days=1),
        )
        card = self.make_callback()
        with self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_cr_callback_share_out"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(ended.state, "missed")
        self.assertEqual(card.agent_id, self.agent)

    def test_the_job_shares_out_even_when_its_time_is_over(self):
        card = self.make_callback()
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0)
        with self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_cr_callback_share_out"
            ).method_direct_trigger()
        self.assertTrue(card.agent_id)
