from odoo import fields, models

from ..const import ENTRY_KINDS


class CrPointsSettlementLine(models.Model):
    """What came, went and is left of the points that one kind of entry brought."""

    _name = "cr.points.settlement.line"
    _description = "Month-end of points: category"
    _order = "settlement_id, id"
    _rec_name = "kind"

    settlement_id = fields.Many2one(
        "cr.points.settlement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, index=True
    )
    date_to = fields.Date(related="settlement_id.date_to", store=True)
    kind = fields.Selection(
        ENTRY_KINDS, string="Points from", required=True, readonly=True
    )
    opening = fields.Integer(string="At the beginning", readonly=True)
    brought = fields.Integer(string="Earned", readonly=True)
    redeemed = fields.Integer(readonly=True)
    expired = fields.Integer(readonly=True)
    other = fields.Integer(string="Taken back or passed on", readonly=True)
    closing = fields.Integer(string="Outstanding", readonly=True)
