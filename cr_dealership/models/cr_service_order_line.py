from odoo import fields, models


class CrServiceOrderLine(models.Model):
    """One line of labour, material or other on a work order (VEH-23)."""

    _name = "cr.service.order.line"
    _description = "Work order line"
    _order = "order_id, sequence, id"

    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(
        [("labour", "Labour"), ("material", "Material"), ("other", "Other")],
        required=True,
        default="labour",
    )
    name = fields.Char(string="What", required=True)
    part_number = fields.Char()
    quantity = fields.Float(default=1)
    amount = fields.Monetary()
    currency_id = fields.Many2one(related="order_id.currency_id")
