import logging

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const_care import ANCHOR_COLUMNS
from ..tools.offsets import step_date
from .cr_care_plan_open_mixin import BATCH

_logger = logging.getLogger(__name__)
# Where a change of dates is noted for the next night.
_PENDING = {
    "cr.vehicle": ("cr_vehicle", "care_pending"),
    "res.partner": ("res_partner", "cr_care_pending"),
    "cr.traffic.violation": ("cr_traffic_violation", "care_pending"),
    "cr.care.damage": ("cr_care_damage", "care_pending"),
}


class CrCarePlanJobMixin(models.AbstractModel):
    """The nightly job that opens cases: day by day, and what changed since."""

    _name = "cr.care.plan.job.mixin"
    _description = "Care plan: nightly job"

    @api.model
    def _cron_open_cases(self):
        """Open the cases of all plans, a batch per transaction."""
        cron = self.env["ir.cron"]
        today = self.env["cr.care.case"]._get_today()
        plans = self.search([("anchor", "in", list(ANCHOR_COLUMNS))])
        versions = plans._get_versions(today)
        for plan in plans.filtered(lambda plan: plan._is_behind(versions, today)):
            if not plan._run_days(versions[plan.id], today):
                return
        for model in _PENDING:
            while count := self._take_pending(model, plans, versions, today):
                if not cron._commit_progress(count, remaining=1):
                    return
        cron._commit_progress(remaining=0)

    def _run_days(self, version, today):
        """Open the cases of one plan; what is wrong with it stops no other plan.

        :return: whether there is time left
        """
        after_id, is_over, time_left = 0, False, True
        while time_left and not is_over:
            day = self._get_next_day(today)
            try:
                with self.env.cr.savepoint():
                    count, after_id, opened = self._open_slice(
                        version, today, after_id, until=day
                    )
            except (ValidationError, errors.Error) as error:
                self._note_error(error)
                opened, is_over = 0, True
            else:
                is_over = count < BATCH and self._end_day(version, today, day)
                after_id = after_id if count == BATCH else 0
            # Something remains until the last plan: without time the job comes again.
            time_left = self.env["ir.cron"]._commit_progress(opened + 1, remaining=1)
        return time_left

    def _is_behind(self, versions, today):
        """Return whether days N came that the plan has not looked at."""
        version = versions.get(self.id)
        return version and self._get_since(today) < self._get_until(version, today)

    def _get_next_day(self, today):
        """Return the first day N that came and was not looked at."""
        return step_date(self._get_since(today), 1)

    def _end_day(self, version, today, day):
        """Note that the cases of a day N are opened; return whether it is the last."""
        self.write({"opened_until": day, "error": False})
        return day >= self._get_until(version, today)

    def _note_error(self, error):
        """Keep why the plan does not run; once mended it looks anew from the start.

        What changed meanwhile is not lost then, and who has his case gets no second.
        """
        self.ensure_one()
        _logger.warning("Care plan %s does not run: %s", self.code, error)
        text = str(error).strip().splitlines()[0][:250]
        self.write({"error": text, "opened_until": False})

    @api.model
    def _take_pending(self, model, plans, versions, today, limit=BATCH):
        """Look at a batch of cars or customers whose dates changed; return how many."""
        table, column = (SQL.identifier(name) for name in _PENDING[model])
        rows = self.env.execute_query(
            SQL(
                """UPDATE %(table)s SET %(column)s = FALSE WHERE id IN (
                       SELECT id FROM %(table)s WHERE %(column)s
                        ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
                   RETURNING id""",
                table=table,
                column=column,
                limit=limit,
            )
        )
        ids = [row[0] for row in rows]
        fitting = plans.filtered(
            lambda plan: plan.anchor_model == model
            and plan.id in versions
            and not plan.error
        )
        for plan in fitting if ids else ():
            try:
                with self.env.cr.savepoint():
                    plan._open_pending(versions[plan.id], today, ids)
            except (ValidationError, errors.Error) as error:
                plan._note_error(error)
        self.env[model].invalidate_model([_PENDING[model][1]])
        return len(ids)
