from odoo import fields, models

from ..const_event import COST_KINDS


class CrEventCost(models.Model):
    """What an event cost, against its budget (EVT-08)."""

    _name = "cr.event.cost"
    _description = "Cost of an event"
    _order = "event_id, day, id"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(COST_KINDS, required=True, default="materials")
    name = fields.Char(string="What for", required=True)
    amount = fields.Monetary(required=True)
    vendor = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Entered by", default=lambda self: self.env.user
    )

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "A cost is not negative; correct the line instead."
    )
