import itertools
import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import CHURN_LEVELS
from ..tools import churn

_BATCH = 1000
# What was known of cars on a day: nothing that happened later is looked at. The
# store is the one that saw the car last by then, else the one that delivered it.
_KNOWN = """
    SELECT v.id, v.active AND v.state = 'in_use' AS is_in_use, v.delivered_on,
           c.id AS company_id, c.cr_churn_watch, c.cr_churn_warning, c.cr_churn_high,
           c.cr_lost_months,
           COALESCE(NULLIF(m.cr_first_service_months, 0), c.cr_first_service_months)
               AS first_months,
           COALESCE(NULLIF(m.cr_service_months, 0), c.cr_service_months) AS months,
           v.odometer_km, v.odometer_on, v.km_per_day, v.service_km,
           seen.days, seen.amounts, shop.since, policy.starts, policy.ends,
           policy.ours, declined.days AS declined_days, declined.jobs,
           person.ids AS partner_ids, calls.days AS call_days
      FROM cr_vehicle v
 LEFT JOIN fleet_vehicle_model m ON m.id = v.model_id
 LEFT JOIN LATERAL (
           SELECT array_agg(o.out_on ORDER BY o.out_on, o.id) AS days,
                  array_agg(COALESCE(o.amount_total, 0) ORDER BY o.out_on, o.id)
                      AS amounts,
                  (array_agg(o.company_id ORDER BY o.out_on DESC, o.id DESC))[1]
                      AS company_id
             FROM cr_service_order o
            WHERE o.vehicle_id = v.id AND o.state = 'settled'
              AND o.out_on <= %(day)s) seen ON TRUE
 LEFT JOIN LATERAL (
           SELECT max(o.in_on) AS since FROM cr_service_order o
            WHERE o.vehicle_id = v.id AND o.state <> 'cancelled'
              AND o.in_on <= %(day)s AND (o.out_on IS NULL OR o.out_on > %(day)s)
           ) shop ON TRUE
 LEFT JOIN LATERAL (
           SELECT array_agg(p.date_start ORDER BY p.id) AS starts,
                  array_agg(p.date_end ORDER BY p.id) AS ends,
                  array_agg(COALESCE(p.is_bought_here, FALSE) ORDER BY p.id) AS ours
             FROM cr_insurance_policy p
            WHERE p.vehicle_id = v.id AND p.date_start <= %(day)s) policy ON TRUE
 LEFT JOIN LATERAL (
           SELECT array_agg(d.declined_on ORDER BY d.declined_on, d.id) AS days,
                  array_agg(d.name ORDER BY d.declined_on, d.id) AS jobs
             FROM cr_declined_work d
            WHERE d.vehicle_id = v.id AND d.declined_on <= %(day)s
              AND d.safety <> 'comfort'
              AND (d.state = 'open' OR d.closed_on > %(day)s)) declined ON TRUE
 LEFT JOIN LATERAL (
           SELECT array_agg(DISTINCT r.partner_id) AS ids FROM cr_vehicle_role r
            WHERE r.vehicle_id = v.id AND r.role IN ('owner', 'driver')
              AND r.date_from <= %(day)s
              AND (r.date_to IS NULL OR r.date_to > %(day)s)) person ON TRUE
 LEFT JOIN LATERAL (
           SELECT array_agg(called.day ORDER BY called.day) AS days
             FROM (SELECT (a.at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                          a.at, a.outcome_kind,
                          max(a.at) FILTER (
                              WHERE a.outcome_kind NOT IN ('retry', 'wrong'))
                              OVER () AS answered_at
                     FROM cr_call_attempt a
                    WHERE a.partner_id = ANY(person.ids) AND a.direction = 'out'
                      AND a.at < (%(day)s + 1)::timestamp
                                 AT TIME ZONE %(tz)s AT TIME ZONE 'UTC'
                      AND NOT EXISTS (SELECT FROM cr_call_attempt right_one
                                       WHERE right_one.corrects_id = a.id)) called
            WHERE called.outcome_kind IN ('retry', 'wrong')
              AND (called.answered_at IS NULL OR called.at > called.answered_at)
           ) calls ON TRUE
 LEFT JOIN res_company c ON c.id = COALESCE(seen.company_id, v.company_id)
     WHERE v.id = ANY(%(ids)s)
  ORDER BY v.id
"""
_READ = (
    "cr.vehicle",
    "cr.vehicle.role",
    "cr.service.order",
    "cr.insurance.policy",
    "cr.declined.work",
    "cr.call.attempt",
    "fleet.vehicle.model",
    "res.company",
)
_BASIS = frozenset(("active", "state", "company_id", "delivered_on", "model_id"))
_COLUMNS = {
    "churn_score": "int4",
    "churn_level": "varchar",
    "churn_reasons": "jsonb",
    "churn_on": "date",
    "churn_check_on": "date",
}


class CrVehicleChurnMixin(models.AbstractModel):
    """How likely a car is to stay away, with the reasons in words (RCL-08, RCL-15+).

    The nightly job looks only at cars whose `churn_check_on` has come: something
    about them changed, or time alone may change their score that day.
    """

    _name = "cr.vehicle.churn.mixin"
    _description = "Churn score of a car"

    churn_score = fields.Integer(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="0 to 100: the sum of what speaks for the car staying away.",
    )
    churn_level = fields.Selection(
        CHURN_LEVELS, string="Churn risk", readonly=True, copy=False
    )
    churn_on = fields.Date(string="Score as of", readonly=True, copy=False)
    churn_reasons = fields.Json(
        readonly=True, copy=False, export_string_translation=False
    )
    churn_text = fields.Text(string="Why at risk", compute="_compute_churn_text")
    churn_check_on = fields.Date(
        string="Score looked at again on",
        readonly=True,
        copy=False,
        default=fields.Date.context_today,
        help="The next day on which the score may change; empty: only when something"
        " happens.",
    )
    churn_warning_ids = fields.One2many(
        "cr.churn.warning", "vehicle_id", string="Churn warnings"
    )

    _churn_check_index = models.Index(
        "(churn_check_on) WHERE churn_check_on IS NOT NULL"
    )
    _churn_level_index = models.Index(
        "(churn_score DESC) WHERE churn_level IN ('warning', 'high')"
    )

    # === COMPUTE === #

    @api.depends("churn_reasons")
    @api.depends_context("lang")
    def _compute_churn_text(self):
        factors = self.env["cr.churn.factor"]
        for vehicle in self:
            vehicle.churn_text = "\n".join(factors._describe(vehicle.churn_reasons))

    # === CRUD === #

    def write(self, vals):
        """A car that is gone, comes back or is delivered is scored again."""
        result = super().write(vals)
        if not _BASIS.isdisjoint(vals):
            self._mark_churn()
        return result

    # === WHEN TO LOOK AGAIN === #

    def _mark_churn(self):
        """Have tonight's job score the cars in `self`: something about them changed."""
        if self.ids:
            self._mark_churn_where(SQL("id = ANY(%s)", self.ids))

    @api.model
    def _mark_all_churn(self):
        """Have tonight's job score every car: the weights changed."""
        self._mark_churn_where(SQL("TRUE"))

    @api.model
    def _mark_churn_where(self, condition):
        today = self.env.company._cr_today()
        self.env["cr.vehicle"].flush_model(["churn_check_on"])
        self.env.cr.execute(
            SQL(
                "UPDATE cr_vehicle SET churn_check_on = %s WHERE %s"
                " AND (churn_check_on IS NULL OR churn_check_on > %s)",
                today,
                condition,
                today,
            )
        )
        self.env["cr.vehicle"].invalidate_model(["churn_check_on"])

    # === SCORE === #

    def _get_churn_verdicts(self, today, facts=None):
        """Return {car id: (store id, churn.Verdict)} from what was known on a day.

        The number of queries does not depend on the number of cars.

        :param datetime.date today: the day; nothing later is looked at
        :param dict facts: {car id: facts as of that day}, for a day in the past;
            without them the stored facts count
        """
        for name in _READ:
            self.env[name].flush_model()
        timezone = str(self.env.company._cr_timezone())
        rows = self.env.execute_query_dict(
            SQL(_KNOWN, day=today, tz=timezone, ids=self.ids)
        )
        # Today's weights also judge the past: what is tried is the score in use.
        weights = self.env["cr.churn.factor"]._get_weights(
            max(today, self.env.company._cr_today())
        )
        partners = self.env["res.partner"].browse(
            {partner for row in rows for partner in row["partner_ids"] or ()}
        )
        unhappy = set(self._get_churn_complainers(partners, today).ids)
        refused = self._get_churn_refusals(today)
        verdicts = {}
        for row in rows:
            row.update((facts or {}).get(row["id"], {}))
            car = self._prepare_churn_car(row, unhappy, refused)
            verdicts[row["id"]] = (
                row["company_id"],
                churn.assess(car, weights, self._prepare_churn_levels(row), today),
            )
        return verdicts

    @api.model
    def _prepare_churn_levels(self, row):
        """Return the thresholds of the store in a row of `_KNOWN`."""
        names = ("cr_churn_watch", "cr_churn_warning", "cr_churn_high")
        if not row["company_id"]:
            return churn.Levels()
        return churn.Levels(*(row[name] for name in names), row["cr_lost_months"])

    @api.model
    def _prepare_churn_car(self, row, unhappy, refused):
        """Return what the score of one car rests on, from a row of `_KNOWN`.

        :param set unhappy: ids of partners with an open complaint
        :param dict refused: {car id: day of the refused renewal}
        """
        policies = _pairs(row, "starts", "ends", "ours")
        return churn.Car(
            visits=_pairs(row, "days", "amounts"),
            delivered_on=row["delivered_on"] if row["company_id"] else None,
            first_months=row["first_months"] or 0,
            months=row["months"] or 0,
            odometer_km=row["odometer_km"],
            odometer_on=row["odometer_on"],
            km_per_day=row["km_per_day"],
            service_km=row["service_km"],
            policies=tuple(itertools.starmap(churn.Policy, policies)),
            refused_on=refused.get(row["id"]),
            calls=tuple(row["call_days"] or ()),
            declined=_pairs(row, "declined_days", "jobs"),
            has_complaint=not unhappy.isdisjoint(row["partner_ids"] or ()),
            in_shop_since=row["since"],
            is_in_use=row["is_in_use"],
        )

    def _score_churn(self, today):
        """Store the scores of the cars in `self` and open warnings (RCL-08).

        :param datetime.date today: the day
        :return: the number of warnings opened
        :rtype: int
        """
        verdicts = self._get_churn_verdicts(today)
        self._write_churn(
            [
                (
                    vehicle_id,
                    verdict.score,
                    verdict.level,
                    json.dumps(verdict.reasons),
                    today,
                    verdict.check_on,
                )
                for vehicle_id, (__, verdict) in verdicts.items()
            ]
        )
        warnings = self.env["cr.churn.warning"]
        warnings._close_outdated(self.ids, today)
        return warnings._open_for(verdicts, today)

    @api.model
    def _write_churn(self, rows):
        """Write the rows (car, *_COLUMNS) in one statement."""
        if not rows:
            return
        types = ", ".join(f"%s::{kind}" for kind in _COLUMNS.values())
        self.env.cr.execute_values(
            f"UPDATE cr_vehicle v SET {', '.join(f'{n} = f.{n}' for n in _COLUMNS)}"
            f" FROM (VALUES %s) AS f(id, {', '.join(_COLUMNS)}) WHERE v.id = f.id",
            rows,
            template=f"(%s, {types})",
            page_size=len(rows),
        )
        self.env["cr.vehicle"].invalidate_model([*_COLUMNS, "churn_text"])

    # === HOOKS === #

    # pylint: disable=unused-argument
    @api.model
    def _get_churn_complainers(self, partners, today):
        """Return those of the partners who had an open complaint on a day.

        Hook: the complaints addon answers it for all partners in one query, and calls
        `_mark_churn` for their cars when a complaint opens or closes.
        """
        return partners.browse()

    def _get_churn_refusals(self, today):
        """Return {car id: day of the latest refused renewal up to a day}."""
        # Raised rights: the job scores the cars of every store.
        groups = self.env["cr.care.case"].sudo()._read_group(
            [
                ("vehicle_id", "in", self.ids),
                ("subject", "=", "insurance"),
                ("answer", "=", "refused"),
                ("answered_on", "<=", today),
            ],
            ["vehicle_id"],
            ["answered_on:max"],
        )
        return {car.id: day for car, day in groups}

    # === CRONS === #

    @api.model
    def _review_churn(self, today, limit=_BATCH):
        """Score one batch of cars whose day has come, without committing.

        What another node works on is skipped.

        :return: the number of cars scored
        :rtype: int
        """
        self.env["cr.vehicle"].flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM cr_vehicle WHERE churn_check_on <= %s"
                " ORDER BY churn_check_on, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                today,
                limit,
            )
        )
        vehicles = self.env["cr.vehicle"].browse([row[0] for row in found])
        if vehicles:
            vehicles._score_churn(today)
        return len(vehicles)

    @api.model
    def _cron_review_churn(self):
        """Score the cars whose day has come, batch by batch (RCL-08)."""
        cron = self.env["ir.cron"]
        today = self.env.company._cr_today()
        due = self.env["cr.vehicle"].with_context(active_test=False)
        cron._commit_progress(
            remaining=due.search_count([("churn_check_on", "<=", today)])
        )
        while done := self._review_churn(today):
            if not cron._commit_progress(done):
                break


def _pairs(row, *names):
    """Return the arrays of a row as tuples of their values, place by place."""
    return tuple(zip(*(row[name] or () for name in names), strict=True))
