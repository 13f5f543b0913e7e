from odoo import models

from ..tools import warranty

_FAULT_FIELDS = frozenset(("line_ids", "customer_words"))


class CrServiceOrder(models.Model):
    """Repairs open and close the three-guarantees warnings of their cars."""

    _inherit = "cr.service.order"

    def write(self, vals):
        """Look again when lines change or an order moves to another car."""
        before = self.vehicle_id if "vehicle_id" in vals else self.vehicle_id.browse()
        result = super().write(vals)
        if not _FAULT_FIELDS.isdisjoint(vals):
            before |= self.vehicle_id
        self.env["cr.warranty.warning"]._follow(before)
        return result

    def unlink(self):
        """Look again at the cars of orders that are no more."""
        vehicles = self.vehicle_id
        result = super().unlink()
        self.env["cr.warranty.warning"]._follow(vehicles)
        return result

    def _after_orders_changed(self):
        """Warn before a three-guarantees right arises; once for the whole set."""
        result = super()._after_orders_changed()
        self.env["cr.warranty.warning"]._follow(self.vehicle_id)
        return result

    def _prepare_repair(self):
        """Return the order as `tools.warranty` reads it."""
        self.ensure_one()
        return warranty.Repair(
            id=self.id,
            day=self.in_on or self.out_on,
            until=self.out_on or None,
            km=self.odometer_km,
            type_id=self.type_id.id,
            lines=tuple(
                warranty.Line(line.name, line.part_number, line.kind == "labour")
                for line in self.line_ids
            ),
            words=self.customer_words or "",
        )
