from odoo import fields, models
from odoo.exceptions import UserError

from ..const_problem import DEPARTMENT_STATES, OPEN_PROBLEM_STATES


class CrProblemWorkMixin(models.AbstractModel):
    """What the department does: takes over, solves, carries out (CB-12, CB-16, CB-22).
    """

    _name = "cr.problem.work.mixin"
    _description = "Problem: work of the department"

    def action_take(self):
        """Say that the department is at it."""
        self.filtered(lambda one: one.state == "new")._settle(state="working")

    def action_solve(self):
        """Hand the solution to the customer: it opens the second callback (CB-13)."""
        waiting = self.filtered(lambda one: one.state in DEPARTMENT_STATES)
        waiting._check_solution()
        waiting._note_solution()
        waiting._settle(state="calling")
        # Raised rights: the department opens the call, agents make it.
        waiting.sudo()._open_second_call()

    def action_implemented(self):
        """Confirm that what was promised is carried out (CB-16, CB-22)."""
        self.filtered(lambda one: one.solved_at and not one.implemented_on)._settle(
            implemented_on=self.env.company._cr_today()
        )

    def action_withdraw(self):
        """Close what was no problem after all; the reason stands as the solution."""
        open_ones = self.filtered(lambda one: one.state in OPEN_PROBLEM_STATES)
        open_ones._check_solution()
        open_ones._finish("withdrawn")
        # Raised rights: the calls are the agents'.
        open_ones.sudo().callback_ids._cancel()

    def action_reopen(self):
        """Give a closed problem back to its department, with a new deadline."""
        self.filtered(lambda one: one.state == "closed")._back_to_department()

    def action_book_check(self):
        """Book the visit at which the repair is looked at again (CB-23)."""
        self.ensure_one()
        action = self.env["cr.appointment"]._get_new_action(
            self.partner_id, self.vehicle_id
        )
        return {
            **action,
            "context": {
                **action["context"],
                "default_wish": self.text,
                "default_check_problem_id": self.id,
            },
        }

    def action_view_callbacks(self):
        """List the second callbacks, and the call in which it was said."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls about the problem"),
            "res_model": "cr.callback",
            "view_mode": "list,form",
            "domain": [("id", "in", (self.callback_ids | self.callback_id).ids)],
        }

    # === BUSINESS === #

    def _check_solution(self):
        """Raise unless it is written down what became of the problem."""
        for problem in self:
            if not (problem.solution or "").strip():
                raise UserError(
                    self.env._(
                        "“%(problem)s”: write under “Solution or answer” what was done,"
                        " or why nothing can be; the customer is told that.",
                        problem=problem.name,
                    )
                )

    def _note_solution(self):
        """Stop the clock; what was late stays late."""
        now = fields.Datetime.now()
        for problem in self:
            problem._settle(
                solved_at=now,
                solved_by_id=self.env.uid,
                is_late=problem.is_late or problem.deadline_at < now,
                climb_at=False,
                implemented_on=not problem.implement_by
                and problem.company_id._cr_today(),
            )
        self._end_todos()

    def _open_second_call(self):
        """Open the call in which the customer hears the solution (CB-13, CB-14).

        The database allows one for each round, so nothing is called about twice.
        """
        duty = self.env.ref("cr_dealership.cr_role_callback_agent")
        agents = duty._on_duty_today(self.company_id) if self else {}
        values = []
        for problem in self:
            problem.callback_count += 1
            caller = problem.callback_id.agent_id.filtered("active")
            on_duty = agents[duty.id, problem.company_id.id]
            values.append(
                {
                    **problem._prepare_second_call(),
                    "agent_id": (caller or on_duty[:1] or problem.create_uid).id,
                    "role_id": duty.id,
                }
            )
        return self.env["cr.callback"].create(values)

    def _prepare_second_call(self):
        """Return the values of the next call about the problem."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "kind": "followup",
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "order_id": self.order_id.id,
            "problem_id": self.id,
            "problem_round": self.callback_count,
            "note": self.name,
        }

    def _finish(self, result):
        """Close problems with a result."""
        self._settle(
            state="closed",
            result=result,
            closed_at=fields.Datetime.now(),
            climb_at=False,
        )
        self._end_todos()

    def _back_to_department(self):
        """Open problems again for their departments; their clocks begin anew."""
        self._settle(state="new", result=False, closed_at=False, solved_at=False)
        # Raised rights: the roster says who owns it now.
        self.sudo()._give_to_owner()
