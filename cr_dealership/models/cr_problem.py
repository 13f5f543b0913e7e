from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const_problem import (
    DEPARTMENT_STATES,
    OPEN_PROBLEM_STATES,
    PROBLEM_KINDS,
    PROBLEM_RESULTS,
    PROBLEM_STATES,
)


class CrProblem(models.Model):
    """What a customer is unhappy with, until he says that it is solved (CB-11 … CB-14).

    Noted during the call with department, category and process step; owned by whoever
    holds the department's post today; due in working hours of the store. The solution
    of the department opens the second callback by itself; a customer who is still
    dissatisfied sends the problem back to the department, and so on.
    """

    _name = "cr.problem"
    _description = "Problem of a customer"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.problem.open.mixin",
        "cr.problem.work.mixin",
        "cr.problem.verdict.mixin",
        "cr.problem.ladder.mixin",
    ]
    _order = "deadline_at, id"
    _check_company_auto = True

    _settled_columns = frozenset(
        (
            "state",
            "result",
            "source_ref",
            "owner_id",
            "opened_at",
            "deadline_at",
            "climb_at",
            "is_late",
            "solved_at",
            "solved_by_id",
            "implemented_on",
            "closed_at",
            "callback_count",
            "dissatisfied_count",
        )
    )
    _first_state = "new"

    # --- what was said ---
    name = fields.Char(string="In a word", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(PROBLEM_KINDS, required=True, default="problem")
    text = fields.Text(string="In his own words", required=True)
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
    callback_id = fields.Many2one(
        "cr.callback",
        string="Said in",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    source_ref = fields.Char(
        readonly=True, copy=False, help="What it was opened from; once only."
    )
    # --- how it is coded (CB-34) ---
    department_id = fields.Many2one("hr.department", required=True, tracking=True)
    category_id = fields.Many2one("cr.problem.category", ondelete="restrict")
    main_category_id = fields.Many2one(
        "cr.problem.category",
        string="Main category",
        compute="_compute_main_category_id",
        store=True,
    )
    step_id = fields.Many2one(
        "cr.process.step", string="Process step", ondelete="restrict"
    )
    # --- who, until when ---
    role_id = fields.Many2one(
        "cr.role",
        string="Post that answers",
        help="Empty: the post of the department.",
    )
    owner_id = fields.Many2one(
        "res.users", string="Responsible", readonly=True, tracking=True, copy=False
    )
    told_ids = fields.Many2many(
        "res.users", string="Told as well", readonly=True, copy=False
    )
    opened_at = fields.Datetime(readonly=True, copy=False)
    deadline_at = fields.Datetime(string="Solve by", readonly=True, copy=False)
    climb_at = fields.Datetime(
        readonly=True, copy=False, help="When the next post is told; empty: nobody."
    )
    is_late = fields.Boolean(
        string="Solved too late", readonly=True, copy=False, help="Stays, once missed."
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    age_days = fields.Integer(string="Age in days", compute="_compute_is_overdue")
    alert_ids = fields.One2many(
        "cr.problem.alert", "problem_id", string="Escalations", readonly=True
    )
    # --- how it stands ---
    state = fields.Selection(
        PROBLEM_STATES,
        required=True,
        default="new",
        readonly=True,
        tracking=True,
        copy=False,
        group_expand="_group_expand_states",
    )
    result = fields.Selection(
        PROBLEM_RESULTS, readonly=True, tracking=True, copy=False
    )
    solution = fields.Text(string="Solution or answer", tracking=True, copy=False)
    is_unchangeable = fields.Boolean(
        string="Cannot be changed, only explained", copy=False
    )
    solved_at = fields.Datetime(readonly=True, copy=False)
    solved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    implement_by = fields.Date(
        string="Carried out until", copy=False, help="Empty: it is carried out already."
    )
    implemented_on = fields.Date(string="Carried out on", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    callback_ids = fields.One2many(
        "cr.callback", "problem_id", string="Second callbacks", readonly=True
    )
    callback_count = fields.Integer(
        string="Second callbacks made", readonly=True, copy=False
    )
    dissatisfied_count = fields.Integer(
        string="Times dissatisfied", readonly=True, copy=False
    )
    # --- repair not fully solved (CB-23, CB-35) ---
    is_unrepaired = fields.Boolean(string="Repair not fully solved")
    appointment_ids = fields.One2many(
        "cr.appointment", "check_problem_id", string="Check visits", readonly=True
    )
    check_result = fields.Text(string="What the check found", copy=False)

    _source_unique = models.UniqueIndex(
        "(source_ref) WHERE source_ref IS NOT NULL",
        "This answer already has its problem.",
    )
    _climb_index = models.Index("(climb_at) WHERE climb_at IS NOT NULL")
    _open_index = models.Index(
        "(company_id, department_id, deadline_at) WHERE state != 'closed'"
    )
    _owner_index = models.Index("(owner_id) WHERE state != 'closed'")
    _opened_index = models.Index("(company_id, opened_at)")

    # === COMPUTE === #

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for problem in self:
            parts = (problem.partner_id.name, problem.name)
            problem.display_name = " · ".join(part for part in parts if part)

    @api.depends("category_id.parent_id")
    def _compute_main_category_id(self):
        for problem in self:
            category = problem.category_id
            problem.main_category_id = category.parent_id or category

    @api.depends("deadline_at", "state", "opened_at", "closed_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for problem in self:
            ends = problem.closed_at or now
            problem.age_days = (ends - (problem.opened_at or now)).days
            problem.is_overdue = bool(
                problem.state in DEPARTMENT_STATES
                and problem.deadline_at
                and problem.deadline_at < now
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("state", "in", DEPARTMENT_STATES) & fields.Domain(
            "deadline_at", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.model
    def _group_expand_states(self, _states, _domain):
        return [state for state, _label in PROBLEM_STATES]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give new problems their department, owner and deadline."""
        problems = super().create(self._fill_in(vals_list))
        # Raised rights: owner and clock follow from the roster, not from who writes.
        problems.sudo()._start()
        return problems

    def write(self, vals):
        """Let a problem that goes to another department find its owner there."""
        moved = self.browse()
        if not {"department_id", "role_id"}.isdisjoint(vals):
            moved = self.filtered(lambda one: one.state in DEPARTMENT_STATES)
            before = {one: (one.department_id, one.role_id) for one in moved}
        result = super().write(vals)
        moved = moved.filtered(
            lambda one: before[one] != (one.department_id, one.role_id)
        )
        if moved:
            # Raised rights: the roster says who owns it.
            moved.sudo()._give_to_owner()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        for problem in self:
            if problem.state in OPEN_PROBLEM_STATES:
                raise AccessError(
                    self.env._(
                        "“%(problem)s” is open: withdraw it with a reason instead of"
                        " deleting it.",
                        problem=problem.name,
                    )
                )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "Owner, deadline and state of a problem follow from its buttons: take"
                " over, solution, carried out, customer's answer, withdraw."
            )
        )
