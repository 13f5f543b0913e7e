from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_figure import OPEN_IMPROVEMENT_STATES
from ..tools.periods import span_before

# How many questions "why" lead to the true cause (IMP-04).
_WHYS = 5


class CrImprovementCycleMixin(models.AbstractModel):
    """Plan, do, check, act, and back if it did not help (IMP-07, IMP-08)."""

    _name = "cr.improvement.cycle.mixin"
    _description = "Improvement: cycle"

    # === BEGINNING === #

    @api.model
    def _get_last_month(self, store):
        """Return first and last day of the month that is over."""
        return span_before("month", store._cr_today())

    def _begin(self):
        """Add the steps of the template and the whys; measure what is before."""
        templates = self.env["cr.improvement.template"].search([("active", "=", True)])
        for improvement in self:
            if not improvement.step_ids:
                improvement.step_ids = [
                    fields.Command.create(template._prepare_step(improvement.user_id))
                    for template in templates
                ]
            if not improvement.why_ids:
                improvement.why_ids = [
                    fields.Command.create({"number": number})
                    for number in range(1, _WHYS + 1)
                ]
            improvement.before_value = improvement._measure(
                improvement.before_from, improvement.before_to
            )

    def _measure(self, start, end):
        """Return the value of the project's figure for a span of days."""
        return self.figure_id._get_value(*self._count(start, end))

    def _count(self, start, end):
        """Return what the project's figure is worked out from, see `cr.figure`."""
        self.ensure_one()
        figure = self.figure_id
        return figure._count(self.company_id, start, end, self.department_id)[figure.id]

    def _fell_back(self, start, end):
        """Return the value of a span if it is behind the goal, else None."""
        figure, counted = self.figure_id, self._count(start, end)
        value = figure._get_value(*counted)
        # Nothing to count from is no step back.
        is_kept = counted[1] == 0 or figure._is_better(value, self.target_value)
        return None if is_kept else value

    # === BUTTONS === #

    def action_do(self):
        """Begin to carry out: goal, cause and measures must stand (IMP-03 … 05)."""
        for improvement in self.filtered(lambda one: one.state == "plan"):
            improvement._check_planned()
            improvement._settle(state="do")
            improvement._give_todos(
                (improvement, action.user_id, improvement._get_action_text(action))
                for action in improvement.action_ids
                if action.user_id and not action.done_on
            )

    def action_check(self):
        """Measure again when all measures are carried out (IMP-07)."""
        for improvement in self.filtered(lambda one: one.state == "do"):
            waiting = improvement.action_ids.filtered(lambda line: not line.done_on)
            if waiting:
                raise UserError(
                    self.env._(
                        "“%(measure)s” is not carried out yet; note the day when it"
                        " is, or take it out.",
                        measure=waiting[0].name,
                    )
                )
            improvement._end_todos()
            improvement._settle(state="check")
        self.action_measure()

    def action_measure(self):
        """Count the figure anew, for as many days as before, until yesterday."""
        for improvement in self.filtered(lambda one: one.state == "check"):
            start, end = improvement._get_after_span()
            # Raised rights: figures are counted over all records.
            value = improvement.sudo()._measure(start, end)
            improvement._settle(after_from=start, after_to=end, after_value=value)

    def action_improved(self):
        """The goal is reached: on to the standard."""
        for improvement in self.filtered(lambda one: one.state == "check"):
            if not improvement._is_reached():
                raise UserError(
                    self.env._(
                        "%(improvement)s: the goal is %(goal)s, measured were"
                        " %(value)s; send it back to find the true cause.",
                        improvement=improvement.name,
                        goal=improvement.target_value,
                        value=improvement.after_value,
                    )
                )
            improvement._settle(state="act")

    def action_send_back(self):
        """It did not help: look for the cause again; the loop is counted (IMP-07)."""
        for improvement in self.filtered(lambda one: one.state in ("do", "check")):
            improvement._settle(state="plan", loop_count=improvement.loop_count + 1)

    def action_standardise(self):
        """Make it the standard, and open the project of the next goal (IMP-08)."""
        for improvement in self.filtered(lambda one: one.state == "act"):
            for name in ("standard", "summary"):
                if not (improvement[name] or "").strip():
                    raise UserError(
                        self.env._(
                            "%(improvement)s: fill in “%(field)s” first, so that"
                            " everybody works by it.",
                            improvement=improvement.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )
            improvement._settle(
                state="done", standardised_on=improvement.company_id._cr_today()
            )
            if improvement.next_goal and not improvement.next_ids:
                improvement._open_next()

    def action_give_up(self):
        """End a project that is not gone on with."""
        self.filtered(lambda one: one.state in OPEN_IMPROVEMENT_STATES)._settle(
            state="cancelled"
        )
        self._end_todos()

    def action_view_records(self):
        """Open the records that were counted before."""
        self.ensure_one()
        return self.figure_id._get_counted_action(
            self.company_id, self.before_from, self.before_to, self.department_id
        )

    # === BUSINESS === #

    def _check_planned(self):
        """Raise unless goal, cause and measures are written down."""
        self.ensure_one()
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("target_date", "is_controllable", "is_timely")
            if not self[name]
        ]
        if not self.why_ids.filtered("answer"):
            missing.append(self._fields["why_ids"]._description_string(self.env))
        if not self.action_ids:
            missing.append(self._fields["action_ids"]._description_string(self.env))
        if missing:
            raise UserError(
                self.env._(
                    "%(improvement)s: %(missing)s first; without a goal and the true"
                    " cause nothing can be measured.",
                    improvement=self.name,
                    missing=", ".join(missing),
                )
            )

    def _get_after_span(self):
        """Return (first, last) day measured after: as many as before."""
        self.ensure_one()
        end = fields.Date.subtract(self.company_id._cr_today(), days=1)
        return end - (self.before_to - self.before_from), end

    def _is_reached(self):
        self.ensure_one()
        return self.figure_id._is_better(self.after_value, self.target_value)

    def _get_action_text(self, action):
        """Return what is to be done by when, for a to-do."""
        return self.env._(
            "%(measure)s, by %(day)s (%(improvement)s)",
            measure=action.name,
            day=fields.Date.to_string(action.until) or "–",
            improvement=self.name,
        )

    def _open_next(self):
        """Open the project of the next goal; once."""
        self.ensure_one()
        following = self.copy(
            {
                "source": "next",
                "before_from": self.after_from,
                "before_to": self.after_to,
                "target_value": self.next_goal,
                "target_date": self.next_date,
            }
        )
        following._settle(previous_id=self.id)
        return following

    # === LOOKING BACK === #

    @api.model
    def _look_back(self, store, today):
        """Open standardised projects again whose figure fell back last month (IMP-16).

        :param date today: today by the store's clock
        :return: the projects that were opened again
        """
        start, end = span_before("month", today)
        done = self.search(
            [
                ("company_id", "=", store.id),
                ("state", "=", "done"),
                ("standardised_on", "<=", start),
            ]
        )
        fallen = self.browse()
        for improvement in done:
            value = improvement._fell_back(start, end)
            if value is None:
                continue
            improvement._settle(
                state="plan",
                after_from=start,
                after_to=end,
                after_value=value,
                reopened_count=improvement.reopened_count + 1,
            )
            fallen |= improvement
        self._give_todos(
            (one, one.user_id, self.env._("The figure fell back: %s", one.name))
            for one in fallen
        )
        return fallen
