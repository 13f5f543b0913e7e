import logging

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const_care import ANCHOR_COLUMNS, MOVING_ANCHORS
from ..tools.offsets import step_date

_logger = logging.getLogger(__name__)
BATCH = 1000
# Months differ in length: so many days around a range of the column are looked at.
_SLACK_DAYS = 4
# Where a change of dates is noted for the next night.
_PENDING = {
    "cr.vehicle": ("cr_vehicle", "care_pending"),
    "res.partner": ("res_partner", "cr_care_pending"),
}
# Where the store of a case comes from: who served the car last, else who sold it.
_STORE = SQL("""
    SELECT COALESCE(
        (SELECT o.company_id FROM cr_service_order o
          WHERE o.vehicle_id = %(car)s AND o.state <> 'cancelled'
          ORDER BY o.out_on DESC NULLS LAST LIMIT 1),
        (SELECT sold.company_id FROM cr_vehicle sold WHERE sold.id = %(car)s))
    """, car=SQL("found.vehicle_id"))


class CrCarePlanOpenMixin(models.AbstractModel):
    """How a plan finds who is due and opens the cases: by index, a batch at a time.

    A plan keeps up to which day N it has opened cases. A night looks only at the days
    that came since, and at the cars whose dates changed (`care_pending`); so the cost
    follows what is newly due and not how many cars there are.
    """

    _name = "cr.care.plan.open.mixin"
    _description = "Care plan: opening cases"

    # === A PLAN'S DAYS === #

    def _open_slice(self, version, today, after_id=0, limit=BATCH):
        """Open the cases of the days N that came since the last run, one batch.

        :param version: version in force
        :param after_id: go on behind this car or customer
        :return: (how many were looked at, last id, how many cases were opened)
        """
        self.ensure_one()
        until = self._get_until(version, today)
        since = self.opened_until or step_date(today, -self.look_back_days - 1)
        if until <= since:
            return 0, 0, 0
        dates = self._slice_sql(since, until)
        return self._open(version, today, dates, after_id, limit)

    def _open_pending(self, version, today, ids):
        """Open the cases that changed dates make due.

        :param list ids: cars or customers, as the plan's day N is theirs, whose dates
            changed
        :return: how many cases were opened
        """
        self.ensure_one()
        until = self.opened_until
        if not until or not ids:
            return 0
        since = step_date(today, -self.look_back_days - 1)
        dates = self._slice_sql(since, until, SQL("AND s.id = ANY(%s)", ids))
        return self._open(version, today, dates, 0, len(ids) * 2)[2]

    @api.model
    def _get_until(self, version, today):
        """Return the last day N for which cases are opened on a day."""
        return step_date(today, max(-version.first_day, 0))

    def _slice_sql(self, since, until, only=None):
        """Return the query for (subject id, day N) with N in ]since, until]."""
        model, column = ANCHOR_COLUMNS[self.anchor]
        months = SQL("%s + %s * k.n", self.offset_months, self.repeat_months)
        anchor_on = SQL(
            "(s.%s + make_interval(months => %s))::date", SQL.identifier(column), months
        )
        times = (
            (self.repeat_until_months - self.offset_months) // self.repeat_months
            if self.repeat_months
            else 0
        )
        return SQL(
            """
            SELECT s.id, %(anchor)s AS anchor_on
              FROM generate_series(0, %(times)s) AS k(n)
              JOIN %(table)s s
                ON s.%(column)s > (%(since)s::date - make_interval(months => %(months)s)
                                   - make_interval(days => %(slack)s))::date
               AND s.%(column)s <= (%(until)s::date
                                    - make_interval(months => %(months)s)
                                    + make_interval(days => %(slack)s))::date
               AND s.active
             WHERE %(anchor)s > %(since)s AND %(anchor)s <= %(until)s %(only)s
            """,
            anchor=anchor_on,
            times=max(times, 0),
            table=SQL.identifier(self.env[model]._table),
            column=SQL.identifier(column),
            since=since,
            until=until,
            months=months,
            slack=_SLACK_DAYS if self.offset_months or self.repeat_months else 0,
            only=only or SQL(),
        )

    # === OPENING === #

    def _open(self, version, today, dates, after_id, limit, campaign=None):
        """Open cases and plan their steps in one statement.

        :param SQL dates: query for (subject id, day N)
        :param campaign: campaign that launched the plan
        :return: (how many were looked at, last id, how many cases were opened)
        """
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                """
                WITH due AS (%(dates)s),
                picked AS MATERIALIZED (
                    SELECT due.id, due.anchor_on FROM due
                     WHERE due.id > %(after)s AND due.id IN (%(whom)s)
                     ORDER BY due.id, due.anchor_on LIMIT %(limit)s),
                found AS (%(found)s),
                placed AS (
                    SELECT found.*,
                           COALESCE(found.company_id, (%(store)s), %(home)s) AS store_id
                      FROM found),
                opened AS (%(opened)s),
                planned AS (%(planned)s)
                SELECT (SELECT COUNT(*) FROM picked),
                       (SELECT COALESCE(MAX(id), 0) FROM picked),
                       (SELECT COUNT(*) FROM opened)
                """,
                dates=dates,
                after=after_id,
                whom=self._get_query().subselect("id"),
                limit=limit,
                found=self._found_sql(),
                store=_STORE,
                # A customer without a car is looked after where the plan is at home.
                home=(self.company_id or self.env.company).id,
                opened=self._opened_sql(version, today, campaign),
                planned=self._planned_sql(version, today),
            )
        )
        self.env["cr.care.case"].invalidate_model()
        self.env["cr.care.task"].invalidate_model()
        return row

    def _found_sql(self):
        """Return the query that adds to each subject its customer and its car."""
        if self.anchor_model == "res.partner":
            return SQL("""
                SELECT picked.anchor_on, picked.id AS partner_id,
                       main.id AS vehicle_id, p.company_id
                  FROM picked JOIN res_partner p ON p.id = picked.id
             LEFT JOIN LATERAL (
                       SELECT v.id FROM cr_vehicle v
                        WHERE v.owner_id = picked.id AND v.active
                        ORDER BY v.last_visit_on DESC NULLS LAST, v.id LIMIT 1) main
                    ON TRUE
                """)
        who = SQL("v.owner_id")
        if self.recipient == "driver":
            who = SQL("COALESCE(v.driver_id, v.owner_id)")
        return SQL(
            """
            SELECT picked.anchor_on, %(who)s AS partner_id, v.id AS vehicle_id,
                   NULL::integer AS company_id
              FROM picked JOIN cr_vehicle v ON v.id = picked.id
             WHERE v.state = 'in_use' AND %(who)s IS NOT NULL %(buyer)s
            """,
            who=who,
            buyer=SQL("""
                AND EXISTS (SELECT FROM cr_vehicle_role r
                             WHERE r.vehicle_id = v.id AND r.partner_id = v.owner_id
                               AND r.role = 'owner' AND r.date_to IS NULL
                               AND r.is_purchase)
                """)
            if self.is_for_buyer
            else SQL(),
        )

    def _opened_sql(self, version, today, campaign):
        """Return the statement that inserts the cases; a second one changes nothing."""
        moving = SQL("""
            AND NOT EXISTS (SELECT FROM cr_care_case c
                             WHERE c.plan_id = %s AND c.vehicle_id = placed.vehicle_id
                               AND c.state IN ('open', 'booked'))
            """, self.id)
        return SQL(
            """
            INSERT INTO cr_care_case (
                company_id, plan_id, version_id, subject, campaign_id, partner_id,
                vehicle_id, anchor_on, first_anchor_on, opened_on, expires_on, state,
                is_holdout, priority, contact_count,
                create_uid, create_date, write_uid, write_date)
            SELECT store_id, %(plan)s, %(version)s, %(subject)s, %(campaign)s,
                   partner_id, vehicle_id, anchor_on, anchor_on, %(today)s,
                   GREATEST(anchor_on + %(last)s, %(today)s) + %(close)s, 'open',
                   ('x' || substr(md5(%(code)s || ':' || partner_id), 1, 7))
                       ::bit(28)::int %% 100 < %(holdout)s,
                   %(priority)s, 0, %(user)s, NOW() AT TIME ZONE 'UTC',
                   %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM placed
             WHERE %(stores)s %(moving)s
            ON CONFLICT DO NOTHING
            RETURNING id, company_id, partner_id, vehicle_id, anchor_on, is_holdout
            """,
            plan=self.id,
            version=version.id,
            subject=self.subject,
            campaign=campaign and campaign.id or None,
            today=today,
            last=version.last_day,
            close=self.close_days,
            code=self.code,
            holdout=self.holdout_percent,
            priority=self.sequence,
            user=self.env.uid,
            stores=self._stores_sql(),
            moving=moving if self.anchor in MOVING_ANCHORS else SQL(),
        )

    def _stores_sql(self):
        """Return the condition that the plan holds in the store of the case."""
        if self.company_id:
            return SQL("store_id = %s", self.company_id.id)
        return SQL(
            """NOT EXISTS (
                   SELECT FROM cr_care_plan own
                    WHERE own.active AND own.code = %s AND own.company_id = store_id)
            """,
            self.code,
        )

    def _planned_sql(self, version, today):
        """Return the statement that plans the steps of the opened cases.

        Of a case set aside nothing is planned; a step whose day is long past is kept
        as left out, so that the case tells why nobody was contacted.
        """
        return SQL(
            """
            INSERT INTO cr_care_task (
                case_id, step_id, plan_id, company_id, partner_id, vehicle_id, channel,
                role_id, due_on, next_on, state, reason, priority,
                create_uid, create_date, write_uid, write_date)
            SELECT o.id, s.id, %(plan)s, o.company_id, o.partner_id, o.vehicle_id,
                   s.channel, s.role_id, o.anchor_on + s.offset_days,
                   o.anchor_on + s.offset_days,
                   CASE WHEN late.is_late THEN 'skipped' ELSE 'todo' END,
                   CASE WHEN late.is_late THEN 'too_late' END, %(priority)s,
                   %(user)s, NOW() AT TIME ZONE 'UTC',
                   %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM opened o
              JOIN cr_care_step s ON s.version_id = %(version)s
        CROSS JOIN LATERAL (SELECT s.channel <> 'list'
                                   AND o.anchor_on + s.offset_days + s.tolerance_days
                                       < %(today)s AS is_late) late
             WHERE NOT o.is_holdout
            ON CONFLICT DO NOTHING
            """,
            plan=self.id,
            version=version.id,
            priority=self.sequence,
            today=today,
            user=self.env.uid,
        )

    # === CRON === #

    @api.model
    def _cron_open_cases(self):
        """Open the cases of all plans, a batch per transaction."""
        cron = self.env["ir.cron"]
        today = self.env["cr.care.case"]._get_today()
        plans = self.search([("anchor", "in", list(ANCHOR_COLUMNS))])
        versions = plans._get_versions(today)
        for plan in plans.filtered(lambda plan: plan.id in versions):
            if not plan._run_slice(versions[plan.id], today):
                return
        for model in _PENDING:
            while count := self._take_pending(model, plans, versions, today):
                if not cron._commit_progress(count):
                    return

    def _run_slice(self, version, today):
        """Open the cases of one plan; what is wrong with it stops no other plan.

        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        after_id, time_left = 0, True
        while time_left:
            try:
                with self.env.cr.savepoint():
                    count, after_id, opened = self._open_slice(version, today, after_id)
            except (ValidationError, errors.Error) as error:
                _logger.warning("Care plan %s does not run: %s", self.code, error)
                self.error = str(error).strip().splitlines()[0][:250]
                return cron._commit_progress(1)
            if count < BATCH:
                until = self._get_until(version, today)
                self.write(
                    {
                        "opened_until": max(self.opened_until or until, until),
                        "error": False,
                    }
                )
                return cron._commit_progress(1)
            time_left = cron._commit_progress(opened)
        return False

    @api.model
    def _take_pending(self, model, plans, versions, today, limit=BATCH):
        """Look at a batch of cars or customers whose dates changed; return how many."""
        table, column = (SQL.identifier(name) for name in _PENDING[model])
        rows = self.env.execute_query(
            SQL(
                """UPDATE %(table)s SET %(column)s = FALSE WHERE id IN (
                       SELECT id FROM %(table)s WHERE %(column)s
                        ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
                   RETURNING id""",
                table=table,
                column=column,
                limit=limit,
            )
        )
        ids = [row[0] for row in rows]
        fitting = plans.filtered(
            lambda plan: plan.anchor_model == model
            and plan.id in versions
            and not plan.error
        )
        for plan in fitting if ids else ():
            plan._open_pending(versions[plan.id], today, ids)
        self.env[model].invalidate_model([_PENDING[model][1]])
        return len(ids)
