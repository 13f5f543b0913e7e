from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHURN_FACTORS, CHURN_LEVELS

OPEN_STATES = ("open", "working")
_CALL_DAYS = 3
_CALL_GIVE_UP_DAYS = 30


class CrChurnWarning(models.Model):
    """A customer who is about to stay away, and the plan to win him back (RCL-09).

    The nightly score opens it, once for each absence (`anchor_on` is the day the car
    was last with us). A visit after the opening closes it as won; a person closes it
    as lost with a reason, or for good.
    """

    _name = "cr.churn.warning"
    _description = "Churn warning"
    _inherit = [
        "cr.settled.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.churn.warning.job.mixin",
    ]
    _order = "score desc, opened_on, id"
    _check_company_auto = True

    _settled_columns = frozenset(
        (
            "state",
            "order_id",
            "closed_on",
            "closed_by_id",
            "closed_because",
            "anchor_on",
        )
    )
    # An administrator who adds one by hand says since when the car is away.
    _first_state = None

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, readonly=True
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", readonly=True
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    model_id = fields.Many2one(related="vehicle_id.model_id", string="Model")
    anchor_on = fields.Date(string="Last with us", required=True, readonly=True)
    opened_on = fields.Date(string="Warned on", required=True, readonly=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    level = fields.Selection(CHURN_LEVELS, string="Risk", readonly=True)
    opening_score = fields.Integer(
        string="Score when warned", readonly=True, aggregator="avg"
    )
    main_code = fields.Selection(
        CHURN_FACTORS, string="Weightiest sign", readonly=True
    )
    reasons = fields.Json(readonly=True, export_string_translation=False)
    reason_text = fields.Text(string="Why warned", compute="_compute_reason_text")
    state = fields.Selection(
        [
            ("open", "To do"),
            ("working", "Being won back"),
            ("won", "Won back"),
            ("lost", "Lost"),
            ("closed", "Closed"),
        ],
        required=True,
        default="open",
        tracking=True,
        group_expand=True,
    )
    role_id = fields.Many2one("cr.role", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    action_ids = fields.One2many("cr.churn.action", "warning_id", string="Plan")
    next_on = fields.Date(
        string="Next step on",
        compute="_compute_next_on",
        store=True,
        help="The next planned step that is not done; empty: nothing is planned.",
    )
    callback_count = fields.Integer(string="Calls", compute="_compute_callback_count")
    order_id = fields.Many2one(
        "cr.service.order",
        string="Came back with",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    reason_id = fields.Many2one(
        "cr.care.reason",
        string="Why lost",
        index="btree_not_null",
        domain=[("is_for_churn", "=", True)],
        ondelete="restrict",
        tracking=True,
    )
    next_step = fields.Text(related="reason_id.next_step")
    note = fields.Char()
    closed_on = fields.Date(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_because = fields.Selection(
        [
            ("hand", "By hand"),
            ("outdated", "An earlier visit became known"),
            ("gone", "The car is no longer in use"),
        ],
        readonly=True,
        copy=False,
    )

    _one_open = models.UniqueIndex(
        "(vehicle_id) WHERE state IN ('open', 'working')",
        "There is already an open warning for this car.",
    )
    _absence_unique = models.UniqueIndex(
        "(vehicle_id, anchor_on)", "This absence of the car was already warned of."
    )
    _lost_reason = models.Constraint(
        "CHECK (state != 'lost' OR reason_id IS NOT NULL)",
        "Say why the customer is lost.",
    )
    _open_index = models.Index(
        "(user_id, score DESC) WHERE state IN ('open', 'working')"
    )
    _store_index = models.Index("(company_id, opened_on)")

    # === COMPUTE === #

    @api.depends("vehicle_id.plate", "partner_id.name")
    def _compute_display_name(self):
        for warning in self:
            parts = (warning.vehicle_id.display_name, warning.partner_id.name)
            name = warning.vehicle_id.plate or parts[0]
            warning.display_name = " · ".join(filter(None, (name, parts[1])))

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        factors = self.env["cr.churn.factor"]
        for warning in self:
            warning.reason_text = "\n".join(factors._describe(warning.reasons))

    @api.depends("action_ids.planned_on", "action_ids.done_on")
    def _compute_next_on(self):
        for warning in self:
            waiting = warning.action_ids.filtered(lambda action: not action.done_on)
            warning.next_on = min(waiting.mapped("planned_on"), default=False)

    def _compute_callback_count(self):
        groups = self.env["cr.callback"]._read_group(
            self._get_callback_domain(), ["origin_id"], ["__count"]
        )
        counts = dict(groups)
        for warning in self:
            warning.callback_count = counts.get(warning.id, 0)

    # === CRUD === #

    @api.model
    def _refuse_by_hand(self):
        raise UserError(
            self.env._(
                "The state of a warning follows from what happens; use the buttons on"
                " it."
            )
        )

    # === ACTIONS === #

    def action_call(self):
        """Open a win-back call for the customer, or the one that is open (RCL-09).

        :return: the action that shows the call
        """
        self.ensure_one()
        self._check_open()
        self.lock_for_update()
        callbacks = self.env["cr.callback"]
        callback = callbacks.search(
            [*self._get_callback_domain(), ("state", "in", ("todo", "retry"))], limit=1
        )
        if not callback:
            callback = callbacks.create(self._prepare_callback_values())
            self._begin()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.callback",
            "res_id": callback.id,
            "view_mode": "form",
        }

    def action_view_callbacks(self):
        """Open the win-back calls of the warning."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Win-back calls"),
            "res_model": "cr.callback",
            "view_mode": "list,form",
            "domain": self._get_callback_domain(),
        }

    def action_lost(self):
        """The customer does not come back, for the reason that stands there (RCL-10).

        A grievance is reported to whoever keeps complaints.
        """
        self._check_open()
        for warning in self.filtered(lambda warning: not warning.reason_id):
            raise UserError(
                self.env._(
                    "%(car)s: choose why the customer is lost; the reason says what to"
                    " do next.",
                    car=warning.display_name,
                )
            )
        self._close("lost")
        self.filtered("reason_id.is_grievance")._report_grievance()

    def action_close(self):
        """Close the warning without a result; the note says why."""
        self._check_open()
        for warning in self.filtered(lambda warning: not (warning.note or "").strip()):
            raise UserError(
                self.env._(
                    "%(car)s: write into the note why the warning needs no more work.",
                    car=warning.display_name,
                )
            )
        self._close("closed", closed_because="hand")

    def action_reopen(self):
        """Work on the customers again after all."""
        busy = self.search(
            [
                ("vehicle_id", "in", self.vehicle_id.ids),
                ("state", "in", OPEN_STATES),
                ("id", "not in", self.ids),
            ]
        )
        if busy:
            raise UserError(
                self.env._(
                    "%(cars)s: there is a newer open warning for the car; work on that"
                    " one.",
                    cars=", ".join(busy.mapped("display_name")),
                )
            )
        self.filtered(lambda warning: warning.state not in OPEN_STATES)._settle(
            state="working",
            closed_on=False,
            closed_by_id=False,
            closed_because=False,
            order_id=False,
        )

    # === BUSINESS === #

    def _check_open(self):
        for warning in self.filtered(lambda warning: warning.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "%(car)s: the warning is closed since %(date)s; open it again"
                    " first.",
                    car=warning.display_name,
                    date=fields.Date.to_string(warning.closed_on),
                )
            )

    def _begin(self):
        """Somebody works on the warnings from now on."""
        self.filtered(lambda warning: warning.state == "open")._settle(state="working")

    def _close(self, state, **values):
        """Close the warnings, their calls and reminders."""
        self._settle(
            state=state,
            closed_on=self.env["cr.callback"]._get_today(),
            closed_by_id=self.env.uid,
            **values,
        )
        self.activity_ids.unlink()
        self._cancel_calls()

    def _cancel_calls(self):
        """Cancel win-back calls that nobody has to make any more."""
        # sudo: the visit that wins the customer back is recorded by the shop, which
        # has no right on calls.
        calls_sudo = (
            self.env["cr.callback"]
            .sudo()
            .search(
                [*self._get_callback_domain(), ("state", "in", ("todo", "retry"))]
            )
        )
        calls_sudo._cancel()

    def _get_callback_domain(self):
        return [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]

    def _prepare_callback_values(self):
        """Return the values of a win-back call; the dedicated caller makes it."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "%(car)s: nobody is on file for the car, so nobody can be called."
                    " Name its owner first.",
                    car=self.display_name,
                )
            )
        today = self.env["cr.callback"]._get_today()
        caller = self.action_ids.filtered(
            lambda action: action.kind == "caller" and not action.done_on
        )[:1].user_id
        return {
            "company_id": self.company_id.id,
            "kind": "winback",
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "origin_model": self._name,
            "origin_id": self.id,
            "agent_id": (caller or self.user_id or self.env.user).id,
            "anchor_on": today,
            "earliest_on": today,
            "due_on": today + timedelta(days=_CALL_DAYS),
            "expires_on": today + timedelta(days=_CALL_GIVE_UP_DAYS),
        }

    # === HOOKS === #

    def _report_grievance(self):
        """React to customers who were lost because they were not satisfied (RCL-04).

        Hook: the complaints addon opens a complaint for each warning in `self`.
        """
