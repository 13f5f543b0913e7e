from odoo import fields, models
from odoo.fields import Command

from odoo.addons.cr_dealership.tools.offsets import add_months


class CrClubRewardVoucherMixin(models.AbstractModel):
    """Vouchers as coupons of `loyalty`, which sales and point of sale accept.

    One way: a redemption makes a coupon, what the cashier does with it stays there.
    """

    _name = "cr.club.reward.voucher.mixin"
    _description = "Reward: vouchers"

    voucher_months = fields.Integer(
        string="Voucher valid for (months)", default=6, aggregator=None
    )
    coupon_program_id = fields.Many2one(
        "loyalty.program",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Made with the first voucher. Another value makes another programme:"
        " vouchers that are out keep theirs.",
    )

    def write(self, vals):
        """Let vouchers that are out keep their value."""
        if {"value", "kind"} & vals.keys():
            vals = {**vals, "coupon_program_id": False}
        return super().write(vals)

    def _ensure_coupon_program(self):
        """Return the programme of the coupons of a reward; it is made if missing."""
        self.ensure_one()
        # sudo: staff of the club have no rights on sales programmes.
        reward = self.sudo()
        if not reward.coupon_program_id:
            values = reward._prepare_coupon_program()
            reward.coupon_program_id = self.env["loyalty.program"].sudo().create(values)
        return reward.coupon_program_id

    def _prepare_coupon_program(self):
        """Return the programme: one coupon takes the value off one bill."""
        one_store = self.program_id._get_stores() == self.company_id
        return {
            "name": self.name,
            "program_type": "coupons",
            "applies_on": "current",
            "trigger": "with_code",
            "portal_visible": False,
            "company_id": self.company_id.id if one_store else False,
            "currency_id": self.currency_id.id,
            "rule_ids": [Command.clear()],
            "communication_plan_ids": [Command.clear()],
            "reward_ids": [
                Command.clear(),
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount": self.value,
                        "discount_applicability": "order",
                        "required_points": 1,
                        "description": self.name,
                    }
                ),
            ],
        }

    def _issue_coupons(self, partner, count, day):
        """Issue coupons to a customer.

        :param partner: only he may use them
        :param int count: how many
        :param datetime.date day: they hold from here
        :return: the coupons
        """
        program = self._ensure_coupon_program()
        expiry = add_months(day, self.voucher_months)
        values = {
            "program_id": program.id,
            "partner_id": partner.id,
            "points": 1,
            "expiration_date": expiry,
        }
        # sudo: as above; and the customer gets the code from us, not by mail.
        cards = self.env["loyalty.card"].sudo().with_context(loyalty_no_mail=True)
        return cards.create([dict(values) for _number in range(count)])
