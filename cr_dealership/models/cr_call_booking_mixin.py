from odoo import fields, models
from odoo.fields import Command

from ..const import BAY_KINDS


class CrCallBookingMixin(models.AbstractModel):
    """Booking a visit while the agent talks with the customer (APT-08)."""

    _name = "cr.call.booking.mixin"
    _description = "Conversation: booking a visit"

    def get_booking(self, kind=None):
        """Return what the panel “Book a visit” shows.

        :param str kind: code of BAY_KINDS, the first one by default
        :return: {"kinds", "kind", "types", "cars", "offers", "booked"}
        """
        self._check_mine()
        appointments = self.env["cr.appointment"]
        kind = kind if kind in dict(BAY_KINDS) else BAY_KINDS[0][0]
        return {
            "kinds": appointments._get_kind_options(),
            "kind": kind,
            "types": appointments._get_type_options(),
            "cars": [
                {"id": car.id, "label": car.plate or car.vin}
                for car in self._get_bookable_cars()
            ],
            "offers": appointments._get_offer(self.company_id, kind),
            "booked": [
                one._prepare_panel_line(self)
                for one in appointments._get_coming(self.partner_id)
            ],
        }

    def book_visit(self, values):
        """Book a visit in the conversation; what was agreed there is confirmed.

        :param dict values: slot_id, vehicle_id, type_ids, wish
        :return: see `get_booking`
        """
        session = self._check_mine()
        types = [
            {"type_id": one} for one in values.get("type_ids") or [] if type(one) is int
        ]
        car = self._get_bookable_cars() & self.env["cr.vehicle"].browse(
            values.get("vehicle_id") or []
        )
        appointment = self.env["cr.appointment"].create(
            {
                "slot_id": values.get("slot_id"),
                "partner_id": self.partner_id.id,
                "vehicle_id": car.id,
                "channel": "phone",
                "wish": values.get("wish") or False,
                "line_ids": [Command.create(line) for line in types],
            }
        )
        callback = self.callback_ids[:1]
        # Raised rights: where it comes from is written by nobody by hand.
        appointment.sudo().write(
            {
                "session_id": self.id,
                "origin_model": callback and callback._name,
                "origin_id": callback.id,
            }
        )
        appointment._set_state("confirmed")
        session.last_active_at = fields.Datetime.now()
        return self.get_booking(appointment.bay_kind)

    def undo_visit(self, appointment_id):
        """Take back what was booked in this conversation; the place is free again.

        :return: see `get_booking`
        """
        self._check_mine()
        booked = self.env["cr.appointment"].search(
            [("id", "=", appointment_id), ("session_id", "=", self.id)]
        )
        booked._set_state(
            "cancelled", cancel_reason=self.env._("Taken back in the conversation")
        )
        return self.get_booking(booked.bay_kind)

    def _get_bookable_cars(self):
        """Return the customer's cars, those that the call is about first."""
        cars = self.callback_ids.vehicle_id
        return cars | self.env["cr.vehicle"].search(
            [
                "|",
                ("owner_id", "=", self.partner_id.id),
                ("driver_id", "=", self.partner_id.id),
            ]
        )
