from odoo import api, fields, models

from ..const_interview import ANSWER_PARTS, INTERVIEW_CHANNELS


class CrInterviewAnswer(models.Model):
    """One answer as it was given; a correction is an entry more (SUR-05).

    Append-only: no score is ever edited. The entry that no other corrects is valid.
    """

    _name = "cr.interview.answer"
    _description = "Answer of an interview"
    _inherit = ["cr.append.only.mixin"]
    _order = "interview_id, id"
    _rec_name = "question_id"

    interview_id = fields.Many2one(
        "cr.interview", required=True, index=True, ondelete="restrict"
    )
    question_id = fields.Many2one(
        "survey.question", required=True, index=True, ondelete="restrict"
    )
    part = fields.Selection(ANSWER_PARTS, required=True, default="answer")
    score = fields.Integer(aggregator="avg")
    is_scored = fields.Boolean(help="No score: the customer could not say.")
    choice_id = fields.Many2one(
        "survey.question.answer",
        index="btree_not_null",
        ondelete="restrict",
    )
    text = fields.Text()
    is_low = fields.Boolean(
        string="Low score", help="The score or choice asks for its reason."
    )
    value_text = fields.Char(string="Answered", compute="_compute_value_text")
    channel = fields.Selection(INTERVIEW_CHANNELS, required=True)
    user_id = fields.Many2one(
        "res.users", string="Taken down by", help="Empty: by the customer himself."
    )
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    corrects_id = fields.Many2one(
        "cr.interview.answer",
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many("cr.interview.answer", "corrects_id")
    reason = fields.Char()

    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 10 AND (score > 0) = COALESCE(is_scored, FALSE))",
        "A score goes from 1 to 10.",
    )
    _reason_given = models.Constraint(
        "CHECK (corrects_id IS NULL OR COALESCE(reason, '') <> '')",
        "A correction says why.",
    )
    _first_unique = models.UniqueIndex(
        "(interview_id, question_id, part) WHERE corrects_id IS NULL",
        "This question was answered already; correct the answer.",
    )
    _corrects_unique = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "This answer was already corrected; correct the correction.",
    )

    @api.depends("score", "is_scored", "choice_id", "text")
    def _compute_value_text(self):
        for answer in self:
            choice = answer.choice_id.sudo().value
            score = answer.score if answer.is_scored else ""
            answer.value_text = choice or answer.text or str(score) or "—"

    @api.model_create_multi
    def create(self, vals_list):
        """Note with each entry whether it asks for its reason."""
        for vals in vals_list:
            vals["is_low"] = self._is_low_value(vals)
        return super().create(vals_list)

    @api.model
    def _is_low_value(self, vals):
        """Return whether a score or choice asks for its reason."""
        if choice_id := vals.get("choice_id"):
            choice = self.env["survey.question.answer"].sudo().browse(choice_id)
            return choice.cr_follow != "none"
        question = self.env["survey.question"].sudo().browse(vals["question_id"])
        return question._get_follow(vals.get("score") or 0)

    def _is_problem(self):
        """Say whether the answer is something that a department must answer for."""
        question = self.question_id.sudo()
        if question.cr_words == "grievance":
            return bool(self.text)
        return self.is_low and question.cr_opens_problem

    def action_view_correct(self):
        """Ask what was really answered, and why it stands wrong."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the answer"),
            "res_model": "cr.interview.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_answer_id": self.id},
        }
