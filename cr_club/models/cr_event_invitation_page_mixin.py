from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cr_dealership.tools.tokens import clean_token

from ..const_event import INFO_CHANNELS, SEATED
from ..tools.qr import make_image

_TEXT_MAX = 1000
_PERSONS_MAX = 20
_TO_ACCEPT = ("todo", "invited", "refused")


class CrEventInvitationPageMixin(models.AbstractModel):
    """What a guest sees and does on his own page, without a login (EVT-04, EVT-12)."""

    _name = "cr.event.invitation.page.mixin"
    _description = "Guest of an event: the guest's page"

    # === FINDING === #

    @api.model
    def _find(self, token):
        """Return the guest of a link with raised rights; empty if it opens nothing."""
        # sudo: the token is the guest's right to his own place.
        guest = self.sudo().search([("token", "=", clean_token(token))], limit=1)
        hidden = ("proposed", "dropped")
        if not guest or guest.state in hidden or not guest.partner_id.active:
            return guest.browse()
        if guest.event_id.cr_state in ("plan", "cancelled"):
            return guest.browse()
        return guest.with_company(guest.company_id)

    def _get_url(self):
        """Return the address of the guest's page."""
        self.ensure_one()
        # sudo: people get an address to hand on, not the code itself.
        return f"{self.get_base_url()}/cr/event/{self.sudo().token}"

    def _get_lang(self):
        """Return the language in which the guest reads."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id._cr_get_message_lang()

    # === SHOWING === #

    def _get_page(self):
        """Return the values of the guest's page."""
        self.ensure_one()
        event = self.event_id
        is_over = fields.Datetime.now() >= event.date_end
        step = "open"
        if self.state in SEATED:
            step = "seated"
        elif self.state == "waiting":
            step = "waiting"
        if is_over or event.cr_state in ("done", "summarised"):
            step = "over" if self.state == "attended" else "closed"
        return {
            "guest": self,
            "event": event,
            "store": event.company_id,
            "step": step,
            "when": self._format_moment(event.date_begin),
            "qr": self._get_qr() if step == "seated" else None,
            "channels": self.env["cr.event.invitation"]
            ._fields["info_channel"]
            ._description_selection(self.env),
        }

    def _format_moment(self, moment):
        """Return a moment by the store's clock, in the language of the guest."""
        local = self.env["cr.callback"]._to_local(moment)
        locale = (self.env.lang or "en_US").partition("@")[0]
        day = format_skeleton("yMMMEd", local, locale=locale)
        return f"{day} {local:%H:%M}"

    def _get_qr(self):
        """Return the picture of the code that is scanned at the door."""
        self.ensure_one()
        # sudo: the page of the guest holds his own code.
        text = f"{self.get_base_url()}/cr/checkin/code/{self.sudo().token}"
        return make_image(text)

    # === DOING === #

    def _submit(self, form):
        """Carry out what the guest pressed: accept, decline, or evaluate.

        :param dict form: action, persons, refusal, rating, channel, opinion
        :raises UserError: in words for the guest, when it cannot be done
        """
        self.ensure_one()
        action = form.get("action")
        if action == "evaluate":
            self._evaluate(form)
        elif action == "accept":
            self._check_answer()
            self._accept_online(form)
        elif action == "decline":
            self._check_answer()
            self._stamp_link()
            self._refuse("other", (form.get("note") or "").strip()[:_TEXT_MAX])

    def _check_answer(self):
        """Raise when it is too late for an answer."""
        event = self.event_id
        is_late = fields.Datetime.now() >= event.date_begin
        if is_late or event.cr_state not in ("invite", "confirmed"):
            raise UserError(
                self.env._(
                    "Answers to “%s” are not taken any more. Please call us.",
                    event.name,
                )
            )

    def _accept_online(self, form):
        """Take the seats that the guest asks for, or let him wait."""
        if self.state not in _TO_ACCEPT:
            return
        persons = _to_number(form.get("persons")) or 1
        if persons > _PERSONS_MAX:
            raise UserError(
                self.env._("For more than %s persons please call us.", _PERSONS_MAX)
            )
        self.write({"persons": persons})
        self._stamp_link()
        self._accept()

    def _stamp_link(self):
        """Note that the guest answered on his page."""
        if not self.invited_at:
            self.write({"invited_at": fields.Datetime.now(), "invited_how": "link"})

    def _evaluate(self, form):
        """Keep what the guest thinks of the event (EVT-12)."""
        if self.state != "attended":
            raise UserError(self.env._("Only who was there can evaluate the event."))
        rating = _to_number(form.get("rating"))
        if not 1 <= rating <= 5:
            raise UserError(self.env._("Please choose between one and five stars."))
        channel = form.get("channel")
        known = {code for code, _label in INFO_CHANNELS}
        self.write(
            {
                "rating": rating,
                "info_channel": channel if channel in known else False,
                "opinion": (form.get("opinion") or "").strip()[:_TEXT_MAX],
            }
        )


def _to_number(text):
    """Return the number that a form sent, 0 for anything else."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
