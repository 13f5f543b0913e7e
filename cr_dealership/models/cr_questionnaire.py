from odoo import api, fields, models

from ..const_interview import INTERVIEW_KINDS


class CrQuestionnaire(models.Model):
    """What customers are asked on an occasion; its questions live in versions (SUR-01).

    A script names the questionnaire that is asked in its calls.
    """

    _name = "cr.questionnaire"
    _description = "Questionnaire"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(INTERVIEW_KINDS, required=True, default="csi")
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    link_days = fields.Integer(
        string="Link opens for (days)",
        required=True,
        default=14,
        help="Assumed: a customer may answer by his link for so long.",
    )
    version_ids = fields.One2many(
        "cr.questionnaire.version", "questionnaire_id", string="Versions"
    )
    version_id = fields.Many2one(
        "cr.questionnaire.version", string="In force", compute="_compute_version_id"
    )
    script_ids = fields.One2many(
        "cr.script", "questionnaire_id", string="Asked in calls with the script"
    )

    _link_days_positive = models.Constraint(
        "CHECK (link_days > 0)", "A link opens for at least a day."
    )

    @api.depends("version_ids.state", "version_ids.valid_from")
    def _compute_version_id(self):
        found = self._get_versions_in_force(fields.Date.context_today(self))
        for questionnaire in self:
            questionnaire.version_id = found.get(questionnaire)

    def _get_versions_in_force(self, day):
        """Return {questionnaire: its version in force on a day}, in one query."""
        versions = self.env["cr.questionnaire.version"].search(
            [
                ("questionnaire_id", "in", self.ids),
                ("state", "=", "in_force"),
                ("valid_from", "<=", day),
            ],
            order="valid_from, number",
        )
        return {version.questionnaire_id: version for version in versions}

    def action_view_versions(self):
        """Open the versions of this questionnaire."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cr.questionnaire.version",
            "view_mode": "list,form",
            "domain": [("questionnaire_id", "=", self.id)],
            "context": {"default_questionnaire_id": self.id},
        }
