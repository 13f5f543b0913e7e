from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CR_USER
from ..tools.contact import phone_keys
from ..tools.identity import clean_phone

_DECIDER_GROUPS = tuple(
    f"cr_dealership.group_cr_dealership_{role}"
    for role in ("agent", "specialist", "head")
)
# What an employee tells; everything else is decided by CR.
_TOLD_FIELDS = {"name", "phone", "plate", "learnt", "channel"}


class CrCapture(models.Model):
    """What any employee learnt about a customer, until CR has verified it (CUS-37)."""

    _name = "cr.capture"
    _description = "Customer information from staff"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Told by",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    name = fields.Char(string="Customer's name", required=True)
    phone = fields.Char(string="Telephone")
    plate = fields.Char()
    learnt = fields.Text(string="What was learnt", required=True)
    channel = fields.Selection(
        [
            ("counter", "In person"),
            ("phone", "Telephone"),
            ("wechat", "WeChat"),
            ("event", "Event"),
            ("friend", "Family or friends"),
            ("other", "Other"),
        ],
        string="How it was learnt",
        required=True,
        default="counter",
    )
    source_id = fields.Many2one("cr.source", groups=CR_USER)
    state = fields.Selection(
        [("todo", "To verify"), ("accepted", "Verified"), ("rejected", "Rejected")],
        required=True,
        default="todo",
        readonly=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer file",
        index="btree_not_null",
        groups=CR_USER,
        help="Empty: the file with the same number, or a new one.",
    )
    candidate_ids = fields.Many2many(
        "res.partner",
        string="Files with this number",
        compute="_compute_candidate_ids",
        groups=CR_USER,
    )
    reject_reason = fields.Char(string="Reason of the rejection")
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided at", readonly=True)

    # === COMPUTE === #

    @api.depends("phone")
    def _compute_candidate_ids(self):
        for capture in self:
            capture.candidate_ids = capture._find_candidates()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever tells is who is logged in; what was told waits for CR."""
        if not self.env.su:
            told = _TOLD_FIELDS | {"company_id", "source_id"}
            vals_list = [
                {name: value for name, value in vals.items() if name in told}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Let employees correct what they told until CR has decided on it."""
        if not self.env.su and not self._is_decider():
            decided = self.filtered(lambda capture: capture.state != "todo")
            if decided or set(vals) - _TOLD_FIELDS:
                raise AccessError(
                    self.env._(
                        "“%s” is with the CR department now: only they decide on it."
                        " Tell them what has to change.",
                        (decided or self)[:1].name,
                    )
                )
        return super().write(vals)

    # === ACTIONS === #

    def action_verify(self):
        """Take what was told into the customer's file; make one if there is none."""
        self._check_decide()
        for capture in self:
            partner = capture.partner_id or capture._match_partner()
            if not partner:
                partner = partner.create(capture._prepare_partner_values())
            capture._accept(partner)
        partners = self.partner_id
        partners.action_cr_verify()
        partners._cr_refresh_facts()
        if len(partners) > 1:
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": partners.id,
            "views": [(False, "form")],
        }

    def action_reject(self):
        """Keep what was told out of the files; the reason stays with it."""
        self._check_decide()
        for capture in self:
            if not (capture.reject_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write why “%s” is rejected, so that the colleague who told it"
                        " learns something.",
                        capture.name,
                    )
                )
        self._decide("rejected")

    # === BUSINESS === #

    @api.model
    def _is_decider(self):
        return any(self.env.user.has_group(group) for group in _DECIDER_GROUPS)

    def _check_decide(self):
        """Refuse users outside CR, and what was decided already."""
        if not self._is_decider():
            raise AccessError(
                self.env._(
                    "Customer information is verified by the CR department. You can"
                    " see here what becomes of what you told."
                )
            )
        done = self.filtered(lambda capture: capture.state != "todo")
        if done:
            raise UserError(
                self.env._(
                    "“%(name)s” was decided by %(user)s already. Take one that is"
                    " still to verify.",
                    name=done[0].name,
                    user=done[0].decided_by_id.name,
                )
            )

    def _find_candidates(self):
        """Return the files that have the number that was told."""
        self.ensure_one()
        partners = self.env["res.partner"]
        keys = phone_keys(self.phone).split()
        if not keys or len(keys[0]) < 7:
            return partners
        return partners.search([("cr_phone_digits", "=ilike", f"%{keys[0]}%")], limit=5)

    def _match_partner(self):
        """Return the one file with the number; ask if there are several."""
        self.ensure_one()
        candidates = self._find_candidates()
        if len(candidates) > 1:
            raise UserError(
                self.env._(
                    "%(count)s files have the number of “%(name)s”: %(files)s. Choose"
                    " the customer file it belongs to, then verify again.",
                    count=len(candidates),
                    name=self.name,
                    files=", ".join(candidates.mapped("display_name")),
                )
            )
        return candidates

    def _prepare_partner_values(self):
        """Return the values of a new file made of what was told."""
        self.ensure_one()
        mobile, landline, __ = clean_phone(self.phone)
        return {
            "name": self.name,
            "mobile": mobile or (False if landline else self.phone),
            "phone": landline,
            "cr_source_id": self.source_id.id,
        }

    def _accept(self, partner):
        """Note in the file what was learnt, and from whom."""
        self.ensure_one()
        self._decide("accepted", partner_id=partner.id)
        channels = dict(self._fields["channel"]._description_selection(self.env))
        partner._message_log(
            body=self.env._(
                "Told by %(user)s (%(channel)s): %(learnt)s",
                user=self.user_id.name,
                channel=channels[self.channel],
                learnt=self.learnt,
            )
        )

    def _decide(self, state, **values):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                **values,
            }
        )
        self.env["cr.customer.wish"]._after_captured(self)
