from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubMessages(ClubCommon):
    """What members hear by SMS: welcome, upgrade, expiry, news (CLB-39)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest.mobile = "13807960001"
        cls.owner.mobile = "13807960002"

    def messages(self, start="club:"):
        return self.env["cr.message"].search(
            [("company_id", "=", self.store.id), ("key", "=like", f"{start}%")],
            order="id",
        )

    # === JOINING AND TIERS === #

    def test_who_joins_is_welcomed_and_who_rises_congratulated(self):
        member = self.make_member(self.guest)
        welcome = self.messages("club:tier:").filtered(
            lambda one: one.partner_id == self.guest
        )
        self.assertEqual((len(welcome), welcome.channel), (1, "sms"))
        self.assertIn(member._get_card_code(), welcome.body)
        member._give_tier(self.tier("gold"), "Test")
        rise = self.messages("club:tier:").filtered(
            lambda one: one.partner_id == self.guest and one != welcome
        )
        tier = self.tier("gold").with_context(lang=self.store._cr_get_message_lang())
        self.assertIn(tier.name, rise.body)
        member._give_tier(self.tier("green"), "Test")
        self.assertEqual(len(self.messages("club:tier:")), 3)

    def test_the_change_knows_that_the_member_was_told(self):
        change = self.member._give_tier(self.tier("gold"), "Test")
        message = self.messages(f"club:tier:{change.id}")
        self.assertFalse(change.told_on)
        self.assertEqual(message.state, "queued")
        message._mark_sent(message.next_at)
        self.assertEqual(change.told_on, date(2026, 11, 20))

    def test_who_wants_none_gets_none_and_the_club_may_switch_off(self):
        self.env["cr.contact.preference"].create(
            {
                "partner_id": self.guest.id,
                "purpose": "all",
                "channel": "sms",
                "state": "refused",
                "reason": "Asked for it",
            }
        )
        self.make_member(self.guest)
        message = self.messages("club:tier:")[-1]
        self.assertEqual((message.partner_id, message.state), (self.guest, "cancelled"))
        self.assertTrue(message.block_code)
        self.program.use_messages = False
        count = len(self.messages())
        self.make_member()
        self.assertEqual(len(self.messages()), count)

    def test_buyers_of_long_ago_are_not_told_out_of_the_blue(self):
        people = {}
        for name, day in (("old", date(2024, 5, 1)), ("new", date(2026, 11, 10))):
            people[name] = self.make_partner(f"Buyer {name}")
            self.make_vehicle(
                company_id=self.store.id,
                delivered_on=day,
                role_ids=[
                    Command.create(
                        {
                            "partner_id": people[name].id,
                            "date_from": day,
                            "is_purchase": True,
                        }
                    )
                ],
            )
        self.program.enrolment = "auto"
        made = self.program._enrol_buyers(self.TODAY)
        self.assertLessEqual(
            set((people["old"] | people["new"]).ids), set(made.partner_id.ids)
        )
        told = self.messages("club:tier:").partner_id
        self.assertIn(people["new"], told)
        self.assertNotIn(people["old"], told)

    # === EXPIRY === #

    def test_who_loses_points_soon_is_told_once(self):
        self.program.expiry_notice_days = 10
        day = date(2026, 11, 30)
        self.award(100, expires_on=day)
        self.award(50, expires_on=day)
        self.award(70, partner=self.guest, expires_on=date(2026, 12, 1))
        self.award(30, expires_on=date(2027, 5, 1))
        program = self.program
        self.assertEqual(program._tell_expiries(self.TODAY), 1)
        self.assertEqual(program._tell_expiries(self.TODAY), 0)
        message = self.messages("club:expiry:")
        self.assertEqual(message.partner_id, self.owner)
        self.assertIn("150", message.body)
        self.assertIn("2026-11-30", message.body)
        self.assertIn(self.member._get_card_code(), message.body)
        program.expiry_notice_days = 0
        self.assertEqual(program._tell_expiries(date(2026, 11, 25)), 0)
        program.expiry_notice_days = 10
        self.assertEqual(program._tell_expiries(date(2026, 11, 25)), 1)
        self.assertNotIn("{", self.messages("club:expiry:")[-1].body)

    def test_the_job_tells_and_a_second_run_adds_nothing(self):
        self.award(100, expires_on=date(2026, 11, 25))
        cron = self.env.ref("cr_club.ir_cron_club_tell_expiries")
        for _turn in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(len(self.messages("club:expiry:")), 1)

    def test_many_cost_as_many_statements_as_one(self):
        tell = self.program._tell_expiries
        self.award(100, expires_on=date(2026, 11, 25))
        tell(self.TODAY)
        people = [self.make_partner() for _number in range(31)]
        self.award(5, partner=people[0], expires_on=date(2026, 11, 26))
        one = self.count_queries(tell, self.TODAY)
        for person in people[1:]:
            self.award(5, partner=person, expires_on=date(2026, 11, 26))
        many = self.count_queries(tell, self.TODAY)
        self.assertEqual(len(self.messages("club:expiry:")), 32)
        self.assertLessEqual(many, one + 1)

    # === NEWS === #

    def test_news_go_to_all_members_once(self):
        other = self.make_member(self.guest)
        program = self.as_persona(self.program, "head")
        with self.assertRaisesRegex(UserError, "what members shall hear"):
            program.action_send_news()
        self.program.news = "Winter check\n88 yuan"
        program.action_send_news()
        program.action_send_news()
        news = self.messages("club:news:")
        self.assertEqual(news.partner_id, self.member.partner_id | other.partner_id)
        self.assertEqual(len(news), 2)
        self.assertEqual(set(news.mapped("purpose")), {"marketing"})
        self.assertIn("Winter check 88 yuan", news[0].body)
        with self.assertRaises(AccessError):
            self.as_persona(self.program, "agent").action_send_news()
