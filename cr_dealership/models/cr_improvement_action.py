from odoo import api, fields, models


class CrImprovementAction(models.Model):
    """A measure of a project: what, who, until when, with what, evidence (IMP-05, 06).
    """

    _name = "cr.improvement.action"
    _description = "Measure of an improvement"
    _order = "until, id"

    improvement_id = fields.Many2one(
        "cr.improvement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="improvement_id.company_id", store=True)
    name = fields.Char(string="Measure", required=True)
    why_id = fields.Many2one(
        "cr.improvement.why",
        string="Against",
        domain="[('improvement_id', '=', improvement_id)]",
    )
    user_id = fields.Many2one("res.users", string="Who", required=True)
    until = fields.Date(required=True)
    resource = fields.Char(string="Needs")
    evidence = fields.Char()
    done_on = fields.Date(string="Carried out on")
    is_late = fields.Boolean(compute="_compute_is_late")

    _open_index = models.Index("(company_id, until) WHERE done_on IS NULL")

    @api.depends("until", "done_on")
    def _compute_is_late(self):
        today = self.env.company._cr_today()
        for action in self:
            action.is_late = bool(
                not action.done_on and action.until and action.until < today
            )

    def action_done(self):
        """Note that the measure is carried out today."""
        self.filtered(lambda one: not one.done_on).write(
            {"done_on": self.env.company._cr_today()}
        )
