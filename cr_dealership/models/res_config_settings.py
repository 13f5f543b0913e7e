from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The thresholds of the current store, on the page "Customer Relations"."""

    _inherit = "res.config.settings"

    cr_department_label = fields.Char(
        related="company_id.cr_department_label", readonly=False
    )
    cr_first_service_months = fields.Integer(
        related="company_id.cr_first_service_months", readonly=False
    )
    cr_first_service_km = fields.Integer(
        related="company_id.cr_first_service_km", readonly=False
    )
    cr_service_months = fields.Integer(
        related="company_id.cr_service_months", readonly=False
    )
    cr_service_km = fields.Integer(related="company_id.cr_service_km", readonly=False)
    cr_odometer_tolerance_km = fields.Integer(
        related="company_id.cr_odometer_tolerance_km", readonly=False
    )
    cr_odometer_max_km_day = fields.Integer(
        related="company_id.cr_odometer_max_km_day", readonly=False
    )
    cr_unsettled_days = fields.Integer(
        related="company_id.cr_unsettled_days", readonly=False
    )
    cr_repeat_from = fields.Integer(related="company_id.cr_repeat_from", readonly=False)
    cr_loyal_from = fields.Integer(related="company_id.cr_loyal_from", readonly=False)
    cr_value_window_months = fields.Integer(
        related="company_id.cr_value_window_months", readonly=False
    )
    cr_value_high = fields.Float(related="company_id.cr_value_high", readonly=False)
    cr_value_medium = fields.Float(related="company_id.cr_value_medium", readonly=False)
    cr_new_owner_days = fields.Integer(
        related="company_id.cr_new_owner_days", readonly=False
    )
    cr_lapsing_months = fields.Integer(
        related="company_id.cr_lapsing_months", readonly=False
    )
    cr_lapsed_months = fields.Integer(
        related="company_id.cr_lapsed_months", readonly=False
    )
    cr_lost_months = fields.Integer(related="company_id.cr_lost_months", readonly=False)
