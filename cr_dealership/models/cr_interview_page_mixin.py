from odoo import models
from odoo.exceptions import UserError

from ..const_interview import SCORE_MAX, SCORE_MIN, TEXT_MAX
from ..tools.interview import clean_text


class CrInterviewPageMixin(models.AbstractModel):
    """The questions of an interview one a screen: on a telephone or during a visit.

    The host is the interview with raised rights; the page knows nothing else.
    """

    _name = "cr.interview.page.mixin"
    _description = "Interview: page"

    def _get_lang(self):
        """Return the language of the page: the customer's, else the store's."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id._cr_get_message_lang()

    # === WHAT IS SHOWN === #

    def _get_page(self, params):
        """Return the values of the page.

        :param dict params: what the address asks for: q (number of the question), why
        """
        values = {"token": self.token, "store": self.company_id, "interview": self}
        if self.state == "done":
            return {**values, "step": "thanks"}
        questions = self.version_id._get_questions()
        number = self._get_number(params.get("q"), questions)
        if number > len(questions):
            return {**values, "step": "end", **self._get_place(number, questions)}
        question = questions[number - 1]
        return {
            **values,
            "step": "why" if params.get("why") else "question",
            "question": question,
            "valid": self._get_valid(question, "answer"),
            "comment": self._get_valid(question, "comment").text or "",
            "scores": range(SCORE_MIN, SCORE_MAX + 1),
            "labels": self.env["cr.score.label"]._get_labels(),
            "most": TEXT_MAX,
            **self._get_place(number, questions),
        }

    def _get_number(self, wanted, questions):
        """Return the number of the question to show: as asked for, else the first
        without an answer."""
        text = str(wanted or "")
        if text.isascii() and text.isdigit() and 0 < int(text) <= len(questions) + 1:
            return int(text)
        answered = self._get_answered()
        for number, question in enumerate(questions, 1):
            if question not in answered:
                return number
        return len(questions) + 1

    def _get_answered(self):
        """Return the questions that have an answer."""
        answers = self.answer_ids.filtered(lambda entry: entry.part == "answer")
        return answers.question_id

    def _get_place(self, number, questions):
        """Return how far the customer is, in numbers and in words."""
        total = len(questions)
        return {
            "number": number,
            "total": total,
            "progress": self.env._(
                "Question %(number)s of %(total)s", number=number, total=total
            ),
            "summary": self.env._(
                "You answered %(count)s of %(total)s questions. You can still go back"
                " and change something.",
                count=len(self._get_answered()),
                total=total,
            ),
        }

    # === WHAT IS DONE === #

    def _submit(self, form, channel, user=None):
        """Save what was pressed, and return what to show next.

        :param dict form: q (number), action, value, comment
        :param channel: by which channel the page is used
        :param user: who leads the interview, empty for the customer himself
        :return: the parameters of the next page
        :raise UserError: in words for the customer, when it cannot be saved
        """
        self.ensure_one()
        if self.state == "done":
            return {}
        if form.get("action") == "end":
            return self._end_page()
        questions = self.version_id._get_questions()
        number = self._get_number(form.get("q"), questions)
        if number > len(questions):
            return {"q": number}
        question = questions[number - 1]
        if form.get("action") == "comment":
            self._save(question.id, form.get("comment"), "comment", channel, user)
            return {"q": number + 1}
        return self._submit_answer(question, number, form, channel, user)

    def _submit_answer(self, question, number, form, channel, user):
        """Save an answer; ask why when it is low, go on otherwise."""
        value = form.get("value")
        if question.question_type == "text_box" and not clean_text(value):
            return {"q": number + 1}
        if form.get("action") == "skip":
            return self._skip(question, number, channel, user)
        entry = self._save(question.id, value, "answer", channel, user)
        if entry.is_low:
            return {"q": number, "why": 1}
        return {"q": number + 1}

    def _skip(self, question, number, channel, user):
        """Leave a question out: a score says that he cannot say."""
        if question.question_type == "scale":
            self._save(question.id, 0, "answer", channel, user)
        return {"q": number + 1}

    def _end_page(self):
        """Complete the interview; something must have been answered."""
        if not self.answer_ids:
            raise UserError(self.env._("Please answer at least one question first."))
        self._check_open()
        self._finish_by_link()
        return {}
