import json

from odoo import api, models
from odoo.tools import SQL

from ..tools import churn

_WARNED = (churn.WARNING, churn.HIGH)
_INSERT = """
    INSERT INTO cr_churn_warning (
        company_id, vehicle_id, partner_id, anchor_on, opened_on, score, opening_score,
        level, main_code, reasons, state, role_id, user_id,
        create_uid, create_date, write_uid, write_date)
    SELECT f.company_id, v.id, COALESCE(v.driver_id, v.owner_id), f.anchor_on,
           f.opened_on, f.score, f.score, f.level, f.main_code, f.reasons, 'open',
           f.role_id, f.user_id, f.uid, NOW() AT TIME ZONE 'UTC', f.uid,
           NOW() AT TIME ZONE 'UTC'
      FROM (VALUES %s) AS f(vehicle_id, company_id, anchor_on, opened_on, score, level,
                            main_code, reasons, role_id, user_id, uid)
      JOIN cr_vehicle v ON v.id = f.vehicle_id
  ORDER BY f.score DESC, v.id
ON CONFLICT DO NOTHING
 RETURNING id
"""
_TYPES = (
    "(%s, %s::int4, %s::date, %s::date, %s::int4, %s, %s, %s::jsonb, %s::int4,"
    " %s::int4, %s::int4)"
)
_FOLLOW = """
    UPDATE cr_churn_warning w SET score = v.churn_score, level = v.churn_level
      FROM cr_vehicle v
     WHERE w.vehicle_id = v.id AND v.id = ANY(%s) AND w.state IN ('open', 'working')
       AND (w.score, w.level) IS DISTINCT FROM (v.churn_score, v.churn_level)
"""
_OUTDATED = """
    UPDATE cr_churn_warning w
       SET state = 'closed', closed_on = %s,
           closed_because = CASE WHEN v.active AND v.state = 'in_use'
                                 THEN 'outdated' ELSE 'gone' END,
           write_date = NOW() AT TIME ZONE 'UTC'
      FROM cr_vehicle v
     WHERE w.vehicle_id = v.id AND v.id = ANY(%s) AND w.state IN ('open', 'working')
       AND (v.last_visit_on > w.anchor_on OR NOT v.active OR v.state <> 'in_use')
 RETURNING w.id
"""
# The day the car came in counts: who was in the shop already was no risk.
_WON = """
    UPDATE cr_churn_warning w
       SET state = 'won', order_id = o.id, closed_on = o.came_on,
           write_date = NOW() AT TIME ZONE 'UTC'
      FROM (SELECT DISTINCT ON (o.vehicle_id) o.vehicle_id, o.id,
                   COALESCE(o.in_on, o.out_on) AS came_on
              FROM cr_service_order o
              JOIN cr_churn_warning w ON w.vehicle_id = o.vehicle_id
               AND w.state IN ('open', 'working')
             WHERE o.id = ANY(%s) AND o.state = 'settled' AND o.out_on IS NOT NULL
               AND COALESCE(o.in_on, o.out_on) >= w.opened_on
          ORDER BY o.vehicle_id, COALESCE(o.in_on, o.out_on), o.id) o
     WHERE w.vehicle_id = o.vehicle_id AND w.state IN ('open', 'working')
 RETURNING w.id
"""
_UNDONE = """
    UPDATE cr_churn_warning w
       SET state = 'working', order_id = NULL, closed_on = NULL,
           write_date = NOW() AT TIME ZONE 'UTC'
      FROM cr_service_order o
     WHERE o.id = ANY(%s) AND w.order_id = o.id AND w.state = 'won'
       AND (o.state <> 'settled' OR o.out_on IS NULL)
       AND NOT EXISTS (SELECT FROM cr_churn_warning other
                        WHERE other.vehicle_id = w.vehicle_id
                          AND other.state IN ('open', 'working'))
 RETURNING w.id
"""


class CrChurnWarningJobMixin(models.AbstractModel):
    """What the nightly score and visits do to warnings, set-based (RCL-08, RCL-09)."""

    _name = "cr.churn.warning.job.mixin"
    _description = "Churn warning: opened and closed by itself"

    @api.model
    def _open_for(self, verdicts, today):
        """Open warnings for the cars at risk; a second run opens nothing twice.

        :param dict verdicts: {car id: (store id, churn.Verdict)}
        :param datetime.date today: day of the run
        :return: the number of warnings opened
        :rtype: int
        """
        self.env["cr.churn.warning"].flush_model()
        self.env.cr.execute(SQL(_FOLLOW, list(verdicts)))
        warned = {
            vehicle_id: (company_id, verdict)
            for vehicle_id, (company_id, verdict) in verdicts.items()
            if verdict.level in _WARNED and company_id
        }
        role, duty = self._get_owners({store for store, __ in warned.values()}, today)
        rows = [
            (
                vehicle_id,
                company_id,
                verdict.anchor_on,
                today,
                verdict.score,
                verdict.level,
                verdict.reasons[0]["code"],
                json.dumps(verdict.reasons),
                role.id or None,
                # The same people always get the same cars, and all about as many.
                _share(duty.get(company_id, ()), vehicle_id),
                self.env.uid,
            )
            for vehicle_id, (company_id, verdict) in warned.items()
        ]
        opened = self._insert_warnings(rows)
        self.env["cr.churn.warning"].invalidate_model()
        return len(opened)

    @api.model
    def _insert_warnings(self, rows):
        if not rows:
            return []
        return self.env.cr.execute_values(
            _INSERT, rows, template=_TYPES, page_size=len(rows), fetch=True
        )

    @api.model
    def _get_owners(self, company_ids, today):
        """Return the role that owns warnings, and {store id: user ids on duty}."""
        role = self.env.ref(
            "cr_dealership.cr_role_cr_specialist", raise_if_not_found=False
        )
        role = role or self.env["cr.role"]._get_head()
        companies = self.env["res.company"].browse(sorted(company_ids))
        duty = role._on_duty_map(companies, [today]) if companies else {}
        return role, {company: users.ids for (__, company, __), users in duty.items()}

    @api.model
    def _close_outdated(self, vehicle_ids, today):
        """Close warnings of cars that were not away after all, or are gone.

        :param list vehicle_ids: cars that were just scored
        :param datetime.date today: day of the run
        """
        self._change(SQL(_OUTDATED, today, list(vehicle_ids)))._cancel_calls()

    @api.model
    def _follow_orders(self, orders):
        """Close the warnings of cars that came back, in the visit's transaction.

        A visit before the warning does not count; one taken back undoes the win.

        :param orders: new or changed work orders
        """
        if not orders:
            return
        self._change(SQL(_UNDONE, orders.ids))
        self._change(SQL(_WON, orders.ids))._cancel_calls()

    @api.model
    def _change(self, statement):
        """Run an UPDATE of warnings; return the warnings it changed."""
        self.env["cr.churn.warning"].flush_model()
        self.env["cr.service.order"].flush_model()
        self.env["cr.vehicle"].flush_model()
        found = self.env.execute_query(statement)
        self.env["cr.churn.warning"].invalidate_model()
        return self.env["cr.churn.warning"].browse([row[0] for row in found])


def _share(users, number):
    """Return whose turn it is, None if nobody is there."""
    return users[number % len(users)] if users else None
