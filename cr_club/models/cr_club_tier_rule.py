from odoo import fields, models

from ..const import RULE_KINDS
from ..tools.tiers import Rule


class CrClubTierRule(models.Model):
    """One condition of a tier; any of them suffices unless they share a group (CLB-11).

    Cars, buyers brought, points in a rolling window with a part from material, VIP of
    former years, loyalty score, or a person's decision.
    """

    _name = "cr.club.tier.rule"
    _description = "Condition of a tier"
    _order = "tier_id, sequence, id"

    tier_id = fields.Many2one(
        "cr.club.tier", required=True, index=True, ondelete="cascade"
    )
    scheme_id = fields.Many2one(related="tier_id.scheme_id", store=True, index=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    name = fields.Char(string="In words", required=True, translate=True)
    kind = fields.Selection(RULE_KINDS, required=True, default="vehicles")
    minimum = fields.Float(
        aggregator=None,
        digits=(16, 0),
        help="Cars, buyers, points or score; for former VIPs the first year.",
    )
    material_minimum = fields.Integer(
        string="Of which from material", aggregator=None
    )
    window_months = fields.Integer(string="Within (months)", aggregator=None)
    group = fields.Integer(
        string="Together with",
        aggregator=None,
        help="Conditions of a tier with the same number must hold together; 0: alone.",
    )
    from_tier_id = fields.Many2one(
        "cr.club.tier",
        string="Only from",
        index="btree_not_null",
        domain="[('scheme_id', '=', scheme_id)]",
        help="Holds for members who have at least this tier.",
    )
    same_brand = fields.Boolean(
        string="Same brand only",
        default=True,
        help="Only cars of the brands of the club count (C-05).",
    )
    needs_confirmation = fields.Boolean(
        help="The upgrade is proposed, and a person confirms it (C-06)."
    )

    _window_given = models.Constraint(
        "CHECK (kind != 'points' OR window_months > 0)",
        "Points count within a number of months: fill in “Within (months)”.",
    )
    _minimum_sane = models.Constraint(
        "CHECK (minimum >= 0 AND material_minimum >= 0 AND window_months >= 0)",
        "The figures of a condition are not negative.",
    )
    _material_part = models.Constraint(
        "CHECK (kind != 'points' OR material_minimum <= minimum)",
        "The part from material cannot be more than the whole.",
    )

    def _prepare_rule(self):
        """Return the condition as `tools.tiers` reads it."""
        self.ensure_one()
        return Rule(
            id=self.id,
            level=self.tier_id.level,
            kind=self.kind,
            minimum=self.minimum,
            material=self.material_minimum,
            months=self.window_months,
            group=self.group,
            from_level=self.from_tier_id.level or 0,
            same_brand=self.same_brand,
        )
