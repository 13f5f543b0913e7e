from odoo import fields, models


class CrProblemRung(models.Model):
    """Who is told when a department is late with a problem, one post after the other.
    """

    _name = "cr.problem.rung"
    _description = "Rung of late problems"
    _order = "after_hours, id"

    name = fields.Char(related="role_id.name")
    role_id = fields.Many2one("cr.role", string="Who is told", required=True)
    after_hours = fields.Float(
        string="Working hours after the deadline", required=True, aggregator=None
    )
    active = fields.Boolean(string="Switched on", default=True)
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _hours_positive = models.Constraint(
        "CHECK (after_hours >= 0)", "The working hours cannot be below zero."
    )
