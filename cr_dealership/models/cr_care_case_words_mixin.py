from odoo import api, fields, models

from ..const_care import LIVE_CASE_STATES, WAITING_TASK_STATES


class CrCareCaseWordsMixin(models.AbstractModel):
    """What a case says in words: why it is due, when, and what comes next."""

    _name = "cr.care.case.words.mixin"
    _description = "Care case: words"

    @api.depends("subject", "anchor_on", "vehicle_id.due_on")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for case in self:
            case.reason_text = case._describe()

    def _describe(self):
        """Return why the case is due, in a sentence."""
        self.ensure_one()
        describers = self.vehicle_id._get_due_describers() if self.vehicle_id else {}
        if describe := describers.get(self.subject):
            return describe()
        words = {
            "recruiting": self.env._("No visit since %(since)s"),
            "recall": self.env._("No visit since %(since)s"),
            "birthday": self.env._("Birthday on %(date)s"),
            "licence": self.env._("Driving licence to be checked by %(date)s"),
        }
        since = self.vehicle_id.last_visit_on
        return words.get(self.subject, "%(plan)s, %(date)s") % {
            "plan": self.plan_id.name,
            "date": fields.Date.to_string(self.anchor_on),
            "since": fields.Date.to_string(since) if since else "",
        }

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
