from odoo import api, models

from ..const_interview import SCORE_MAX, SCORE_MIN

_LINE = "_" * 40


class CrInterviewPrintMixin(models.AbstractModel):
    """The paper form of an interview, blank or filled (RPT-18, CB-09)."""

    _name = "cr.interview.print.mixin"
    _description = "Interview: print"

    def _get_print_rows(self):
        """Return the rows of the filled form, one for each question."""
        self.ensure_one()
        valid = self.answer_ids - self.answer_ids.corrects_id
        entries = {(one.question_id.id, one.part): one for one in valid}
        rows = self._get_blank_rows(self.version_id)
        for row in rows:
            answer = entries.get((row["id"], "answer"))
            comment = entries.get((row["id"], "comment"))
            row["answer"] = answer.value_text if answer else "—"
            row["comment"] = comment.text if comment else ""
        return rows

    @api.model
    def _get_blank_rows(self, version):
        """Return the rows of the blank form: every item with its responsible post."""
        questions = version._get_questions()
        steps = dict(questions._fields["cr_step"]._description_selection(self.env))
        return [
            {
                "id": question.id,
                "title": question.title,
                "step": steps.get(question.cr_step, ""),
                "post": question.cr_role_id.name or "",
                "blank": self._get_blank(question),
                "answer": "",
                "comment": "",
            }
            for question in questions
        ]

    @api.model
    def _get_blank(self, question):
        """Return what is ticked or filled in on paper."""
        if question.question_type == "scale":
            return "  ".join(f"□{score}" for score in range(SCORE_MIN, SCORE_MAX + 1))
        if question.question_type == "simple_choice":
            return "  ".join(f"□ {one.value}" for one in question.suggested_answer_ids)
        return _LINE
