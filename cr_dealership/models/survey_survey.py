from odoo import api, fields, models

from .cr_questionnaire_version import SURVEY_TYPE


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    survey_type = fields.Selection(
        selection_add=[(SURVEY_TYPE, "Interview of the dealership")],
        ondelete={SURVEY_TYPE: "set default"},
    )
    cr_version_ids = fields.One2many(
        "cr.questionnaire.version", "survey_id", string="Version of a questionnaire"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        """Keep the questions that customers were asked."""
        self.cr_version_ids._check_draft()
