from odoo import fields, models


class CrChurnReason(models.Model):
    """Why a customer stays away, with what to do next (RCL-06, RCL-10)."""

    _name = "cr.churn.reason"
    _description = "Reason why a customer stays away"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    next_step = fields.Text(
        string="What to do next", required=True, translate=True
    )
    is_grievance = fields.Boolean(
        string="Is a grievance",
        help="Whoever stays away for this reason was not satisfied: a complaint is"
        " opened where complaints are kept.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a reason with this code."
    )
