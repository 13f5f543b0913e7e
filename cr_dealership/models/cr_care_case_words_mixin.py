from odoo import api, fields, models

from ..const_care import ANCHOR_COLUMNS, LIVE_CASE_STATES, WAITING_TASK_STATES


class CrCareCaseWordsMixin(models.AbstractModel):
    """What a case says in words: why it is due, when, and what comes next."""

    _name = "cr.care.case.words.mixin"
    _description = "Care case: words"

    @api.depends("subject", "anchor_on", "state", "vehicle_id.due_on")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for case in self:
            case.reason_text = case._describe()

    def _describe(self):
        """Return why the case is due, in a sentence."""
        self.ensure_one()
        if self._is_day_of_car():
            return self.vehicle_id._get_due_describers()[self.subject]()
        since = self.vehicle_id.last_visit_on
        words = {
            "birthday": self.env._("Birthday on %(date)s"),
            "licence": self.env._("Driving licence to be checked by %(date)s"),
        }
        if since and since <= self.anchor_on and self.state in LIVE_CASE_STATES:
            away = self.env._("No visit since %(since)s")
            words |= {"recruiting": away, "recall": away}
        return words.get(self.subject, "%(plan)s, %(date)s") % {
            "plan": self.plan_id.name,
            "date": fields.Date.to_string(self.anchor_on),
            "since": fields.Date.to_string(since) if since else "",
        }

    def _is_day_of_car(self):
        """Return whether the car is still due on the day of the case.

        After the visit it is due another day, or not at all: it could not say why.
        """
        self.ensure_one()
        model, column = ANCHOR_COLUMNS.get(self.subject, (None, None))
        return (
            self.subject in self.vehicle_id._get_due_describers()
            and model == "cr.vehicle"
            and self.vehicle_id[column] == self.anchor_on
        )

    @api.depends("anchor_on", "state")
    @api.depends_context("lang")
    def _compute_due_text(self):
        today = self._get_today()
        for case in self:
            day = self.env["cr.callback"]._format_day(case.anchor_on)
            days = (case.anchor_on - today).days
            if case.state not in LIVE_CASE_STATES:
                case.due_text = day
            elif days >= 0:
                case.due_text = self.env._(
                    "%(day)s (%(days)s days left)", day=day, days=days
                )
            else:
                case.due_text = self.env._(
                    "%(day)s (%(days)s days late)", day=day, days=-days
                )

    @api.depends("task_ids.state", "task_ids.next_on")
    @api.depends_context("lang")
    def _compute_next_task(self):
        tasks = self.env["cr.care.task"].search(
            [
                ("case_id", "in", self.ids),
                ("state", "in", (*WAITING_TASK_STATES, "ready")),
            ],
            order="next_on, id",
        )
        by_case = {}
        for task in tasks:
            by_case.setdefault(task.case_id.id, task)
        for case in self:
            task = by_case.get(case.id, tasks.browse())
            case.next_task_id, case.next_on = task, task.next_on
            case.next_text = task._get_text() if task else case._get_rest_text()

    def _get_rest_text(self):
        """Return why no step comes any more."""
        self.ensure_one()
        if self.is_holdout:
            return self.env._("Set aside by lot: nobody contacts him")
        if self.state in LIVE_CASE_STATES:
            return self.env._("All steps are done; waits until it expires")
        return ""
