from odoo import api, models

from ..tools import import_rows
from .cr_import_loader import QUIET

_SALE = (
    "company_id",
    "contract_number",
    "ordered_on",
    "delivered_on",
    "price",
    "discount",
    "offers",
    "consultant_id",
    "consultant_name",
    "source_id",
)


class CrImportLoaderDelivery(models.AbstractModel):
    """Records deliveries: the sales block of a car, and who bought it (VEH-12)."""

    _name = "cr.import.loader.delivery"
    _inherit = ["cr.import.loader"]
    _description = "Loader of deliveries"

    _kind = import_rows.DELIVERY

    @api.model
    def _prepare_sale(self, names, row):
        """Return the sales block; that of an earlier sale does not replace a later."""
        data, known = row.data, row.car.values
        is_other = known.get("contract_number") not in (None, row.number)
        if is_other and known.get("delivered_on") and row.day < known["delivered_on"]:
            return {}
        return {
            **{
                name: data.get(name)
                for name in (
                    "color",
                    "discount",
                    "engine_number",
                    "offers",
                    "price",
                    "usage",
                    "variant",
                )
            },
            "company_id": names.company_id,
            "contract_number": row.number,
            "ordered_on": row.get_day("ordered_on"),
            "delivered_on": row.day,
            "consultant_id": names.staff.get(data.get("consultant")),
            "consultant_name": data.get("consultant"),
            "source_id": names.get_source(data),
            "model_id": names.get_model(data),
        }

    @api.model
    def _record(self, batch, names, rows):
        """The cars are written already: say what became of the rows."""
        del names
        known = self._get_known(batch, rows)
        others = self._release_moved(batch, known, rows)
        for row in rows:
            row.record_id = row.car.id
            if row.number not in known:
                row.state = "new"
            else:
                row.state = "changed" if row.is_changed else "unchanged"
        return others

    @api.model
    def _release_moved(self, batch, known, rows):
        """Take the sale off cars whose contract turned out to be another car's."""
        moved = {}
        for row in rows:
            if known.get(row.number, row.car.id) != row.car.id:
                moved[known[row.number]] = row
        vehicles = self.env["cr.vehicle"].browse(moved).exists().with_context(**QUIET)
        changes = {}
        for vehicle in vehicles:
            row = moved[vehicle.id]
            if vehicle.contract_number == row.number:
                row.note("vin_moved", "vin", vehicle.vin)
                row.is_changed = True
                changes[vehicle.id] = {
                    name: (vehicle._fields[name].convert_to_write(old, vehicle), False)
                    for name in _SALE
                    if (old := vehicle[name])
                }
        released = vehicles.browse(changes)
        released.role_ids.filtered("is_purchase").is_purchase = False
        released.write({**dict.fromkeys(_SALE, False), "callback_pending": False})
        self.env.flush_all()
        self.env["cr.import.writer"]._trace(
            "cr.vehicle",
            changes,
            {vid: self._get_reason(batch, moved[vid].line) for vid in changes},
        )
        return released.ids
