from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_cr_redemption import RedemptionCommon


@tagged("post_install", "-at_install")
class TestCrRedemptionCron(RedemptionCommon):
    """What is not fetched in time goes back, once, however many there are."""

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cr_club.ir_cron_redemption_expire").method_direct_trigger()

    def test_what_is_not_fetched_goes_back_once(self):
        with freeze_time("2026-11-20 02:00:00"):
            late = self.settle(self.ask(self.goods))
            draft = self.env["cr.redemption"].create(
                {"partner_id": self.owner.id, "reward_id": self.goods.id}
            )
        with freeze_time("2026-12-20 02:00:00"):
            self.run_cron()
            self.assertEqual(late.state, "settled")
        with freeze_time("2026-12-21 02:00:00"):
            fresh = self.ask(self.goods)
            self.run_cron()
            self.run_cron()
            self.assertEqual(late.state, "expired")
            self.assertEqual((draft.state, fresh.state), ("draft", "requested"))
            self.assert_points(self.owner, 18000)
            self.assertEqual(self.gift.stock, 4)
            self.assert_proven()

    def test_queries_do_not_depend_on_how_many_go_back(self):
        with freeze_time("2026-11-20 02:00:00"):
            self.receive(self.gift, 100)
            self.goods.is_member_only = False
            partners = [self.make_partner() for _number in range(41)]
            for partner in partners:
                self.award(2000, partner)
            late = [self.ask(self.goods, partner) for partner in partners]
        with freeze_time("2027-01-20 02:00:00"):
            ledger = self.env["cr.redemption"]
            today = self.env.company._cr_today()
            one = self.count_queries(ledger._expire, today, 1)
            many = self.count_queries(ledger._expire, today, 100)
        self.assertLessEqual(many, one + 5)
        self.assertEqual({one.state for one in late}, {"expired"})


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrRedemptionPage(RedemptionCommon, HttpCase):
    """A member asks for rewards behind his login, and sees only his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="cr_reward_portal",
            groups="base.group_portal",
            partner_id=cls.owner.id,
            company_id=cls.store.id,
            company_ids=cls.store.ids,
        )
        cls.redemptions = cls.env["cr.redemption"].with_user(cls.user)

    def test_a_form_sent_twice_asks_once(self):
        first = self.redemptions._request_on_page(self.owner, self.goods.id, "n1")
        again = self.redemptions._request_on_page(self.owner, self.goods.id, "n1")
        self.assertEqual(first, again)
        self.assertEqual(first.sudo().requested_by_id, self.user)
        self.assert_points(self.owner, 18000)

    def test_a_member_sees_and_cancels_his_own_only(self):
        other = self.make_member(self.guest).partner_id
        self.award(5000, other)
        theirs = self.ask(self.goods, other)
        page = self.redemptions._get_page(self.owner)
        self.assertFalse(page["redemptions"])
        self.assertEqual(page["available"], 20000)
        self.assertFalse(self.redemptions._cancel_on_page(self.owner, theirs.id))
        self.assertEqual(theirs.state, "requested")
        mine = self.redemptions._request_on_page(self.owner, self.goods.id, "n2")
        self.redemptions._cancel_on_page(self.owner, mine.id)
        self.assertEqual(mine.sudo().state, "cancelled")

    def test_what_is_not_offered_is_refused_in_words(self):
        self.goods.active = False
        with self.assertRaisesRegex(UserError, "not offered"):
            self.redemptions._request_on_page(self.owner, self.goods.id, "n3")

    def test_the_page_shows_rewards_and_takes_a_request(self):
        self.env["cr.club.merchant"].create(
            {"name": "Tea house", "program_id": self.program.id, "offer": "A free cup"}
        )
        self.authenticate("cr_reward_portal", "cr_reward_portal")
        page = self.url_open("/my/club/rewards").text
        self.assertIn("Umbrella", page)
        self.assertIn("A free cup", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"csrf_token": token, "nonce": "n4"}
        page = self.url_open(f"/my/club/rewards/{self.goods.id}", data=form).text
        asked = self.env["cr.redemption"].search([("reward_id", "=", self.goods.id)])
        self.assertEqual(asked.state, "requested")
        self.assertIn(f"/my/club/redemptions/{asked.id}", page)
        self.assert_points(self.owner, 18000)
