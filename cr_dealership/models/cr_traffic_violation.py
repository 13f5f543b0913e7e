from odoo import api, fields, models
from odoo.tools import SQL

from ..const_care import LIVE_CASE_STATES

_DATE_FIELDS = frozenset(
    ("vehicle_id", "driver_id", "deadline_on", "settled_on", "active")
)


class CrTrafficViolation(models.Model):
    """A notice of a traffic violation that is to be settled in time (VEH-16, REL-15).

    It is active while it is open: then the care plan “Traffic violation” reminds
    whoever drove, else the driver or owner of the car.
    """

    _name = "cr.traffic.violation"
    _description = "Traffic violation"
    _order = "deadline_on desc, id desc"

    active = fields.Boolean(string="Open", compute="_compute_active", store=True)
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    owner_id = fields.Many2one(related="vehicle_id.owner_id")
    driver_id = fields.Many2one(
        "res.partner",
        string="Who drove",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the driver of the car, else its owner.",
    )
    name = fields.Char(string="Violation", required=True)
    place = fields.Char()
    happened_on = fields.Date(required=True, default=fields.Date.context_today)
    deadline_on = fields.Date(string="Settle by", required=True)
    points = fields.Integer(aggregator=None)
    fine = fields.Monetary()
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    settled_on = fields.Date()
    is_settled_here = fields.Boolean(string="Settled by us")
    note = fields.Char()
    # Outbox of the nightly care run.
    care_pending = fields.Boolean(
        readonly=True, copy=False, default=True, export_string_translation=False
    )

    _notice_unique = models.Constraint(
        "UNIQUE (vehicle_id, happened_on, name)",
        "This violation of the car on that day is recorded already.",
    )
    _days_order = models.Constraint(
        "CHECK (deadline_on >= happened_on)",
        "A violation is settled after it happened; mend one of the two days.",
    )
    _numbers_sane = models.Constraint(
        "CHECK (points >= 0 AND fine >= 0)", "Points and fine are not negative."
    )
    _deadline_index = models.Index("(deadline_on) WHERE active")
    _pending_index = models.Index("(id) WHERE care_pending")

    # === COMPUTE === #

    @api.depends("settled_on")
    def _compute_active(self):
        for violation in self:
            violation.active = not violation.settled_on

    # === CRUD === #

    def write(self, vals):
        """End the reminders of what was settled, and plan those of moved dates."""
        if _DATE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self._get_cases()
        result = super().write({**vals, "care_pending": True})
        self._end_reminders(before)
        return result

    def unlink(self):
        """End the reminders of notices that were recorded by mistake."""
        cases = self._get_cases()
        result = super().unlink()
        self.browse()._end_reminders(cases)
        return result

    # === ACTIONS === #

    def action_settle(self):
        """Note that we settled the violations today for the customers."""
        self.write(
            {"settled_on": fields.Date.context_today(self), "is_settled_here": True}
        )

    # === BUSINESS === #

    def _get_cases(self):
        """Return the live care cases that remind of the violations in `self`."""
        days = set(self.mapped("deadline_on"))
        # Raised rights: reminders end with their cause, whoever records it.
        cases = self.env["cr.care.case"].sudo().search(
            [
                ("plan_id.anchor", "=", "violation"),
                ("vehicle_id", "in", self.vehicle_id.ids),
                ("anchor_on", "in", list(days)),
                ("state", "in", LIVE_CASE_STATES),
            ]
        )
        mine = {(violation.vehicle_id, violation.deadline_on) for violation in self}
        return cases.filtered(lambda case: (case.vehicle_id, case.anchor_on) in mine)

    def _end_reminders(self, cases):
        """End those of the cases for which no open violation is left.

        :param cases: `cr.care.case` that reminded before the change
        """
        still_open = self.sudo().search(
            [("vehicle_id", "in", cases.vehicle_id.ids), ("active", "=", True)]
        )
        left = {(notice.vehicle_id, notice.deadline_on) for notice in still_open}
        over = cases.filtered(
            lambda case: (case.vehicle_id, case.anchor_on) not in left
        )
        ours = {
            (notice.vehicle_id, notice.deadline_on)
            for notice in self
            if notice.is_settled_here
        }
        won = over.filtered(lambda case: (case.vehicle_id, case.anchor_on) in ours)
        won._end("won", won_on=fields.Date.context_today(self))
        (over - won)._end("cancelled", cancel_reason="not_due")

    @api.model
    def _found_sql(self):
        """Return the query that adds customer and car to the violations picked.

        Part of `cr.care.plan._open`. A driver whom the car does not know is not asked:
        a case ends when its customer has nothing to do with the car any more.
        """
        return SQL("""
            SELECT picked.anchor_on, v.id AS vehicle_id, NULL::integer AS company_id,
                   NULL::integer AS campaign_id,
                   CASE WHEN n.driver_id IN (v.owner_id, v.driver_id) THEN n.driver_id
                        ELSE COALESCE(v.driver_id, v.owner_id) END AS partner_id
              FROM picked JOIN cr_traffic_violation n ON n.id = picked.id
              JOIN cr_vehicle v ON v.id = n.vehicle_id
             WHERE v.state = 'in_use' AND COALESCE(v.driver_id, v.owner_id) IS NOT NULL
            """)
