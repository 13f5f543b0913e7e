from odoo import api, models

from ..tools.periods import span_before


class CrFigureSnapshotMixin(models.AbstractModel):
    """Freezes the figures of weeks and months that are over (KPI-03)."""

    _name = "cr.figure.snapshot.mixin"
    _description = "Figure: freezing"

    @api.model
    def _freeze(self, store, period, today):
        """Freeze what is not frozen yet of the last week or month of a store.

        Running it again adds nothing; the database allows each value once.

        :param str period: "week" or "month"
        :param date today: today by the store's clock
        :return: the `cr.figure.value` of the span, old and new ones
        """
        start, end = span_before(period, today)
        values = self.env["cr.figure.value"]
        domain = [
            ("company_id", "=", store.id),
            ("period", "=", period),
            ("date_from", "=", start),
        ]
        known = values.search(domain)
        seen = {(value.figure_id.id, value.department_id.id) for value in known}
        new = [
            self._prepare_value(figure, store, department, (period, start, end))
            for figure in self.search([("active", "=", True)])
            for department in figure._get_freezable(store)
            if (figure.id, department.id) not in seen
        ]
        return known | values.create(new)

    def _get_freezable(self, store):
        """Return what the figure is frozen for: the store and its departments."""
        departments = self.env["hr.department"]
        if not self._has_department():
            return [departments]
        by_lane = departments._cr_get_by_lane(store)
        return [departments, *by_lane.values()]

    @api.model
    def _prepare_value(self, figure, store, department, span):
        """Return the values of a frozen figure.

        :param tuple span: (period, first day, last day)
        """
        period, start, end = span
        numerator, denominator = figure._count(store, start, end, department)[figure.id]
        value = figure._get_value(numerator, denominator)
        target = figure._get_target(store, department, end)
        if denominator == 0:
            # A rate of nothing misses no target.
            target = target.browse()
        return {
            "figure_id": figure.id,
            "company_id": store.id,
            "department_id": department.id,
            "period": period,
            "date_from": start,
            "date_to": end,
            "numerator": numerator,
            "denominator": denominator or 0,
            "value": value,
            "target": target.value,
            "has_target": bool(target),
            "is_reached": bool(target) and figure._is_better(value, target.value),
        }

    @api.model
    def _cron_freeze(self):
        """Freeze last week and last month of every store, send reports, look back."""
        stores = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(stores))
        for store in stores:
            today = store._cr_today()
            for period in ("week", "month"):
                self._freeze(store, period, today)
                self.env["cr.figure.report"]._issue(store, period, today)
            self.env["cr.improvement"]._look_back(store, today)
            if not self.env["ir.cron"]._commit_progress(1):
                return
