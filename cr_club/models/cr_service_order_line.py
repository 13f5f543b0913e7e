from odoo import api, models


class CrServiceOrderLine(models.Model):
    """Lines make up the amounts of an order, and so its points."""

    _inherit = "cr.service.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Have the points follow new lines of orders that stand."""
        lines = super().create(vals_list)
        lines.order_id._post_points()
        return lines

    def write(self, vals):
        """Have the points follow changed lines."""
        orders = self.order_id
        result = super().write(vals)
        (orders | self.order_id)._post_points()
        return result

    def unlink(self):
        """Have the points follow lines that are gone."""
        orders = self.order_id
        result = super().unlink()
        orders.exists()._post_points()
        return result
