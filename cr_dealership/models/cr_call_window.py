from odoo import api, fields, models
from odoo.tools.date_utils import float_to_time

from ..tools.retry import Part


class CrCallWindow(models.Model):
    """A part of the day in which customers are called."""

    _name = "cr.call.window"
    _description = "Part of the day"
    _order = "hour_from, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    hour_from = fields.Float(string="From", required=True, aggregator=None)
    hour_to = fields.Float(string="To", required=True, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a part of the day with this code."
    )
    _hours_order = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to > hour_from AND hour_to <= 24)",
        "A part of the day begins before it ends, between 0 and 24 o'clock.",
    )

    @api.model
    def _get_parts(self):
        """Return the parts of the day as the retry arithmetic wants them."""
        return [
            Part(
                window.code,
                self._to_time(window.hour_from),
                self._to_time(window.hour_to),
            )
            for window in self.search([("active", "=", True)])
        ]

    @api.model
    def _to_time(self, hour):
        """Return 17.5 as the time 17:30; 24 o'clock is the day's last minute."""
        return float_to_time(min(hour, 23.99))
