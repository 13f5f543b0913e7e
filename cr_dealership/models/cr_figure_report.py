from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ..const_figure import PERIODS
from ..tools.periods import span_before


class CrFigureReport(models.Model):
    """The week or month of a department or store, as it was issued (RPT-03, CB-26).

    Its figures are the frozen ones, the span before beside them; so it says the same
    whenever it is opened. Departments write the measures that they take (CB-27).
    """

    _name = "cr.figure.report"
    _description = "Weekly or monthly report"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, id"

    _settled_columns = frozenset(
        ("state", "company_id", "department_id", "period", "date_from", "date_to")
    )
    _first_state = None

    company_id = fields.Many2one("res.company", string="Store", required=True)
    department_id = fields.Many2one(
        "hr.department", readonly=True, help="Empty: the whole store."
    )
    period = fields.Selection(PERIODS, required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    state = fields.Selection(
        [("issued", "Issued"), ("answered", "Measures decided")],
        required=True,
        default="issued",
        readonly=True,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    summary = fields.Text(
        tracking=True, help="What the figures say, in words; for the meeting."
    )
    improvement_ids = fields.One2many(
        "cr.improvement", "report_id", string="Improvements"
    )
    value_ids = fields.Many2many(
        "cr.figure.value", string="Key figures", compute="_compute_value_ids"
    )
    score = fields.Float(
        compute="_compute_score",
        help="Share of the targets that were reached, by the weight of their figures,"
        " in percent (IMP-17).",
    )

    _key_unique = models.UniqueIndex(
        "(company_id, period, date_from, COALESCE(department_id, 0))",
        "This report is already issued.",
    )

    # === COMPUTE === #

    @api.depends("period", "date_from", "department_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["period"]._description_selection(self.env))
        for report in self:
            parts = (
                labels.get(report.period),
                report.date_from and format_date(self.env, report.date_from),
                report.department_id.name or report.company_id.name,
            )
            report.display_name = " · ".join(part for part in parts if part)

    def _compute_value_ids(self):
        for report in self:
            report.value_ids = report._get_values(report.date_from)

    def _compute_score(self):
        for report in self:
            aimed = report.value_ids.filtered("has_target")
            weights = sum(aimed.figure_id.mapped("weight"))
            reached = sum(aimed.filtered("is_reached").figure_id.mapped("weight"))
            report.score = round(100 * reached / weights, 1) if weights else 0.0

    def _get_values(self, start):
        """Return the frozen figures of the report for the span that begins on a day."""
        self.ensure_one()
        # Raised rights: whoever may read the report may read its figures.
        return self.env["cr.figure.value"].sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("department_id", "=", self.department_id.id),
                ("period", "=", self.period),
                ("date_from", "=", start),
            ],
            order="figure_id, id",
        )

    def _get_rows(self):
        """Return what screen, PDF and workbook all show: a row for each figure.

        :return: [{"name", "formula", "value", "before", "target", "unit",
            "is_reached", "numerator", "denominator"}], "before" and "target" may be
            None
        """
        self.ensure_one()
        start, _end = span_before(self.period, self.date_from)
        before = {one.figure_id: one.value for one in self._get_values(start)}
        return [
            {
                "name": one.figure_id.name,
                "formula": one.figure_id.formula,
                "value": one.value,
                "before": before.get(one.figure_id),
                "target": one.target if one.has_target else None,
                "unit": "%" if one.unit == "percent" else "",
                "is_reached": one.is_reached,
                "numerator": one.numerator,
                "denominator": one.denominator,
            }
            for one in self._get_values(self.date_from)
        ]

    @api.model
    def _get_header(self):
        """Return the titles of the columns of PDF and workbook."""
        return [
            self.env._("Figure"),
            self.env._("Figure value"),
            self.env._("Unit"),
            self.env._("Span before"),
            self.env._("Target"),
            self.env._("Counted"),
            self.env._("Out of"),
            self.env._("Formula"),
        ]

    @api.model
    def _get_cells(self, row):
        """Return the cells of a row, see `_get_rows`; what there is not is empty."""
        names = ("name", "value", "unit", "before", "target", "numerator")
        cells = ["" if row[name] is None else row[name] for name in names]
        return [*cells, row["denominator"] or "", row["formula"]]

    # === ACTIONS === #

    def action_answer(self):
        """The measures are decided at the meeting (IMP-13)."""
        self.filtered(lambda one: one.state == "issued")._settle(state="answered")
        self._end_todos()

    def action_improve(self):
        """Begin an improvement of a weak figure (CB-27)."""
        self.ensure_one()
        weak = self.value_ids.filtered(
            lambda one: one.has_target and not one.is_reached
        )
        first = (weak or self.value_ids)[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improvement project"),
            "res_model": "cr.improvement",
            "view_mode": "form",
            "context": {
                "default_company_id": self.company_id.id,
                "default_department_id": self.department_id.id,
                "default_report_id": self.id,
                "default_source": "weekly",
                "default_figure_id": first.figure_id.id,
                "default_before_from": self.date_from,
                "default_before_to": self.date_to,
                "default_target_value": first.target,
            },
        }

    # === ISSUING === #

    @api.model
    def _issue(self, store, period, today):
        """Issue the reports of the last week or month; each once (CB-26).

        :param date today: today by the store's clock
        :return: the reports that are new
        """
        start, end = span_before(period, today)
        none = self.env["hr.department"]
        departments = [none, *none._cr_get_by_lane(store).values()]
        known = self.search(
            [
                ("company_id", "=", store.id),
                ("period", "=", period),
                ("date_from", "=", start),
            ]
        )
        new = self.create(
            [
                {
                    "company_id": store.id,
                    "department_id": department.id,
                    "period": period,
                    "date_from": start,
                    "date_to": end,
                }
                for department in departments
                if department not in known.mapped("department_id")
                and (department or all(one.department_id for one in known))
            ]
        )
        new._send()
        return new

    def _send(self):
        """Give the reports to whoever answers for the department or store today."""
        head = self.env["cr.role"]._get_head()
        posts = {one.id: one.department_id.cr_role_id or head for one in self}
        duty = head.union(*posts.values())._on_duty_today(self.company_id)
        for report in self:
            report.user_id = duty[posts[report.id].id, report.company_id.id][:1]
        self._give_todos(
            (one, one.user_id, self.env._("Decide on measures: %s", one.display_name))
            for one in self.filtered("user_id")
        )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("A report stays as it was issued; write your measures into it.")
        )
