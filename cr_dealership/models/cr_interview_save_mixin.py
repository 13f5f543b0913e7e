from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ..const_interview import OPEN_INTERVIEW_STATES, TEXT_MAX
from ..tools.interview import clean_text, read_score

# So often an interview may be answered anew, question by question.
_ENTRIES_A_QUESTION = 12


class CrInterviewSaveMixin(models.AbstractModel):
    """Saving answers at once, each as an entry of its own (CB-08, SUR-05)."""

    _name = "cr.interview.save.mixin"
    _description = "Interview: saving answers"

    def _save(self, question_id, value, part="answer", channel=None, user=None):
        """Save one answer of an interview that runs; repeating it changes nothing.

        A different answer is a new entry that names the one it corrects.

        :param question_id: id of a question of the interview's version
        :param value: score ("0" for cannot say), id of the choice, or text
        :param part: "answer", or "comment" for the words beside it
        :param channel: by which channel it came, that of the interview by default
        :param user: who took it down, empty for the customer himself
        :return: the valid entry
        """
        self.ensure_one()
        self._check_open()
        question = self._get_question(question_id)
        values = self._read_value(question, value, part)
        valid = self._get_valid(question, part)
        if valid and all(self._is_same(valid, *item) for item in values.items()):
            return valid
        self._check_number(question)
        entry = self._add_entry(
            {
                **values,
                "question_id": question.id,
                "part": part,
                "channel": channel or self.channel,
                "user_id": user and user.id,
                "corrects_id": valid.id,
                "reason": bool(valid) and self.env._("Answered anew while being asked"),
            }
        )
        self._note_begun(channel, user)
        return entry

    def _correct(self, answer, value, reason):
        """Add an entry to a closed or open interview that names a wrong one.

        :param answer: the valid entry that stands wrong
        :param value: what was really answered, see `_save`
        :param reason: why, in words
        :return: the correction
        """
        self.ensure_one()
        question = answer.question_id
        entry = self._add_entry(
            {
                **self._read_value(question, value, answer.part),
                "question_id": question.id,
                "part": answer.part,
                "channel": answer.channel,
                "user_id": self.env.uid,
                "corrects_id": answer.id,
                "reason": reason,
            }
        )
        self.env["cr.index.version"]._store_scores(self)
        return entry

    def _add_entry(self, values):
        """Write an entry and what follows from it."""
        entry = self.env["cr.interview.answer"].create(
            {**values, "interview_id": self.id, "at": fields.Datetime.now()}
        )
        self._count_entry(entry)
        self._follow_entry(entry)
        return entry

    # === CHECKS === #

    def _check_open(self):
        """Raise, in words, when the interview takes no answers any more."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Another answer is just being saved; try again in a moment.")
            ) from error
        if self.state not in OPEN_INTERVIEW_STATES:
            raise UserError(self._describe_closed())

    def _get_question(self, question_id):
        """Return a question of the version under which the interview runs."""
        questions = self.version_id._get_questions()
        question = questions.filtered(lambda one: one.id == question_id)
        if not question:
            raise UserError(
                self.env._(
                    "This question is not part of %(version)s, under which the"
                    " interview runs; load the page again.",
                    version=self.version_id.display_name,
                )
            )
        return question

    def _check_number(self, question):
        """Refuse to fill the ledger by answering without end."""
        entries = self.answer_ids.filtered(lambda entry: entry.question_id == question)
        if len(entries) >= 2 * _ENTRIES_A_QUESTION:
            raise UserError(
                self.env._(
                    "“%(question)s” was answered very often already; leave it as it"
                    " is.",
                    question=question.title,
                )
            )

    # === READING === #

    def _read_value(self, question, value, part):
        """Return {field: value} of what was answered.

        :raise UserError: the value does not answer this question
        """
        if part == "comment" or question.question_type == "text_box":
            return {"text": self._read_text(question, value)}
        if question.question_type == "simple_choice":
            choices = question.suggested_answer_ids
            choice = choices.filtered(lambda one: str(one.id) == str(value))
            if choice:
                return {"choice_id": choice.id}
        elif (score := read_score(value)) is not None:
            return {"score": score, "is_scored": score > 0}
        raise UserError(
            self.env._(
                "“%(question)s” is answered by one of the answers shown.",
                question=question.title,
            )
        )

    def _read_text(self, question, value):
        """Return a text that is not too long to be read by anybody."""
        text = clean_text(value)
        if len(text) > TEXT_MAX:
            raise UserError(
                self.env._(
                    "The answer to “%(question)s” has %(count)s characters; shorten it"
                    " to %(most)s, please.",
                    question=question.title,
                    count=len(text),
                    most=TEXT_MAX,
                )
            )
        return text

    def _get_valid(self, question, part):
        """Return the entry that holds for a question, or an empty one."""
        entries = self.answer_ids.filtered(
            lambda entry: entry.question_id == question and entry.part == part
        )
        return entries - entries.corrects_id

    @staticmethod
    def _is_same(entry, name, value):
        """Say whether an entry has this value already."""
        held = entry[name]
        return (held.id if name.endswith("_id") else held or "") == (value or "")

    # === WHAT FOLLOWS === #

    def _note_begun(self, channel, user):
        """Note who asks since when, by which channel."""
        if self.state != "started":
            self.write({"state": "started", "started_at": fields.Datetime.now()})
        if channel and self.channel != channel:
            self.channel = channel
        if user and self.agent_id != user:
            self.agent_id = user

    def _count_entry(self, entry):
        """Count low scores, changes and raised scores."""
        valid = self.answer_ids - self.answer_ids.corrects_id
        self.low_count = len(valid.filtered("is_low"))
        if not entry.corrects_id:
            return
        self.change_count += 1
        if entry.corrects_id.is_scored and entry.score > entry.corrects_id.score:
            self.raise_count += 1

    def _follow_entry(self, entry):
        """Let a low answer or a grievance become a problem."""
        answer = entry
        if entry.part == "comment":
            answer = self._get_valid(entry.question_id, "answer")
        if answer._is_problem():
            words = self._get_valid(entry.question_id, "comment").text
            self._raise_problems(answer, words or answer.text or "")

    def _raise_problems(self, answer, text):
        """Tell the problems of the departments what the customer is unhappy with.

        One problem for a question, however often its answer is corrected; called again
        with the words when they are known after the score.

        :return: the problem
        """
        question = answer.question_id
        steps = dict(question._fields["cr_step"]._description_selection(self.env))
        line = {
            "callback": self.callback_id,
            "answer": answer,
            "department": self.department_id,
            "step": steps.get(question.cr_step, ""),
            "text": text,
            "post": question.cr_role_id,
            "key": f"{self._name},{self.id},{question.id}",
            "values": {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "vehicle_id": self.vehicle_id.id,
                "order_id": self.order_id.id,
            },
        }
        problem = self.env["cr.problem"]._open_from_answers([line])
        problem._add_words(text)
        return problem
