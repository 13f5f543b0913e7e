from odoo import fields, models

from ..const_relation import COURTESY_PLACES


class CrCourtesyStandard(models.Model):
    """How we speak and smile: a standard that everybody can read (COM-10)."""

    _name = "cr.courtesy.standard"
    _description = "Standard of courtesy"
    _order = "place, sequence, id"

    name = fields.Char(required=True, translate=True)
    place = fields.Selection(
        COURTESY_PLACES, string="Where", required=True, default="phone"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    example = fields.Text(
        string="How it sounds", translate=True, help="Words to say, or what one sees."
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
