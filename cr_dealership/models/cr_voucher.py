from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..const import GIFT_OCCASIONS, VOUCHER_KINDS
from ..tools.offsets import add_months

_VALID_MONTHS = 12


class CrVoucher(models.Model):
    """A coupon or card given to a customer, used on one work order (REL-27+)."""

    _name = "cr.voucher"
    _description = "Voucher"
    _inherit = ["cr.settled.mixin", "mail.thread"]
    _order = "valid_until, id"
    _rec_name = "number"
    _check_company_auto = True

    _settled_columns = frozenset(("state", "used_on", "used_by_id"))
    _first_state = "issued"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code("cr.voucher"),
    )
    kind = fields.Selection(VOUCHER_KINDS, required=True, default="maintenance_coupon")
    partner_id = fields.Many2one(
        "res.partner",
        string="Issued to",
        required=True,
        index=True,
        ondelete="restrict",
    )
    issued_on = fields.Date(required=True, default=fields.Date.context_today)
    source = fields.Selection(GIFT_OCCASIONS, required=True, default="other")
    origin_model = fields.Char(readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    value = fields.Monetary()
    valid_until = fields.Date(
        required=True,
        default=lambda self: add_months(
            fields.Date.context_today(self), _VALID_MONTHS
        ),
        help="The last day on which it may be used.",
    )
    state = fields.Selection(
        [
            ("issued", "Not used"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="issued",
        tracking=True,
        copy=False,
    )
    order_id = fields.Many2one(
        "cr.service.order",
        string="Used on",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
    )
    used_on = fields.Date(readonly=True, copy=False)
    used_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    note = fields.Char()

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number)",
        "This store already has a voucher of this number.",
    )
    _origin_unique = models.UniqueIndex(
        "(origin_model, origin_id) WHERE origin_model IS NOT NULL",
        "The voucher for this was already issued.",
    )
    _used_order = models.Constraint(
        "CHECK (state != 'used' OR order_id IS NOT NULL)",
        "Say on which work order the voucher was used.",
    )
    _valid_order = models.Constraint(
        "CHECK (valid_until >= issued_on)",
        "A voucher cannot expire before it is issued.",
    )
    _issued_index = models.Index("(valid_until) WHERE state = 'issued'")

    # === CRUD === #

    def write(self, vals):
        """What was used stays as it was."""
        if not self.env.su and self._settled_columns.isdisjoint(vals):
            self._check_used(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda voucher: voucher.state == "used")
        if used:
            raise UserError(
                self.env._(
                    "Vouchers %s were used and stay in the register.",
                    ", ".join(used.mapped("number")),
                )
            )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "Choose the work order and press “Use”; the register keeps the rest."
            )
        )

    def _check_used(self, vals):
        """Raise for changes of a voucher that was used, but for its note."""
        if not set(vals) - {"note"}:
            return
        for voucher in self.filtered(lambda voucher: voucher.state == "used"):
            raise UserError(voucher._describe_closed())

    # === ACTIONS === #

    def action_use(self):
        """Use each voucher on the work order that stands there; once only."""
        for voucher in self:
            voucher._use(voucher.order_id)

    def action_cancel(self):
        """The voucher is void: lost, or given by mistake."""
        self.check_access("write")
        for voucher in self.filtered(lambda voucher: voucher.state == "used"):
            raise UserError(voucher._describe_closed())
        self._settle(state="cancelled")

    # === BUSINESS === #

    def _use(self, order):
        """Use a voucher on a work order.

        The database decides who is first: whoever changes the row second has to start
        over and then finds it used.

        :param order: work order of the same store
        :raises UserError: for a voucher that is used, expired, void or without order
        """
        self.ensure_one()
        self.check_access("write")
        if not order:
            raise UserError(
                self.env._(
                    "Voucher %s: choose the work order it is used on.", self.number
                )
            )
        today = self.company_id._cr_today()
        self.flush_recordset()
        found = self.env.execute_query(
            SQL(
                "UPDATE cr_voucher SET state = 'used', order_id = %s, used_on = %s,"
                " used_by_id = %s, write_uid = %s,"
                " write_date = NOW() AT TIME ZONE 'UTC'"
                " WHERE id = %s AND state = 'issued' AND valid_until >= %s"
                " AND company_id = %s RETURNING id",
                order.id,
                today,
                self.env.uid,
                self.env.uid,
                self.id,
                today,
                order.company_id.id,
            )
        )
        self.invalidate_recordset()
        if not found:
            raise UserError(self._describe_closed(order))

    def _describe_closed(self, order=None):
        """Return the sentence that says why a voucher cannot be used any more."""
        self.ensure_one()
        if self.state == "used":
            return self.env._(
                "Voucher %(number)s was used on %(day)s on work order %(order)s;"
                " it counts once only.",
                number=self.number,
                day=fields.Date.to_string(self.used_on),
                order=self.order_id.number,
            )
        if self.state == "cancelled":
            return self.env._("Voucher %s is void.", self.number)
        if order and order.company_id != self.company_id:
            return self.env._(
                "Voucher %(number)s holds in %(store)s only.",
                number=self.number,
                store=self.company_id.name,
            )
        return self.env._(
            "Voucher %(number)s was valid until %(day)s. Issue a new one if the"
            " customer may still use it.",
            number=self.number,
            day=fields.Date.to_string(self.valid_until),
        )

    # === CRONS === #

    @api.model
    def _expire(self, today, limit=1000):
        """Mark one batch of vouchers whose last day has passed, without committing.

        :return: the number of vouchers marked
        :rtype: int
        """
        self.env["cr.voucher"].flush_model()
        found = self.env.execute_query(
            SQL(
                "UPDATE cr_voucher SET state = 'expired',"
                " write_date = NOW() AT TIME ZONE 'UTC' WHERE id IN"
                " (SELECT id FROM cr_voucher WHERE state = 'issued'"
                " AND valid_until < %s ORDER BY valid_until LIMIT %s"
                " FOR UPDATE SKIP LOCKED) RETURNING id",
                today,
                limit,
            )
        )
        self.env["cr.voucher"].invalidate_model()
        return len(found)

    @api.model
    def _cron_expire(self):
        """List the vouchers that expired; the others cost nothing."""
        cron = self.env["ir.cron"]
        today = self.env.company._cr_today()
        domain = [("state", "=", "issued"), ("valid_until", "<", today)]
        cron._commit_progress(remaining=self.search_count(domain))
        while done := self._expire(today):
            if not cron._commit_progress(done):
                break
