from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Follow from the work orders; the buttons write the rest.
_FREE_FIELDS = frozenset(("note", "activity_ids", "message_follower_ids"))


class CrWarrantyWarning(models.Model):
    """A car is about to give its owner a three-guarantees right (三包).

    One for each car, rule and cause, whoever owns the car. The work orders open it in
    their transaction and close it when they are taken back; a person closes it with
    the reason. `key` is the cause.
    """

    _name = "cr.warranty.warning"
    _description = "Three-guarantees warning"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.keyed.mixin",
        "cr.todo.mixin",
        "cr.warranty.job.mixin",
    ]
    _order = "is_reached desc, last_on desc, id desc"
    _rec_name = "cause"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        readonly=True,
        help="Where the last of the repairs was.",
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="vehicle_id.owner_id", string="Customer")
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    rule_id = fields.Many2one(
        "cr.warranty.rule",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="rule_id.kind")
    cause = fields.Char(string="Fault", readonly=True)
    count = fields.Integer(
        string="Counted", readonly=True, aggregator=None, help="Repairs or days."
    )
    repair_count = fields.Integer(string="Repairs", readonly=True, aggregator=None)
    first_on = fields.Date(string="First repair", readonly=True)
    last_on = fields.Date(string="Last repair", readonly=True)
    ends_on = fields.Date(string="Window until", readonly=True)
    is_reached = fields.Boolean(string="Threshold reached", readonly=True)
    opened_on = fields.Date(string="Warned on", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )
    note = fields.Char(string="Why closed", tracking=True)
    closed_because = fields.Selection(
        [("hand", "By hand"), ("outdated", "The work orders no longer say so")],
        readonly=True,
    )
    closed_on = fields.Date(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    complaint_ids = fields.One2many(
        "cr.complaint", "warranty_warning_id", string="Complaints"
    )

    _cause_unique = models.UniqueIndex(
        "(vehicle_id, rule_id, key)", "This car was already warned of for this cause."
    )
    _open_index = models.Index("(company_id, last_on) WHERE state = 'open'")
    _ends_index = models.Index("(ends_on) WHERE state = 'open'")

    @api.depends("vehicle_id", "cause", "count", "first_on", "last_on", "rule_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for warning in self:
            plate = warning.vehicle_id.plate or warning.vehicle_id.vin or ""
            warning.display_name = f"{plate}: {warning._get_words()}"

    # === CRUD === #

    def write(self, vals):
        """Let people write the reason; orders and buttons write the rest."""
        if not self.env.su and set(vals) - _FREE_FIELDS:
            raise AccessError(
                self.env._(
                    "A three-guarantees warning follows from the work orders; correct"
                    " these, or close it with a reason."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_close(self):
        """It needs no more care; the note says why.

        :raise UserError: without a reason
        """
        for warning in self:
            if not (warning.note or "").strip():
                raise UserError(
                    self.env._(
                        "%(warning)s: say in “Why closed” what was done about it.",
                        warning=warning.display_name,
                    )
                )
        self.check_access("write")
        self._close("hand")

    def action_open_complaint(self):
        """Open the complaint about it, or a new one filled with what is known."""
        self.ensure_one()
        known = self.complaint_ids.filtered("is_open")[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint"),
            "res_model": "cr.complaint",
            "res_id": known.id,
            "views": [(False, "form")],
            "context": {
                "default_vehicle_id": self.vehicle_id.id,
                "default_partner_id": self.partner_id.id,
                "default_order_id": self.origin_id,
                "default_is_guarantee": True,
                "default_warranty_warning_id": self.id,
                "default_subject": self._get_words(),
                "default_part": self.cause,
            },
        }

    # === BUSINESS === #

    def _close(self, because):
        """Close open warnings and take away their to-dos.

        :param str because: "hand" or "outdated"
        """
        closing = self.filtered(lambda one: one.state == "open")
        if not closing:
            return
        # Raised rights: how it stands is written by buttons and orders alone.
        closing.sudo().write(
            {
                "state": "closed",
                "closed_because": because,
                "closed_on": self.env.company.sudo()._cr_today(),
                "closed_by_id": self.env.uid if because == "hand" else False,
            }
        )
        closing._end_todos()

    def _get_words(self):
        """Return in words what happened, what is still missing and what it gives."""
        self.ensure_one()
        rule = self.rule_id
        values = {
            "count": self.count,
            "fault": self.cause or self.env._("Repair"),
            "days": ((self.last_on or self.first_on) - self.first_on).days,
            "limit": rule.threshold,
            "window": rule._get_window_text(),
            "right": rule.right,
            "basis": rule._get_source_text(),
        }
        if self.kind == "same_fault":
            return self._get_fault_words(values)
        if self.kind == "shop_days":
            return self.env._(
                "%(count)s days in the shop; day %(limit)s within %(window)s gives"
                " %(right)s (%(basis)s)",
                **values,
            )
        return self.env._(
            "“%(fault)s” repaired within %(window)s of the delivery; if the fault is"
            " grave, that gives %(right)s (%(basis)s)",
            **values,
        )

    def _get_fault_words(self, values):
        """Return the words about repairs of the same fault."""
        if self.is_reached:
            return self.env._(
                "Repair no. %(count)s of “%(fault)s” in %(days)s days; no. %(limit)s"
                " within %(window)s has given %(right)s (%(basis)s)",
                **values,
            )
        return self.env._(
            "Repair no. %(count)s of “%(fault)s” in %(days)s days; no. %(limit)s within"
            " %(window)s gives %(right)s (%(basis)s)",
            **values,
        )
