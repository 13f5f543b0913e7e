from odoo import api, fields, models
from odoo.exceptions import UserError

_KINDS = [
    ("deposit", "Paid in"),
    ("use", "Used for a work order"),
    ("refund", "Paid back"),
]


class CrPrepaidEntryBook(models.TransientModel):
    """Books prepaid money of a member at the till (CLB-15)."""

    _name = "cr.prepaid.entry.book"
    _description = "Book prepaid money"

    member_id = fields.Many2one("cr.club.member", required=True)
    partner_id = fields.Many2one(related="member_id.partner_id")
    currency_id = fields.Many2one(related="member_id.currency_id")
    balance = fields.Monetary(related="member_id.prepaid_balance", string="Left")
    kind = fields.Selection(_KINDS, required=True, default="deposit")
    amount = fields.Monetary(required=True)
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        domain="[('partner_id', '=', partner_id), ('state', '!=', 'cancelled')]",
    )
    note = fields.Char()

    @api.onchange("kind", "member_id")
    def _onchange_kind(self):
        """Propose what the card asks for."""
        if self.kind == "deposit":
            self.amount = self.member_id.card_type_id.deposit
        elif self.kind == "refund":
            self.amount = self.balance

    def action_book(self):
        """Book the money; a work order is paid from prepaid money once."""
        for wizard in self:
            if wizard.amount <= 0:
                raise UserError(
                    self.env._("The amount must be positive; the kind says where to.")
                )
            if wizard.kind == "use" and not wizard.order_id:
                raise UserError(
                    self.env._("Choose the work order that the money is used for.")
                )
            wizard._book()

    def _book(self):
        """Book one amount."""
        self.ensure_one()
        is_use = self.kind == "use"
        self.member_id._book_prepaid(
            self.amount if self.kind == "deposit" else -self.amount,
            self.kind,
            f"order:{self.order_id.id}" if is_use else None,
            order_id=self.order_id.id if is_use else False,
            note=self.note,
        )
