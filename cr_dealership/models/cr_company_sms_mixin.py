import pytz

from odoo import fields, models

from ..const import SMS_PROVIDERS
from ..tools.message import quiet_until
from .cr_sms_api import SmsApiHttp, SmsApiLog

_OWN_WAYS = {"log": SmsApiLog, "http": SmsApiHttp}


class CrCompanySmsMixin(models.AbstractModel):
    """How a store sends messages and by when it answers (COM-03, COM-14).

    Every default is an assumption until the store confirms it; the settings say so.
    """

    _name = "cr.company.sms.mixin"
    _description = "Messages of a store"

    cr_sms_provider = fields.Selection(
        SMS_PROVIDERS,
        string="SMS go out by",
        default="log",
        required=True,
        help="Until a gateway is set up nothing is sent, only written to the log.",
    )
    cr_sms_gateway_ids = fields.One2many(
        "cr.sms.gateway", "company_id", groups="base.group_system"
    )
    cr_sms_gateway_id = fields.Many2one(
        "cr.sms.gateway",
        string="SMS gateway",
        compute="_compute_cr_sms_gateway_id",
        groups="base.group_system",
    )
    cr_quiet_from = fields.Float(string="Quiet hours from", default=21.0)
    cr_quiet_until = fields.Float(string="Quiet hours until", default=8.5)
    cr_sms_tries = fields.Integer(string="Most tries of a message", default=5)
    cr_message_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language of messages",
        help="Empty: Chinese where it is installed.",
    )
    cr_answer_hours = fields.Integer(string="Answer within (hours)", default=24)

    _cr_quiet_hours = models.Constraint(
        "CHECK (cr_quiet_from >= 0 AND cr_quiet_from < 24"
        " AND cr_quiet_until >= 0 AND cr_quiet_until < 24)",
        "Quiet hours begin and end between 0:00 and 23:59.",
    )
    _cr_tries_positive = models.Constraint(
        "CHECK (cr_sms_tries > 0 AND cr_answer_hours > 0)",
        "Tries of a message and hours to answer must be above zero.",
    )

    def _compute_cr_sms_gateway_id(self):
        for company in self:
            company.cr_sms_gateway_id = company.cr_sms_gateway_ids[:1]

    def _get_sms_api_class(self):
        """Return the way out for the store's SMS."""
        self.ensure_one()
        return _OWN_WAYS.get(self.cr_sms_provider) or super()._get_sms_api_class()

    def _cr_get_message_lang(self):
        """Return the language in which the store writes to its customers.

        Not that of who happens to send it: jobs have none.
        """
        self.ensure_one()
        find = self.env["res.lang"]._get_data
        for lang in (self.cr_message_lang, "zh_CN"):
            if lang and find(code=lang):
                return lang
        lang = self.partner_id.lang
        return lang if lang and find(code=lang) else "en_US"

    def _cr_quiet_until(self, moment):
        """Return when the store's quiet hours end that hold at a moment, or None.

        :param datetime moment: UTC
        :rtype: datetime | None
        """
        self.ensure_one()
        zone = self._cr_timezone()
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
        end = quiet_until(local, self.cr_quiet_from, self.cr_quiet_until)
        return end and zone.localize(end).astimezone(pytz.utc).replace(tzinfo=None)

    def _cr_get_part_cost(self):
        """Return what one part of an SMS costs the store."""
        self.ensure_one()
        if self.cr_sms_provider != "http":
            return 0.0
        # sudo: a price is worked into each message by jobs of any user.
        return self.sudo().cr_sms_gateway_ids[:1].part_cost
