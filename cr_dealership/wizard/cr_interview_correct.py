from odoo import api, fields, models
from odoo.exceptions import UserError


class CrInterviewCorrect(models.TransientModel):
    """Say what was really answered; the wrong entry stays, a second one names it."""

    _name = "cr.interview.correct"
    _description = "Correct an answer"

    answer_id = fields.Many2one("cr.interview.answer", required=True)
    question_id = fields.Many2one(related="answer_id.question_id")
    question_type = fields.Selection(related="question_id.question_type")
    part = fields.Selection(related="answer_id.part")
    old_value = fields.Char(related="answer_id.value_text", string="Stands as")
    score = fields.Integer(string="Really", help="1 to 10; 0: could not say.")
    choice_id = fields.Many2one(
        "survey.question.answer",
        string="Really chosen",
        domain="[('question_id', '=', question_id)]",
    )
    text = fields.Text(string="Really said")
    reason = fields.Char(string="Why", required=True)

    @api.onchange("answer_id")
    def _onchange_answer_id(self):
        self.score = self.answer_id.score
        self.choice_id = self.answer_id.choice_id
        self.text = self.answer_id.text

    def action_apply(self):
        """Add the correcting entry and compute the scores of the interview anew."""
        self.ensure_one()
        self._check_allowed()
        # sudo: answers are written by interviews and by this only.
        answer = self.answer_id.sudo()
        answer.interview_id._correct(answer, self._get_value(), self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _get_value(self):
        """Return what was really answered, as the interview reads it."""
        if self.part == "comment" or self.question_type == "text_box":
            return self.text
        is_choice = self.question_type == "simple_choice"
        return self.choice_id.id if is_choice else self.score

    def _check_allowed(self):
        """Let agents correct what they took down today, the head any answer."""
        answer = self.answer_id
        answer.check_access("read")
        today = self.env["cr.callback"]._get_today()
        day = self.env["cr.callback"]._to_local(answer.at).date()
        is_own = answer.user_id == self.env.user and day == today
        if not is_own and not self.env.user.has_group(
            "cr_dealership.group_cr_dealership_head"
        ):
            raise UserError(
                self.env._(
                    "You correct the answers that you took down today; ask the CR head"
                    " for this one."
                )
            )
        if answer.correction_ids:
            raise UserError(
                self.env._("This answer was already corrected; correct the correction.")
            )
