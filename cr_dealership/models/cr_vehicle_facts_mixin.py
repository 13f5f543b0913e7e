import json
from datetime import date
from operator import itemgetter

from odoo import api, fields, models
from odoo.tools import SQL, groupby
from odoo.tools.misc import split_every

from ..tools import odometer, vehicle_facts
from ..tools.offsets import add_months

_BATCH = 2000
# What the raw SQL below reads or writes.
_MODELS = (
    "cr.vehicle",
    "cr.vehicle.role",
    "cr.odometer.reading",
    "cr.service.order",
    "cr.service.type",
    "cr.insurance.policy",
    "cr.inspection",
    "fleet.vehicle.model",
    "res.company",
)
# Facts and the types of their columns, in the order of the UPDATE.
_COLUMNS = {
    "owner_id": "int4",
    "driver_id": "int4",
    "odometer_km": "int4",
    "odometer_on": "date",
    "km_per_day": "numeric",
    "first_visit_on": "date",
    "last_visit_on": "date",
    "last_maintenance_on": "date",
    "last_maintenance_km": "int4",
    "visit_count": "int4",
    "first_service_on": "date",
    "first_service_km": "int4",
    "first_service_basis": "varchar",
    "service_on": "date",
    "service_km": "int4",
    "service_basis": "varchar",
    "insurance_on": "date",
    "inspection_on": "date",
    "due_on": "date",
    "due_kind": "varchar",
    "warranty_start_on": "date",
    "warranty_end_on": "date",
    "warranty_km": "int4",
}
# One statement for a batch; a car of which nothing changed is not touched, and one
# that changed is looked at by the care run and scored again tonight.
_UPDATE = f"""
    UPDATE cr_vehicle v
       SET facts_stale = FALSE, care_pending = TRUE,
           churn_check_on = LEAST(v.churn_check_on, f.today),
           {", ".join(f"{name} = f.{name}" for name in _COLUMNS)}
      FROM json_to_recordset(%s)
           AS f(id int4, today date,
                {", ".join(" ".join(column) for column in _COLUMNS.items())})
     WHERE v.id = f.id
       AND (COALESCE(v.facts_stale, FALSE), {", ".join(f"v.{n}" for n in _COLUMNS)})
           IS DISTINCT FROM (FALSE, {", ".join(f"f.{n}" for n in _COLUMNS)})
"""
# The model's interval, else that of the store that sold the car, else of the store
# that saw it last, else of the store somebody works in.
_CARS = """
    SELECT v.id, v.owner_id, v.driver_id, v.delivered_on, v.registered_on,
           v.active AND v.state = 'in_use' AS is_in_use,
           v.warranty_start_on, v.warranty_end_on, v.warranty_km,
           m.cr_warranty_months, m.cr_warranty_km,
           COALESCE(NULLIF(m.cr_first_service_months, 0), c.cr_first_service_months),
           COALESCE(NULLIF(m.cr_first_service_km, 0), c.cr_first_service_km),
           COALESCE(NULLIF(m.cr_service_months, 0), c.cr_service_months),
           COALESCE(NULLIF(m.cr_service_km, 0), c.cr_service_km),
           c.cr_odometer_tolerance_km, c.cr_odometer_max_km_day,
           p.insured_until, i.inspection_on, i.inspected_on
      FROM cr_vehicle v
 LEFT JOIN fleet_vehicle_model m ON m.id = v.model_id
 LEFT JOIN LATERAL (SELECT o.company_id FROM cr_service_order o
                     WHERE o.vehicle_id = v.id AND v.company_id IS NULL
                  ORDER BY o.out_on DESC LIMIT 1) seen ON TRUE
      JOIN res_company c ON c.id = COALESCE(v.company_id, seen.company_id, %s)
 LEFT JOIN LATERAL (SELECT max(date_end) AS insured_until FROM cr_insurance_policy
                     WHERE vehicle_id = v.id) p ON TRUE
 LEFT JOIN LATERAL (SELECT min(due_on) FILTER (WHERE passed_on IS NULL)
                               AS inspection_on,
                           max(passed_on) AS inspected_on
                      FROM cr_inspection WHERE vehicle_id = v.id) i ON TRUE
     WHERE v.id = ANY(%s)
  ORDER BY v.id
"""
_ROLES = """
    SELECT DISTINCT ON (vehicle_id, role) vehicle_id, role, partner_id
      FROM cr_vehicle_role
     WHERE vehicle_id = ANY(%s) AND date_to IS NULL AND role IN ('owner', 'driver')
  ORDER BY vehicle_id, role, date_from DESC, id DESC
"""
_READINGS = """
    SELECT vehicle_id, id, order_id, read_on, km, next_km, state, reason,
           decided_by_id IS NOT NULL AS is_decided
      FROM cr_odometer_reading
     WHERE vehicle_id = ANY(%s) AND read_on <= %s
  ORDER BY vehicle_id, read_on, id
"""
_VISITS = """
    WITH visit AS (
        SELECT o.vehicle_id, o.id, o.out_on, o.next_on, NULLIF(o.next_km, 0) AS next_km,
               t.is_maintenance OR t.is_first_service AS is_service,
               row_number() OVER (PARTITION BY o.vehicle_id
                                      ORDER BY o.out_on DESC, o.id DESC) AS place
          FROM cr_service_order o
          JOIN cr_service_type t ON t.id = o.type_id
         WHERE o.vehicle_id = ANY(%s) AND o.state = 'settled' AND o.out_on <= %s)
    SELECT vehicle_id, count(*), min(out_on), max(out_on),
           (array_agg(out_on ORDER BY place) FILTER (WHERE is_service))[1],
           (array_agg(id ORDER BY place) FILTER (WHERE is_service))[1],
           (array_agg(out_on ORDER BY place) FILTER (WHERE is_stated))[1],
           (array_agg(next_on ORDER BY place) FILTER (WHERE is_stated))[1],
           (array_agg(next_km ORDER BY place) FILTER (WHERE is_stated))[1]
      FROM (SELECT *, next_on IS NOT NULL OR next_km IS NOT NULL AS is_stated
              FROM visit) v
  GROUP BY vehicle_id
"""


class CrVehicleFactsMixin(models.AbstractModel):
    """Stored facts of a car: who has it, how far it went, what is due and when.

    They are never computed on the fly: `_refresh_facts` works them out set-based for
    the cars in `self`, called by whoever changed what they rest on.
    """

    _name = "cr.vehicle.facts.mixin"
    _description = "Facts of a car"
    _inherit = ["cr.vehicle.due.mixin"]

    owner_id = fields.Many2one("res.partner", index="btree_not_null", readonly=True)
    driver_id = fields.Many2one("res.partner", index="btree_not_null", readonly=True)
    odometer_km = fields.Integer(
        string="Last confirmed reading (km)", readonly=True, aggregator=None
    )
    odometer_on = fields.Date(string="Read on", readonly=True)
    km_per_day = fields.Float(
        string="Km a day", readonly=True, digits=(8, 1), aggregator="avg"
    )
    estimated_km = fields.Integer(
        string="Estimated reading today (km)",
        compute="_compute_estimated_km",
        aggregator=None,
    )
    estimated_error_km = fields.Integer(
        string="Give or take (km)", compute="_compute_estimated_km", aggregator=None
    )
    first_visit_on = fields.Date(string="First visit", readonly=True)
    last_visit_on = fields.Date(
        string="Last visit", readonly=True, index="btree_not_null"
    )
    last_maintenance_on = fields.Date(string="Last maintenance", readonly=True)
    last_maintenance_km = fields.Integer(
        string="Last maintenance at (km)",
        readonly=True,
        aggregator=None,
        help="Estimated where the reading of that visit is in doubt.",
    )
    visit_count = fields.Integer(string="Visits", readonly=True)
    # Cars whose intervals changed; `_cron_refresh_stale_facts` takes them in batches.
    facts_stale = fields.Boolean(readonly=True, export_string_translation=False)

    # === COMPUTE === #

    @api.depends("odometer_km", "odometer_on", "km_per_day")
    def _compute_estimated_km(self):
        today = fields.Date.context_today(self)
        for vehicle in self:
            km, error = 0, 0
            if vehicle.odometer_on:
                km, error = odometer.estimate(
                    vehicle.odometer_km, vehicle.odometer_on, vehicle.km_per_day, today
                )
            vehicle.estimated_km, vehicle.estimated_error_km = km, error or 0

    # === FACTS === #

    def _refresh_facts(self, partners=None):
        """Work out all stored facts of the cars, then those of their people.

        The number of queries does not depend on the number of cars.

        :param partners: people whose facts changed besides owners and drivers
        """
        for name in _MODELS:
            self.env[name].flush_model()
        concerned = set(partners.ids if partners else ())
        for batch in split_every(_BATCH, sorted(self.ids)):
            concerned |= self.browse(batch)._refresh_batch()
            self.env["cr.care.case"]._follow_vehicles(batch)
        people = self.env["res.partner"].browse(sorted(concerned - {None}))
        if people:
            people._cr_refresh_facts()

    def _refresh_batch(self):
        """Refresh the cars in `self`; return the ids of people old and new."""
        today = self.env.company._cr_today()
        marks, visits = self._read_marks(), self._read_visits()
        roles = self._read_roles()
        concerned, rows, judged = set(), [], []
        for row in self._query(_CARS, self.env.company.id, self.ids):
            own_marks = marks.get(row[0], ())
            car = self._prepare_car(row, visits.get(row[0]), own_marks)
            verdicts, facts = vehicle_facts.work_out(car, today)
            facts.update(owner_id=None, driver_id=None)
            facts.update(roles.get(row[0], {}))
            facts.update(self._prepare_warranty(row))
            concerned |= {row[1], row[2], facts["owner_id"], facts["driver_id"]}
            told = {name: facts[name] for name in _COLUMNS}
            rows.append({"id": row[0], "today": today, **told})
            judged += self._collect_changed(own_marks, verdicts)
        self._write_verdicts(judged)
        self._write_facts(rows)
        return concerned

    def _query(self, query, *params):
        return self.env.execute_query(SQL(query, *params))

    def _read_roles(self):
        """Return {car: {"owner_id": …, "driver_id": …}} of the open roles."""
        roles = {}
        for vehicle_id, role, partner_id in self._query(_ROLES, self.ids):
            roles.setdefault(vehicle_id, {})[f"{role}_id"] = partner_id
        return roles

    def _read_marks(self, until=date.max):
        """Return {car: rows of its readings up to a day}, the oldest first."""
        return dict(groupby(self._query(_READINGS, self.ids, until), itemgetter(0)))

    def _read_visits(self, until=date.max):
        return {
            row[0]: vehicle_facts.Visits(*row[1:])
            for row in self._query(_VISITS, self.ids, until)
        }

    def _get_facts_on(self, day):
        """Return {car id: facts} from the readings and visits known on a past day.

        Every car counts as in use: whether it was is not kept.

        :param datetime.date day: day in the past; nothing is stored
        """
        marks, visits = self._read_marks(day), self._read_visits(day)
        facts = {}
        for row in self._query(_CARS, self.env.company.id, self.ids):
            car = self._prepare_car(row, visits.get(row[0]), marks.get(row[0], ()))
            car = car._replace(is_in_use=True)
            facts[row[0]] = {"is_in_use": True, **vehicle_facts.work_out(car, day)[1]}
        return facts

    def _prepare_car(self, row, visits, marks):
        """Return what the facts of one car rest on, from a row of `_CARS`."""
        return vehicle_facts.Car(
            plan=vehicle_facts.Plan(*(value or 0 for value in row[11:17])),
            visits=visits or vehicle_facts.Visits(),
            marks=tuple(
                vehicle_facts.Mark(
                    odometer.Reading(
                        mark[3], mark[4], mark[5] or None, mark[6] if mark[8] else None
                    ),
                    mark[2],
                )
                for mark in marks
            ),
            delivered_on=row[3],
            registered_on=row[4],
            is_in_use=row[5],
            insured_until=row[17],
            inspection_on=row[18],
            inspected_on=row[19],
        )

    def _prepare_warranty(self, row):
        """Return the warranty: what stands there, else the model's from delivery on."""
        delivered_on, (start, end, km, months, model_km) = row[3], row[6:11]
        start = start or delivered_on
        if start and not end and months:
            end = add_months(start, months)
        return {
            "warranty_start_on": start,
            "warranty_end_on": end,
            "warranty_km": km or (start and model_km) or None,
        }

    def _collect_changed(self, marks, verdicts):
        """Return (id, state, reason) of the readings that are judged otherwise now."""
        return [
            (mark[1], *verdict)
            for mark, verdict in zip(marks, verdicts, strict=True)
            if not mark[8] and verdict != (mark[6], mark[7])
        ]

    def _write_verdicts(self, rows):
        if not rows:
            return
        self.env.cr.execute_values(
            "UPDATE cr_odometer_reading r SET state = v.state, reason = v.reason"
            " FROM (VALUES %s) AS v(id, state, reason) WHERE r.id = v.id",
            rows,
            template="(%s, %s, %s::varchar)",
            page_size=len(rows),
        )
        self.env["cr.odometer.reading"].invalidate_model(["state", "reason"])

    def _write_facts(self, rows):
        """Write the rows in one statement, but only cars of which something changed."""
        if not rows:
            return
        self.env.cr.execute(_UPDATE, [json.dumps(rows, default=str)])
        self.invalidate_recordset(
            [
                *(*_COLUMNS, "facts_stale", "care_pending", "churn_check_on"),
                *("estimated_km", "due_reason"),
            ]
        )

    # === STALE FACTS === #

    @api.model
    def _mark_stale(self, condition):
        """Have the facts of many cars refreshed in the background.

        :param SQL condition: condition on the columns of cr_vehicle
        """
        self.env["cr.vehicle"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE cr_vehicle SET facts_stale = TRUE"
                " WHERE facts_stale IS NOT TRUE AND %s",
                condition,
            )
        )
        self.invalidate_model(["facts_stale"])
        cron = self.env.ref("cr_dealership.ir_cron_cr_vehicle_refresh_facts")
        # sudo: who may change an interval may start the job, whoever owns it.
        cron.sudo()._trigger()

    @api.model
    def _refresh_stale_facts(self, limit):
        """Refresh cars whose intervals changed; return (done, remaining)."""
        domain = [("facts_stale", "=", True)]
        vehicles = self.with_context(active_test=False)
        stale = vehicles.search(domain, limit=limit)
        stale._refresh_facts()
        return len(stale), vehicles.search_count(domain)

    # === CRONS === #

    @api.model
    def _cron_refresh_stale_facts(self, limit=1000):
        """Refresh cars with new intervals or forgotten inspections, batch by batch."""
        self._mark_forgotten_inspections(self.env.company._cr_today())
        done, remaining = self._refresh_stale_facts(limit)
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)
