import ast
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const_figure import FIGURE_DIRECTIONS, FIGURE_UNITS
from ..const_problem import KIND_LANE
from ..tools.periods import span_before


class CrFigure(models.Model):
    """A figure is one definition: what is counted, over what, for which day (KPI-03).

    Its value for a store, department and span of days is counted from records by two
    domains; every value opens exactly those records.
    """

    _name = "cr.figure"
    _description = "Figure"
    _inherit = ["cr.figure.snapshot.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    formula = fields.Text(
        required=True, translate=True, help="The definition in words."
    )
    unit = fields.Selection(FIGURE_UNITS, required=True, default="count")
    direction = fields.Selection(FIGURE_DIRECTIONS, required=True, default="up")
    role_id = fields.Many2one("cr.role", string="Post that owns it")
    weight = fields.Float(
        default=1, aggregator=None, help="Counts so much in the score of a department."
    )
    model = fields.Char(string="Counted records", required=True)
    numerator_domain = fields.Char(string="What counts", required=True, default="[]")
    denominator_domain = fields.Char(
        string="Out of", help="Empty: the figure is a number, not a rate."
    )
    measure_field = fields.Char(
        string="Average of",
        help="The figure is the mean of this column of the records that count.",
    )
    date_field = fields.Char(
        string="Day", help="Empty: what stands at the moment, whatever the days."
    )
    company_field = fields.Char(string="Store", required=True, default="company_id")
    department_field = fields.Char(string="Department")
    kind_field = fields.Char(
        string="Kind of call", help="Tells the department where none is noted."
    )
    target_ids = fields.One2many("cr.figure.target", "figure_id", string="Targets")
    this_text = fields.Char(string="This month", compute="_compute_month_texts")
    last_text = fields.Char(string="Last month", compute="_compute_month_texts")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a figure with this code."
    )

    # === COMPUTE === #

    @api.depends_context("company")
    def _compute_month_texts(self):
        store, today = self.env.company, self.env.company._cr_today()
        last = span_before("month", today)
        now = self._count(store, today.replace(day=1), today)
        before = self._count(store, *last)
        for figure in self:
            figure.this_text = figure._get_text(*now[figure.id])
            # What stands at the moment did not stand so a month ago.
            last_text = figure._get_text(*before[figure.id])
            figure.last_text = last_text if figure.date_field else "–"

    @api.constrains(
        "model",
        "numerator_domain",
        "denominator_domain",
        "date_field",
        "measure_field",
    )
    def _check_definition(self):
        for figure in self:
            try:
                figure._check_readable()
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(figure)s” cannot be counted: check model, fields and"
                        " domains. (%(reason)s)",
                        figure=figure.name,
                        reason=error,
                    )
                ) from error

    def _check_readable(self):
        """Raise unless the definition names what exists."""
        records = self.env[self.model]
        for name in (self.date_field, self.company_field, self.measure_field):
            if name and name not in records._fields:
                raise KeyError(name)
        for path in filter(None, (self.department_field, self.kind_field)):
            Domain(path, "!=", False).validate(records)
        for domain in (self.numerator_domain, self.denominator_domain):
            Domain(ast.literal_eval(domain or "[]")).validate(records)

    # === COUNTING === #

    def _count(self, store, start, end, department=None):
        """Return {figure id: (numerator, denominator or None)} of a span of days.

        Of a mean the numerator is the sum, and the denominator the number of records.

        :param store: `res.company`
        :param date start: first day
        :param date end: last day, included
        :param department: `hr.department`; empty: the whole store
        """
        counts = {}
        for figure in self:
            records = self.env[figure.model]
            counted, out_of = figure._get_domains(store, start, end, department)
            if figure.measure_field:
                sums = [f"{figure.measure_field}:sum", "__count"]
                [(total, number)] = records._read_group(counted, [], sums)
                counts[figure.id] = (total or 0.0, number)
                continue
            counts[figure.id] = (
                records.search_count(counted),
                None if out_of is None else records.search_count(out_of),
            )
        return counts

    def _get_domains(self, store, start, end, department=None):
        """Return (domain of what counts, domain of what it is out of or None)."""
        self.ensure_one()
        base = Domain(self.company_field, "=", store.id)
        if self.date_field and start:
            base &= self._get_day_domain(store, start, end)
        if department:
            base &= self._get_department_domain(department)
        counted = base & Domain(ast.literal_eval(self.numerator_domain))
        if not self.denominator_domain:
            return counted, None
        out_of = base & Domain(ast.literal_eval(self.denominator_domain))
        return counted & out_of, out_of

    def _get_day_domain(self, store, start, end):
        """Return the domain of a span of days by the clock of the store."""
        name, after = self.date_field, end + timedelta(days=1)
        if self.env[self.model]._fields[name].type == "datetime":
            zone = store.sudo()._cr_timezone()
            start, after = (
                zone.localize(datetime.combine(day, time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for day in (start, after)
            )
        return Domain(name, ">=", start) & Domain(name, "<", after)

    def _get_department_domain(self, department):
        """Return the domain of a department: as noted, or by the kind of the call."""
        if self.department_field:
            return Domain(self.department_field, "=", department.id)
        if not self.kind_field:
            return Domain.TRUE
        kinds = [kind for kind, lane in KIND_LANE.items() if lane == department.cr_lane]
        return Domain(self.kind_field, "in", kinds)

    def _has_department(self):
        """Say whether the figure can be told by department."""
        self.ensure_one()
        return bool(self.department_field or self.kind_field)

    def _get_value(self, numerator, denominator):
        """Return the value of a count: a number, a rate in percent, or a mean."""
        self.ensure_one()
        if denominator is None:
            return numerator
        whole = 1 if self.measure_field else 100
        return round(whole * numerator / denominator, 1) if denominator else 0.0

    def _get_text(self, numerator, denominator):
        """Return the value in words; a rate of nothing is none."""
        self.ensure_one()
        if denominator == 0:
            return "–"
        unit = " %" if self.unit == "percent" else ""
        return f"{self._get_value(numerator, denominator):g}{unit}"

    def _is_better(self, value, than):
        """Say whether a value reaches another, in the figure's own direction."""
        self.ensure_one()
        return value >= than if self.direction == "up" else value <= than

    def _get_target(self, store, department, day):
        """Return the target line that holds on a day, the most particular first."""
        self.ensure_one()
        fitting = self.target_ids.filtered(
            lambda line: line.date_from <= day
            and line.company_id in (store, store.browse())
            and line.department_id in (department, department.browse())
        )
        return fitting.sorted(
            lambda line: (
                bool(line.company_id),
                bool(line.department_id),
                line.date_from,
            )
        )[-1:]

    # === ACTIONS === #

    def action_view_records(self):
        """Open the records of this month that the figure counts (KPI-08)."""
        self.ensure_one()
        today = self.env.company._cr_today()
        return self._get_counted_action(self.env.company, today.replace(day=1), today)

    def _get_counted_action(self, store, start, end, department=None):
        """Return the action that lists exactly the records of a value."""
        counted, _out_of = self._get_domains(store, start, end, department)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(counted),
            "context": {"active_test": False},
        }
