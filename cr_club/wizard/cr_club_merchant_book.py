from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import DEAL_KINDS


class CrClubMerchantBook(models.TransientModel):
    """Books a receipt of a partner shop into the points ledger (CLB-25)."""

    _name = "cr.club.merchant.book"
    _description = "Receipt of a partner shop"

    merchant_id = fields.Many2one("cr.club.merchant", required=True)
    program_id = fields.Many2one(related="merchant_id.program_id")
    code = fields.Char(string="Card or code", help="Card number, or what the QR says.")
    partner_id = fields.Many2one("res.partner", string="Customer")
    kind = fields.Selection(DEAL_KINDS, required=True, default="earn")
    receipt = fields.Char(string="Receipt number", required=True)
    day = fields.Date(required=True, default=lambda self: self.env.company._cr_today())
    currency_id = fields.Many2one(related="merchant_id.currency_id")
    amount = fields.Monetary(string="Spent")
    points = fields.Integer(string="Points paid")

    @api.onchange("code")
    def _onchange_code(self):
        """Find the customer by his card."""
        if self.code:
            member = self.env["cr.club.member"]._find_by_code(self.code)
            self.partner_id = member.partner_id

    def action_book(self):
        """Post the receipt to the ledger."""
        for one in self:
            if not one.partner_id:
                raise UserError(
                    self.env._("Choose the customer, or read the code of his card.")
                )
            if one.kind == "earn":
                one.merchant_id._earn(one.partner_id, one.amount, one.day, one.receipt)
            else:
                one.merchant_id._redeem(
                    one.partner_id, one.points, one.day, one.receipt
                )
