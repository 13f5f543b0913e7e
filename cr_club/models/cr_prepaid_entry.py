from odoo import fields, models

from ..const import PREPAID_KINDS


class CrPrepaidEntry(models.Model):
    """One movement of a member's prepaid money; never changed (CLB-15)."""

    _name = "cr.prepaid.entry"
    _description = "Prepaid money"
    _inherit = ["cr.append.only.mixin"]
    _order = "id desc"
    _rec_name = "member_id"

    member_id = fields.Many2one(
        "cr.club.member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="member_id.company_id", string="Store")
    day = fields.Date(required=True, readonly=True)
    kind = fields.Selection(PREPAID_KINDS, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    balance = fields.Monetary(
        string="Balance afterwards", required=True, readonly=True, aggregator=None
    )
    currency_id = fields.Many2one(related="member_id.currency_id")
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    key = fields.Char(readonly=True, help="What caused it; booked once.")
    note = fields.Char(readonly=True)

    _key_unique = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "This was booked already."
    )
    _has_amount = models.Constraint("CHECK (amount != 0)", "An entry has an amount.")
