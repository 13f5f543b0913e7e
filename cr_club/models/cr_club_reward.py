from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import REDEMPTION_OPEN, REWARD_KINDS


class CrClubReward(models.Model):
    """What points buy: goods, labour hours or a voucher, with its price (PTS-05)."""

    _name = "cr.club.reward"
    _description = "Reward for points"
    _inherit = ["cr.club.reward.voucher.mixin"]
    _order = "program_id, sequence, points, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cr.club.program"]._get_program(self.env.company),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="In the catalogue", default=True)
    kind = fields.Selection(REWARD_KINDS, required=True, default="goods")
    points = fields.Integer(string="Price in points", required=True, aggregator=None)
    points_from = fields.Integer(
        string="From points",
        aggregator=None,
        help="Open to customers who have at least so many; 0: who has the price.",
    )
    is_member_only = fields.Boolean(string="Members only", default=True)
    tier_ids = fields.Many2many(
        "cr.club.tier", string="Only members of", help="Empty: every member."
    )
    yearly_limit = fields.Integer(
        string="Times a year for one person", aggregator=None, help="0: no limit."
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    description = fields.Text(translate=True)
    image = fields.Image(max_width=512, max_height=512)
    # --- goods ---
    gift_id = fields.Many2one(
        "cr.club.gift",
        string="Piece of stock",
        index="btree_not_null",
        ondelete="restrict",
    )
    stock = fields.Integer(related="gift_id.stock", aggregator=None)
    # --- money ---
    unit_cost = fields.Monetary(
        string="Costs us",
        compute="_compute_unit_cost",
        store=True,
        readonly=False,
        aggregator=None,
        help="For the month-end of finance.",
    )
    labour_hours = fields.Float(string="Hours", aggregator=None)
    value = fields.Monetary(
        string="Worth to the customer",
        aggregator=None,
        help="Labour: taken off the work order. Voucher: taken off the bill.",
    )

    _price_positive = models.Constraint(
        "CHECK (points > 0 AND points_from >= 0 AND yearly_limit >= 0)",
        "A reward has a price above zero; limits are not negative.",
    )
    _goods_have_stock = models.Constraint(
        "CHECK (kind != 'goods' OR gift_id IS NOT NULL)",
        "Goods: choose the piece of stock that is handed over.",
    )
    _labour_has_hours = models.Constraint(
        "CHECK (kind != 'labour' OR (labour_hours > 0 AND value > 0))",
        "Labour: enter the hours and what they are worth on a work order.",
    )
    _voucher_has_value = models.Constraint(
        "CHECK (kind != 'voucher' OR (value > 0 AND voucher_months > 0))",
        "Voucher: enter what it takes off a bill, and for how many months.",
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "An offer cannot end before it begins.",
    )

    @api.depends("kind", "gift_id.unit_cost", "value")
    def _compute_unit_cost(self):
        for reward in self:
            goods = reward.kind == "goods"
            reward.unit_cost = reward.gift_id.unit_cost if goods else reward.value

    # === BUSINESS === #

    def _get_offered(self, day):
        """Return the rewards that may be asked for on a day."""
        return self.filtered(
            lambda reward: reward.active
            and (not reward.date_from or reward.date_from <= day)
            and (not reward.date_to or reward.date_to >= day)
        )

    def _check_offered(self, partner, day):
        """Raise when a customer may not ask for the reward on a day (PTS-05).

        :param partner: the customer
        :param datetime.date day: by the clock of the store
        """
        self.ensure_one()
        if not self._get_offered(day):
            raise UserError(
                self.env._(
                    "“%s” is not in the catalogue today; choose another reward.",
                    self.name,
                )
            )
        # sudo: only the tier is looked at, whoever asks.
        member = (
            self.env["cr.club.member"]
            .sudo()
            .search(
                [
                    ("program_id", "=", self.program_id.id),
                    ("partner_id", "=", partner.id),
                    ("state", "=", "active"),
                ],
                limit=1,
            )
        )
        if (self.is_member_only or self.tier_ids) and not member:
            raise UserError(
                self.env._(
                    "“%(reward)s” is for members; %(customer)s has to join first.",
                    reward=self.name,
                    customer=partner.name,
                )
            )
        if self.tier_ids and member.tier_id not in self.tier_ids:
            raise UserError(
                self.env._(
                    "“%(reward)s” is for %(tiers)s; %(customer)s has %(tier)s.",
                    reward=self.name,
                    tiers=", ".join(self.tier_ids.mapped("name")),
                    customer=partner.name,
                    tier=member.tier_id.name,
                )
            )

    def _check_limit(self, partner, day, without):
        """Raise when the customer had the reward as often as a year allows.

        :param without: the redemption that is being asked for
        """
        self.ensure_one()
        if not self.yearly_limit:
            return
        # sudo: what he had in other stores of the club counts, too.
        used = sum(
            self.env["cr.redemption"]
            .sudo()
            .search(
                [
                    ("reward_id", "=", self.id),
                    ("partner_id", "=", partner.id),
                    ("state", "in", (*REDEMPTION_OPEN, "handed")),
                    ("requested_on", ">=", day.replace(month=1, day=1)),
                    ("id", "not in", without.ids),
                ]
            )
            .mapped("quantity")
        )
        if used + without.quantity > self.yearly_limit:
            raise UserError(
                self.env._(
                    "%(customer)s may have “%(reward)s” %(limit)s times a year and had"
                    " it %(used)s times.",
                    customer=partner.name,
                    reward=self.name,
                    limit=self.yearly_limit,
                    used=used,
                )
            )
