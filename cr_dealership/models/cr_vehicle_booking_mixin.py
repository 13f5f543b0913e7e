from odoo import fields, models


class CrVehicleBookingMixin(models.AbstractModel):
    """Booking for a car, and whether its buyer knows that he can (APT-07)."""

    _name = "cr.vehicle.booking.mixin"
    _description = "Car: appointments"

    is_booking_explained = fields.Boolean(
        string="Booking explained at delivery",
        tracking=True,
        help="The consultant told the customer how to book his services (APT-07).",
    )
    appointment_ids = fields.One2many(
        "cr.appointment", "vehicle_id", string="Appointments"
    )

    def action_cr_book(self):
        """Open a new appointment for this car."""
        self.ensure_one()
        partner = self.driver_id or self.owner_id
        return self.env["cr.appointment"]._get_new_action(partner, self)

    def action_cr_open_appointments(self):
        """Open the appointments of the car."""
        self.ensure_one()
        return self.env["cr.appointment"]._get_list_action(
            [("vehicle_id", "=", self.id)]
        )
