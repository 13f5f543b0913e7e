from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const_interview import (
    FOLLOW_BELOW,
    PROCESS_STEPS,
    QUESTION_DIMENSIONS,
    QUESTION_TYPES,
    QUESTION_WORDS,
    SCORE_MAX,
    SCORE_MIN,
)
from .cr_questionnaire_version import SURVEY_TYPE


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    cr_factor_id = fields.Many2one(
        "cr.factor", string="Factor", index="btree_not_null", ondelete="restrict"
    )
    cr_weight = fields.Float(
        string="Weight in its factor",
        default=1.0,
        help="How much the answer counts among the answers to the same factor.",
    )
    cr_step = fields.Selection(PROCESS_STEPS, string="Step of the process")
    cr_role_id = fields.Many2one(
        "cr.role",
        string="Responsible post",
        index="btree_not_null",
        ondelete="restrict",
        help="Answers for what the question is about (CB-09).",
    )
    cr_dimension = fields.Selection(QUESTION_DIMENSIONS, string="Measures")
    cr_follow_below = fields.Integer(
        string="Ask why below",
        default=FOLLOW_BELOW,
        aggregator=None,
        help="A lower score asks for the reason; 0: never.",
    )
    cr_opens_problem = fields.Boolean(
        string="Opens a problem",
        default=True,
        help="A score below the limit becomes a problem of the responsible post.",
    )
    cr_words = fields.Selection(QUESTION_WORDS, string="The words are")

    _cr_weight_positive = models.Constraint(
        "CHECK (cr_weight >= 0)", "The weight of a question is not below zero."
    )
    _cr_follow_range = models.Constraint(
        "CHECK (cr_follow_below BETWEEN 0 AND 10)",
        "The limit below which we ask why lies between 0 and 10.",
    )

    @api.constrains("question_type", "scale_min", "scale_max", "is_page", "survey_id")
    def _check_cr_type(self):
        """Refuse questions that the call screen and the page cannot ask."""
        for question in self:
            if question.survey_id.survey_type != SURVEY_TYPE or question.is_page:
                continue
            scale = (question.scale_min, question.scale_max)
            is_scale = question.question_type == "scale"
            if question.question_type not in QUESTION_TYPES or (
                is_scale and scale != (SCORE_MIN, SCORE_MAX)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(question)s” cannot be asked in an interview; make it a"
                        " scale from 1 to 10, one choice, or a text.",
                        question=question.title,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new questions where customers have answered."""
        questions = super().create(vals_list)
        questions._check_cr_draft()
        return questions

    def write(self, vals):
        """Refuse to change what customers were asked."""
        self._check_cr_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        """Refuse to take out what customers were asked."""
        self._check_cr_draft()

    def _check_cr_draft(self):
        """Raise when a question belongs to a version that is in force or was."""
        # sudo: whoever may change the question must be told why he may not now.
        self.sudo().survey_id.cr_version_ids._check_draft()

    def _get_follow(self, score):
        """Return whether a score asks for its reason."""
        self.ensure_one()
        return 0 < score < self.cr_follow_below
