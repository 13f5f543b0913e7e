from odoo import models

from ..const_care import LIVE_CASE_STATES


class CrCallbackCareMixin(models.AbstractModel):
    """What a care call brings to the step and the case that it was made for."""

    _name = "cr.callback.care.mixin"
    _description = "Callback: care"

    # The same step is never called for twice; the rule of events has its own index.
    _care_step_unique = models.UniqueIndex(
        "(origin_id) WHERE origin_model = 'cr.care.task'",
        "This step already has its call.",
    )

    def _get_care_tasks(self):
        """Return {callback: step} of the care calls in `self`."""
        care = self.filtered(lambda call: call.origin_model == "cr.care.task")
        # Raised rights: whoever may see the card may see what it is about.
        tasks = self.env["cr.care.task"].sudo().browse(care.mapped("origin_id"))
        by_id = {task.id: task for task in tasks.exists()}
        return {call: by_id[call.origin_id] for call in care if call.origin_id in by_id}

    def _get_care_cases(self):
        """Return {callback: case} of the care calls, also those made by hand."""
        cases = {call: task.case_id for call, task in self._get_care_tasks().items()}
        direct = self.filtered(lambda call: call.origin_model == "cr.care.case")
        for call in direct:
            # Raised rights: as above.
            case = self.env["cr.care.case"].sudo().browse(call.origin_id).exists()
            if case:
                cases[call] = case
        return cases

    def _apply_attempt(self, attempt, effect=None):
        """Tell steps and cases what the call brought."""
        result = super()._apply_attempt(attempt, effect)
        self._tell_care(attempt)
        return result

    def _tell_care(self, attempt):
        """Note contact and result of a call on the cases it was about."""
        is_reached = attempt.outcome_kind in ("reached", "refused", "appointment")
        day = self._to_local(attempt.at).date()
        cases = {case.id: case for case in self._get_care_cases().values()}
        for case in cases.values():
            case._add_contact(day, is_reached, attempt.agent_id)
        for call, task in self._get_care_tasks().items():
            if call.state not in ("todo", "retry") and task.state == "ready":
                task._finish(call.state == "done", attempt.agent_id)

    def _after_missed(self):
        """Leave out the steps whose call nobody made in time."""
        for task in self._get_care_tasks().values():
            if task.state == "ready":
                task.write({"state": "skipped", "reason": "missed"})

    # === THE CALL === #

    def _get_answers(self):
        """Return {callback id: answers to choose from} of the care calls.

        :return: {id: [{"id", "name", "needs_note", "next_step"}]}
        """
        cases = self._get_care_cases()
        answers = self.env["cr.care.case"].union(*cases.values())._get_answers()
        return {
            call.id: answers[case.id]
            for call, case in cases.items()
            if case.state in LIVE_CASE_STATES
        }

    def _record_answers(self, answers):
        """Keep what the customer said to each care call.

        :param dict answers: {callback id: {"reason_id", "note", "topic_ids"}}
        """
        for call, case in self._get_care_cases().items():
            answer = answers.get(call.id) or answers.get(str(call.id))
            if answer:
                case._add_topics(answer.get("topic_ids") or ())
            if answer and answer.get("reason_id"):
                reason = self.env["cr.care.reason"].browse(answer["reason_id"])
                case._record_answer(reason, answer.get("note"))
