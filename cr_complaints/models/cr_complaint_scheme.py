from odoo import fields, models
from odoo.tools import ormcache

from .cr_complaint_rule import Preset


class CrComplaintScheme(models.Model):
    """How complaints are graded: five levels, or ordinary and major (CPL-08, C-02)."""

    _name = "cr.complaint.scheme"
    _description = "Grading scheme"
    _inherit = ["cr.cached.mixin"]
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

    @ormcache("self.id", "lang")
    def _get_presets(self, lang):
        """Return the rules as `Preset`, gravest first; the last one always holds.

        :param str lang: language of the reasons
        """
        self.ensure_one()
        scheme = self.with_context(lang=lang)
        presets = sorted(
            (rule._get_preset() for rule in scheme.rule_ids),
            key=lambda preset: -preset.level,
        )
        mildest = scheme.grade_ids[:1]
        text = scheme.env._("No fact asks for more")
        return [*presets, Preset(False, False, 0, 0, mildest.id, text)]
