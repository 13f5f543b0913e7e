from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.books import bill_lines

_SUMS = """
SELECT COALESCE(SUM(points) FILTER (WHERE kind IN ('merchant', 'reverse')), 0)::int,
       -COALESCE(SUM(points) FILTER (
           WHERE kind NOT IN ('merchant', 'reverse')), 0)::int
  FROM cr_points_entry
  JOIN cr_club_merchant_statement_entry_rel rel ON rel.entry_id = cr_points_entry.id
 WHERE rel.cut_id = %s
"""


class CrClubMerchantStatement(models.Model):
    """A month with a partner shop: its entries in the ledger, and who pays (CLB-25)."""

    _name = "cr.club.merchant.statement"
    _description = "Statement of a partner shop"
    _inherit = ["mail.thread", "cr.points.cut.mixin", "cr.points.books.mixin"]
    _order = "date_to desc, id desc"

    _cut_table = "cr_club_merchant_statement_entry_rel"
    _settled_columns = frozenset(("state", "signed_on", "signed_by_id", "move_id"))

    merchant_id = fields.Many2one(
        "cr.club.merchant", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="merchant_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    entry_ids = fields.Many2many(
        "cr.points.entry",
        "cr_club_merchant_statement_entry_rel",
        "cut_id",
        "entry_id",
        string="Entries",
        readonly=True,
        copy=False,
    )
    earned = fields.Integer(string="Points earned there", readonly=True)
    redeemed = fields.Integer(string="Points spent there", readonly=True)
    earn_price = fields.Float(
        string="The shop pays for a point",
        digits=(16, 4),
        readonly=True,
        aggregator=None,
    )
    redeem_price = fields.Float(
        string="The shop gets for a point",
        digits=(16, 4),
        readonly=True,
        aggregator=None,
    )
    amount_due = fields.Monetary(
        string="We get",
        compute="_compute_amount_due",
        store=True,
        help="Below zero: the shop gets it.",
    )
    settlement_text = fields.Char(string="In words", compute="_compute_settlement_text")

    _one_each_day = models.UniqueIndex(
        "(merchant_id, date_to)", "This shop has a statement of that day already."
    )
    _one_draft = models.UniqueIndex(
        "(merchant_id) WHERE state = 'draft'",
        "Sign the statement of this shop that is being worked out off first.",
    )
    _booked_once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL",
        "A document of the books belongs to one statement.",
    )

    # === COMPUTE === #

    @api.depends("merchant_id.name", "date_to")
    def _compute_display_name(self):
        for one in self:
            day = fields.Date.to_string(one.date_to) or ""
            one.display_name = f"{one.merchant_id.name} {day}"

    @api.depends("earned", "redeemed", "earn_price", "redeem_price")
    def _compute_amount_due(self):
        for one in self:
            one.amount_due = (
                one.earned * one.earn_price - one.redeemed * one.redeem_price
            )

    @api.depends("amount_due")
    def _compute_settlement_text(self):
        for one in self:
            money = one.currency_id.format(abs(one.amount_due))
            if one.amount_due > 0:
                one.settlement_text = self.env._(
                    "%(shop)s pays us %(money)s", shop=one.merchant_id.name, money=money
                )
            elif one.amount_due < 0:
                one.settlement_text = self.env._(
                    "We pay %(shop)s %(money)s", shop=one.merchant_id.name, money=money
                )
            else:
                one.settlement_text = self.env._("Nobody owes anything")

    # === BUSINESS === #

    def _get_entry_sql(self):
        return SQL(
            "entry.origin_model = 'cr.club.merchant' AND entry.origin_id = %s",
            self.merchant_id.id,
        )

    def _work_out(self):
        """Take in the entries of the shop and sum them up."""
        self._collect_entries()
        [[earned, redeemed]] = self.env.execute_query(SQL(_SUMS, self.id))
        # sudo: figures are worked out, nobody writes them.
        self.sudo().write(
            {
                "earned": earned,
                "redeemed": redeemed,
                "earn_price": self.merchant_id.earn_price,
                "redeem_price": self.merchant_id.redeem_price,
            }
        )

    # === BOOKS === #

    def _get_books_program(self):
        return self.merchant_id.program_id

    def _prepare_draft(self):
        """Return the bill of the shop, or our invoice to it: the statement (CLB-25).

        Without taxes, so that it equals the statement; who keeps the books adds them
        where the agreement with the shop says so.
        """
        shop, currency = self.merchant_id, self.currency_id
        if not shop.partner_id:
            raise UserError(
                self.env._(
                    "“%s” has no contact file to which bills go; choose it in the"
                    " partner shop.",
                    shop.name,
                )
            )
        earned = currency.round(self.earned * self.earn_price)
        redeemed = currency.round(self.redeemed * self.redeem_price)
        lines = bill_lines(earned, redeemed, currency.round(self.amount_due))
        return {
            "move_type": "out_invoice" if self.amount_due > 0 else "in_invoice",
            "partner_id": shop.partner_id.id,
            "invoice_date": self.signed_on,
            "lines": [self._prepare_bill_line(what, money) for what, money in lines],
        }

    def _prepare_bill_line(self, what, money):
        """Return one line: what members collected in the shop, or spent there."""
        earned = what == "earned"
        values = {"points": self.earned if earned else self.redeemed}
        values["price"] = self.earn_price if earned else self.redeem_price
        name = (
            self.env._("%(points)s points collected there × %(price)s", **values)
            if earned
            else self.env._("%(points)s points spent there × %(price)s", **values)
        )
        account = "merchant_income_id" if earned else "merchant_expense_id"
        return {
            # sudo: which product the club bills with is no secret of the books.
            "product_id": self.merchant_id.program_id.sudo().merchant_product_id.id,
            "name": name,
            "quantity": 1,
            "price_unit": money,
            "tax_ids": [Command.clear()],
            "account_id": self._get_books_account(account).id,
        }
