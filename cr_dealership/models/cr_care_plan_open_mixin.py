from odoo import api, models
from odoo.tools import SQL

from ..const_care import ANCHOR_COLUMNS, MOVING_ANCHORS, SETTLED_BY_VISIT
from ..tools.offsets import step_date

BATCH = 1000
# Months differ in length: so many days around a range of the column are looked at.
_SLACK_DAYS = 4
# A date that moved by no more is still the same round.
_SAME_ROUND_DAYS = 30
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
    that came since, one after the other, and at the cars whose dates changed
    (`care_pending`); so the cost follows what is newly due and not how many cars there
    are, and a night that is cut short goes on where it stopped.
    """

    _name = "cr.care.plan.open.mixin"
    _description = "Care plan: opening cases"

    # === A PLAN'S DAYS === #

    def _open_slice(self, version, today, after_id=0, limit=BATCH, until=None):
        """Open the cases of the days N that came since the last run, one batch.

        :param version: version in force
        :param after_id: go on behind this car or customer
        :param until: last day N to look at, by default the last one that came
        :return: (how many were looked at, last id, how many cases were opened)
        """
        self.ensure_one()
        until = until or self._get_until(version, today)
        since = self._get_since(today)
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

    def _get_since(self, today):
        """Return the day up to which cases are opened."""
        return self.opened_until or step_date(today, -self.look_back_days - 1)

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
                placed AS MATERIALIZED (
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
                whom=self._get_query().subselect(),
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
        if row[2] and self.stop_on in SETTLED_BY_VISIT:
            self.env["cr.appointment"]._book_opened(self, today)
        return row

    def _found_sql(self):
        """Return the query that adds to each subject its customer and its car."""
        if self.anchor_model == "res.partner":
            return SQL("""
                SELECT picked.anchor_on, picked.id AS partner_id,
                       main.id AS vehicle_id, p.company_id,
                       NULL::integer AS campaign_id
                  FROM picked JOIN res_partner p ON p.id = picked.id
             LEFT JOIN LATERAL (
                       SELECT v.id FROM cr_vehicle v
                        WHERE v.owner_id = picked.id AND v.active
                        ORDER BY v.last_visit_on DESC NULLS LAST, v.id LIMIT 1) main
                    ON TRUE
                """)
        if self.anchor_model != "cr.vehicle":
            return self.env[self.anchor_model]._found_sql()
        who = SQL("v.owner_id")
        if self.recipient == "driver":
            who = SQL("COALESCE(v.driver_id, v.owner_id)")
        return SQL(
            """
            SELECT picked.anchor_on, %(who)s AS partner_id, v.id AS vehicle_id,
                   NULL::integer AS company_id, NULL::integer AS campaign_id
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
        return SQL(
            """
            INSERT INTO cr_care_case (
                company_id, plan_id, version_id, subject, campaign_id, partner_id,
                vehicle_id, anchor_on, first_anchor_on, opened_on, expires_on, state,
                is_holdout, priority, contact_count,
                create_uid, create_date, write_uid, write_date)
            SELECT store_id, %(plan)s, %(version)s, %(subject)s,
                   COALESCE(campaign_id, %(campaign)s), partner_id, vehicle_id,
                   anchor_on, anchor_on, %(today)s,
                   LEAST(GREATEST(anchor_on + %(last)s, %(today)s) + %(close)s,
                         %(over)s::date), 'open',
                   ('x' || substr(md5(%(code)s || ':' || partner_id), 1, 7))
                       ::bit(28)::int %% 100 < %(holdout)s,
                   %(priority)s, 0, %(user)s, NOW() AT TIME ZONE 'UTC',
                   %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM placed
             WHERE %(stores)s AND NOT EXISTS (%(known)s)
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
            over=campaign and campaign.valid_until or None,
            code=self.code,
            holdout=self.holdout_percent,
            priority=self.sequence,
            user=self.env.uid,
            stores=self._stores_sql(),
            known=self._known_sql(),
        )

    def _known_sql(self):
        """Return the query for the case that this round of day N has already.

        A date that moves by some days begins no new round, whatever became of the
        case. A customer's own day is one, even if another car is his main one by now.
        """
        # Campaigns meet customers, too, but as often as they are launched.
        is_kept = self.anchor in ANCHOR_COLUMNS
        own_day = is_kept and self.anchor_model == "res.partner"
        subject = SQL(
            "c.plan_id = %s AND c.%s = placed.%s",
            self.id,
            *[SQL.identifier("partner_id" if own_day else "vehicle_id")] * 2,
        )
        if self.anchor in MOVING_ANCHORS:
            is_same = SQL(
                """c.state IN ('open', 'booked')
                   OR c.partner_id = placed.partner_id
                   AND c.anchor_on BETWEEN placed.anchor_on - %(days)s
                                       AND placed.anchor_on + %(days)s""",
                days=_SAME_ROUND_DAYS,
            )
        elif own_day:
            is_same = SQL("c.first_anchor_on = placed.anchor_on")
        else:
            is_same = SQL("FALSE")
        return SQL("SELECT FROM cr_care_case c WHERE %s AND (%s)", subject, is_same)

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
