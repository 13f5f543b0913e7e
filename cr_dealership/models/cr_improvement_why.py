from odoo import fields, models


class CrImprovementWhy(models.Model):
    """One of the five questions "why" on the way to the true cause (IMP-04)."""

    _name = "cr.improvement.why"
    _description = "Question why"
    _order = "number, id"
    _rec_name = "question"

    improvement_id = fields.Many2one(
        "cr.improvement", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Why no.", required=True, aggregator=None)
    question = fields.Char(string="Why?")
    answer = fields.Char(string="Because")
    is_cause = fields.Boolean(string="True cause")
