from odoo import fields, models

from ..const import INCENTIVE_KINDS, INCENTIVE_OCCASIONS


class CrLoyaltyIncentive(models.Model):
    """What a member gets when he comes to a grade, or falls to it (CLB-31, PTS-11)."""

    _name = "cr.loyalty.incentive"
    _description = "Incentive of a grade"
    _order = "grade_id, sequence, id"

    name = fields.Char(string="In words", required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    grade_id = fields.Many2one(
        "cr.loyalty.grade", required=True, index=True, ondelete="cascade"
    )
    occasion = fields.Selection(
        INCENTIVE_OCCASIONS, string="When a member", required=True, default="reach"
    )
    kind = fields.Selection(INCENTIVE_KINDS, required=True, default="points")
    points = fields.Integer(
        aggregator=None, help="Posted at once; they do not count for the tier."
    )
    gift_id = fields.Many2one(
        "cr.club.gift", index="btree_not_null", ondelete="restrict"
    )

    _kind_complete = models.Constraint(
        "CHECK ((kind != 'points' OR points > 0)"
        " AND (kind != 'gift' OR gift_id IS NOT NULL))",
        "Enter how many points, or choose the gift.",
    )
