from odoo import fields, models


class CrSource(models.Model):
    """Where a customer or a visit comes from: showroom, event, referral (CUS-10)."""

    _name = "cr.source"
    _description = "Customer source"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    is_third_party = fields.Boolean(
        string="Third party",
        help="Files from here stay out of call lists until someone verified them.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (name)", "There is already a source with this name."
    )
