from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrClubMemberPrepaidMixin(models.AbstractModel):
    """Money a member paid in advance: a ledger without overdraft (CLB-15).

    The balance is stored beside its entries; the database refuses one below zero.
    """

    _name = "cr.club.member.prepaid.mixin"
    _description = "Prepaid money of a member"

    prepaid_ids = fields.One2many(
        "cr.prepaid.entry", "member_id", string="Prepaid money"
    )

    _no_overdraft = models.Constraint(
        "CHECK (prepaid_balance >= 0)",
        "There is not so much prepaid money left.",
    )

    def _book_prepaid(self, amount, kind, key=None, **values):
        """Book money paid in, used or paid back, and return the entry.

        The row of the member is locked first: two cashiers cannot spend the same money.

        :param float amount: positive when money comes in
        :param str kind: see `PREPAID_KINDS`
        :param str key: what caused it; the same cause is booked once
        :param values: `order_id`, `note` of the entry
        :raises UserError: when the money does not suffice
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: the ledger is written here and nowhere else.
        entries = self.env["cr.prepaid.entry"].sudo()
        self.flush_recordset()
        [[balance]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(prepaid_balance, 0) FROM cr_club_member"
                " WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )
        known = key and entries.search([("key", "=", key)], limit=1)
        if known:
            return known
        after = self.currency_id.round(float(balance) + amount)
        if after < 0:
            raise UserError(
                self.env._(
                    "%(member)s has %(balance)s of prepaid money left, which is less"
                    " than %(amount)s. Take the rest another way.",
                    member=self.partner_id.name,
                    balance=balance,
                    amount=-amount,
                )
            )
        entry = entries.create(
            {
                "member_id": self.id,
                "amount": amount,
                "balance": after,
                "kind": kind,
                "key": key,
                "day": self.company_id._cr_today(),
                **values,
            }
        )
        self._settle(prepaid_balance=after)
        return entry

    # === AUDIT === #

    @api.model
    def _find_prepaid_drift(self):
        """Return the members whose prepaid balance is not the sum of its entries."""
        self.env["cr.prepaid.entry"].flush_model()
        self.env["cr.club.member"].flush_model(["prepaid_balance"])
        rows = self.env.execute_query(
            SQL(
                "SELECT m.id FROM cr_club_member m LEFT JOIN ("
                " SELECT member_id, SUM(amount) AS amount FROM cr_prepaid_entry"
                " GROUP BY member_id) e ON e.member_id = m.id"
                " WHERE COALESCE(m.prepaid_balance, 0) != COALESCE(e.amount, 0)"
            )
        )
        return self.env["cr.club.member"].browse(row_id for [row_id] in rows)
