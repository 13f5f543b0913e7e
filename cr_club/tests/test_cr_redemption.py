from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


class RedemptionCommon(ClubCommon):
    """A catalogue, an agent who asks, a head and a director who approve, finance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls.env["cr.club.gift"].create(
            {"name": "Umbrella", "kind": "goods", "unit_cost": 40}
        )
        cls.receive(cls.gift, 5)
        cls.goods = cls.make_reward("Umbrella", gift_id=cls.gift.id, points=2000)
        cls.hour = cls.make_reward(
            "Labour hour", kind="labour", labour_hours=1, value=120, points=3000
        )
        cls.voucher = cls.make_reward("Voucher", kind="voucher", value=100, points=2500)
        cls.award(20000, expires_on="2027-06-30")

    @classmethod
    def make_reward(cls, name, **values):
        return cls.env["cr.club.reward"].create(
            {"name": name, "program_id": cls.program.id, **values}
        )

    @classmethod
    def receive(cls, gift, quantity):
        return cls.env["cr.club.gift.move"].create(
            {"gift_id": gift.id, "kind": "receive", "quantity": quantity}
        )

    @classmethod
    def ask(cls, reward, partner=None, role="agent", **values):
        """Return a redemption that somebody asks for, in his environment."""
        one = cls.as_persona(cls.env["cr.redemption"], role).create(
            {"partner_id": (partner or cls.owner).id, "reward_id": reward.id, **values}
        )
        one.action_request()
        return one

    def settle(self, one):
        """Approve and settle, each by whose step it is."""
        if one.state == "requested":
            self.as_persona(one, "director").action_approve()
        self.as_persona(one, "finance").action_settle()
        return one


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrRedemption(RedemptionCommon):
    """Request, approval, settlement, hand-over, and the way back (PTS-05, PTS-06)."""

    def test_goods_from_request_to_prize_date(self):
        one = self.ask(self.goods, quantity=2)
        self.assertEqual((one.state, one.points, one.cost), ("requested", 4000, 80))
        self.assertEqual((self.gift.stock, one.expires_on), (3, date(2026, 12, 20)))
        self.assert_points(self.owner, 16000)
        self.as_persona(one, "head").action_approve()
        self.as_persona(one, "finance").action_settle()
        self.as_persona(one, "advisor").action_hand_over()
        self.assertEqual((one.state, one.handed_on), ("handed", self.TODAY))
        self.assertEqual(one.settled_by_id, self.persona("finance"))
        self.assertEqual(self.gift.stock, 3)
        self.assert_proven()

    def test_nobody_but_finance_settles(self):
        one = self.ask(self.goods)
        self.as_persona(one, "head").action_approve()
        for role in ("agent", "advisor", "manager", "head", "director", "admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(one, role).action_settle()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(one, role).write({"state": "settled"})
        self.as_persona(one, "finance").action_settle()
        self.assertEqual(one.state, "settled")

    def test_nothing_is_handed_over_before_it_is_settled(self):
        one = self.ask(self.goods)
        with self.assertRaisesRegex(UserError, "does not lead to"):
            one.action_hand_over()
        self.as_persona(one, "head").action_approve()
        with self.assertRaisesRegex(UserError, "does not lead to"):
            one.action_hand_over()

    def test_the_amount_decides_who_approves(self):
        self.award(30000)
        small = self.ask(self.make_reward("Key ring", gift_id=self.gift.id, points=900))
        self.assertEqual(small.state, "approved")
        large = self.ask(self.hour, quantity=4)
        for role in ("manager", "head"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(large, role).action_approve()
        self.as_persona(large, "director").action_approve()
        self.assertEqual(large.state, "approved")
        middle = self.ask(self.goods)
        for role in ("agent", "finance"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(middle, role).action_approve()
        self.as_persona(middle, "manager").action_approve()

    def test_nobody_approves_his_own(self):
        one = self.ask(self.goods, role="head")
        with self.assertRaisesRegex(UserError, "second person"):
            self.as_persona(one, "head").action_approve()

    def test_a_refusal_has_its_reason_and_gives_the_points_back(self):
        one = self.as_persona(self.ask(self.goods), "head")
        with self.assertRaisesRegex(UserError, "Decision in words"):
            one.action_refuse()
        one.note = "Asked for by mistake"
        one.action_refuse()
        self.assertEqual((one.state, self.gift.stock), ("refused", 5))
        self.assert_points(self.owner, 20000)

    def test_a_cancelled_one_gives_points_back_to_their_lots(self):
        lot = self.account().lot_ids
        one = self.settle(self.ask(self.goods))
        self.assertEqual(lot.open_points, 18000)
        one.action_cancel()
        self.assertEqual((lot.open_points, self.gift.stock), (20000, 5))
        self.assertEqual((one.state, one.ended_on), ("cancelled", self.TODAY))
        with self.assertRaisesRegex(UserError, "does not lead to"):
            one.action_cancel()
        self.assert_proven()

    def test_a_voucher_is_a_coupon_for_one_bill(self):
        one = self.settle(self.ask(self.voucher, quantity=2))
        self.assertFalse(one.sudo().card_ids)
        one.action_hand_over()
        cards = one.sudo().card_ids
        self.assertEqual(len(cards), 2)
        self.assertEqual(cards.partner_id, self.owner)
        self.assertEqual(set(cards.mapped("points")), {1})
        self.assertEqual(cards[0].expiration_date, date(2027, 5, 20))
        self.assertIn(cards[0].code, one.coupon_codes)
        reward = cards.program_id.reward_ids
        self.assertEqual(
            (reward.discount, reward.discount_mode, reward.required_points),
            (100, "per_order", 1),
        )
        self.assertEqual(cards.program_id.program_type, "coupons")
        self.assertFalse(cards.program_id.rule_ids)

    def test_a_voucher_that_is_out_keeps_its_value(self):
        first = self.settle(self.ask(self.voucher))
        first.action_hand_over()
        self.voucher.value = 80
        second = self.settle(self.ask(self.voucher))
        second.action_hand_over()
        values = [
            one.sudo().card_ids.program_id.reward_ids.discount for one in first | second
        ]
        self.assertEqual(values, [100, 80])

    def test_hours_come_off_a_work_order_and_bring_no_points(self):
        order = self.make_order(self.car, self.TODAY, amount_labour=480)
        self.assert_points(self.owner, 20480)
        one = self.settle(self.ask(self.hour))
        with self.assertRaisesRegex(UserError, "choose a work order"):
            one.action_hand_over()
        one.order_id = order
        one.action_hand_over()
        self.assertEqual(order.amount_by_points, 120)
        self.assert_points(self.owner, 20480 - 3000 - 120)
        dear = self.settle(self.ask(self.hour, quantity=4))
        dear.order_id = order
        with self.assertRaisesRegex(UserError, "larger one"):
            dear.action_hand_over()
        self.assert_proven()

    def test_what_may_not_be_asked_for(self):
        self.make_member(self.guest)
        poor, stranger = self.guest, self.make_partner("Stranger")
        thing = {"gift_id": self.gift.id, "points": 100}
        for reward, partner, sentence in (
            (self.goods, poor, "less than 2000"),
            (self.goods, stranger, "has to join first"),
            (
                self.make_reward("Gold", tier_ids=self.tier("gold").ids, **thing),
                self.owner,
                "is for Gold card",
            ),
            (
                self.make_reward("Late", date_to="2026-11-19", **thing),
                self.owner,
                "not in the catalogue",
            ),
            (
                self.make_reward("High", points_from=50000, **thing),
                self.owner,
                "from 50000 points on",
            ),
        ):
            with self.subTest(reward=reward.name), self.assertRaisesRegex(
                UserError, sentence
            ), self.env.cr.savepoint():
                self.ask(reward, partner)
        self.assert_points(self.owner, 20000)

    def test_stock_never_goes_below_zero(self):
        with self.assertRaisesRegex(UserError, "5 are left"), self.env.cr.savepoint():
            self.ask(self.goods, quantity=6)
        self.assertEqual(self.gift.stock, 5)
        self.assert_points(self.owner, 20000)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE cr_club_gift SET stock = -1 WHERE id = %s", [self.gift.id]
                )

    def test_a_yearly_limit_counts_what_was_asked_for(self):
        self.goods.yearly_limit = 2
        self.ask(self.goods)
        gone = self.ask(self.goods)
        with self.assertRaisesRegex(UserError, "2 times a year"):
            self.ask(self.goods)
        gone.action_cancel()
        self.ask(self.goods)

    def test_what_was_asked_for_stays_and_keeps_its_price(self):
        one = self.ask(self.goods)
        self.goods.points = 9
        self.assertEqual(one.points, 2000)
        for values in ({"quantity": 3}, {"reward_id": self.hour.id}):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "ask anew"):
                one.write(values)
        with self.assertRaisesRegex(UserError, "stays in the books"):
            self.as_persona(one, "admin").unlink()
        with self.assertRaises(AccessError):
            self.as_persona(self.env["cr.redemption"], "agent").create(
                {
                    "partner_id": self.owner.id,
                    "reward_id": self.goods.id,
                    "state": "settled",
                }
            )
