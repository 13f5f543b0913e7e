from odoo import api, fields, models

from ..const_interview import CHOICE_FOLLOWS


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    cr_follow = fields.Selection(
        CHOICE_FOLLOWS,
        string="Calls for",
        required=True,
        default="none",
        help="What the agent does when the customer chooses this (CB-23).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new choices where customers have answered."""
        choices = super().create(vals_list)
        choices.question_id._check_cr_draft()
        return choices

    def write(self, vals):
        """Refuse to change the choices that customers had."""
        self.question_id._check_cr_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        """Refuse to take out a choice that customers had."""
        self.question_id._check_cr_draft()
