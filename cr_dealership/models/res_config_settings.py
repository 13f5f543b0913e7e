from odoo import fields, models
from odoo.exceptions import UserError


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
    cr_problem_hours = fields.Float(
        related="company_id.cr_problem_hours", readonly=False
    )
    cr_contact_cap = fields.Integer(related="company_id.cr_contact_cap", readonly=False)
    cr_contact_cap_days = fields.Integer(
        related="company_id.cr_contact_cap_days", readonly=False
    )
    cr_booking_days = fields.Integer(
        related="company_id.cr_booking_days", readonly=False
    )
    cr_booking_lead_hours = fields.Integer(
        related="company_id.cr_booking_lead_hours", readonly=False
    )
    cr_booking_link_days = fields.Integer(
        related="company_id.cr_booking_link_days", readonly=False
    )
    cr_confirm_hours = fields.Integer(
        related="company_id.cr_confirm_hours", readonly=False
    )
    cr_no_show_hour = fields.Float(
        related="company_id.cr_no_show_hour", readonly=False
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
    cr_churn_watch = fields.Integer(related="company_id.cr_churn_watch", readonly=False)
    cr_churn_warning = fields.Integer(
        related="company_id.cr_churn_warning", readonly=False
    )
    cr_churn_high = fields.Integer(related="company_id.cr_churn_high", readonly=False)
    cr_gift_limit = fields.Float(related="company_id.cr_gift_limit", readonly=False)
    cr_gift_quota = fields.Float(related="company_id.cr_gift_quota", readonly=False)
    cr_gift_quota_months = fields.Integer(
        related="company_id.cr_gift_quota_months", readonly=False
    )
    cr_gift_over = fields.Selection(related="company_id.cr_gift_over", readonly=False)
    cr_sms_provider = fields.Selection(
        related="company_id.cr_sms_provider", readonly=False
    )
    cr_quiet_from = fields.Float(related="company_id.cr_quiet_from", readonly=False)
    cr_quiet_until = fields.Float(related="company_id.cr_quiet_until", readonly=False)
    cr_sms_tries = fields.Integer(related="company_id.cr_sms_tries", readonly=False)
    cr_message_lang = fields.Selection(
        related="company_id.cr_message_lang", readonly=False
    )
    cr_answer_hours = fields.Integer(
        related="company_id.cr_answer_hours", readonly=False
    )
    cr_sms_test_number = fields.Char(string="Send a test message to")

    def action_cr_open_gateway(self):
        """Open how the store's SMS gateway is spoken to."""
        gateway = self.company_id.cr_sms_gateway_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("SMS gateway of %s", self.company_id.name),
            "res_model": "cr.sms.gateway",
            "res_id": gateway.id,
            "view_mode": "form",
            "context": {"default_company_id": self.company_id.id},
        }

    def action_cr_send_test(self):
        """Send a test message through the store's gateway and show the answer."""
        gateway = self.company_id.cr_sms_gateway_id
        if not gateway:
            raise UserError(
                self.env._(
                    "%(store)s has no gateway yet; set it up first.",
                    store=self.company_id.name,
                )
            )
        gateway.test_number = self.cr_sms_test_number
        return gateway.action_send_test()
