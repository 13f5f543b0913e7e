from odoo import api, fields, models


class CrInspection(models.Model):
    """An annual inspection that was done or falls due (VEH-04)."""

    _name = "cr.inspection"
    _description = "Annual inspection"
    _inherit = ["cr.vehicle.basis.mixin"]
    _order = "due_on desc, id desc"
    _rec_name = "due_on"

    _fact_fields = frozenset(("vehicle_id", "due_on", "passed_on"))

    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    due_on = fields.Date(string="Valid until", required=True, index=True)
    passed_on = fields.Date(
        help="Day on which the car passed this inspection; empty while it is open."
    )
    is_done_here = fields.Boolean(string="Arranged by us")
    note = fields.Char()
    owner_id = fields.Many2one(related="vehicle_id.owner_id")

    _vehicle_due_unique = models.Constraint(
        "UNIQUE (vehicle_id, due_on)",
        "This car already has an inspection with this date.",
    )

    # === COMPUTE === #

    @api.depends("due_on", "vehicle_id")
    def _compute_display_name(self):
        for inspection in self:
            inspection.display_name = (
                f"{inspection.vehicle_id.display_name or ''} {inspection.due_on or ''}"
            ).strip()
