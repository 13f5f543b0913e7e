from odoo import fields, models

from odoo.addons.cr_dealership.const import VALUE_CLASSES

from ..const import CARE_GRADES


class CrClubMemberLoyaltyMixin(models.AbstractModel):
    """Grade of loyalty, worth and care of a member (CLB-30, CLB-35, CLB-36)."""

    _name = "cr.club.member.loyalty.mixin"
    _description = "Loyalty of a member"

    loyalty_grade_id = fields.Many2one(
        "cr.loyalty.grade",
        string="Loyalty",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    segment = fields.Selection(VALUE_CLASSES, string="Worth", readonly=True, copy=False)
    scored_on = fields.Date(readonly=True, copy=False)
    care_grade = fields.Selection(
        CARE_GRADES,
        string="Care",
        copy=False,
        tracking=True,
        help="How closely he is cared for; follows his loyalty, apart from the card.",
    )
    is_care_fixed = fields.Boolean(
        string="Care stays",
        copy=False,
        tracking=True,
        help="Given by a person; the nightly score leaves it.",
    )
    score_ids = fields.One2many("cr.loyalty.score", "member_id", string="Scores")
    grant_ids = fields.One2many("cr.loyalty.grant", "member_id", string="Incentives")
