from odoo import api, fields, models


class EventRegistration(models.Model):
    """A seat of an event: never overbooked, and the guest's attendance (EVT-04)."""

    _inherit = "event.registration"

    cr_invitation_id = fields.Many2one(
        "cr.event.invitation",
        string="Guest of the club",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take seats one transaction after the other."""
        events = {vals["event_id"] for vals in vals_list if vals.get("event_id")}
        # sudo: the row of the event is only written to make others wait.
        self.env["event.event"].sudo().browse(events)._touch_seats()
        return super().create(vals_list)

    def write(self, vals):
        """Take seats as above, and let the guest follow his seat."""
        if {"state", "event_id", "active"} & set(vals):
            # sudo: as above.
            self.sudo().event_id._touch_seats()
        result = super().write(vals)
        if {"state", "active"} & set(vals):
            # sudo: whoever works at the desk tells the guest's file by this.
            self.sudo().cr_invitation_id._follow_seats()
        return result
