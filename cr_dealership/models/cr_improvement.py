from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const_figure import IMPROVEMENT_SOURCES, IMPROVEMENT_STATES


class CrImprovement(models.Model):
    """An improvement in eight steps, tied to one figure of one store (IMP-01 … IMP-08).

    Before and after are counted on the same figure. What did not improve goes back,
    and the loop is counted; what improved is standardised, and opens again by itself
    when a later month falls behind what was reached.
    """

    _name = "cr.improvement"
    _description = "Improvement project"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.improvement.cycle.mixin",
    ]
    _order = "target_date, id"
    _check_company_auto = True

    _settled_columns = frozenset(
        (
            "state",
            "loop_count",
            "reopened_count",
            "before_value",
            "after_value",
            "after_from",
            "after_to",
            "standardised_on",
            "previous_id",
            "source_ref",
        )
    )
    _first_state = "plan"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        tracking=True,
        default=lambda self: self.env.user,
    )
    participant_ids = fields.Many2many("res.users", string="Participants")
    # --- where it comes from (IMP-10) ---
    source = fields.Selection(IMPROVEMENT_SOURCES, required=True, default="callback")
    problem_ids = fields.Many2many("cr.problem", string="Problems")
    wish_ids = fields.Many2many("cr.customer.wish", string="Suggestions")
    feedback_id = fields.Many2one(
        "cr.care.feedback", index="btree_not_null"
    )
    report_id = fields.Many2one(
        "cr.figure.report",
        string="Weekly or monthly report",
        index="btree_not_null",
        copy=False,
    )
    source_ref = fields.Char(readonly=True, copy=False)
    # --- the figure and its goal (IMP-03) ---
    figure_id = fields.Many2one(
        "cr.figure", required=True, ondelete="restrict", tracking=True
    )
    before_from = fields.Date(string="Measured from", required=True)
    before_to = fields.Date(string="Measured until", required=True)
    before_value = fields.Float(string="Before", readonly=True, aggregator=None)
    target_value = fields.Float(string="Goal", aggregator=None, tracking=True)
    target_date = fields.Date(string="Reached by", tracking=True)
    is_controllable = fields.Boolean(string="We can bring it about ourselves")
    is_timely = fields.Boolean(string="The time is enough")
    after_from = fields.Date(string="Measured again from", readonly=True, copy=False)
    after_to = fields.Date(string="Measured again until", readonly=True, copy=False)
    after_value = fields.Float(
        string="After", readonly=True, copy=False, aggregator=None
    )
    unit = fields.Selection(related="figure_id.unit")
    # --- how it goes on ---
    step_ids = fields.One2many("cr.improvement.step", "improvement_id", string="Steps")
    why_ids = fields.One2many("cr.improvement.why", "improvement_id", string="Whys")
    action_ids = fields.One2many(
        "cr.improvement.action", "improvement_id", string="Measures"
    )
    state = fields.Selection(
        IMPROVEMENT_STATES,
        required=True,
        default="plan",
        readonly=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    loop_count = fields.Integer(string="Times sent back", readonly=True, copy=False)
    reopened_count = fields.Integer(
        string="Times fallen back", readonly=True, copy=False
    )
    standard = fields.Text(string="New standard", tracking=True)
    summary = fields.Text(string="What was learnt")
    standardised_on = fields.Date(readonly=True, copy=False)
    next_goal = fields.Float(aggregator=None, copy=False)
    next_date = fields.Date(string="Next goal by", copy=False)
    previous_id = fields.Many2one(
        "cr.improvement",
        string="Follows on",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    next_ids = fields.One2many(
        "cr.improvement", "previous_id", string="Goes on with", readonly=True
    )

    _days_order = models.Constraint(
        "CHECK (before_to >= before_from)",
        "The days measured before must follow each other.",
    )
    _follow_on_unique = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "The project already has its next goal.",
    )
    _source_unique = models.UniqueIndex(
        "(source_ref) WHERE source_ref IS NOT NULL",
        "There is already a project for this.",
    )
    _done_index = models.Index("(company_id, figure_id) WHERE state = 'done'")

    @api.model
    def default_get(self, fields):
        """Measure by default the last month; nobody has to name days."""
        values = super().default_get(fields)
        start, end = self._get_last_month(self.env.company)
        values.setdefault("before_from", start)
        values.setdefault("before_to", end)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Give new projects their eight steps, five whys and the figure as it is."""
        improvements = super().create(vals_list)
        # Raised rights: figures are counted over all records, by nobody's hand.
        improvements.sudo()._begin()
        return improvements

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "How an improvement stands, and what was measured, follow from its"
                " buttons: carry out, measure again, standardise, give up."
            )
        )
