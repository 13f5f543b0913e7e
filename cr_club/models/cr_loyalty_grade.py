from odoo import fields, models

from ..const import CARE_GRADES


class CrLoyaltyGrade(models.Model):
    """A grade of loyalty: from which score, which care, which incentives (CLB-31)."""

    _name = "cr.loyalty.grade"
    _description = "Grade of loyalty"
    _order = "program_id, minimum desc, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for every club that has no grades of its own.",
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    minimum = fields.Float(string="From score", required=True, aggregator=None)
    care_grade = fields.Selection(
        CARE_GRADES,
        required=True,
        default="C",
        help="How closely members of the grade are cared for; apart from the card"
        " (CLB-36).",
    )
    incentive_ids = fields.One2many(
        "cr.loyalty.incentive", "grade_id", string="Incentives"
    )

    _minimum_unique = models.UniqueIndex(
        "(COALESCE(program_id, 0), minimum)",
        "Two grades cannot begin at the same score.",
    )
    _minimum_sane = models.Constraint(
        "CHECK (minimum BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )
