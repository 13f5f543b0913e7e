from babel.dates import format_skeleton

from odoo import models
from odoo.exceptions import UserError

from ..tools import slots
from ..tools.days import find_locale

_WISH_MAX = 500
_SUGGESTION_MAX = 2000


class CrAppointmentPageMixin(models.AbstractModel):
    """What the customer sees and does on the page of his booking link.

    The host is the link; everything runs with raised rights on what the link names.
    """

    _name = "cr.appointment.page.mixin"
    _description = "Booking link: page"

    # === WHAT IS SHOWN === #

    def _get_lang(self):
        """Return the language of the page: the customer's, else the store's."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id._cr_get_message_lang()

    def _get_booked(self):
        """Return the appointment that the link shows: the next one of this car."""
        self.ensure_one()
        appointments = self.env["cr.appointment"]
        found = appointments._get_coming(self.partner_id, self.vehicle_id)
        if not self.vehicle_id:
            found = found.filtered(lambda one: not one.vehicle_id)
        return found[:1]

    def _get_page(self, params):
        """Return the values of the page.

        :param dict params: what the address asks for: kind, day, slot, move
        """
        booked = self._get_booked()
        values = {
            "token": self.token,
            "store": self.company_id,
            "car": self.vehicle_id,
            "booked": booked,
            "when": booked and self._format_long(booked.start_at),
            "said": params.get("said"),
        }
        if booked and not params.get("move"):
            return {**values, "step": "booked"}
        kinds = self.env["cr.appointment"]._get_kind_options()
        kind = self._pick(params.get("kind"), [one["id"] for one in kinds])
        offers = self._find_offers(kind)
        chosen = self._find_chosen(offers, params.get("slot"))
        return {
            **values,
            "step": "confirm" if chosen else "choose",
            "kinds": kinds,
            "kind": kind,
            "chosen": chosen,
            "types": self._get_types(kind),
            **self._get_days(offers, params.get("day")),
        }

    @staticmethod
    def _pick(wanted, known):
        """Return what is asked for if it is there, else the first."""
        return wanted if wanted in known else (known or [None])[0]

    def _find_offers(self, kind):
        """Return the free times of a kind of work that a customer may book."""
        store = self.company_id
        found = self.env["cr.appointment.slot"]._find_coming(
            store, kind, lead_hours=store.cr_booking_lead_hours
        )
        return slots.mark(found)

    def _find_chosen(self, offers, slot):
        """Return the offer that the address names, in words; None if it is none."""
        for one in offers:
            if str(one.id) == slot:
                return {"id": one.id, "text": self._format_long(one.start)}
        return None

    def _get_types(self, kind):
        """Return the service types of a kind of work."""
        options = self.env["cr.appointment"]._get_type_options()
        return [one for one in options if one["kind"] == kind]

    def _get_days(self, offers, wanted):
        """Return the days with free times, and the times of the chosen one."""
        by_day = {}
        for offer in offers:
            local = self.env["cr.callback"]._to_local(offer.start)
            by_day.setdefault(local.date().isoformat(), []).append((local, offer))
        day = self._pick(wanted, list(by_day))
        return {
            "day": day,
            "days": [
                {
                    "id": key,
                    "label": self._format(found[0][0], "MMMd"),
                    "weekday": self._format(found[0][0], "EEE"),
                    "is_off_peak": all(offer.is_off_peak for _at, offer in found),
                }
                for key, found in by_day.items()
            ],
            "times": [
                {
                    "id": offer.id,
                    "label": f"{at:%H:%M}",
                    "is_off_peak": offer.is_off_peak,
                }
                for at, offer in by_day.get(day, [])
            ],
        }

    def _format(self, moment, skeleton):
        """Return a local moment in the customer's language."""
        locale = find_locale(self.env.lang or "en_US")
        return format_skeleton(skeleton, moment, locale=locale)

    def _format_long(self, moment):
        """Return a UTC moment with its weekday by the store's clock."""
        local = self.env["cr.callback"]._to_local(moment)
        return f"{self._format(local, 'MMMEd')} {local:%H:%M}"

    # === WHAT IS DONE === #

    def _submit(self, form):
        """Carry out what the customer pressed: book, move, cancel or suggest.

        :param dict form: action, slot, type, wish, suggestion
        :raise UserError: in words for the customer, when it cannot be done
        """
        self.ensure_one()
        booked = self._get_booked()
        if form.get("action") == "suggest":
            text = (form.get("suggestion") or "")[:_SUGGESTION_MAX]
            self.env["cr.customer.wish"]._take_down(self, text)
        elif form.get("action") == "cancel":
            booked._set_state("cancelled", cancel_reason=self.env._("By the customer"))
        elif booked:
            booked.write({"slot_id": self._read_slot(form)})
        else:
            self._book(form)

    def _book(self, form):
        """Make the appointment."""
        known = {one["id"] for one in self.env["cr.appointment"]._get_type_options()}
        type_id = _to_id(form.get("type"))
        line = [(0, 0, {"type_id": type_id})] if type_id in known else []
        self.env["cr.appointment"].create(
            {
                "slot_id": self._read_slot(form),
                "partner_id": self.partner_id.id,
                "vehicle_id": self.vehicle_id.id,
                "channel": "web",
                "wish": (form.get("wish") or "").strip()[:_WISH_MAX],
                "line_ids": line,
                "origin_model": self.origin_model,
                "origin_id": self.origin_id,
            }
        )

    def _read_slot(self, form):
        """Return the id of the slot, if it is one of this store to come."""
        slot = self.env["cr.appointment.slot"].browse(_to_id(form.get("slot"))).exists()
        if not slot or slot.company_id != self.company_id:
            raise UserError(self.env._("Choose one of the times shown, please."))
        self.env["cr.appointment"]._check_future(slot)
        return slot.id


def _to_id(text):
    """Return the number that a form sent, 0 for anything else."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
