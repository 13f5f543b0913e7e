from odoo import api, fields, models

from ..const_problem import DEPARTMENT_STATES

BATCH = 500


class CrProblemLadderMixin(models.AbstractModel):
    """Late problems climb to the next post; owners who left are replaced (CB-22)."""

    _name = "cr.problem.ladder.mixin"
    _description = "Problem: ladder"

    @api.model
    def _climb(self, now, limit=BATCH):
        """Tell the next post of what is late; one batch, without committing.

        The number of queries does not depend on the number of problems.

        :param datetime now: moment of the run
        :return: how many problems were looked at
        """
        due = self.search(
            [("climb_at", "<=", now)], order="climb_at, id", limit=limit
        ).try_lock_for_update()
        for problem in due:
            problem.is_late = problem.state in DEPARTMENT_STATES
        rungs = self.env["cr.problem.rung"].search([("active", "=", True)])
        moments = due._get_rung_moments(rungs)
        told = {(a.problem_id.id, a.round, a.rung_id.id) for a in due.alert_ids}
        steps = [
            (problem, rung)
            for problem in due
            for rung in rungs
            if moments[problem.id, rung.id] <= now
            and (problem.id, problem._get_round(), rung.id) not in told
        ]
        due._tell_rungs(steps, now)
        for problem in due:
            ahead = [moments[problem.id, rung.id] for rung in rungs]
            problem.climb_at = min((at for at in ahead if at > now), default=False)
        return len(due)

    def _get_rung_moments(self, rungs):
        """Return {(problem id, rung id): moment at which the rung is told}."""
        add = self.env["resource.calendar"]._cr_make_clock()
        return {
            (problem.id, rung.id): add(
                problem.company_id.resource_calendar_id,
                problem.deadline_at,
                rung.after_hours,
            )
            for problem in self
            for rung in rungs
        }

    def _get_round(self):
        """Return which turn of the department this is; each has a ladder of its own."""
        self.ensure_one()
        return self.callback_count + self.dissatisfied_count

    def _tell_rungs(self, steps, now):
        """Give to-dos to whoever holds the posts today, and note that they were told.

        A post that nobody holds is noted too, with nobody's name.

        :param list steps: (problem, rung)
        """
        roles = self.env["cr.role"].union(*(rung.role_id for _problem, rung in steps))
        duty = roles._on_duty_today(self.company_id) if steps else {}
        told = []
        for problem, rung in steps:
            users = duty[rung.role_id.id, problem.company_id.id]
            told += [(problem, rung, user) for user in users or [users]]
        # Raised rights: nobody writes down escalations by hand.
        self.env["cr.problem.alert"].sudo().create(
            [
                {
                    "problem_id": problem.id,
                    "round": problem._get_round(),
                    "rung_id": rung.id,
                    "user_id": user.id,
                    "told_at": now,
                }
                for problem, rung, user in told
            ]
        )
        self._add_readers([(problem, user) for problem, _rung, user in told if user])

    def _add_readers(self, lines):
        """Let people see late problems, and give them their to-dos.

        :param list lines: (problem, user)
        """
        by_user = {}
        for problem, user in lines:
            by_user[user] = by_user.get(user, self.browse()) | problem
        for user, problems in by_user.items():
            problems.write({"told_ids": [fields.Command.link(user.id)]})
        self._give_todos(
            (problem, user, self.env._("Late: %s", problem._get_todo_text()))
            for problem, user in lines
        )

    @api.model
    def _replace_owners(self):
        """Hand problems of people who left to whoever holds the post today.

        :return: how many problems were handed over
        """
        orphans = self.search(
            [
                ("state", "in", DEPARTMENT_STATES),
                "|",
                ("owner_id", "=", False),
                ("owner_id.active", "=", False),
            ]
        )
        owners = orphans._find_owners()
        orphans = orphans.filtered(
            lambda one: owners[one.id] and owners[one.id] != one.owner_id
        )
        for problem in orphans:
            problem.owner_id = owners[problem.id]
        orphans._end_todos()
        self._tell_owners(orphans)
        return len(orphans)

    @api.model
    def _cron_climb(self):
        """Tell the next posts of late problems, a batch per transaction."""
        cron, now = self.env["ir.cron"], fields.Datetime.now()
        self._replace_owners()
        cron._commit_progress(
            remaining=self.search_count([("climb_at", "<=", now)])
        )
        while (done := self._climb(now)) and cron._commit_progress(done):
            continue
