from odoo import fields, models


class CrComplaintScheme(models.Model):
    """How complaints are graded: five levels, or ordinary and major (CPL-08, C-02)."""

    _name = "cr.complaint.scheme"
    _description = "Grading scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    grade_ids = fields.One2many("cr.complaint.grade", "scheme_id", string="Grades")
    rule_ids = fields.One2many("cr.complaint.rule", "scheme_id", string="Presets")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a grading scheme with this code."
    )
