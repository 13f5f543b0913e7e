from odoo import fields, models


class CrRegion(models.Model):
    """District or town that purchases and visits are counted by (CUS-26)."""

    _name = "cr.region"
    _description = "Region"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE (name)", "There is already a region with this name."
    )
