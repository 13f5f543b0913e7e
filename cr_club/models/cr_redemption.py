from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import REDEMPTION_STATES

# What was asked for; it stays as it was when the points were taken.
_FROZEN = frozenset(("reward_id", "partner_id", "quantity", "company_id", "points"))


class CrRedemption(models.Model):
    """Points against a reward: asked for, approved, settled, handed over (PTS-06).

    The points, and the goods, are taken when it is asked for, so nothing is promised
    twice. `cr.redemption.step.mixin` goes through the steps.
    """

    _name = "cr.redemption"
    _description = "Redemption of points"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.settled.mixin",
        "cr.redemption.step.mixin",
        "cr.redemption.page.mixin",
    ]
    _order = "id desc"

    _settled_columns = frozenset(
        (
            "state",
            "entry_id",
            "card_ids",
            "requested_on",
            "requested_by_id",
            "approved_on",
            "approved_by_id",
            "settled_on",
            "settled_by_id",
            "handed_on",
            "handed_by_id",
            "expires_on",
            "ended_on",
        )
    )

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code("cr.redemption"),
    )
    reward_id = fields.Many2one(
        "cr.club.reward", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="reward_id.kind")
    program_id = fields.Many2one(
        related="reward_id.program_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Where the reward is handed over.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    points_available = fields.Integer(
        string="May be spent today", compute="_compute_points_available"
    )
    quantity = fields.Integer(required=True, default=1)
    points = fields.Integer(
        compute="_compute_points", store=True, precompute=True, tracking=True
    )
    cost = fields.Monetary(
        string="Costs us", compute="_compute_points", store=True, precompute=True
    )
    value = fields.Monetary(
        string="Worth to the customer",
        compute="_compute_points",
        store=True,
        precompute=True,
    )
    state = fields.Selection(
        REDEMPTION_STATES, required=True, default="draft", tracking=True, copy=False
    )
    key = fields.Char(readonly=True, copy=False, export_string_translation=False)
    # --- steps ---
    requested_on = fields.Date(readonly=True, copy=False)
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    settled_on = fields.Date(string="Settled by finance on", readonly=True, copy=False)
    settled_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    handed_on = fields.Date(
        string="Prize date", readonly=True, copy=False, help="When it was handed over."
    )
    handed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    expires_on = fields.Date(
        string="To be fetched until", readonly=True, copy=False, tracking=True
    )
    ended_on = fields.Date(string="Given back on", readonly=True, copy=False)
    note = fields.Char(string="Decision in words", copy=False)
    # --- what moved ---
    entry_id = fields.Many2one(
        "cr.points.entry",
        string="Points taken",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Labour hours are taken off this order.",
    )
    card_ids = fields.Many2many(
        "loyalty.card", readonly=True, copy=False, groups="base.group_system"
    )
    coupon_codes = fields.Char(string="Voucher code", compute="_compute_coupon_codes")

    _key_unique = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "This was asked for already."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Ask for one at least."
    )
    _points_taken = models.Constraint(
        "CHECK (state IN ('draft', 'cancelled') OR entry_id IS NOT NULL)",
        "A redemption that was asked for has its points taken.",
    )
    _settled_by_somebody = models.Constraint(
        "CHECK (state NOT IN ('settled', 'handed') OR settled_by_id IS NOT NULL)",
        "A redemption is settled by finance before anything is handed over.",
    )
    _expiry_index = models.Index(
        "(expires_on) WHERE state IN ('requested', 'approved', 'settled')"
    )

    # === COMPUTE === #

    # On purpose not by the price of the reward: what was asked for keeps its price.
    @api.depends("reward_id", "quantity")
    def _compute_points(self):
        for one in self:
            one.points = one.reward_id.points * one.quantity
            one.cost = one.reward_id.unit_cost * one.quantity
            one.value = one.reward_id.value * one.quantity

    @api.depends("partner_id", "program_id")
    def _compute_points_available(self):
        # sudo: who asks for a customer sees what he may spend.
        accounts = (
            self.env["cr.points.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("program_id", "in", self.program_id.ids),
                    ("merged_into_id", "=", False),
                ]
            )
        )
        available = accounts._get_available()
        found = {
            (one.partner_id.id, one.program_id.id): available.get(one.id, 0)
            for one in accounts
        }
        for one in self:
            one.points_available = found.get((one.partner_id.id, one.program_id.id), 0)

    def _compute_coupon_codes(self):
        for one in self:
            # sudo: staff of the club have no rights on coupons of sales.
            one.coupon_codes = ", ".join(one.sudo().card_ids.mapped("code"))

    # === CRUD === #

    def write(self, vals):
        """What was asked for stays as it was when the points were taken."""
        if not self.env.su and not _FROZEN.isdisjoint(vals):
            for one in self.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._(
                        "%s was asked for already; cancel it and ask anew.", one.name
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        for one in self.filtered("entry_id"):
            raise UserError(
                self.env._("%s moved points and stays in the books.", one.name)
            )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "State and dates of a redemption follow from its buttons: request,"
                " approve, settle, hand over."
            )
        )
