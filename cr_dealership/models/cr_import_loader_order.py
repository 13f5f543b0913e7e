import datetime

import pytz

from odoo import api, models

from ..tools import import_rows

_AMOUNTS = ("amount_labour", "amount_material", "amount_other", "amount_total")
_SAME = (
    "brought_by_name",
    "brought_by_phone",
    "odometer_km",
    "next_km",
    "customer_words",
    *_AMOUNTS,
)


class CrImportLoaderOrder(models.AbstractModel):
    """Records work orders and their odometer readings (VEH-13)."""

    _name = "cr.import.loader.order"
    _inherit = ["cr.import.loader.document"]
    _description = "Loader of work orders"

    _kind = import_rows.ORDER
    _empty_values = dict.fromkeys(_AMOUNTS, 0.0)
    # No file tells when the work began.
    _first_values = {"waiting_minutes": 0}

    @api.model
    def _prepare(self, names, row):
        data = row.data
        out_on = row.get_day("out_on")
        return {
            "company_id": names.company_id,
            "system": names.system,
            "number": row.number,
            "vehicle_id": row.car.id,
            "partner_id": row.person.id if row.person else None,
            **{name: data.get(name) for name in _SAME},
            "type_id": names.get_type(data),
            "type_name": data.get("type"),
            "state": data["state"],
            "in_at": self._to_utc(data.get("in_at"), names.timezone),
            "out_at": self._to_utc(data.get("out_at"), names.timezone),
            "in_on": row.get_day("in_on"),
            "out_on": out_on,
            "advisor_id": names.staff.get(data.get("advisor")),
            "advisor_name": data.get("advisor"),
            "next_on": row.get_day("next_on"),
            "callback_pending": bool(data["state"] == "settled" and out_on),
        }

    @api.model
    def _to_utc(self, text, timezone):
        """Return the moment of a text that tells the store's clock."""
        if not text:
            return None
        local = timezone.localize(datetime.datetime.fromisoformat(text))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _merge(self, before, told):
        """A call is due once: when the order is settled and the car has left."""
        after = super()._merge(before, told)
        was_left = before["state"] == "settled" and before["out_on"]
        is_left = after["state"] == "settled" and after["out_on"]
        after["callback_pending"] = (
            bool(is_left) if not was_left else before["callback_pending"]
        )
        return after

    @api.model
    def _after_recorded(self, rows, changed):
        """Keep one odometer reading per order."""
        self.env["cr.import.writer"]._insert(
            "cr.odometer.reading",
            [
                {
                    "vehicle_id": row.car.id,
                    "order_id": row.record_id,
                    "read_on": row.day,
                    "km": row.data["odometer_km"],
                    "next_km": row.data.get("next_km"),
                    "source": "import",
                    "state": "confirmed",
                }
                for row in rows
                if row.state == "new"
                and row.data.get("odometer_km")
                and row.data["state"] != "cancelled"
            ],
        )
        self.env["cr.odometer.reading"]._sync_with_orders(
            self.env["cr.service.order"].browse(changed)
        )

    @api.model
    def _follow(self, vehicles, people, records):
        """Tell the others once about all orders that came or changed."""
        followed = super()._follow(vehicles, people, records)
        if records:
            records._after_orders_changed()
        return followed
