from odoo import models

from ..const_problem import DEPARTMENT_STATES


class CrProblemVerdictMixin(models.AbstractModel):
    """What the customer says to the solution, and what follows (CB-14, CB-15)."""

    _name = "cr.problem.verdict.mixin"
    _description = "Problem: the customer's verdict"

    def action_satisfied(self):
        """The customer said so himself, outside of a call."""
        self._hear(True)
        # Raised rights: the calls are the agents'.
        self.sudo().callback_ids._cancel()

    def action_dissatisfied(self):
        """The customer said so himself, outside of a call."""
        self._hear(False)
        # Raised rights: the calls are the agents'.
        self.sudo().callback_ids._cancel()

    def _hear(self, is_satisfied, words=None):
        """Close what is solved; give back to the department what is not.

        :param bool is_satisfied: satisfied, or the explanation is accepted
        :param str words: what the customer said
        """
        for problem in self:
            if words:
                problem._message_log(body=words)
        explained = self.filtered("is_unchangeable")
        if is_satisfied:
            explained._finish("accepted")
            (self - explained)._finish("satisfied")
            return
        for problem in self:
            problem._settle(dissatisfied_count=problem.dissatisfied_count + 1)
        # What cannot be changed does not change by asking the department again.
        explained._finish("not_accepted")
        (self - explained)._back_to_department()

    def _end_unheard(self):
        """Close what the customer cannot or will not answer to; a lost contact goes on.
        """
        self.filtered(lambda one: one.state == "calling")._finish("unheard")

    def _call_again(self):
        """Nobody called in time: the next call is opened, so nothing is forgotten."""
        self.filtered(lambda one: one.state == "calling")._open_second_call()

    def _call_fell_out(self):
        """A call was cancelled: the department's list shows the problem again."""
        waiting = self.filtered(lambda one: one.state == "calling")
        waiting._back_to_department()

    def _take_back_verdict(self, callbacks):
        """A call was recorded wrongly: wait for the customer's answer again.

        :param callbacks: the calls that are open again
        """
        for call in callbacks:
            problem = call.problem_id
            is_last = problem.callback_count == call.problem_round
            if is_last and problem.state in ("closed", *DEPARTMENT_STATES):
                problem._settle(
                    state="calling", result=False, closed_at=False, climb_at=False
                )
                problem._end_todos()
