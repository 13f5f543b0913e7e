from odoo import api, fields, models
from odoo.tools import ormcache

SURVEY_TYPE = "cr_interview"


class CrQuestionnaireVersion(models.Model):
    """One wording of a questionnaire; an interview keeps the one it ran under (CB-10).

    Its questions are those of a survey of our own kind, which has no other use: once
    the version is in force neither changes any more.
    """

    _name = "cr.questionnaire.version"
    _description = "Version of a questionnaire"
    _inherit = ["cr.version.mixin"]
    _order = "questionnaire_id, number desc"

    _version_of = "questionnaire_id"

    questionnaire_id = fields.Many2one(
        "cr.questionnaire", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="questionnaire_id.kind", store=True)
    survey_id = fields.Many2one(
        "survey.survey", required=True, index=True, ondelete="restrict", copy=False
    )
    question_ids = fields.One2many(
        related="survey_id.question_and_page_ids", string="Questions", readonly=False
    )
    origin = fields.Selection(
        [("maker", "Issued by the manufacturer"), ("own", "Our own text")],
        required=True,
        default="own",
    )
    interview_count = fields.Integer(
        string="Interviews", compute="_compute_interview_count"
    )

    _number_unique = models.Constraint(
        "UNIQUE (questionnaire_id, number)",
        "This questionnaire already has that version.",
    )
    _survey_unique = models.Constraint(
        "UNIQUE (survey_id)", "Every version has questions of its own."
    )

    # === COMPUTE === #

    @api.depends("questionnaire_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _compute_interview_count(self):
        groups = self.env["cr.interview"]._read_group(
            [("version_id", "in", self.ids)], ["version_id"], ["__count"]
        )
        counts = {version.id: count for version, count in groups}
        for version in self:
            version.interview_count = counts.get(version.id, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give every version a survey of its own."""
        for vals in vals_list:
            if not vals.get("survey_id"):
                head = self.env["cr.questionnaire"].browse(vals["questionnaire_id"])
                vals["survey_id"] = self._make_survey(head.name).id
        return super().create(vals_list)

    @api.model
    def _make_survey(self, title):
        """Return a new survey of our kind, in all languages."""
        return self.env["survey.survey"].create(
            {"title": title, "survey_type": SURVEY_TYPE, "lang_ids": False}
        )

    def copy_data(self, default=None):
        """Copy the questions with the version."""
        vals_list = super().copy_data(default)
        for version, vals in zip(self, vals_list, strict=True):
            survey = version.survey_id.copy({"lang_ids": False})
            vals["survey_id"] = survey.id
        return vals_list

    # === ACTIONS === #

    def action_view_interviews(self):
        """Open the interviews that ran under this version."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cr.interview",
            "view_mode": "list,form",
            "domain": [("version_id", "=", self.id)],
        }

    # === BUSINESS === #

    def _get_questions(self):
        """Return the questions in their order, whoever asks."""
        # sudo: a customer reads them on the page of his link.
        return self.sudo().survey_id.question_ids.sorted()

    @ormcache("self.id", "self.env.lang")
    def _describe_questions(self):
        """Return the questions as the call screen draws them; fixed once in force.

        :return: a tuple of {"id", "title", "type", "factor", "step", "post",
            "follow_below", "choices": [{"id", "label", "follow"}]}
        """
        questions = self._get_questions()
        steps = dict(questions._fields["cr_step"]._description_selection(self.env))
        return tuple(
            {
                "id": question.id,
                "title": question.title,
                "type": question.question_type,
                "factor": question.cr_factor_id.name or "",
                "step": steps.get(question.cr_step, ""),
                "post": question.cr_role_id.name or "",
                "follow_below": question.cr_follow_below,
                "choices": [
                    {"id": one.id, "label": one.value, "follow": one.cr_follow}
                    for one in question.suggested_answer_ids
                ],
            }
            for question in questions
        )

    def _describe_fixed(self):
        return self.env._(
            "%(version)s was asked of customers and stays as it is; make a new version"
            " of the questionnaire instead.",
            version=self.display_name,
        )

    def _describe_obstacle(self):
        if self.state == "draft" and self.question_ids:
            return None
        return self.env._(
            "%(version)s needs questions and must be a draft; add what the customer is"
            " asked first.",
            version=self.display_name,
        )
