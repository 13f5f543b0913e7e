from odoo import api, fields, models

from ..const import CHURN_LEVELS


class CrChurnBacktestLine(models.Model):
    """What became of the cars of one level, or of one tenth, of a back-test."""

    _name = "cr.churn.backtest.line"
    _description = "Result of a churn back-test"
    _order = "backtest_id desc, kind desc, position"

    backtest_id = fields.Many2one(
        "cr.churn.backtest", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("level", "Level"), ("decile", "Tenth of the cars")], required=True
    )
    position = fields.Integer(
        string="Tenth, highest scores first", required=True, aggregator=None
    )
    level = fields.Selection(CHURN_LEVELS)
    car_count = fields.Integer(string="Cars")
    lost_count = fields.Integer(string="Stayed away")
    mean_score = fields.Float(digits=(5, 1), aggregator="avg")
    share = fields.Float(string="Share that stayed away", aggregator="avg")
    lift = fields.Float(
        digits=(5, 2),
        aggregator="avg",
        help="How many times as many stayed away as of all cars.",
    )
    forecast_count = fields.Integer(string="Cars one period before")
    forecast_share = fields.Float(
        string="Share foretold",
        aggregator="avg",
        help="The share that stayed away among the same cars one period before: what"
        " the score would have foretold on that day.",
    )

    @api.depends("kind", "level", "position")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["level"]._description_selection(self.env))
        for line in self:
            tenth = self.env._("Tenth %s", (line.position or 0) + 1)
            line.display_name = labels.get(line.level) or tenth
