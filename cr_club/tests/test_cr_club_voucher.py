from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .test_cr_redemption import RedemptionCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubVoucher(RedemptionCommon):
    """Vouchers for points where sales and point of sale are installed, too."""

    def setUp(self):
        super().setUp()
        one = self.settle(self.ask(self.voucher))
        one.action_hand_over()
        self.card = one.sudo().card_ids

    def test_a_sales_order_takes_the_voucher_once(self):
        if "code_enabled_rule_ids" not in self.env.get("sale.order", self.card)._fields:
            self.skipTest("sale_loyalty is not installed")
        product = self.env["product.product"].create(
            {"name": "Tyre", "list_price": 500, "taxes_id": False}
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.owner.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for _number in range(2)
            ]
        )
        found = orders[0]._try_apply_code(self.card.code)
        [(coupon, rewards)] = found.items()
        self.assertEqual(coupon, self.card)
        orders[0]._apply_program_reward(rewards, coupon)
        orders[0].action_confirm()
        self.assertEqual((orders[0].amount_total, self.card.points), (400, 0))
        self.assertIn("error", orders[1]._try_apply_code(self.card.code))

    def test_the_till_takes_the_voucher(self):
        if "use_coupon_code" not in dir(self.env.get("pos.config", self.card)):
            self.skipTest("pos_loyalty is not installed")
        on_account = self.env["pos.payment.method"].create(
            {"name": "On account", "split_transactions": True}
        )
        till = self.env["pos.config"].create(
            {"name": "Till", "payment_method_ids": on_account.ids}
        )
        answer = till.use_coupon_code(
            self.card.code, "2026-11-20 02:00:00", self.owner.id, False
        )
        self.assertTrue(answer["successful"], answer)
        self.assertEqual(answer["payload"]["points"], 1)
