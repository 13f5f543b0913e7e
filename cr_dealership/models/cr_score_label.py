from odoo import api, fields, models
from odoo.tools import ormcache


class CrScoreLabel(models.Model):
    """What a score means in words; 9 and 10 come from the maker (SUR-03)."""

    _name = "cr.score.label"
    _description = "Label of a score"
    _inherit = ["cr.cached.mixin"]
    _order = "score desc"

    score = fields.Integer(required=True, aggregator=None)
    name = fields.Char(required=True, translate=True)
    is_assumed = fields.Boolean(
        string="Assumed", help="A wording of ours that no source confirms."
    )

    _score_unique = models.Constraint(
        "UNIQUE (score)", "This score already has its label."
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 1 AND 10)", "Scores go from 1 to 10."
    )

    @api.model
    @ormcache("self.env.lang")
    def _get_labels(self):
        """Return {score: label} in the language of the environment."""
        # sudo: a customer reads them on the page of his link.
        return {label.score: label.name for label in self.sudo().search([])}
