"""Cast and builders of the tests about appointments; not one test stands here."""

from datetime import date

from odoo.fields import Command

from .callback_common import CallbackCommon

# Saturday and Sunday follow; the next working day after TODAY.
MONDAY = date(2026, 11, 23)


class BookingCommon(CallbackCommon):
    """A store with two places an hour for maintenance, from 9 to 11 o'clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cr.capacity"].search([]).unlink()
        cls.capacity = cls.make_capacity()

    @classmethod
    def make_capacity(cls, **values):
        """Return a rule of the store."""
        return cls.env["cr.capacity"].create(
            {
                "company_id": cls.store.id,
                "bay_kind": "maintenance",
                "hour_from": 9,
                "hour_to": 11,
                "places": 2,
                **values,
            }
        )

    @classmethod
    def slot(cls, day=MONDAY, hour=9, kind="maintenance"):
        """Return a slot of the store by its local hour."""
        return cls.env["cr.appointment.slot"].search(
            [
                ("company_id", "=", cls.store.id),
                ("bay_kind", "=", kind),
                ("start_at", "=", cls.utc(day, hour)),
            ]
        )

    @classmethod
    def prepare_appointment(cls, slot=None, vehicle=None, **values):
        """Return the values of an appointment on Monday at nine."""
        vehicle = vehicle or cls.car
        return {
            "slot_id": (slot or cls.slot()).id,
            "partner_id": vehicle.owner_id.id,
            "vehicle_id": vehicle.id,
            "line_ids": [
                Command.create({"type_id": cls.service_type().id, "name": "oil"})
            ],
            **values,
        }

    @classmethod
    def book(cls, slot=None, vehicle=None, **values):
        """Return an appointment."""
        return cls.env["cr.appointment"].create(
            cls.prepare_appointment(slot, vehicle, **values)
        )

    @classmethod
    def make_car(cls):
        """Return a car with an owner of its own."""
        return cls.make_vehicle(cls.make_partner())
