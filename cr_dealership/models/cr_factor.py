from odoo import fields, models


class CrFactor(models.Model):
    """What satisfaction is made of; its weight is said per index version (SUR-02)."""

    _name = "cr.factor"
    _description = "Factor of satisfaction"
    _inherit = ["cr.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    note = fields.Char(translate=True)

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a factor with this code."
    )
