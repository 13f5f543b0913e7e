from odoo import models


class CrPartnerBookingMixin(models.AbstractModel):
    """Booking for a customer."""

    _name = "cr.partner.booking.mixin"
    _description = "Customer: appointments"

    def action_cr_book(self):
        """Open a new appointment for the customer, with his car if he has one only."""
        self.ensure_one()
        cars = self.env["cr.vehicle"].search([("owner_id", "=", self.id)], limit=2)
        car = cars if len(cars) == 1 else cars.browse()
        return self.env["cr.appointment"]._get_new_action(self, car)
