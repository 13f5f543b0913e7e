from odoo import fields, models
from odoo.exceptions import UserError

from ..const_interview import OPEN_INTERVIEW_STATES, SCORE_MAX, SCORE_MIN

_SCORES = range(SCORE_MIN, SCORE_MAX + 1)


class CrCallInterviewMixin(models.AbstractModel):
    """Questions beside the script, answered while the agent talks (CB-08)."""

    _name = "cr.call.interview.mixin"
    _description = "Conversation: interview"

    # === WHAT IS SHOWN === #

    def _get_interviews(self, callbacks):
        """Return {callback id: its interview, see `_describe_interview`}.

        The number of queries does not depend on the number of callbacks.
        """
        asked = callbacks.script_version_id.script_id.questionnaire_id
        if not asked:
            return {}
        in_force = asked._get_versions_in_force(callbacks._get_today())
        # sudo: what was answered so far, whoever asked.
        none = self.env["cr.interview"].sudo()
        found = none.search([("callback_id", "in", callbacks.ids)])
        by_callback = found.grouped("callback_id")
        interviews = {}
        for callback in callbacks:
            interview = by_callback.get(callback, none)
            questionnaire = callback.script_version_id.script_id.questionnaire_id
            # The version it ran under, else the one in force.
            version = interview.version_id or in_force.get(questionnaire)
            if version:
                interviews[callback.id] = self._describe_interview(interview, version)
        return interviews

    def _describe_interview(self, interview, version):
        """Return one interview as the call screen draws it.

        :return: {"name", "is_open", "labels", "questions": those of
            `cr.questionnaire.version._describe_questions` with "value" and "comment"}
        """
        valid = interview.answer_ids - interview.answer_ids.corrects_id
        entries = {(one.question_id.id, one.part): one for one in valid}
        labels = self.env["cr.score.label"]._get_labels()
        return {
            "name": version.sudo().questionnaire_id.name,
            "is_open": not interview or interview.state in OPEN_INTERVIEW_STATES,
            "labels": {str(score): labels.get(score, "") for score in _SCORES},
            "questions": [
                {
                    **question,
                    "value": self._get_plain(
                        question, entries.get((question["id"], "answer"))
                    ),
                    "comment": self._get_words(
                        entries.get((question["id"], "comment"))
                    ),
                }
                for question in version.sudo()._describe_questions()
            ],
        }

    @staticmethod
    def _get_plain(question, answer):
        """Return a valid answer as the screen keeps it, False if there is none."""
        if not answer:
            return False
        if question["type"] == "scale":
            return str(answer.score)
        return answer.choice_id.id or answer.text or ""

    @staticmethod
    def _get_words(comment):
        """Return the words beside an answer."""
        return comment.text if comment else ""

    # === WHAT IS DONE === #

    def save_answer(self, callback_id, question_id, value, part="answer"):
        """Save one answer of the call at once; nothing is lost when the page closes.

        :param callback_id: one of the conversation's callbacks
        :param question_id: a question of its questionnaire
        :param value: score as digits, id of the choice, or text
        :param part: "answer", or "comment" for the words beside it
        :return: {"is_low": the agent asks why}
        """
        session = self._check_mine()
        callback = self.callback_ids.filtered(lambda one: one.id == callback_id)
        version = self._find_version(callback, question_id)
        interview = self.env["cr.interview"]._open_for(callback, version)
        entry = interview._save(
            question_id, value, part, channel="phone", user=self.env.user
        )
        session.last_active_at = fields.Datetime.now()
        return {"is_low": entry.is_low}

    def _find_version(self, callback, question_id):
        """Return the version that the agent sees: that of the question.

        A version put in force during the call does not change what is being asked.
        """
        # sudo: which questionnaire a question belongs to is no secret.
        question = self.env["survey.question"].sudo().browse(question_id).exists()
        version = question.survey_id.cr_version_ids
        asked = callback.script_version_id.script_id.questionnaire_id
        if not version or version.questionnaire_id != asked or version.state == "draft":
            raise UserError(
                self.env._(
                    "This question does not belong to the call with %(customer)s; load"
                    " the page again.",
                    customer=self.partner_id.name,
                )
            )
        return version.sudo(False)
