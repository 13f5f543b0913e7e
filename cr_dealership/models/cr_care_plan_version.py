from odoo import api, fields, models
from odoo.exceptions import UserError

_FREE_FIELDS = {"note", "state", "valid_to"}


class CrCarePlanVersion(models.Model):
    """The steps of a plan as they stood; a case keeps the version it began under.

    Once in force the steps do not change any more: a new version replaces it.
    """

    _name = "cr.care.plan.version"
    _description = "Version of a care plan"
    _order = "plan_id, number desc"

    plan_id = fields.Many2one(
        "cr.care.plan", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(
        string="Version number",
        required=True,
        readonly=True,
        default=1,
        aggregator=None,
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("retired", "Retired")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    note = fields.Char()
    step_ids = fields.One2many("cr.care.step", "version_id", string="Steps", copy=True)
    first_day = fields.Integer(
        compute="_compute_days", store=True, aggregator=None, string="First step on N"
    )
    last_day = fields.Integer(
        compute="_compute_days", store=True, aggregator=None, string="Last step on N"
    )

    _number_unique = models.Constraint(
        "UNIQUE (plan_id, number)", "This plan already has that version."
    )

    # === COMPUTE === #

    @api.depends("step_ids.offset_days")
    def _compute_days(self):
        for version in self:
            days = version.step_ids.mapped("offset_days") or [0]
            version.first_day, version.last_day = min(days), max(days)

    @api.depends("plan_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.plan_id.name or ''} V{version.number}"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of each plan."""
        groups = self._read_group(
            [("plan_id", "in", [vals.get("plan_id") for vals in vals_list])],
            ["plan_id"],
            ["number:max"],
        )
        last = {plan.id: number for plan, number in groups}
        for vals in vals_list:
            plan_id = vals.get("plan_id")
            last[plan_id] = last.get(plan_id, 0) + 1
            vals["number"] = last[plan_id]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change steps that cases were opened under."""
        if set(vals) - _FREE_FIELDS - {"first_day", "last_day"}:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()

    def _check_draft(self):
        """Raise when one of the versions is in force or retired."""
        if fixed := self.filtered(lambda version: version.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%(version)s is in use and its steps stay as they are; make a new"
                    " version of the plan instead.",
                    version=fixed.display_name,
                )
            )

    # === ACTIONS === #

    def action_put_in_force(self):
        """Open cases under this version from its first day on.

        :raise UserError: no steps, or already in force
        """
        for version in self:
            if version.state != "draft":
                version._check_draft()
            if not version.step_ids:
                raise UserError(
                    self.env._(
                        "%(version)s has no steps; add what is done on which day"
                        " first.",
                        version=version.display_name,
                    )
                )
        self.state = "in_force"
        self._retire_superseded()

    def action_new_version(self):
        """Copy the steps into a draft that may be changed."""
        self.ensure_one()
        version = self.copy({"valid_from": fields.Date.context_today(self)})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    def _retire_superseded(self):
        """Retire the versions that a later one in force has replaced by today."""
        today = fields.Date.context_today(self)
        in_force = self.search(
            [
                ("plan_id", "in", self.plan_id.ids),
                ("state", "=", "in_force"),
                ("valid_from", "<=", today),
            ],
            order="valid_from desc, number desc",
        )
        for versions in in_force.grouped("plan_id").values():
            versions[1:].state = "retired"
