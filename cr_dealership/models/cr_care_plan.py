from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.safe_eval import safe_eval

from ..const import PURPOSES
from ..const_care import ANCHOR_COLUMNS, ANCHORS, STOPS, SUBJECTS

_MAX_DAYS = 730


class CrCarePlan(models.Model):
    """A procedure as data: whom it concerns, what day N is, when it is won (REL-01).

    Its steps stand in versions; a case keeps the version it was opened under. A plan
    of a store stands in for the general plan of the same code.
    """

    _name = "cr.care.plan"
    _description = "Care plan"
    _inherit = ["mail.thread", "cr.care.plan.job.mixin", "cr.care.plan.open.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A store's own plan uses the same code.")
    sequence = fields.Integer(
        string="Priority",
        default=50,
        aggregator=None,
        help="When a customer may not be contacted again, the lower number goes first.",
    )
    active = fields.Boolean(string="Switched on", default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: in every store that has no plan of its own with this code.",
    )
    subject = fields.Selection(SUBJECTS, string="About", required=True)
    anchor = fields.Selection(ANCHORS, string="Day N", required=True)
    anchor_model = fields.Char(
        compute="_compute_anchor_model", export_string_translation=False
    )
    offset_months = fields.Integer(
        string="Months after", aggregator=None, help="Day N lies so many months later."
    )
    repeat_months = fields.Integer(
        string="Repeated every (months)", aggregator=None, help="0: once."
    )
    repeat_until_months = fields.Integer(
        string="Repeated until (months)", default=120, aggregator=None
    )
    domain = fields.Char(
        string="Whom it concerns",
        default="[]",
        required=True,
        help="Condition on the cars, or on the customers where day N is theirs.",
    )
    recipient = fields.Selection(
        [("owner", "Owner"), ("driver", "Driver, else the owner")],
        required=True,
        default="owner",
    )
    is_for_buyer = fields.Boolean(
        string="Only who bought the car here",
        help="A later owner of the car is left out.",
    )
    purpose = fields.Selection(
        PURPOSES,
        required=True,
        default="service",
        help="The customer must allow contacts for this purpose.",
    )
    stop_on = fields.Selection(
        STOPS, string="Won by", required=True, default="none"
    )
    needs_confirmation = fields.Boolean(
        string="List must be confirmed",
        help="No customer is contacted before the list with him is confirmed.",
    )
    list_day = fields.Integer(
        string="List ready by day",
        aggregator=None,
        help="Day of the month by which the list of the next two months is confirmed;"
        " the last day in a shorter month. 0: none.",
    )
    look_back_days = fields.Integer(
        default=30,
        aggregator=None,
        help="How far back a new plan looks for days N that have passed.",
    )
    close_days = fields.Integer(
        string="Expires after (days)",
        default=30,
        required=True,
        aggregator=None,
        help="Days after the last step after which an open case expires.",
    )
    effect_days = fields.Integer(
        string="Success window (days)",
        default=90,
        required=True,
        aggregator=None,
        help="A visit counts for the plan up to so many days after the contact.",
    )
    satisfied_by = fields.Selection(
        SUBJECTS,
        string="Satisfied by a case about",
        help="While such a case of the same car is open, the steps are left out.",
    )
    holdout_percent = fields.Integer(
        string="Share not reminded (%)",
        aggregator=None,
        help="Set aside by lot to measure what the reminders really bring.",
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    note = fields.Text(translate=True)
    checklist = fields.Text(
        translate=True,
        help="What the advisor looks at or asks about; shown with each case (REL-22).",
    )
    version_ids = fields.One2many("cr.care.plan.version", "plan_id", string="Versions")
    opened_until = fields.Date(
        readonly=True,
        copy=False,
        help="Cases are opened for all days N up to this one.",
    )
    error = fields.Char(
        string="Why it does not run",
        readonly=True,
        copy=False,
        help="Cleared as soon as a nightly run succeeds.",
    )
    idle_text = fields.Char(
        string="Why nobody is contacted", compute="_compute_idle_text"
    )
    case_ids = fields.One2many("cr.care.case", "plan_id", string="Cases")
    case_count = fields.Integer(string="Live cases", compute="_compute_case_count")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active",
        "There is already a plan with this code; archive it or change its steps.",
    )
    _numbers_sane = models.Constraint(
        "CHECK (offset_months >= 0 AND repeat_months >= 0 AND look_back_days >= 0"
        " AND close_days >= 0 AND effect_days >= 0 AND list_day BETWEEN 0 AND 31"
        " AND holdout_percent BETWEEN 0 AND 90)",
        "Months and days are not negative, the day of the list is at most 31, and at"
        " most 90 percent can be set aside.",
    )

    # === COMPUTE === #

    @api.depends("anchor")
    def _compute_anchor_model(self):
        for plan in self:
            plan.anchor_model = ANCHOR_COLUMNS.get(plan.anchor, ("res.partner",))[0]

    @api.depends("active", "version_ids.state", "version_ids.valid_from")
    def _compute_idle_text(self):
        today = self.env["cr.care.case"]._get_today()
        versions = self._origin._get_versions(today)
        for plan in self:
            is_idle = plan.active and plan._origin.id not in versions
            plan.idle_text = is_idle and self.env._(
                "No steps are in force today, so nobody is contacted: write a version"
                " and put it in force, or switch the plan off."
            )

    def _compute_case_count(self):
        counts = dict(
            self.env["cr.care.case"]._read_group(
                [("plan_id", "in", self.ids), ("state", "in", ("open", "booked"))],
                ["plan_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.case_count = counts.get(plan, 0)

    # === CHECKS === #

    @api.constrains("domain", "anchor")
    def _check_domain(self):
        for plan in self:
            plan._get_query()

    @api.constrains("look_back_days", "close_days")
    def _check_days(self):
        for plan in self:
            if max(plan.look_back_days, plan.close_days) > _MAX_DAYS:
                raise ValidationError(
                    self.env._(
                        "%(plan)s looks further than %(days)s days; a case that old"
                        " helps nobody, choose fewer.",
                        plan=plan.name,
                        days=_MAX_DAYS,
                    )
                )

    # === ACTIONS === #

    def action_view_cases(self):
        """Open the live cases of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_case_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)]}

    # === BUSINESS === #

    def _get_query(self):
        """Return the query for whom the plan concerns, as a subquery.

        :raise ValidationError: the domain cannot be read
        """
        self.ensure_one()
        model = self.env[self.anchor_model].with_context(active_test=True)
        try:
            return model._search(safe_eval(self.domain or "[]"))
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The condition of %(plan)s cannot be read: %(error)s. Choose the"
                    " customers anew in the field “Whom it concerns”.",
                    plan=self.name,
                    error=error,
                )
            ) from error

    def _get_versions(self, day):
        """Return {plan id: version in force on a day}; plans without one are absent."""
        versions = self.env["cr.care.plan.version"].search(
            [
                ("plan_id", "in", self.ids),
                ("state", "=", "in_force"),
                ("valid_from", "<=", day),
            ],
            order="valid_from, number",
        )
        return {version.plan_id.id: version for version in versions}
