from odoo import api, fields, models
from odoo.tools import SQL

from ..const import CALLBACK_KINDS, KIND_PURPOSE, PURPOSES

# What happened, per trigger: where it is recorded and how to read it from there.
_EVENTS = {
    "order": SQL(
        """SELECT o.id AS origin_id, o.id AS order_id, o.vehicle_id, o.company_id,
                  COALESCE(o.partner_id, v.driver_id, v.owner_id) AS partner_id,
                  o.out_on AS anchor_on, o.type_id
             FROM picked
             JOIN cr_service_order o ON o.id = picked.id
             JOIN cr_vehicle v ON v.id = o.vehicle_id
            WHERE o.state = 'settled' AND o.out_on IS NOT NULL"""
    ),
    "delivery": SQL(
        """SELECT v.id AS origin_id, NULL::integer AS order_id, v.id AS vehicle_id,
                  v.company_id, COALESCE(v.owner_id, v.driver_id) AS partner_id,
                  v.delivered_on AS anchor_on, NULL::integer AS type_id
             FROM picked
             JOIN cr_vehicle v ON v.id = picked.id
            WHERE v.delivered_on IS NOT NULL AND v.company_id IS NOT NULL"""
    ),
}
_ORIGINS = {"order": "cr.service.order", "delivery": "cr.vehicle"}
BATCH = 1000


class CrCallbackRule(models.Model):
    """After which event who calls the customer, between which days (CB-02 … CB-05).

    A rule of a store stands in for the general rules of the same kind and trigger.
    """

    _name = "cr.callback.rule"
    _description = "Callback rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    kind = fields.Selection(CALLBACK_KINDS, required=True, default="csi")
    trigger = fields.Selection(
        [("delivery", "A car was delivered"), ("order", "A car left the shop")],
        required=True,
        default="order",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: in every store that has no rule of its own for this.",
    )
    earliest_days = fields.Integer(
        string="Not before day", default=1, required=True, aggregator=None
    )
    due_days = fields.Integer(
        string="First call by day", default=3, required=True, aggregator=None
    )
    expires_days = fields.Integer(
        string="Given up after day", default=15, required=True, aggregator=None
    )
    excluded_type_ids = fields.Many2many(
        "cr.service.type", string="Not after these service types"
    )
    role_id = fields.Many2one("cr.role", string="Who calls", required=True)
    repair_role_id = fields.Many2one(
        "cr.role",
        string="Who repairs numbers",
        help="Gets the task when a number turns out wrong: it took the number down.",
    )
    script_id = fields.Many2one("cr.script", required=True)
    purpose = fields.Selection(
        PURPOSES,
        required=True,
        default="satisfaction",
        help="The customer must allow calls for this purpose.",
    )
    start_on = fields.Date(
        string="Events from",
        required=True,
        default=fields.Date.context_today,
        help="An older event is called while its days last, but never counts as"
        " missed.",
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    note = fields.Char(translate=True)

    _days_order = models.Constraint(
        "CHECK (earliest_days >= 0 AND due_days >= earliest_days"
        " AND expires_days >= due_days)",
        "The days must follow each other: not before, first call by, given up after.",
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        self.purpose = KIND_PURPOSE.get(self.kind, "satisfaction")

    # === OPENING CALLBACKS === #

    @api.model
    def _open_callbacks(self, today, limit=BATCH):
        """Turn one batch of pending events into callbacks, without committing.

        Takes the pending rows with SKIP LOCKED, inserts what is not there yet and
        clears the flags in one statement per trigger; so two nodes or a second run
        make nothing twice, and the cost follows what is pending.

        :param today: date of the run
        :param limit: how many pending rows of each trigger to take
        :return: {"taken", "opened", "moved", "missed", "blocked": count}
        """
        self.env.flush_all()
        counts = dict.fromkeys(("taken", "opened", "moved", "missed", "blocked"), 0)
        for trigger in _EVENTS:
            [found] = self.env.execute_query(self._open_sql(trigger, today, limit))
            for name, count in zip(counts, found, strict=True):
                counts[name] += count
        self.env["cr.callback"].invalidate_model()
        for model in _ORIGINS.values():
            self.env[model].invalidate_model(["callback_pending"])
        return counts

    @api.model
    def _open_sql(self, trigger, today, limit):
        """Return the statement that handles the pending events of one trigger."""
        table = SQL.identifier(self.env[_ORIGINS[trigger]]._table)
        return SQL(
            """
            WITH picked AS (
                SELECT id FROM %(table)s WHERE callback_pending
                 ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            ), event AS (%(event)s),
            fitting AS (%(fitting)s),
            known AS MATERIALIZED (%(known)s),
            moved AS (%(moved)s),
            opened AS (%(opened)s),
            cleared AS (
                UPDATE %(table)s done SET callback_pending = FALSE
                  FROM picked WHERE done.id = picked.id
            )
            SELECT (SELECT COUNT(*) FROM picked),
                   (SELECT COUNT(*) FROM opened),
                   (SELECT COUNT(*) FROM moved),
                   (SELECT COUNT(*) FROM opened WHERE state = 'missed'),
                   (SELECT COUNT(*) FROM opened WHERE block_code IS NOT NULL)
            """,
            table=table,
            limit=limit,
            event=_EVENTS[trigger],
            fitting=self._fitting_sql(trigger, today),
            known=self._known_sql(trigger),
            moved=self._moved_sql(),
            opened=self._opened_sql(trigger, today),
        )

    @api.model
    def _fitting_sql(self, trigger, today):
        """Return the query that pairs every event with the rules that fit it.

        What happened before the rule's start is called while its window is open; past
        it, it is history and no missed call.
        """
        return SQL(
            """
            SELECT event.*, rule.id AS rule_id, rule.kind, rule.purpose, rule.role_id,
                   rule.script_id,
                   event.anchor_on + rule.earliest_days AS earliest_on,
                   event.anchor_on + rule.due_days AS due_on,
                   event.anchor_on + rule.expires_days AS expires_on
              FROM event
              JOIN cr_callback_rule rule ON rule.active AND rule.trigger = %(trigger)s
               AND (event.anchor_on >= rule.start_on
                    OR event.anchor_on + rule.due_days >= %(today)s)
               AND (rule.company_id = event.company_id
                    OR rule.company_id IS NULL AND NOT EXISTS (
                       SELECT FROM cr_callback_rule own
                        WHERE own.active AND own.company_id = event.company_id
                          AND own.kind = rule.kind AND own.trigger = rule.trigger))
             WHERE NOT EXISTS (
                   SELECT FROM cr_callback_rule_cr_service_type_rel excluded
                    WHERE excluded.cr_callback_rule_id = rule.id
                      AND excluded.cr_service_type_id = event.type_id)
            """,
            trigger=trigger,
            today=today,
        )

    @api.model
    def _known_sql(self, trigger):
        """Return the query that adds the callback that already stands for the event.

        A corrected date is not a second visit. A car delivered again to another owner
        is a second delivery. The order by the last column of the unique index makes
        the database use that one, whatever it believes about the open callbacks.
        """
        again = SQL(
            "AND (c.partner_id IS NOT DISTINCT FROM fitting.partner_id"
            " OR c.anchor_on = fitting.anchor_on)"
        )
        return SQL(
            """
            SELECT fitting.*, same.id AS callback_id,
                   same.anchor_on <> fitting.anchor_on AND same.state = 'todo'
                   AND same.attempt_count = 0 AS is_moved
              FROM fitting
              LEFT JOIN LATERAL (
                   SELECT c.id, c.anchor_on, c.state, c.attempt_count
                     FROM cr_callback c
                    WHERE c.rule_id = fitting.rule_id AND c.origin_model = %(origin)s
                      AND c.origin_id = fitting.origin_id %(again)s
                    ORDER BY c.anchor_on DESC LIMIT 1
                   ) same ON TRUE
            """,
            origin=_ORIGINS[trigger],
            again=again if trigger == "delivery" else SQL(),
        )

    @api.model
    def _moved_sql(self):
        """Return the statement that follows a date corrected before the first call."""
        return SQL("""
            UPDATE cr_callback c
               SET anchor_on = known.anchor_on, earliest_on = known.earliest_on,
                   due_on = known.due_on, expires_on = known.expires_on,
                   write_date = NOW() AT TIME ZONE 'UTC'
              FROM known
             WHERE c.id = known.callback_id AND known.is_moved
            RETURNING c.id
            """)

    @api.model
    def _opened_sql(self, trigger, today):
        """Return the statement that inserts the callbacks."""
        return SQL(
            """
            INSERT INTO cr_callback (
                company_id, rule_id, kind, purpose, role_id, partner_id, vehicle_id,
                order_id, origin_model, origin_id, anchor_on, earliest_on, due_on,
                expires_on, script_version_id, block_code, state, missed_reason,
                closed_at, attempt_count, priority,
                create_uid, create_date, write_uid, write_date)
            SELECT known.company_id, rule_id, kind, purpose, role_id, partner_id,
                   vehicle_id, order_id, %(origin)s, origin_id, anchor_on, earliest_on,
                   due_on, expires_on, version.id, %(block)s,
                   CASE WHEN due_on < %(today)s THEN 'missed' ELSE 'todo' END,
                   CASE WHEN due_on < %(today)s THEN 'known_late' END,
                   CASE WHEN due_on < %(today)s THEN NOW() AT TIME ZONE 'UTC' END,
                   0, 0, %(user)s, NOW() AT TIME ZONE 'UTC',
                   %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM known
              LEFT JOIN (%(versions)s) version
                ON version.script_id = known.script_id
             WHERE callback_id IS NULL
            ON CONFLICT DO NOTHING
            RETURNING id, state, block_code
            """,
            origin=_ORIGINS[trigger],
            today=today,
            user=self.env.uid,
            block=self.env["cr.callback"]._block_sql("known", today),
            versions=self.env["cr.script"]._versions_in_force_sql(today),
        )

    # === CRON === #

    @api.model
    def _count_pending(self):
        """Return how many events nobody has looked at yet."""
        return sum(
            self.env[model]
            .with_context(active_test=False)
            .search_count([("callback_pending", "=", True)])
            for model in _ORIGINS.values()
        )

    @api.model
    def _cron_open_callbacks(self):
        """Open the callbacks of all pending events, a batch per transaction."""
        cron = self.env["ir.cron"]
        today = self.env["cr.callback"]._get_today()
        cron._commit_progress(remaining=self._count_pending())
        opened, time_left = 0, True
        while time_left and (counts := self._open_callbacks(today))["taken"]:
            opened += counts["opened"]
            time_left = cron._commit_progress(counts["taken"])
        if opened:
            self.env.ref("cr_dealership.ir_cron_cr_callback_share_out")._trigger()
