from odoo import api, fields, models

from ..const_figure import PERIODS


class CrFigureValue(models.Model):
    """A figure as it was when the week or month was over; never changed (KPI-03)."""

    _name = "cr.figure.value"
    _description = "Frozen figure"
    _inherit = ["cr.append.only.mixin"]
    _order = "date_from desc, figure_id, id"

    figure_id = fields.Many2one(
        "cr.figure", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, help="Empty: the whole store."
    )
    period = fields.Selection(PERIODS, required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    numerator = fields.Float(string="Counted", digits=(16, 1), readonly=True)
    denominator = fields.Integer(string="Out of", readonly=True)
    value = fields.Float(string="Figure value", readonly=True, aggregator="avg")
    target = fields.Float(readonly=True, aggregator="avg")
    has_target = fields.Boolean(readonly=True)
    is_reached = fields.Boolean(string="Target reached", readonly=True)
    unit = fields.Selection(related="figure_id.unit")

    _key_unique = models.UniqueIndex(
        "(company_id, period, date_from, figure_id, COALESCE(department_id, 0))",
        "This figure is already frozen for that time.",
    )

    @api.depends("figure_id.name", "date_from")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.figure_id.name} · {value.date_from}"

    def action_view_records(self):
        """Open the records that are counted today for the span of the value."""
        self.ensure_one()
        return self.figure_id._get_counted_action(
            self.company_id, self.date_from, self.date_to, self.department_id
        )
