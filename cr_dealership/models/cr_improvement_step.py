from odoo import fields, models

from ..const_figure import PHASES


class CrImprovementStep(models.Model):
    """One of the eight steps of a project: who, until when, what, evidence (IMP-01)."""

    _name = "cr.improvement.step"
    _description = "Step of an improvement"
    _order = "number, id"

    improvement_id = fields.Many2one(
        "cr.improvement", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Step", required=True, aggregator=None)
    name = fields.Char(required=True)
    phase = fields.Selection(PHASES, required=True, default="plan")
    help_text = fields.Char(string="What is asked for")
    user_id = fields.Many2one("res.users", string="Who")
    until = fields.Date()
    text = fields.Text(string="Result")
    evidence_ids = fields.Many2many("ir.attachment")
    done_on = fields.Date(string="Done on")

    _number_unique = models.Constraint(
        "UNIQUE (improvement_id, number)", "The project already has this step."
    )
