from odoo import fields, models


class CrInterviewScore(models.Model):
    """What one interview counts for under one version of an index.

    Written by `cr.index.version._store_scores` only; everything here can be computed
    anew from the answers at any time.
    """

    _name = "cr.interview.score"
    _description = "Score of an interview"
    _order = "interview_id, version_id"

    interview_id = fields.Many2one(
        "cr.interview", required=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        "cr.index.version",
        string="Weights",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="interview_id.company_id")
    is_current = fields.Boolean(
        string="In force on that day", help="The weights of the day of the interview."
    )
    score = fields.Float(string="Points of 1,000", digits=(6, 1), aggregator="avg")
    share = fields.Float(
        string="Weight answered", help="The share of the weight that was answered."
    )

    _version_unique = models.Constraint(
        "UNIQUE (interview_id, version_id)", "This score stands here already."
    )
