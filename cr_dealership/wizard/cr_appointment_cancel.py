from odoo import fields, models


class CrAppointmentCancel(models.TransientModel):
    """Asks why appointments are cancelled; their places are free at once."""

    _name = "cr.appointment.cancel"
    _description = "Cancel appointments"

    appointment_ids = fields.Many2many("cr.appointment", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel with the reason."""
        self.appointment_ids._set_state("cancelled", cancel_reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
