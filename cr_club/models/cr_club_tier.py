from odoo import api, fields, models
from odoo.exceptions import UserError


class CrClubTier(models.Model):
    """A step of the club: 普卡, 绿卡 … or 钻石, 白金, 黄金 (CLB-03 to CLB-13)."""

    _name = "cr.club.tier"
    _description = "Club tier"
    _order = "scheme_id, level"

    name = fields.Char(required=True, translate=True)
    scheme_id = fields.Many2one(
        "cr.club.scheme", required=True, index=True, ondelete="cascade"
    )
    level = fields.Integer(
        required=True, aggregator=None, help="The higher, the better the tier."
    )
    active = fields.Boolean(string="Switched on", default=True)
    is_prospect = fields.Boolean(
        string="For people without a car",
        help="Somebody who means to buy may join with this tier (C-03).",
    )
    color = fields.Char(string="Colour of the card", default="#2e7d32")
    points_factor = fields.Float(
        string="Points multiplier",
        default=1,
        aggregator=None,
        help="Earning rules that follow the tier multiply with it. Assumed.",
    )
    description = fields.Text(translate=True)
    rule_ids = fields.One2many(
        "cr.club.tier.rule", "tier_id", string="Conditions", copy=True
    )
    privilege_ids = fields.Many2many("cr.club.privilege", string="Privileges")
    member_count = fields.Integer(compute="_compute_member_count", string="Members")

    _level_unique = models.Constraint(
        "UNIQUE (scheme_id, level)",
        "Two tiers of a scheme cannot stand on the same level.",
    )
    _factor_positive = models.Constraint(
        "CHECK (points_factor >= 0)", "A points multiplier is not negative."
    )

    # === COMPUTE === #

    def _compute_member_count(self):
        counts = self._count_members()
        for tier in self:
            tier.member_count = counts.get(tier.id, 0)

    # === CRUD === #

    def write(self, vals):
        """Switch no tier off that members have."""
        if vals.get("active") is False:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    # === BUSINESS === #

    def _count_members(self):
        """Return {tier id: members}, those of every store."""
        # sudo: a tier that another store uses is in use as well; only counted.
        groups = (
            self.env["cr.club.member"]
            .sudo()
            ._read_group([("tier_id", "in", self.ids)], ["tier_id"], ["__count"])
        )
        return {tier.id: count for tier, count in groups}

    def _check_unused(self):
        """Raise when one of the tiers has members."""
        counts = self._count_members()
        for tier in self.filtered(lambda tier: counts.get(tier.id)):
            raise UserError(
                self.env._(
                    "%(count)s members have the tier %(tier)s, so it stays. Give them"
                    " another tier first.",
                    count=counts[tier.id],
                    tier=tier.name,
                )
            )
