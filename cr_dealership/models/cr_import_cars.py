from odoo import api, models
from odoo.tools import SQL

from ..tools.import_owners import Car
from .cr_import_loader import QUIET

# What any row may tell about a car that does not know it yet.
_FILLED = ("model_id", "variant", "color", "engine_number", "registered_on")
_READ = (
    "vin",
    "plate",
    *_FILLED,
    "usage",
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
_LAST_VISITS = """
    SELECT vehicle_id, max(out_on) FROM cr_service_order
     WHERE vehicle_id = ANY(%s) AND state = 'settled' AND out_on IS NOT NULL
  GROUP BY vehicle_id
"""


class CrImportCars(models.AbstractModel):
    """Finds the cars of rows by VIN, else by plate, and creates or updates them."""

    _name = "cr.import.cars"
    _description = "Cars of imported rows"

    @api.model
    def _find(self, batch, loader, names, rows):
        """Give every row its car; refuse rows whose plate does not tell which.

        :param loader: the kind's loader, which says what a row tells about a car
        :return: the cars
        :rtype: list[Car]
        """
        by_vin = self._read_by_vin(
            {row.data["vin"] for row in rows if "vin" in row.data}
        )
        by_plate = self._read_by_plate(
            {row.data["plate"] for row in rows if "vin" not in row.data}
        )
        for row in rows:
            if "vin" in row.data:
                row.car = by_vin.setdefault(row.data["vin"], Car({}))
            else:
                self._take_by_plate(row, by_plate.get(row.data["plate"], ()))
        live = [row for row in rows if row.car]
        for row in sorted(live, key=lambda row: (row.day, row.line)):
            self._tell(loader, names, row)
        cars = list({id(row.car): row.car for row in live}.values())
        self._create([car for car in cars if not car.id])
        self._write_known(batch, loader, [car for car in cars if car.before])
        return cars

    # === READING === #

    @api.model
    def _read_by_vin(self, vins):
        # One by one along the unique index, which a list of VINs would not make sure.
        found = self.env.execute_query(
            SQL(
                "SELECT found.id FROM unnest(%s::varchar[]) AS told(vin)"
                " CROSS JOIN LATERAL (SELECT id FROM cr_vehicle"
                " WHERE vin = told.vin LIMIT 1) AS found",
                list(vins),
            )
        )
        vehicles = self.env["cr.vehicle"].browse(row[0] for row in found)
        return {car.values["vin"]: car for car in self._make_cars(vehicles)}

    @api.model
    def _read_by_plate(self, plates):
        found = {}
        if plates:
            vehicle_model = self.env["cr.vehicle"].with_context(active_test=False)
            domain = [("plate", "in", list(plates))]
            for car in self._make_cars(vehicle_model.search(domain)):
                found.setdefault(car.values["plate"], []).append(car)
        return found

    @api.model
    def _make_cars(self, vehicles):
        vehicles.fetch(_READ)
        # Their facts may not have followed yet what this import recorded before.
        self.env.cr.execute(_LAST_VISITS, (vehicles.ids,))
        visits = dict(self.env.cr.fetchall())
        return [self._make_car(vehicle, visits.get(vehicle.id)) for vehicle in vehicles]

    @api.model
    def _make_car(self, vehicle, visited_on):
        before = {
            name: vehicle._fields[name].convert_to_write(vehicle[name], vehicle) or None
            for name in _READ
        }
        car = Car(before, vehicle.id)
        car.see(vehicle.delivered_on)
        car.see(visited_on)
        return car

    @api.model
    def _take_by_plate(self, row, cars):
        plate = row.data["plate"]
        if len(cars) == 1:
            row.car = cars[0]
            row.note("vehicle_by_plate", "plate", plate)
        else:
            code = "vehicle_ambiguous" if cars else "vehicle_unknown"
            row.refuse(code, "plate", plate)

    # === WRITING === #

    @api.model
    def _tell(self, loader, names, row):
        """Let a row say what it knows about its car."""
        car, data = row.car, row.data
        seen = dict(car.values)
        told = {name: data.get(name) for name in _FILLED}
        told["model_id"] = names.get_model(data)
        told["registered_on"] = row.get_day("registered_on")
        car.values.setdefault("vin", data.get("vin"))
        for name, value in told.items():
            if value and not car.values.get(name):
                car.values[name] = value
        if data.get("plate") and car.is_newest(row.day):
            car.values["plate"] = data["plate"]
        for name, value in loader._prepare_sale(names, row).items():
            if value is not None:
                car.values[name] = value
        if car.values != seen:
            car.line = row.line
            row.is_changed = bool(car.before)

    @api.model
    def _create(self, cars):
        vehicles = self.env["cr.vehicle"].with_context(**QUIET)
        for car, vehicle in zip(
            cars, vehicles.create([car.values for car in cars]), strict=True
        ):
            car.id = vehicle.id
            car.is_touched = True

    @api.model
    def _write_known(self, batch, loader, cars):
        """Write what changed on known cars, and leave its trace."""
        changes, reasons = {}, {}
        for car in cars:
            changed = car.get_changes()
            if not changed:
                continue
            car.is_touched = True
            vehicle = self.env["cr.vehicle"].with_context(**QUIET).browse(car.id)
            vehicle.write({name: new for name, (__, new) in changed.items()})
            changes[car.id] = changed
            reasons[car.id] = loader._get_reason(batch, car.line)
        self.env.flush_all()
        self.env["cr.import.writer"]._trace("cr.vehicle", changes, reasons)
