from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

_DIRECTOR = "cr_dealership.group_cr_dealership_director"
_HEADS = (
    "cr_dealership.group_cr_dealership_head",
    "cr_dealership.group_cr_dealership_manager",
)


class CrComplaintCompensation(models.Model):
    """What the customer gets, and who signed for it (CPL-16, CPL-32).

    Up to the store's limit a manager signs, above it the general manager; nobody signs
    what he asked for himself.
    """

    _name = "cr.complaint.compensation"
    _description = "Compensation"
    _inherit = ["cr.settled.mixin", "mail.thread"]
    _order = "id"
    _rec_name = "kind"

    _settled_columns = frozenset(
        ("state", "approved_by_id", "approved_on", "asked_by_id")
    )

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("apology", "Apology in writing"),
            ("gift", "Gift"),
            ("labour", "Labour free of charge"),
            ("discount", "Discount"),
            ("points", "Points"),
            ("refund", "Refund"),
        ],
        required=True,
    )
    is_moral = fields.Boolean(
        string="Moral", help="For what he went through, not for what he lost."
    )
    amount = fields.Monetary(string="Costs us", required=True)
    note = fields.Char(string="What exactly")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "To be signed"),
            ("approved", "Signed"),
            ("refused", "Refused"),
            ("given", "Given"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    approved_on = fields.Date(string="Decided on", readonly=True, copy=False)
    refuse_reason = fields.Char(string="Why refused", copy=False)

    _asked_index = models.Index("(company_id) WHERE state = 'asked'")
    _amount_sane = models.Constraint(
        "CHECK (amount >= 0)", "A compensation costs nothing or more, not less."
    )

    def write(self, vals):
        """Keep what was signed."""
        if not self.env.su and {"amount", "kind", "is_moral"} & set(vals):
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_state("draft", "refused")

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("Compensations are asked for and signed with the buttons.")
        )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.filtered(lambda one: one.state not in states):
            raise UserError(
                self.env._(
                    "The compensation for %(complaint)s is “%(state)s”; take another"
                    " one.",
                    complaint=one.complaint_id.name,
                    state=labels[one.state],
                )
            )

    # === ACTIONS === #

    def action_ask(self):
        """Hand it in for the signature."""
        self._check_state("draft", "refused")
        self._settle(state="asked", asked_by_id=self.env.uid)
        for one in self:
            one.complaint_id.sudo().message_post(
                body=self.env._(
                    "Compensation handed in: %(amount)s",
                    amount=formatLang(
                        self.env, one.amount, currency_obj=one.currency_id
                    ),
                ),
                subtype_xmlid="mail.mt_note",
            )

    def action_approve(self):
        """Sign it."""
        self._check_state("asked")
        self._check_signer()
        self._decide("approved")

    def action_refuse(self):
        """Refuse it, for the reason that stands there."""
        self._check_state("asked")
        self._check_signer()
        for one in self.filtered(lambda one: not one.refuse_reason):
            raise UserError(
                self.env._(
                    "%(complaint)s: write why the compensation is refused.",
                    complaint=one.complaint_id.name,
                )
            )
        self._decide("refused")

    def action_given(self):
        """The customer got it."""
        self._check_state("approved")
        self._settle(state="given")

    def _decide(self, state):
        for one in self:
            one._settle(
                state=state,
                approved_by_id=self.env.uid,
                approved_on=one.company_id.sudo()._cr_today(),
            )

    def _check_signer(self):
        """Raise unless the user may sign these amounts, and did not ask himself."""
        user = self.env.user
        is_director = user.has_group(_DIRECTOR)
        is_head = is_director or any(user.has_group(name) for name in _HEADS)
        for one in self:
            limit = one.company_id.sudo().cr_compensation_limit
            if not is_head or (one.amount > limit and not is_director):
                raise AccessError(
                    self.env._(
                        "%(complaint)s: %(amount)g is more than you may sign; above"
                        " %(limit)g the general manager decides.",
                        complaint=one.complaint_id.name,
                        amount=one.amount,
                        limit=limit,
                    )
                )
            if one.asked_by_id == user:
                raise UserError(
                    self.env._(
                        "%(complaint)s: you asked for this compensation yourself;"
                        " somebody else signs it.",
                        complaint=one.complaint_id.name,
                    )
                )
