from odoo import api, models


class CrVehicleBasisMixin(models.AbstractModel):
    """Records on which the stored facts of cars rest.

    The host has a `vehicle_id` and names in `_fact_fields` what the facts depend on.
    Whoever writes many records and refreshes the cars himself puts
    `cr_dealership_skip_facts` into the context.
    """

    _name = "cr.vehicle.basis.mixin"
    _description = "Basis of a car's facts"

    _fact_fields = frozenset()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refresh the cars of the new records, once for all of them."""
        records = super().create(vals_list)
        records._refresh_vehicle_facts(records.vehicle_id, records._get_fact_partners())
        return records

    def write(self, vals):
        """Refresh the cars, those before and those after, if a basis changed."""
        if self._fact_fields.isdisjoint(vals):
            return super().write(vals)
        vehicles, partners = self.vehicle_id, self._get_fact_partners()
        result = super().write(vals)
        self._refresh_vehicle_facts(
            vehicles | self.vehicle_id, partners | self._get_fact_partners()
        )
        return result

    def unlink(self):
        """Refresh the cars that lose their records."""
        vehicles, partners = self.vehicle_id, self._get_fact_partners()
        result = super().unlink()
        self.browse()._refresh_vehicle_facts(vehicles, partners)
        return result

    # === FACTS === #

    def _get_fact_partners(self):
        """Return the people whose facts change besides owners and drivers."""
        return self.env["res.partner"]

    def _refresh_vehicle_facts(self, vehicles, partners):
        """Refresh cars and people unless the caller does it later.

        Hosts extend it with what must stand before the facts are worked out; `self`
        is empty after a deletion.
        """
        if not self.env.context.get("cr_dealership_skip_facts"):
            vehicles.exists()._refresh_facts(partners)
