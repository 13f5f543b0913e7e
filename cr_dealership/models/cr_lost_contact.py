from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.identity import clean_phone


class CrLostContact(models.Model):
    """A customer who cannot be reached any more, until a new number is found (CUS-30).

    One open case per customer and store. Resolving it with a number opens the lost
    callbacks again whose last day has not passed.
    """

    _name = "cr.lost.contact"
    _description = "Lost contact"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "opened_on, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    opened_on = fields.Date(required=True, default=fields.Date.context_today)
    age_days = fields.Integer(string="Open for (days)", compute="_compute_age_days")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("searching", "Searching"),
            ("resolved", "Found"),
            ("given_up", "Given up"),
        ],
        required=True,
        default="open",
        tracking=True,
    )
    reason_id = fields.Many2one("cr.call.outcome", required=True)
    role_id = fields.Many2one(
        "cr.role",
        string="Who repairs it",
        help="The department that took down the number.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    callback_ids = fields.Many2many("cr.callback", string="Callbacks")
    attempt_ids = fields.Many2many(
        "cr.call.attempt", string="Calls", compute="_compute_attempt_ids"
    )
    search_ids = fields.One2many(
        "cr.lost.contact.search", "lost_id", string="How we searched"
    )
    alternatives = fields.Text(
        string="Other ways to reach",
        help="Family members, colleagues, other numbers, an address.",
    )
    new_phone = fields.Char(string="New number")
    resolved_on = fields.Date(readonly=True, tracking=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    note = fields.Char()

    _one_open = models.UniqueIndex(
        "(company_id, partner_id) WHERE state IN ('open', 'searching')",
        "There is already an open case for this customer in this store.",
    )
    _open_index = models.Index(
        "(company_id, opened_on) WHERE state IN ('open', 'searching')"
    )

    @api.depends("opened_on", "resolved_on", "state")
    def _compute_age_days(self):
        today = self.env["cr.callback"]._get_today()
        for lost in self:
            last = lost.resolved_on or today
            lost.age_days = (last - lost.opened_on).days if lost.opened_on else 0

    @api.depends("callback_ids.attempt_ids")
    def _compute_attempt_ids(self):
        for lost in self:
            lost.attempt_ids = lost.callback_ids.attempt_ids

    # === OPENING === #

    @api.model
    def _open_for(self, callbacks, attempt):
        """Open a case for the customer in every store concerned, or add to it.

        :param callbacks: callbacks that were closed as lost, of one customer
        :param attempt: the call that ended the search
        """
        # Agents may not create cases by hand; a call brings them.
        cases = self.sudo()
        for company, lost in callbacks.grouped("company_id").items():
            case = cases.search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", attempt.partner_id.id),
                    ("state", "in", ("open", "searching")),
                ],
                limit=1,
            )
            if case:
                case.callback_ids |= lost.sudo()
            else:
                cases.create(cases._prepare_values(company, lost, attempt))._notify()
        attempt.partner_id.sudo()._cr_refresh_facts()

    @api.model
    def _take_out(self, callbacks):
        """Take callbacks out of their open cases; a case without any is over."""
        cases = self.sudo().search(
            [
                ("callback_ids", "in", callbacks.ids),
                ("state", "in", ("open", "searching")),
            ]
        )
        for case in cases:
            case.callback_ids -= callbacks
        over = cases.filtered(lambda case: not case.callback_ids)
        over.activity_ids.unlink()
        over.write(
            {
                "state": "resolved",
                "resolved_on": callbacks._get_today(),
                "note": self.env._("The call was corrected; nobody was lost."),
            }
        )

    @api.model
    def _prepare_values(self, company, callbacks, attempt):
        """Return the values of a new case."""
        today = callbacks._get_today()
        roles = callbacks.rule_id.repair_role_id or self.env["cr.role"]._get_head()
        role = roles[:1]
        return {
            "company_id": company.id,
            "partner_id": attempt.partner_id.id,
            "opened_on": today,
            "reason_id": attempt.outcome_id.id,
            "callback_ids": [fields.Command.set(callbacks.ids)],
            "role_id": role.id,
            "user_id": role and role._on_duty(company, today)[:1].id,
            "alternatives": self._get_alternatives(attempt.partner_id),
        }

    @api.model
    def _get_alternatives(self, partner):
        """Return whom else to ask, from the customer's family and other numbers."""
        family = partner.cr_family_ids
        relations = dict(family._fields["relation"]._description_selection(self.env))
        lines = [
            f"{member.name} ({relations[member.relation]})"
            f" {member.related_partner_id.mobile or ''}"
            for member in family
        ]
        lines += [f"{child.name} {child.mobile or ''}" for child in partner.child_ids]
        return "\n".join(line.strip() for line in lines)

    def _notify(self):
        """Give the responsible person a to-do."""
        for lost in self.filtered("user_id"):
            lost.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=lost.user_id.id,
                summary=self.env._(
                    "Find a number: %(customer)s", customer=lost.partner_id.name
                ),
            )

    # === ACTIONS === #

    def action_search(self):
        """Say that somebody is looking for the customer."""
        self.write({"state": "searching"})

    def action_resolve(self):
        """Take the new number into the file and open the callbacks again."""
        for lost in self:
            lost._take_number()
        self.write(
            {
                "state": "resolved",
                "resolved_on": self.env["cr.callback"]._get_today(),
                "resolved_by_id": self.env.uid,
            }
        )
        self._reopen_callbacks()
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.partner_id._cr_refresh_facts()

    def action_give_up(self):
        """Close the case without a number; the customer counts as lost."""
        self.write(
            {
                "state": "given_up",
                "resolved_on": self.env["cr.callback"]._get_today(),
                "resolved_by_id": self.env.uid,
            }
        )
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def _take_number(self):
        """Write the new number to the customer's file, checked and stamped."""
        self.ensure_one()
        mobile, landline, _notes = clean_phone(self.new_phone or "")
        if not mobile and not landline:
            raise UserError(
                self.env._(
                    "%(customer)s: the new number is empty or is no telephone number;"
                    " correct it, or give the search up.",
                    customer=self.partner_id.name,
                )
            )
        self.partner_id.write(
            {
                "mobile" if mobile else "phone": mobile or landline,
                **self.partner_id._cr_prepare_stamp(),
            }
        )

    def _reopen_callbacks(self):
        """Open the lost callbacks again whose last day has not passed."""
        today = self.env["cr.callback"]._get_today()
        self.callback_ids.filtered(
            lambda callback: callback.state == "lost" and callback.expires_on >= today
        )._reopen()


class CrLostContactSearch(models.Model):
    """One try to find a customer: asked whom, how, and what came of it."""

    _name = "cr.lost.contact.search"
    _description = "Search for a lost contact"
    _order = "done_on desc, id desc"

    lost_id = fields.Many2one(
        "cr.lost.contact",
        string="Lost contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    done_on = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        string="Searched by",
        required=True,
        default=lambda self: self.env.user,
    )
    how = fields.Selection(
        [
            ("family", "Asked the family"),
            ("consultant", "Asked the sales consultant"),
            ("advisor", "Asked the service advisor"),
            ("message", "Wrote a message"),
            ("visit", "Asked at a visit"),
            ("other", "Other"),
        ],
        required=True,
        default="consultant",
    )
    name = fields.Char(string="Result", required=True)
