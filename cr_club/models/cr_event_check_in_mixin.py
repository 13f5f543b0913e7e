from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.cr_dealership.tools.tokens import clean_token

from ..const_event import CHECK_IN_SENTENCES, SEATED
from ..tools.events import read_code, read_digits


class CrEventCheckInMixin(models.AbstractModel):
    """Checking guests in by their code, their member's card, or from the list."""

    _name = "cr.event.check.in.mixin"
    _description = "Event: check-in"

    def action_cr_open_check_in(self):
        """Open the page that staff use on a telephone at the door."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cr/checkin/{self.id}",
            "target": "self",
        }

    def _say_check_in(self, code, **values):
        """Return the sentence of a refused check-in."""
        self.ensure_one()
        labels = dict(self._fields["cr_state"]._description_selection(self.env))
        sentence = self.env._(CHECK_IN_SENTENCES[code])
        return sentence % {
            "event": self.name,
            "day": fields.Date.to_string(self.cr_day),
            "state": labels[self.cr_state],
            **values,
        }

    def _check_in_code(self, text):
        """Check in whoever a code belongs to.

        :param str text: what was scanned or typed: address, code, card number, or the
            last digits of a telephone
        :return: the guest, and whether he had been checked in before
        :rtype: tuple
        :raises UserError: in a sentence, when the code opens nothing at this event
        """
        self.ensure_one()
        if digits := read_digits(text):
            guest = self._find_by_digits(digits)
        else:
            guest = self._find_guest(clean_token(read_code(text)))
        if guest.state == "attended":
            return guest, True
        self._check_open_door()
        guest.action_check_in()
        return guest, False

    def _check_open_door(self):
        """Raise unless guests are let in now."""
        self.ensure_one()
        if self.cr_state not in ("invite", "confirmed"):
            raise UserError(self._say_check_in("closed"))
        today = (self.company_id or self.env.company)._cr_today()
        last = (self.company_id or self.env.company)._cr_local_day(self.date_end)
        if not self.cr_day <= today <= last:
            raise UserError(self._say_check_in("other_day"))

    def _find_guest(self, token):
        """Return the guest of a code at this event, or raise why there is none."""
        # sudo: a code of another store is told apart from one that is none at all.
        invitations = self.env["cr.event.invitation"].sudo()
        found = invitations.search([("token", "=", token)], limit=1) if token else None
        if found and found.event_id != self:
            self._refuse_other_event(found.event_id)
        if found:
            return found.sudo(False)
        # sudo: as above, and cards are recognised by what only the system reads.
        cards = self.env["cr.club.member"].sudo()
        card = cards.search([("token", "=", token)], limit=1) if token else None
        if not card:
            raise UserError(self._say_check_in("unknown"))
        program = self.env["cr.club.program"]._get_program(self.company_id)
        if card.program_id != program:
            club = card.program_id.name
            raise UserError(self._say_check_in("other_club", club=club))
        guest = self.env["cr.event.invitation"].search(
            [("event_id", "=", self.id), ("partner_id", "=", card.partner_id.id)]
        )
        if not guest:
            name = card.partner_id.name
            raise UserError(self._say_check_in("not_listed", guest=name))
        return guest

    def _find_by_digits(self, digits):
        """Return the guest whose card or telephone the digits are, or raise.

        :param str digits: a card number, or how a telephone number ends
        """
        self.ensure_one()
        guests = self.cr_invitation_ids.filtered(lambda one: one.state != "dropped")
        program = self.env["cr.club.program"]._get_program(self.company_id)
        # sudo: cards are recognised by what whoever stands at the door may not read.
        cards = self.env["cr.club.member"].sudo()
        holder = cards.search(
            [
                ("card_number", "=", digits),
                ("program_id", "=", program.id),
                ("partner_id", "in", guests.partner_id.ids),
            ]
        ).partner_id
        found = guests.filtered(lambda one: one.partner_id in holder) or (
            guests.filtered(lambda one: one.partner_id._cr_phone_ends_with(digits))
        )
        if len(found) == 1:
            return found
        names = ", ".join(found.mapped("partner_id.name"))
        code = "many_digits" if found else "no_digits"
        raise UserError(self._say_check_in(code, digits=digits, guests=names))

    def _refuse_other_event(self, other):
        """Raise for a guest of another event; another store's is named only."""
        if other.company_id and other.company_id != self.company_id:
            store = other.company_id.name
            raise UserError(self._say_check_in("other_store", store=store))
        raise UserError(
            self._say_check_in(
                "other_event",
                other=other.name,
                day=fields.Date.to_string(other.cr_day),
            )
        )

    def _get_check_in_page(self):
        """Return the values of the page: who is expected and who is there."""
        self.ensure_one()
        guests = self.cr_invitation_ids.filtered(lambda one: one.state in SEATED)
        came = guests.filtered(lambda one: one.state == "attended")
        return {"event": self, "expected": guests - came, "came": came}
