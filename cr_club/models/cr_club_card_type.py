from odoo import fields, models


class CrClubCardType(models.Model):
    """What a card costs: a fee, or money paid in advance (CLB-14).

    Independent of the tier (C-22).
    """

    _name = "cr.club.card.type"
    _description = "Card type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", string="Store", index=True, help="Empty: every store."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    fee = fields.Monetary(string="Card fee")
    deposit = fields.Monetary(
        string="Paid in advance", help="Whoever pays this in pays no fee."
    )

    _amounts_positive = models.Constraint(
        "CHECK (fee >= 0 AND deposit >= 0)",
        "Fee and deposit are not negative.",
    )

    def _compute_currency_id(self):
        for card in self:
            card.currency_id = (card.company_id or self.env.company).currency_id
