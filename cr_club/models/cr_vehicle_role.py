from odoo import models


class CrVehicleRole(models.Model):
    """Who bought a car from us gets its points (PTS-03)."""

    _inherit = "cr.vehicle.role"

    def _refresh_vehicle_facts(self, vehicles, partners):
        """Have the points follow a purchase that came, changed or went."""
        result = super()._refresh_vehicle_facts(vehicles, partners)
        self.env["cr.vehicle"]._post_purchase_points(vehicles.ids)
        return result
