from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_problem import OPEN_PROBLEM_STATES


class CrCallbackProblemMixin(models.AbstractModel):
    """The second callback: hear what the customer says to the solution (CB-13, CB-14).
    """

    _name = "cr.callback.problem.mixin"
    _description = "Callback: problems"

    problem_id = fields.Many2one(
        "cr.problem", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    problem_round = fields.Integer(
        string="Which second callback", readonly=True, aggregator=None
    )
    raised_ids = fields.One2many(
        "cr.problem", "callback_id", string="Problems found", readonly=True
    )
    is_on_time = fields.Boolean(
        string="First call in time",
        readonly=True,
        copy=False,
        help="The first call was made by its day, whether it reached him or not.",
    )
    problem_text = fields.Char(
        string="About a problem", compute="_compute_problem_text"
    )

    _problem_round_unique = models.UniqueIndex(
        "(problem_id, problem_round) WHERE problem_id IS NOT NULL",
        "This solution already has its call.",
    )

    @api.depends("raised_ids.state", "problem_id.callback_count")
    def _compute_problem_text(self):
        states = self.env["cr.problem"]._fields["state"]
        labels = dict(states._description_selection(self.env))
        for callback in self:
            # Raised rights: that there is a problem is no secret of the department.
            raised = callback.sudo().raised_ids.filtered(
                lambda one: one.state in OPEN_PROBLEM_STATES
            )
            parts = [labels[problem.state] for problem in raised[:1]]
            if callback.problem_id:
                text = self.env._("Second callback no. %s", callback.problem_round)
                parts = [text]
            callback.problem_text = ", ".join(parts)

    # === THE CALL === #

    def _get_answers(self):
        """Return, for second callbacks, what the customer may say to the solution."""
        answers = super()._get_answers()
        for call in self.filtered("problem_id"):
            # Raised rights: who makes the call may know what it is about.
            is_explained = call.problem_id.sudo().is_unchangeable
            answers[call.id] = self.env["cr.problem.verdict"]._get_options(is_explained)
        return answers

    def _record_answers(self, answers):
        """Keep the verdict; who was reached must have given one (CB-14)."""
        result = super()._record_answers(answers)
        for call in self.filtered(lambda one: one.problem_id and one.state == "done"):
            said = answers.get(call.id) or answers.get(str(call.id)) or {}
            verdict = self.env["cr.problem.verdict"].browse(said.get("reason_id") or [])
            if call.last_outcome_id.kind != "reached":
                continue
            if not verdict.exists():
                raise UserError(
                    self.env._(
                        "Choose under “What he decided” whether %(customer)s is"
                        " satisfied with the solution.",
                        customer=call.partner_id.name,
                    )
                )
            # Raised rights: the verdict moves the problem, whoever made the call.
            call.problem_id.sudo()._hear(verdict.is_satisfied, said.get("note"))
        return result

    # === ENDS WITHOUT A VERDICT === #

    def _apply_attempt(self, attempt, effect=None):
        """Close problems whose customer is lost or refuses to talk (KPI-04)."""
        first = self.filtered(lambda call: not call.attempt_count)
        day = self._to_local(attempt.at).date()
        first.filtered(lambda call: day <= call.due_on)._update({"is_on_time": True})
        result = super()._apply_attempt(attempt, effect)
        unheard = self.filtered(
            lambda call: call.state == "lost"
            or call.state == "done"
            and attempt.outcome_kind == "refused"
        )
        # Raised rights: as above.
        unheard.problem_id.sudo()._end_unheard()
        return result

    def _after_missed(self):
        """Call again about problems that nobody called about in time."""
        result = super()._after_missed()
        missed = self.filtered("problem_id")
        blocked = missed.filtered("block_code")
        # Raised rights: as above.
        blocked.problem_id.sudo()._end_unheard()
        (missed - blocked).problem_id.sudo()._call_again()
        return result

    def _close_as(self, state, moment):
        """Give problems back to their department when the call is cancelled."""
        result = super()._close_as(state, moment)
        if state == "cancelled":
            # Raised rights: as above.
            self.problem_id.sudo()._call_fell_out()
        return result

    def _undo_attempt(self):
        """Wait for the customer's answer again when the call was recorded wrongly."""
        result = super()._undo_attempt()
        self.filtered(lambda call: not call.attempt_count)._update(
            {"is_on_time": False}
        )
        calls = self.filtered("problem_id")
        # Raised rights: as above.
        calls.problem_id.sudo()._take_back_verdict(calls)
        return result

    # === FOR THE WORKPLACE === #

    def _get_problem_data(self):
        """Return what the agent tells in a second callback, or False."""
        self.ensure_one()
        # Raised rights: as above.
        problem = self.problem_id.sudo()
        return bool(problem) and {
            "id": problem.id,
            "text": problem.text,
            "solution": problem.solution or "",
            "department": problem.department_id.name,
            "round": self.problem_round,
        }

    def action_take_down(self):
        """Ask what the customer said, and whose it is; during the call (CB-11)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the customer said"),
            "res_model": "cr.callback.note",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_callback_id": self.id},
        }
