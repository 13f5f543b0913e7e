from odoo import api, fields, models


class CrProblemCategory(models.Model):
    """What problems are coded by when noted: category and sub-category (CB-34)."""

    _name = "cr.problem.category"
    _description = "Category of problems"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    parent_id = fields.Many2one(
        "cr.problem.category", string="Part of", index="btree_not_null"
    )
    hours = fields.Float(
        string="Working hours to solve",
        aggregator=None,
        help="0: as the store says in its settings.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "The working hours cannot be below zero."
    )
    _no_own_part = models.Constraint(
        "CHECK (parent_id IS NULL OR parent_id != id)",
        "A category cannot be a part of itself.",
    )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            names = (category.parent_id.name, category.name)
            category.display_name = " / ".join(name for name in names if name)
