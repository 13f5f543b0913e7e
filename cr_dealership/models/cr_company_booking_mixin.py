from odoo import api, fields, models

_FIELDS = frozenset(("cr_booking_days", "resource_calendar_id"))


class CrCompanyBookingMixin(models.AbstractModel):
    """How a store takes appointments (APT-03, APT-06, APT-09).

    Every default is an assumption until the store confirms it; the settings say so.
    """

    _name = "cr.company.booking.mixin"
    _description = "Appointments of a store"

    cr_booking_days = fields.Integer(string="Bookable for (days)", default=30)
    cr_booking_lead_hours = fields.Integer(
        string="Customers book at least (hours) before", default=2
    )
    cr_confirm_hours = fields.Integer(string="Confirm within (hours)", default=4)
    cr_no_show_hour = fields.Float(string="Did not come from", default=19.0)
    cr_booking_link_days = fields.Integer(string="A link lasts (days)", default=30)

    _cr_booking_positive = models.Constraint(
        "CHECK (cr_booking_days BETWEEN 1 AND 365 AND cr_booking_lead_hours >= 0"
        " AND cr_confirm_hours > 0 AND cr_booking_link_days > 0"
        " AND cr_no_show_hour >= 0 AND cr_no_show_hour < 24)",
        "Appointments: 1 to 365 bookable days, hours and days above zero.",
    )

    def write(self, vals):
        """Have the slots follow the days that can be booked."""
        result = super().write(vals)
        if not _FIELDS.isdisjoint(vals):
            self.env["cr.appointment.slot"].sudo()._sync_coming(self.sudo())
        return result

    @api.model
    def _cr_follow_clock(self, domain):
        """Have slots that were worked out follow a new time zone of their stores."""
        # Raised rights: slots follow from the rules, whoever moves the clock.
        slots = self.env["cr.appointment.slot"].sudo()
        for store in self.env["res.company"].sudo().search(domain):
            if slots.search_count([("company_id", "=", store.id)], limit=1):
                slots._sync_coming(store)
