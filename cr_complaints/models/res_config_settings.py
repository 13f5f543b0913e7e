from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The store's settings for complaints."""

    _inherit = "res.config.settings"

    cr_complaint_scheme_id = fields.Many2one(
        related="company_id.cr_complaint_scheme_id", readonly=False
    )
    cr_verification_days = fields.Integer(
        related="company_id.cr_verification_days", readonly=False
    )
    cr_repeat_days = fields.Integer(
        related="company_id.cr_repeat_days", readonly=False
    )
    cr_pause_max_hours = fields.Float(
        related="company_id.cr_pause_max_hours", readonly=False
    )
    cr_complaint_rate_base = fields.Selection(
        related="company_id.cr_complaint_rate_base", readonly=False
    )
    cr_compensation_limit = fields.Float(
        related="company_id.cr_compensation_limit", readonly=False
    )
