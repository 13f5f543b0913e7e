from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import GIFT_HOLDS, GIFT_OCCASIONS
from ..tools.offsets import add_months

# What a signature is about does not change under it.
_SIGNED_FIELDS = frozenset(
    ("company_id", "partner_id", "member_id", "occasion", "day", "gift_id", "value")
)


class CrCareGiftRequest(models.Model):
    """A gift to a customer or his child, signed by the general manager (REL-11).

    Draft → asked → approved → sent, or refused with a reason. Over the limits it is
    refused with a sentence, or needs the CR head's signature first (REL-13).
    """

    _name = "cr.care.gift.request"
    _description = "Request for a gift"
    _inherit = [
        "cr.settled.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.care.gift.sign.mixin",
    ]
    _order = "day, id"
    _check_company_auto = True

    _settled_columns = frozenset(
        (
            "state",
            "hold_code",
            "second_by_id",
            "second_on",
            "approved_by_id",
            "approved_on",
            "sent_by_id",
            "year",
        )
    )

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(
        "cr.family.member",
        string="For his child",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: the customer himself gets the gift.",
    )
    recipient = fields.Char(
        compute="_compute_recipient", compute_sudo=True, string="Who gets it"
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    occasion = fields.Selection(GIFT_OCCASIONS, required=True, default="birthday")
    day = fields.Date(
        string="Day of the occasion", required=True, default=fields.Date.context_today
    )
    year = fields.Integer(
        compute="_compute_year", store=True, precompute=True, aggregator=None
    )
    gift_id = fields.Many2one("cr.care.gift", index="btree_not_null")
    value = fields.Monetary(
        compute="_compute_value", store=True, readonly=False, precompute=True
    )
    quota_used = fields.Monetary(
        string="Quota used", compute="_compute_quota_used", compute_sudo=True
    )
    quota_left = fields.Monetary(
        string="Quota left", compute="_compute_quota_used", compute_sudo=True
    )
    hold_code = fields.Selection(
        GIFT_HOLDS, string="Over the limits because", readonly=True, copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "To be signed"),
            ("approved", "Signed"),
            ("sent", "Handed over"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        group_expand=True,
    )
    asked_on = fields.Date(readonly=True, copy=False)
    second_by_id = fields.Many2one(
        "res.users", string="Also signed by", readonly=True, copy=False
    )
    second_on = fields.Date(string="Also signed on", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", string="Signed by", readonly=True, copy=False, tracking=True
    )
    approved_on = fields.Date(string="Signed on", readonly=True, copy=False)
    refuse_reason = fields.Char(string="Why refused", copy=False, tracking=True)
    sent_on = fields.Date(string="Handed over on", copy=False)
    sent_by_id = fields.Many2one(
        "res.users", string="Handed over by", readonly=True, copy=False
    )
    origin_model = fields.Char(readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    note = fields.Char()

    _birthday_unique = models.UniqueIndex(
        "(partner_id, COALESCE(member_id, 0), year) WHERE occasion = 'birthday'",
        "This person already has a birthday gift this year.",
    )
    _occasion_unique = models.UniqueIndex(
        "(partner_id, COALESCE(member_id, 0), occasion, day)"
        " WHERE occasion IN ('festival', 'campaign')",
        "This person already has a gift for this occasion.",
    )
    _asked_index = models.Index("(company_id, day) WHERE state = 'asked'")
    _refused_reason = models.Constraint(
        "CHECK (state != 'refused' OR refuse_reason IS NOT NULL)",
        "Say why the gift is refused.",
    )

    # === COMPUTE === #

    @api.depends("partner_id.name", "member_id.name")
    def _compute_recipient(self):
        for request in self:
            names = (request.member_id.name, request.partner_id.name)
            request.recipient = " · ".join(filter(None, names))

    @api.depends("occasion", "recipient")
    def _compute_display_name(self):
        labels = dict(self._fields["occasion"]._description_selection(self.env))
        for request in self:
            parts = (labels.get(request.occasion), request.recipient)
            request.display_name = " · ".join(filter(None, parts))

    @api.depends("day")
    def _compute_year(self):
        for request in self:
            request.year = request.day.year if request.day else 0

    @api.depends("gift_id")
    def _compute_value(self):
        for request in self:
            request.value = request.gift_id.value

    @api.depends("partner_id", "member_id", "day", "company_id", "state", "value")
    def _compute_quota_used(self):
        for (company, day), requests in self.grouped(
            lambda request: (request.company_id, request.day)
        ).items():
            used = requests._get_used(
                requests.partner_id, day or fields.Date.context_today(self), company
            )
            for request in requests:
                spent = used[request.partner_id.id, request.member_id.id or 0]
                request.quota_used = spent
                request.quota_left = max(company.cr_gift_quota - spent, 0)

    # === ONCHANGES === #

    @api.onchange("partner_id", "member_id")
    def _onchange_partner_id(self):
        """Propose what the person picked from the menu (REL-12)."""
        if self.partner_id and not self.gift_id:
            who = self.member_id or self.partner_id
            wish = self._prepare_person(who).choice
            self.gift_id = self.env["cr.care.gift"].browse(wish)

    # === CRUD === #

    def write(self, vals):
        """Keep what was signed."""
        if not self.env.su and self._settled_columns.isdisjoint(vals):
            self._check_unsigned(vals)
        done = super().write(vals)
        if "sent_on" in vals:
            self.env["cr.interview"]._follow_gifts(self)
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        signed = self.filtered(lambda request: request.state in ("approved", "sent"))
        if signed:
            raise UserError(
                self.env._(
                    "%s: a signed gift stays in the list; cancel it instead.",
                    ", ".join(signed.mapped("display_name")),
                )
            )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "A gift is asked for, signed and handed over with the buttons of its"
                " request."
            )
        )

    def _check_unsigned(self, vals):
        """Raise for changes of what was signed or waits for a signature."""
        if _SIGNED_FIELDS.isdisjoint(vals):
            return
        for request in self.filtered(lambda request: request.state != "draft"):
            raise UserError(
                self.env._(
                    "%(gift)s: take the request back to draft before you change it;"
                    " signatures are about what stands there now.",
                    gift=request.display_name,
                )
            )

    # === VOUCHERS === #

    def _issue_vouchers(self):
        """Issue the vouchers that gifts consist of; once for each request."""
        vouchers_sudo = self.env["cr.voucher"].sudo()
        given = vouchers_sudo.search(
            [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        )
        # sudo: who hands a gift over need not keep the register.
        vouchers_sudo.create(
            [
                request._prepare_voucher_values()
                for request in self
                if request.gift_id.voucher_kind
                and request.id not in given.mapped("origin_id")
            ]
        )

    def _prepare_voucher_values(self):
        self.ensure_one()
        gift = self.gift_id
        return {
            "company_id": self.company_id.id,
            "kind": gift.voucher_kind,
            "partner_id": self.partner_id.id,
            "issued_on": self.sent_on,
            "source": self.occasion,
            "origin_model": self._name,
            "origin_id": self.id,
            "value": self.value,
            "valid_until": add_months(self.sent_on, gift.voucher_months),
        }
