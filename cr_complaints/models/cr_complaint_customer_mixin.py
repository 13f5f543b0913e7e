from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext, parse_contact_from_email

from odoo.addons.cr_dealership.tools.tokens import clean_token, make_token

_LINK_DAYS = 180
_WORDS_MAX = 2000
_SUBJECT_MAX = 120
# So often a day a customer may say that it is not solved.
_SAYINGS_A_DAY = 5
# What the customer is told of the stages: coarser than ours.
_PUBLIC = {
    "received": "received",
    "classified": "received",
    "answered": "working",
    "investigating": "working",
    "plan": "working",
    "handling": "working",
    "feedback": "working",
    "verification": "solved",
    "review": "solved",
    "closed": "closed",
}


class CrComplaintCustomerMixin(models.AbstractModel):
    """The customer's side: his mail, his page, his “not solved” (CPL-10, CPL-17)."""

    _name = "cr.complaint.customer.mixin"
    _description = "Complaint: the customer's side"

    customer_token = fields.Char(
        readonly=True, copy=False, groups="base.group_system"
    )
    customer_token_until = fields.Date(readonly=True, copy=False)

    _token_unique = models.UniqueIndex(
        "(customer_token) WHERE customer_token IS NOT NULL", "This link is taken."
    )

    # === LINK === #

    def _get_customer_url(self):
        """Return the address on which the customer follows his complaint."""
        self.ensure_one()
        # Raised rights: people hand on the address, the token is nobody's to read.
        complaint = self.sudo()
        if not complaint.customer_token:
            complaint.customer_token = make_token()
        today = complaint.company_id._cr_today()
        complaint.customer_token_until = today + timedelta(days=_LINK_DAYS)
        return f"{self.get_base_url()}/cr/complaint/{complaint.customer_token}"

    def action_send_link(self):
        """Send the customer the link to his page by SMS, once a day."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "%s: choose the customer first; the link goes to him.", self.name
                )
            )
        text = self.env._(
            "Follow your complaint %(number)s here: %(link)s %(store)s",
            number=self.name,
            link=self._get_customer_url(),
            store=self.company_id.name,
        )
        today = self.company_id.sudo()._cr_today()
        # Raised rights: the outbox is written by what happens.
        self.env["cr.message"].sudo()._queue(
            [
                {
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "vehicle_id": self.vehicle_id.id,
                    "channel": "sms",
                    "purpose": "satisfaction",
                    "subject": self.name,
                    "body": text,
                    "template_id": False,
                    "origin_model": self._name,
                    "origin_id": self.id,
                    "key": f"cr.complaint,{self.id},{today}",
                    "not_before": False,
                }
            ]
        )

    @api.model
    def _find_by_token(self, token):
        """Return the complaint of a link with raised rights; empty if it opens none."""
        # Raised rights: the token is the customer's right to his own complaint.
        found = self.sudo().search(
            [("customer_token", "=", clean_token(token))], limit=1
        )
        if not found or found.customer_token_until < found.company_id._cr_today():
            return found.browse()
        return found.with_company(found.company_id)

    @api.model
    def _find_of(self, partner):
        """Return the complaints of a customer with raised rights, newest first."""
        # Raised rights: a customer reads no complaint, only the page about his own.
        return self.sudo().search(
            [("partner_id", "child_of", partner.commercial_partner_id.id)],
            order="received_at desc, id desc",
        )

    # === PAGE === #

    def _get_page_lang(self):
        """Return the language that the customer reads."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id._cr_get_message_lang()

    def _get_page(self):
        """Return what the customer sees: nothing internal."""
        self.ensure_one()
        state = _PUBLIC[self.stage]
        return {
            "number": self.name,
            "subject": self.subject,
            "received": self._format_local(self.received_at),
            "state": state,
            "state_text": self._get_public_states()[state],
            "promised": self._format_local(self.promised_at)
            if state in ("received", "working")
            else "",
            "store": self.company_id,
            "is_over": state in ("solved", "closed"),
        }

    @api.model
    def _get_public_states(self):
        return {
            "received": self.env._("We have received your complaint."),
            "working": self.env._("We are working on it."),
            "solved": self.env._("We believe that it is solved and will call you."),
            "closed": self.env._("It is closed."),
        }

    def _format_local(self, moment):
        """Return a moment by the clock of the store, in words."""
        if not moment:
            return ""
        return self.env["cr.callback"]._format_moment(moment)

    def _say_not_solved(self, words):
        """The customer says that it is not solved; opens it again if it was over.

        :raise UserError: without words, or too often a day
        """
        self.ensure_one()
        words = " ".join((words or "").split())[:_WORDS_MAX]
        if not words:
            raise UserError(
                self.env._("Please write in a few words what is not solved.")
            )
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        said = self.env["cr.complaint.event"].search_count(
            [
                ("complaint_id", "=", self.id),
                ("kind", "=", "customer"),
                ("at", ">=", since),
            ]
        )
        if said >= _SAYINGS_A_DAY:
            raise UserError(
                self.env._("We have your words and call you. Thank you for waiting.")
            )
        self.env["cr.complaint.event"]._log(self, "customer", text=words)
        if self.solved_at or self.stage == "closed":
            self._reopen(words)
        if self.owner_id:
            spoken = self.with_context(lang=self.owner_id.lang)
            text = spoken.env._("The customer says: not solved. %s", words)
            self._give_todos([(self, self.owner_id, text[:200])])

    # === WRITTEN BY THE CUSTOMER === #

    @api.model
    def _get_portal_cars(self, partner):
        """Return the cars that a customer may choose from, with raised rights."""
        # Raised rights: a customer reads no car, only the names of his own.
        return self.env["cr.vehicle"].sudo().search(
            ["|", ("owner_id", "=", partner.id), ("driver_id", "=", partner.id)]
        )

    @api.model
    def _make_from_portal(self, partner, form):
        """Record a complaint that a customer wrote himself.

        :param partner: who is logged in
        :param dict form: subject, content, demand, vehicle_id, phone as texts
        :raise UserError: without a subject or text
        """
        subject = " ".join((form.get("subject") or "").split())[:_SUBJECT_MAX]
        content = (form.get("content") or "").strip()[:_WORDS_MAX]
        if not subject or not content:
            raise UserError(
                self.env._("Please say in short what is wrong, and what happened.")
            )
        wanted = form.get("vehicle_id") or ""
        car = self._get_portal_cars(partner).filtered(
            lambda one: str(one.id) == wanted
        )
        # Raised rights: a customer has no rights on complaints, this makes his own.
        return self.sudo().create(
            {
                "company_id": (car.company_id or self.env.company).id,
                "channel": "portal",
                "partner_id": partner.id,
                "vehicle_id": car.id,
                "subject": subject,
                "content": content,
                "demand": (form.get("demand") or "").strip()[:_WORDS_MAX],
                "phone": (form.get("phone") or "").strip()[:40] or partner.mobile,
            }
        )

    # === E-MAIL === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a complaint of a mail; another one about the same joins the open file.

        Ten thousand identical mails are one complaint: whoever wrote has an open one
        with that subject.
        """
        name, email = parse_contact_from_email(msg_dict.get("email_from") or "")
        email = email_normalize(email) or email
        subject = (msg_dict.get("subject") or "").strip()[:_SUBJECT_MAX]
        subject = subject or self.env._("(without a subject)")
        # Raised rights: the mail server writes for nobody.
        known = self.sudo().search(
            [
                ("email", "=ilike", email),
                ("subject", "=", subject),
                ("stage", "!=", "closed"),
            ],
            limit=1,
        )
        if known:
            return known
        partners = self.env["res.partner"].sudo().search(
            [("email_normalized", "=", email)], limit=2
        )
        values = {
            "channel": "email",
            "subject": subject,
            "content": html2plaintext(msg_dict.get("body") or "")[:_WORDS_MAX],
            "email": email,
            "contact": name or email,
            # Two customers with one address: a person decides who it is.
            "partner_id": partners.id if len(partners) == 1 else False,
        }
        # Odoo would write the whole sender into the address.
        msg_dict = {**msg_dict, "email_from": email}
        return super().message_new(msg_dict, {**(custom_values or {}), **values})
