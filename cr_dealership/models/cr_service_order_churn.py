from odoo import models

# What a visit brought counts for the score as much as the visit.
_SPEND = frozenset(("amount_labour", "amount_material", "amount_other", "line_ids"))


class CrServiceOrder(models.Model):
    """Visits move the score of their cars and win customers back (RCL-08, RCL-09)."""

    _inherit = "cr.service.order"

    def write(self, vals):
        """Have the score follow the amounts, too."""
        result = super().write(vals)
        if not _SPEND.isdisjoint(vals):
            self.vehicle_id._mark_churn()
        return result

    def _after_orders_changed(self):
        """Have the cars scored again; close the warnings of those that came back."""
        result = super()._after_orders_changed()
        self.vehicle_id._mark_churn()
        self.env["cr.churn.warning"]._follow_orders(self)
        return result
