from odoo import api, models


class CrImportLoaderDelivery(models.AbstractModel):
    """Deliveries that come by import bring points as those entered by hand (PTS-03)."""

    _inherit = "cr.import.loader.delivery"

    @api.model
    def _follow(self, vehicles, people, records):
        """Bring the points of the cars up to what was recorded."""
        result = super()._follow(vehicles, people, records)
        vehicles._post_purchase_points(vehicles.ids)
        return result
