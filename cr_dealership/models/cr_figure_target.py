from odoo import fields, models


class CrFigureTarget(models.Model):
    """What a figure is to reach in a store and department, from a month on (KPI-03)."""

    _name = "cr.figure.target"
    _description = "Target of a figure"
    _order = "date_from desc, id"

    figure_id = fields.Many2one(
        "cr.figure", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", help="Empty: every store."
    )
    department_id = fields.Many2one("hr.department", help="Empty: the whole store.")
    date_from = fields.Date(string="From", required=True)
    value = fields.Float(string="Target", required=True, aggregator="avg")

    _target_unique = models.UniqueIndex(
        "(figure_id, COALESCE(company_id, 0), COALESCE(department_id, 0), date_from)",
        "There is already a target of this figure from that day on.",
    )
