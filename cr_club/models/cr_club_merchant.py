from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import TRADES
from ..tools.points import round_points


class CrClubMerchant(models.Model):
    """A friendly shop: what members get there, and points earned and spent (CLB-25)."""

    _name = "cr.club.merchant"
    _description = "Partner shop"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cr.club.program"]._get_program(self.env.company),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact file",
        index="btree_not_null",
        ondelete="restrict",
        help="To whom bills go.",
    )
    trade = fields.Selection(TRADES, required=True, default="dining")
    offer = fields.Text(
        string="Offer for members", tracking=True, help="Members see it on their page."
    )
    contact = fields.Char(string="Contact person")
    phone = fields.Char(string="Telephone")
    address = fields.Char(string="Street and number")
    opened_on = fields.Date(
        string="Partner since",
        required=True,
        default=lambda self: self.env.company._cr_today(),
        help="Counts for the target of new shops a month.",
    )
    developer_id = fields.Many2one(
        "res.users",
        string="Shop won by",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    date_from = fields.Date(
        string="Valid from",
        required=True,
        default=lambda self: self.env.company._cr_today(),
    )
    date_to = fields.Date(string="Valid until", tracking=True)
    is_running = fields.Boolean(
        string="Valid today", compute="_compute_is_running", search="_search_is_running"
    )
    # --- points ---
    earn_rate = fields.Float(
        string="Points for a unit of money spent there",
        digits=(16, 4),
        aggregator=None,
        tracking=True,
        help="0: members collect no points there.",
    )
    earn_price = fields.Float(
        string="The shop pays for a point",
        digits=(16, 4),
        aggregator=None,
        tracking=True,
        help="Money for each point that members collect there.",
    )
    redeem_price = fields.Float(
        string="The shop gets for a point",
        digits=(16, 4),
        aggregator=None,
        tracking=True,
        help="Money for each point that members spend there; 0: they spend none there.",
    )
    entry_ids = fields.Many2many(
        "cr.points.entry", compute="_compute_entry_ids", string="Points moved here"
    )
    statement_ids = fields.One2many(
        "cr.club.merchant.statement", "merchant_id", string="Statements"
    )

    _name_unique = models.UniqueIndex(
        "(program_id, name)", "This club has a partner shop of this name already."
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A partnership cannot end before it begins.",
    )
    _prices_sane = models.Constraint(
        "CHECK (earn_rate >= 0 AND earn_price >= 0 AND redeem_price >= 0)",
        "Rates and prices of a partner shop are not negative.",
    )
    _opened_index = models.Index("(program_id, opened_on)")

    # === COMPUTE === #

    @api.depends("date_from", "date_to", "active")
    def _compute_is_running(self):
        today = self.env.company._cr_today()
        for shop in self:
            shop.is_running = shop._is_valid_on(today)

    def _search_is_running(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._cr_today()
        domain = [
            ("date_from", "<=", today),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", today),
        ]
        return domain if True in value else ["!", *self._all_of(domain)]

    @api.model
    def _all_of(self, domain):
        """Return a condition as one term."""
        return [("id", "in", self._search(domain))]

    def _compute_entry_ids(self):
        entries = self.env["cr.points.entry"].search(
            [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        )
        found = entries.grouped("origin_id")
        for shop in self:
            shop.entry_ids = found.get(shop.id, entries.browse())

    # === BUSINESS === #

    def _is_valid_on(self, day):
        """Say whether the partnership holds on a day."""
        self.ensure_one()
        begun = self.date_from and self.date_from <= day
        return bool(self.active and begun and (not self.date_to or self.date_to >= day))

    def _check_deal(self, day, receipt):
        """Raise when nothing can be booked for the shop."""
        self.ensure_one()
        if not self._is_valid_on(day) or day > self.company_id._cr_today():
            raise UserError(
                self.env._(
                    "“%(shop)s” is no partner on %(day)s; look at its dates.",
                    shop=self.name,
                    day=fields.Date.to_string(day),
                )
            )
        if not (receipt or "").strip():
            raise UserError(
                self.env._(
                    "“%s”: enter the number of the receipt; it is booked once.",
                    self.name,
                )
            )

    def _check_new(self, entries, receipt):
        """Raise when the receipt moved points before."""
        if not entries:
            raise UserError(
                self.env._(
                    "Receipt %(receipt)s of “%(shop)s” is booked already, or brings no"
                    " points.",
                    receipt=receipt,
                    shop=self.name,
                )
            )
        return entries

    def _earn(self, partner, amount, day, receipt):
        """Give a customer the points for what he spent in the shop.

        :param float amount: money on the receipt
        :param str receipt: its number; the same one brings points once
        :return: the entry
        """
        self._check_deal(day, receipt)
        if not self.earn_rate or amount <= 0:
            raise UserError(
                self.env._(
                    "“%s” gives points for money spent there only, and if it has a"
                    " rate.",
                    self.name,
                )
            )
        # sudo: the ledger is written by the rules, whoever books the receipt.
        entries = (
            self.env["cr.points.account"]
            .sudo()
            ._award(
                [
                    {
                        "program": self.program_id,
                        "partner": partner,
                        "kind": "merchant",
                        "points": round_points(amount * self.earn_rate, "down"),
                        "key": f"merchant:{self.id}:{receipt.strip()}",
                        "origin": self,
                        "company": self.company_id,
                        "day": day,
                        "note": f"{self.name} {receipt.strip()}: {amount:.2f}",
                    }
                ]
            )
        )
        return self._check_new(entries, receipt)

    def _redeem(self, partner, points, day, receipt):
        """Take the points that a customer pays with in the shop.

        :param int points: how many
        :param str receipt: number of the receipt; the same one is paid once
        :return: the entry
        """
        self._check_deal(day, receipt)
        if not self.redeem_price:
            raise UserError(
                self.env._("“%s” takes no points; it has no price for one.", self.name)
            )
        # sudo: as above.
        ledger = self.env["cr.points.account"].sudo()
        entries = ledger._spend(
            [
                {
                    "account": ledger._get_account(partner, self.program_id),
                    "points": points,
                    "key": f"merchant:{self.id}:{receipt.strip()}:paid",
                    "origin": self,
                    "company": self.company_id,
                    "note": f"{self.name} {receipt.strip()}",
                }
            ],
            day=day,
        )
        return self._check_new(entries, receipt)

    # === ACTIONS === #

    def action_statement(self):
        """Work out the statements of the last month of the shops."""
        statements = self.env["cr.club.merchant.statement"]
        day = statements._get_last_month_end()
        known = statements.search(
            [("merchant_id", "in", self.ids), ("date_to", "=", day)]
        )
        made = statements.create(
            [
                {"merchant_id": shop.id, "date_to": day}
                for shop in self - known.merchant_id
            ]
        )
        made.action_work_out()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_club_merchant_statement_action"
        )
        return {**action, "domain": [("id", "in", (known | made).ids)], "context": {}}

    def action_open_entries(self):
        """Open the points earned and spent in the shop."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_points_entry_action"
        )
        domain = [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}
