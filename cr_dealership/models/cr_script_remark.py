from odoo import api, fields, models

from ..const import CALLBACK_KINDS


class CrScriptRemark(models.Model):
    """A care remark for some days: heavy rain, a holiday, road works (CB-20)."""

    _name = "cr.script.remark"
    _description = "Care remark in calls"
    _order = "date_from desc, id desc"
    _rec_name = "text"

    text = fields.Text(required=True, translate=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="To", required=True, index=True, default=fields.Date.context_today
    )
    kind = fields.Selection(CALLBACK_KINDS, help="Empty: in every kind of call.")
    company_id = fields.Many2one(
        "res.company", string="Store", index=True, help="Empty: in all stores."
    )
    active = fields.Boolean(string="Switched on", default=True)

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A remark cannot end before it begins."
    )

    @api.model
    def _get_remarks(self, today):
        """Return the remarks that hold today, for all kinds of calls."""
        return self.search([("date_from", "<=", today), ("date_to", ">=", today)])

    def _filter_kind(self, kind):
        """Return those of the remarks that hold in a kind of call."""
        return self.filtered(lambda remark: remark.kind in (kind, False))
