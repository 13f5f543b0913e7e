from datetime import timedelta

from odoo import api, fields, models

from ..const import (
    BLOCK_REASONS,
    CALLBACK_KINDS,
    CALLBACK_STATES,
    KIND_PURPOSE,
    MISSED_REASONS,
    OPEN_CALLBACK_STATES,
    PURPOSES,
)

_BY_HAND_DAYS = 15


class CrCallback(models.Model):
    """A call to make to a customer between an earliest and a latest day (CB-01).

    Opened by `cr.callback.rule` or by hand, taken by one agent through a
    `cr.call.session`, closed by what a `cr.call.attempt` brought. The state is never
    written by hand but for going back to "to call".
    """

    _name = "cr.callback"
    _description = "Callback"
    _inherit = [
        "mail.thread",
        "cr.callback.guard.mixin",
        "cr.callback.words.mixin",
        "cr.callback.call.mixin",
        "cr.callback.problem.mixin",
        "cr.callback.care.mixin",
        "cr.callback.effect.mixin",
        "cr.callback.share.mixin",
    ]
    _order = "priority desc, due_on, id"
    _check_company_auto = True

    # --- what is called about ---
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        default=lambda self: self.env.company,
    )
    rule_id = fields.Many2one("cr.callback.rule", readonly=True)
    kind = fields.Selection(CALLBACK_KINDS, required=True, default="care")
    purpose = fields.Selection(
        PURPOSES,
        compute="_compute_purpose",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The customer must allow calls for this purpose.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    script_version_id = fields.Many2one(
        "cr.script.version", string="Script", readonly=True
    )
    note = fields.Char()
    # --- when ---
    anchor_on = fields.Date(
        string="Event on", required=True, default=fields.Date.context_today
    )
    earliest_on = fields.Date(
        string="Not before", required=True, default=fields.Date.context_today
    )
    due_on = fields.Date(
        string="First call by", required=True, default=fields.Date.context_today
    )
    expires_on = fields.Date(
        string="Given up after",
        required=True,
        default=lambda self: self._default_expires_on(),
    )
    next_at = fields.Datetime(
        string="Next try", readonly=True, help="Empty: any time from the first day on."
    )
    next_part_id = fields.Many2one(
        "cr.call.window", string="Part of the day", readonly=True
    )
    is_appointment = fields.Boolean(
        string="Agreed time", readonly=True, help="The customer asked for this time."
    )
    due_text = fields.Char(string="When", compute="_compute_due_text")
    late_days = fields.Integer(compute="_compute_due_text")
    is_late = fields.Boolean(compute="_compute_due_text")
    color = fields.Integer(compute="_compute_due_text", export_string_translation=False)
    # --- who, and how it stands ---
    state = fields.Selection(
        CALLBACK_STATES,
        required=True,
        default="todo",
        group_expand="_group_expand_states",
    )
    role_id = fields.Many2one("cr.role", string="Role that calls")
    agent_id = fields.Many2one("res.users")
    regular_agent_id = fields.Many2one(
        "res.users",
        string="Agent before the absence",
        readonly=True,
        help="Gets the card back after the absence.",
    )
    taken_at = fields.Datetime(readonly=True)
    attempt_ids = fields.Many2many(
        "cr.call.attempt",
        "cr_call_attempt_callback_rel",
        "callback_id",
        "attempt_id",
        string="Calls",
        readonly=True,
        copy=False,
    )
    attempt_count = fields.Integer(string="Calls made", readonly=True, copy=False)
    attempt_dots = fields.Char(
        string="Tries",
        compute="_compute_attempt_dots",
        export_string_translation=False,
    )
    last_outcome_id = fields.Many2one(
        "cr.call.outcome", string="Last outcome", readonly=True, copy=False
    )
    last_attempt_at = fields.Datetime(string="Last call", readonly=True, copy=False)
    reopened_at = fields.Datetime(readonly=True, copy=False)
    block_code = fields.Selection(
        BLOCK_REASONS,
        string="Blocked because",
        readonly=True,
        help="Why the customer may not be called; checked every night and at the call.",
    )
    priority = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Above zero for customers with an open or recent complaint (CB-19).",
    )
    has_open_complaint = fields.Boolean(compute="_compute_has_open_complaint")
    closed_at = fields.Datetime(readonly=True, copy=False)
    missed_reason = fields.Selection(MISSED_REASONS, readonly=True, copy=False)
    # --- for the card ---
    partner_phone_tail = fields.Char(related="partner_id.cr_phone_digits")
    plate = fields.Char(related="vehicle_id.plate")
    model_id = fields.Many2one(related="vehicle_id.model_id", string="Model")
    model_name = fields.Char(related="vehicle_id.model_id.name", string="Model name")
    value_class = fields.Selection(related="partner_id.cr_value_class")
    also_due_count = fields.Integer(
        string="Else due",
        compute="_compute_also_due_count",
        help="What else falls due for this customer within 30 days.",
    )

    _origin_unique = models.Constraint(
        "UNIQUE (rule_id, origin_model, origin_id, anchor_on)",
        "This event already has its callback.",
    )
    _appointment_unique = models.UniqueIndex(
        "(origin_id) WHERE origin_model = 'cr.appointment'",
        "This appointment already has its call.",
    )
    _days_order = models.Constraint(
        "CHECK (due_on >= earliest_on AND expires_on >= due_on)",
        "The days must follow each other: not before, first call by, given up after.",
    )
    _agent_open_index = models.Index(
        "(agent_id, due_on) WHERE state IN ('todo', 'retry')"
    )
    _store_open_index = models.Index(
        "(company_id, due_on) WHERE state IN ('todo', 'retry')"
    )
    _callable_index = models.Index(
        "(earliest_on, agent_id) WHERE state IN ('todo', 'retry')"
    )
    _closed_index = models.Index("(closed_at) WHERE closed_at IS NOT NULL")
    _next_at_index = models.Index("(next_at) WHERE state IN ('todo', 'retry')")
    _expires_index = models.Index("(expires_on) WHERE state IN ('todo', 'retry')")
    _agent_closed_index = models.Index(
        "(agent_id, closed_at) WHERE closed_at IS NOT NULL"
    )

    # === DEFAULTS AND COMPUTES === #

    @api.model
    def _default_expires_on(self):
        return fields.Date.context_today(self) + timedelta(days=_BY_HAND_DAYS)

    @api.depends("kind", "partner_id.name", "vehicle_id.plate")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for callback in self:
            kind = labels.get(callback.kind)
            parts = (kind, callback.partner_id.name, callback.plate)
            callback.display_name = " · ".join(part for part in parts if part)

    @api.depends("kind")
    def _compute_purpose(self):
        for callback in self:
            callback.purpose = KIND_PURPOSE.get(callback.kind, "satisfaction")

    @api.depends("state", "earliest_on", "due_on", "next_at", "block_code", "closed_at")
    def _compute_due_text(self):
        today = self._get_today()
        for callback in self:
            is_open = callback.state in OPEN_CALLBACK_STATES
            late = (today - callback.due_on).days if is_open and callback.due_on else 0
            callback.late_days = max(late, 0)
            callback.is_late = late > 0
            callback.due_text = callback._get_due_text(today)
            callback.color = callback._get_color(today)

    @api.depends("attempt_count", "last_outcome_id")
    def _compute_attempt_dots(self):
        for callback in self:
            tries = callback.last_outcome_id.max_attempts or callback.attempt_count
            left = max(tries - callback.attempt_count, 0)
            callback.attempt_dots = "●" * callback.attempt_count + "○" * left

    @api.depends("partner_id")
    def _compute_has_open_complaint(self):
        with_complaint = self._has_open_complaint()
        for callback in self:
            callback.has_open_complaint = callback in with_complaint

    @api.depends("partner_id")
    def _compute_also_due_count(self):
        counts = self._count_also_due()
        for callback in self:
            count = counts.get(callback.partner_id.id, 0)
            # The card itself is one of the open callbacks that were counted.
            callback.also_due_count = max(
                count - (callback.state in OPEN_CALLBACK_STATES), 0
            )

    @api.model
    def _group_expand_states(self, _states, _domain):
        return [state for state, _label in CALLBACK_STATES if state != "cancelled"]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give callbacks made by hand their script, agent and consent check."""
        callbacks = super().create(vals_list)
        callbacks.filtered(lambda callback: not callback.rule_id)._complete_by_hand()
        return callbacks

    def _complete_by_hand(self):
        """Fill what the rule fills for callbacks that no rule opened."""
        today = self._get_today()
        scripts = self.env["cr.script"].search([("active", "=", True)])
        versions = scripts._get_versions_in_force(today)
        by_kind = {script.kind: script for script in reversed(scripts)}
        for callback in self:
            script = by_kind.get(callback.kind)
            callback._update(
                {
                    "script_version_id": script and versions.get(script.id),
                    "block_code": callback._get_block(today),
                    "agent_id": callback.agent_id.id or self.env.uid,
                }
            )

    # === ACTIONS === #

    def action_take(self):
        """Take the customer: open the conversation and the call workplace.

        :return: the client action of the workplace
        """
        self.ensure_one()
        self.check_access("write")
        self._check_callable()
        session = self.env["cr.call.session"]._open_for(self.partner_id)
        self._take_all(session)
        return session._get_action()

    def action_view_reassign(self):
        """Ask to whom the cards go, or why they are opened again or cancelled."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over, open again or cancel"),
            "res_model": "cr.callback.reassign",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_callback_ids": self.ids,
                "default_mode": self.env.context.get("cr_reassign_mode", "hand_over"),
            },
        }

    def action_view_origin(self):
        """Open the work order or the car that the callback is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "view_mode": "form",
        }

    # === HOOKS === #

    def _has_open_complaint(self):
        """Return those of the callbacks whose customer has an open complaint.

        Hook: the complaints addon answers it for all callbacks in one query.
        """
        return self.browse()
