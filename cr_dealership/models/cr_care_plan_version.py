from odoo import api, fields, models


class CrCarePlanVersion(models.Model):
    """The steps of a plan as they stood; a case keeps the version it began under.

    Once in force the steps do not change any more: a new version replaces it.
    """

    _name = "cr.care.plan.version"
    _description = "Version of a care plan"
    _inherit = ["cr.version.mixin"]
    _order = "plan_id, number desc"

    _version_of = "plan_id"
    # The last two follow from the steps of a draft.
    _free_fields = frozenset(("note", "state", "first_day", "last_day"))

    plan_id = fields.Many2one(
        "cr.care.plan", required=True, index=True, ondelete="cascade"
    )
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

    @api.depends("plan_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    # === BUSINESS === #

    def _describe_fixed(self):
        return self.env._(
            "%(version)s is in use and its steps stay as they are; make a new"
            " version of the plan instead.",
            version=self.display_name,
        )

    def _describe_obstacle(self):
        if self.state != "draft":
            return self._describe_fixed()
        if self.step_ids:
            return None
        return self.env._(
            "%(version)s has no steps; add what is done on which day first.",
            version=self.display_name,
        )
