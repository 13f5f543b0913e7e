from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_event import EXPECTED

_PURPOSE = "marketing"
_TEMPLATES = {
    "invite": "cr_club.cr_message_template_event_invite",
    "remind": "cr_club.cr_message_template_event_remind",
    "seat": "cr_club.cr_message_template_event_seat",
}
_COMPLETE_FROM = 100


class CrEventMessagesMixin(models.AbstractModel):
    """Messages to guests: invitation, reminder, a seat that became free (EVT-21)."""

    _name = "cr.event.messages.mixin"
    _description = "Event: messages"

    # === ACTIONS === #

    def action_cr_send_invitations(self):
        """Invite by SMS whoever was not invited yet, within consent and cap (EVT-21).

        Customers with a complete file are told first (EVT-25).
        """
        self.check_access("write")
        return self._tell_sent([event._invite_by_sms() for event in self])

    def action_cr_send_reminders(self):
        """Remind by SMS whoever is expected."""
        self.check_access("write")
        return self._tell_sent([event._remind_by_sms() for event in self])

    def _invite_by_sms(self):
        """Invite who was not invited; return how many are told and how many not."""
        self._check_inviting()
        guests = self.cr_invitation_ids.filtered(lambda one: one.state == "todo")
        free = guests._get_free_days("sms")
        ready = guests.filtered(lambda one: one.id not in free)
        messages = self._queue_messages(ready, "invite", has_head_start=True)
        told = self._get_told(messages, ready)
        told._stamp_invited("sms")
        return len(told), len(guests - told)

    def _remind_by_sms(self):
        """Remind who is expected; return how many are told and how many not."""
        self._check_inviting()
        guests = self.cr_invitation_ids.filtered(lambda one: one.state in EXPECTED)
        told = self._get_told(self._queue_messages(guests, "remind"), guests)
        told.filtered(lambda one: one.state == "confirmed")._advance("reminded")
        return len(told), len(guests - told)

    @api.model
    def _get_told(self, messages, guests):
        """Return the guests whose message goes out."""
        people = messages.filtered(lambda one: one.state == "queued").partner_id
        return guests.filtered(lambda one: one.partner_id in people)

    def _check_inviting(self):
        """Raise unless the event invites."""
        self.ensure_one()
        if self.cr_state not in ("invite", "confirmed"):
            raise UserError(
                self.env._(
                    "“%s” does not invite now; take its stage on to “Inviting” first.",
                    self.name,
                )
            )

    @api.model
    def _tell_sent(self, counts):
        """Return a note about how many messages go out and how many do not.

        :param list counts: [(told, not told)]
        """
        sent, held = map(sum, zip(*counts, strict=True))
        text = self.env._("%s messages go out.", sent)
        if held:
            text += " " + self.env._(
                "%s guests get none: not wanted, no number, too many contacts, or told"
                " before. The list of messages gives the reasons.",
                held,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning" if held else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS === #

    def _queue_messages(self, guests, kind, has_head_start=False):
        """Put messages to guests into the outbox; each guest once for each kind.

        The number of queries does not depend on the number of guests.

        :param guests: guests of this event
        :param str kind: a key of `_TEMPLATES`
        :param bool has_head_start: complete files are told first
        :return: the new messages
        """
        self.ensure_one()
        template = self.env.ref(_TEMPLATES[kind])
        if kind == "invite" and self.event_type_id.cr_message_id:
            template = self.event_type_id.cr_message_id
        # sudo: texts are filled in for whoever may send them.
        rows = [
            self._prepare_message(guest, template.sudo(), kind, has_head_start)
            for guest in guests.sudo()
        ]
        return self.env["cr.message"]._queue(rows)

    def _prepare_message(self, guest, template, kind, has_head_start):
        """Return the message to one guest."""
        company = self.company_id or self.env.company
        partner = guest.partner_id
        local = self.env["cr.callback"].with_company(company)._to_local(self.date_begin)
        text = template._render_for(
            partner,
            guest.vehicle_id,
            company,
            date=f"{local:%Y-%m-%d %H:%M}",
            notice=", ".join(filter(None, (self.name, self.cr_place))),
            link=guest._get_url(),
        )
        is_second = has_head_start and partner.cr_completeness < _COMPLETE_FROM
        days = self.cr_head_start_days if is_second else 0
        return {
            "key": f"event:{guest.id}:{kind}",
            "company_id": company.id,
            "partner_id": partner.id,
            "channel": "sms",
            "purpose": _PURPOSE,
            "template_id": template.id,
            "origin_model": guest._name,
            "origin_id": guest.id,
            "not_before": fields.Datetime.now() + timedelta(days=days),
            **text,
        }
