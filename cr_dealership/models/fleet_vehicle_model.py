from odoo import fields, models
from odoo.tools import SQL

_INTERVAL_FIELDS = frozenset(
    (
        "cr_first_service_months",
        "cr_first_service_km",
        "cr_service_months",
        "cr_service_km",
        "cr_warranty_months",
        "cr_warranty_km",
    )
)


class FleetVehicleModel(models.Model):
    """The catalogue's model, with the service intervals of its handbook."""

    _inherit = "fleet.vehicle.model"

    cr_alias_ids = fields.One2many("cr.model.alias", "model_id", string="Aliases")
    cr_first_service_months = fields.Integer(
        string="First service after (months)",
        help="Empty: the store's default. The maker's handbook decides (FS-02).",
    )
    cr_first_service_km = fields.Integer(string="First service at (km)")
    cr_service_months = fields.Integer(string="Service every (months)")
    cr_service_km = fields.Integer(string="Service every (km)")
    cr_warranty_months = fields.Integer(string="Warranty (months)")
    cr_warranty_km = fields.Integer(string="Warranty (km)")

    # === CRUD === #

    def write(self, vals):
        """Have the due dates of the model's cars follow its intervals."""
        result = super().write(vals)
        if not _INTERVAL_FIELDS.isdisjoint(vals):
            self.env["cr.vehicle"]._mark_stale(SQL("model_id = ANY(%s)", self.ids))
        return result
