from odoo import api, models
from odoo.tools import SQL

from ..const_care import ANCHOR_COLUMNS, LIVE_CASE_STATES, MOVING_ANCHORS
from ..tools.offsets import step_date

# Further than this a moved date is another round of the same thing, not a correction.
_MOVE_MAX_DAYS = 150
# Cases about a day of the customer himself; his car is only named in them.
_OWN_DAYS = tuple(
    name for name, (model, _column) in ANCHOR_COLUMNS.items() if model == "res.partner"
)
# A work order may be recorded so many days after the visit.
_LATE_DAYS = 60
# Ended by word or by time and not by a fact: who comes all the same has come.
_GIVEN_UP = SQL("(state IN ('lost', 'expired') OR cancel_reason = 'hand')")
# What the SQL below reads.
_MODELS = (
    "cr.care.case",
    "cr.care.task",
    "cr.care.plan",
    "cr.vehicle",
    "cr.service.order",
    "cr.service.type",
    "cr.insurance.policy",
    "cr.inspection",
    "res.partner",
)


class CrCareCaseFollowMixin(models.AbstractModel):
    """Live cases follow what happened to their cars, in the same transaction.

    `_follow_vehicles` looks at the facts and not at the event, so it does the same
    for an import, a work order typed by hand and a correction, and twice is once.
    """

    _name = "cr.care.case.follow.mixin"
    _description = "Care case: following the car"

    @api.model
    def _follow_vehicles(self, vehicle_ids):
        """End or move the live cases of cars whose facts were refreshed.

        :param list vehicle_ids: ids of the cars
        """
        self.env["cr.care.case"].flush_model()
        live = self.env.execute_query(
            SQL(
                "SELECT id FROM cr_care_case WHERE vehicle_id = ANY(%s)"
                " AND (state IN ('open', 'booked') OR %s AND expires_on >= %s)",
                list(vehicle_ids),
                _GIVEN_UP,
                step_date(self._get_today(), -_LATE_DAYS),
            )
        )
        if not live:
            return
        for name in _MODELS:
            self.env[name].flush_model()
        case_ids = [row[0] for row in live]
        ended = self._end_followed(case_ids)
        self._move_followed(case_ids)
        self.env["cr.care.case"].invalidate_model()
        if ended:
            # Raised rights: the visit ends the case, whoever recorded the visit.
            cases = self.env["cr.care.case"].sudo().browse(ended)
            cases._stop_tasks()
            cases._after_followed()

    @api.model
    def _follow_partners(self, partner_ids):
        """Move the live cases of customers of whom a date of their own changed.

        :param list partner_ids: ids of the customers
        """
        cases = self.env["cr.care.case"]
        for name in (cases._name, "cr.care.task", "cr.care.plan", "res.partner"):
            self.env[name].flush_model()
        # Raised rights: as in _follow_vehicles.
        live = cases.sudo().search(
            [("partner_id", "in", partner_ids), ("state", "in", LIVE_CASE_STATES)]
        )
        self._move_followed(live.ids)

    def _end_followed(self, case_ids):
        """End the cases that a visit, a policy, an inspection or a resale ended.

        A visit wins a case only from the day it was opened on; one before that was
        known too late, and the case is cancelled. `is_effect` asks in addition for a
        contact before the visit, within the success window of the plan. A case given
        up is won by who comes all the same, up to the day on which it expires: so the
        reminded have the same time to come as those set aside, who are never asked.

        :return: ids of the ended cases
        """
        today = self._get_today()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cr_care_case c
                   SET state = e.state, closed_on = %(today)s, won_on = e.won_on,
                       won_order_id = e.order_id, won_policy_id = e.policy_id,
                       cancel_reason = e.cancel_reason,
                       reason_id = COALESCE(c.reason_id, e.reason_id),
                       is_effect = e.state = 'won' AND c.contacted_on <= e.won_on
                                   AND e.won_on <= c.contacted_on + e.effect_days,
                       write_date = NOW() AT TIME ZONE 'UTC', write_uid = %(user)s
                  FROM (%(endings)s) e
                 WHERE c.id = e.id
                RETURNING c.id
                """,
                today=today,
                user=self.env.uid,
                endings=self._endings_sql(case_ids),
            )
        )
        return [row[0] for row in rows]

    def _endings_sql(self, case_ids):
        """Return the query for what ended which of the cases, one row per case."""
        return SQL(
            """
            SELECT c.id, p.effect_days, visit.id AS order_id, policy.id AS policy_id,
                   CASE WHEN visit.came_on >= c.opened_on THEN 'won'
                        WHEN policy.is_bought_here THEN 'won'
                        WHEN policy.id IS NOT NULL THEN 'lost'
                        WHEN inspection.passed_on >= c.opened_on THEN 'won'
                        ELSE 'cancelled' END AS state,
                   CASE WHEN visit.came_on >= c.opened_on THEN visit.came_on
                        WHEN policy.is_bought_here THEN policy.known_on
                        WHEN inspection.passed_on >= c.opened_on
                        THEN inspection.passed_on END AS won_on,
                   CASE WHEN visit.came_on >= c.opened_on OR policy.id IS NOT NULL
                             OR inspection.passed_on >= c.opened_on THEN NULL
                        WHEN visit.id IS NOT NULL
                             OR inspection.passed_on IS NOT NULL THEN 'served'
                        WHEN NOT v.active OR v.state <> 'in_use' THEN 'gone'
                        ELSE 'owner' END AS cancel_reason,
                   CASE WHEN policy.id IS NOT NULL AND NOT policy.is_bought_here
                        THEN (SELECT r.id FROM cr_care_reason r
                               WHERE r.code = 'insured_elsewhere') END AS reason_id
              FROM cr_care_case c
              JOIN cr_care_plan p ON p.id = c.plan_id
              JOIN cr_vehicle v ON v.id = c.vehicle_id
         LEFT JOIN LATERAL (%(visit)s) visit ON p.stop_on IN ('visit', 'service')
         LEFT JOIN LATERAL (%(policy)s) policy ON p.stop_on = 'policy'
         LEFT JOIN LATERAL (%(inspection)s) inspection ON p.stop_on = 'inspection'
             WHERE c.id = ANY(%(cases)s)
               AND %(ended)s
            """,
            visit=self._visit_sql(),
            policy=self._policy_sql(),
            inspection=self._inspection_sql(),
            cases=case_ids,
            ended=self._ended_sql(),
        )

    def _left_sql(self):
        """Return the condition that the car of a case is gone or somebody else's."""
        return SQL(
            """p.anchor <> ALL(%s)
               AND (NOT v.active OR v.state <> 'in_use'
                    OR v.owner_id IS DISTINCT FROM c.partner_id
                       AND v.driver_id IS DISTINCT FROM c.partner_id)""",
            list(_OWN_DAYS),
        )

    def _ended_sql(self):
        """Return the condition that something ended a case, or wins one given up."""
        return SQL(
            """
            (visit.id IS NOT NULL OR policy.id IS NOT NULL
             OR inspection.passed_on IS NOT NULL OR %s)
            AND (c.state IN ('open', 'booked')
                 OR c.partner_id IN (v.owner_id, v.driver_id)
                    AND (visit.came_on BETWEEN c.opened_on AND c.expires_on
                         OR policy.is_bought_here AND policy.known_on <= c.expires_on
                         OR inspection.passed_on
                            BETWEEN c.opened_on AND c.expires_on))
            """,
            self._left_sql(),
        )

    def _visit_sql(self):
        """Return the query for the visit that serves a case: the first one since it
        was opened, else one that was recorded late."""
        return SQL("""
            SELECT o.id, COALESCE(o.in_on, o.out_on) AS came_on
              FROM cr_service_order o
              JOIN cr_service_type t ON t.id = o.type_id
             WHERE o.vehicle_id = c.vehicle_id AND o.state <> 'cancelled'
               AND (p.stop_on = 'visit' OR t.is_maintenance OR t.is_first_service)
               AND (COALESCE(o.in_on, o.out_on) >= c.opened_on
                    OR o.create_date >= c.create_date
                       AND COALESCE(o.in_on, o.out_on) >= c.opened_on - %s)
             ORDER BY COALESCE(o.in_on, o.out_on) < c.opened_on,
                      COALESCE(o.in_on, o.out_on), o.id
             LIMIT 1
            """, _LATE_DAYS)

    def _policy_sql(self):
        """Return the query for the policy that follows the one which ends on day N."""
        return SQL("""
            SELECT i.id, COALESCE(i.is_bought_here, FALSE) AS is_bought_here,
                   GREATEST(i.create_date::date, c.opened_on) AS known_on
              FROM cr_insurance_policy i
             WHERE i.vehicle_id = c.vehicle_id AND i.date_end > c.anchor_on + 30
             ORDER BY i.is_bought_here DESC NULLS LAST, i.date_end, i.id LIMIT 1
            """)

    def _inspection_sql(self):
        """Return the query for the inspection passed since shortly before day N."""
        return SQL("""
            SELECT n.passed_on FROM cr_inspection n
             WHERE n.vehicle_id = c.vehicle_id AND n.passed_on >= c.anchor_on - 92
             ORDER BY n.passed_on DESC LIMIT 1
            """)

    def _move_followed(self, case_ids):
        """Move live cases whose day N moved, and the steps that are still planned.

        A date that is gone or belongs to the next round cancels the case.
        """
        rows = self.env.execute_query(self._move_sql(case_ids))
        self.env["cr.care.case"].invalidate_model()
        self.env["cr.care.task"].invalidate_model()
        if rows:
            # Raised rights: as in _follow_vehicles.
            gone = self.env["cr.care.case"].sudo().browse([row[0] for row in rows])
            gone._end("cancelled", cancel_reason="not_due")

    @api.model
    def _move_sql(self, case_ids):
        """Return the statement that moves cases and steps; it gives those to cancel."""
        return SQL(
            """
            WITH now AS (
                SELECT c.id, %(column)s AS anchor_on, c.anchor_on AS old_on
                  FROM cr_care_case c
                  JOIN cr_care_plan p ON p.id = c.plan_id
                  JOIN res_partner who ON who.id = c.partner_id
             LEFT JOIN cr_vehicle v ON v.id = c.vehicle_id
                 WHERE c.id = ANY(%(cases)s) AND c.state IN ('open', 'booked')
                   AND p.anchor = ANY(%(moving)s)
                   AND COALESCE(p.repeat_months, 0) = 0),
            near AS (
                SELECT id, anchor_on, anchor_on - old_on AS days FROM now
                 WHERE anchor_on <> old_on AND anchor_on <= old_on + %(far)s),
            moved AS (
                UPDATE cr_care_case c
                   SET anchor_on = near.anchor_on, expires_on = expires_on + near.days
                  FROM near WHERE c.id = near.id),
            planned AS (
                UPDATE cr_care_task t
                   SET due_on = t.due_on + near.days, next_on = t.due_on + near.days,
                       state = 'todo', reason = NULL
                  FROM near
                 WHERE t.case_id = near.id AND t.state IN ('todo', 'held'))
            SELECT id FROM now
             WHERE anchor_on IS NULL OR anchor_on > old_on + %(far)s
            """,
            column=self._anchor_sql(),
            cases=case_ids,
            moving=list(MOVING_ANCHORS),
            far=_MOVE_MAX_DAYS,
        )

    @api.model
    def _anchor_sql(self):
        """Return the expression of where car or customer of a case keeps day N."""
        aliases = {"cr.vehicle": "v", "res.partner": "who"}
        columns = {name: ANCHOR_COLUMNS[name] for name in MOVING_ANCHORS}
        return SQL(
            "CASE p.anchor %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", name, SQL.identifier(aliases[model], column))
                for name, (model, column) in columns.items()
            ),
        )

    # === END === #

    @api.model
    def _expire(self, today, limit=1000):
        """Close live cases whose last day has passed without a result.

        A case waits for its call while the card's days are not over, which are working
        days, and until the morning on which it is counted as missed; but not beyond the
        last day of its campaign.

        :return: how many were closed
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM cr_care_case c
             LEFT JOIN cr_care_campaign campaign ON campaign.id = c.campaign_id
                 WHERE c.state IN ('open', 'booked') AND c.expires_on < %(today)s
                   AND (campaign.valid_until < %(today)s OR NOT EXISTS (
                       SELECT FROM cr_care_task t
                         JOIN cr_callback card ON card.origin_model = 'cr.care.task'
                          AND card.origin_id = t.id
                        WHERE t.case_id = c.id AND t.state = 'ready'
                          AND card.state IN ('todo', 'retry')
                          AND card.expires_on >= %(today)s - 1))
                 ORDER BY c.expires_on, c.id LIMIT %(limit)s
                """,
                today=today,
                limit=limit,
            )
        )
        cases = self.env["cr.care.case"].browse([row[0] for row in rows])
        cases = cases.try_lock_for_update()
        refused = cases.filtered(lambda case: case.answer == "refused")
        refused._end("lost")
        (cases - refused)._end("expired")
        return len(cases)

    # === HOOKS === #

    def _after_followed(self):
        """React to cases that a visit, a policy or a resale ended; once per set."""
