from odoo import api, fields, models


class CrAppointmentLine(models.Model):
    """One thing that the customer wants done at his visit (APT-01, APT-04)."""

    _name = "cr.appointment.line"
    _description = "Booked work"
    _order = "appointment_id, sequence, id"

    appointment_id = fields.Many2one(
        "cr.appointment", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    type_id = fields.Many2one("cr.service.type", string="Service type")
    name = fields.Char(string="In words")

    _something_named = models.Constraint(
        "CHECK (type_id IS NOT NULL OR name IS NOT NULL)",
        "Say what is to be done: a service type or a few words.",
    )

    @api.depends("type_id", "name")
    def _compute_display_name(self):
        for line in self:
            parts = (line.type_id.name, line.name)
            line.display_name = ": ".join(filter(None, parts))
