import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.urls import urljoin

from ..tools import gateway
from ..tools.identity import clean_phone
from .cr_sms_api import SmsApiHttp

_TEXT_FIELDS = ("url", "headers", "body", "sign_text")


class CrSmsGateway(models.Model):
    """How a store's SMS gateway is spoken to over HTTP (COM-03).

    Address, headers, body and what is signed are texts with placeholders, so that a
    gateway is set up and not programmed. Only administrators see it: it holds the
    secret.
    """

    _name = "cr.sms.gateway"
    _description = "SMS gateway"
    _inherit = ["cr.sms.inbox.mixin"]
    _order = "company_id"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    url = fields.Char(string="Address", required=True)
    method = fields.Selection(
        [("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")],
        required=True,
        default="POST",
    )
    headers = fields.Text(
        default="Content-Type: application/json", help="One a line, Name: value."
    )
    body = fields.Text(
        default='{"mobile": "{number}", "content": "{text}", "uid": "{uuid}"}',
        help="{number} {number_intl} {text} {uuid} {account} {secret} {time}"
        " {timestamp} {sign} {report_url} are filled in, in address and headers too.",
    )
    timeout = fields.Integer(string="Wait for an answer (seconds)", default=10)
    prefix = fields.Char(
        string="Sender in the text",
        help="Stands before every text, like 【Name of the store】; it counts as text.",
    )
    account = fields.Char()
    secret = fields.Char(copy=False)
    sign_kind = fields.Selection(
        [
            ("none", "No signature"),
            ("hmac_sha256", "HMAC-SHA256"),
            ("md5", "MD5 of the text"),
        ],
        string="Signature",
        required=True,
        default="none",
    )
    sign_text = fields.Char(
        string="What is signed", help="Like {account}{secret}{time}."
    )
    success_kind = fields.Selection(
        [
            ("status", "Any answer with status 2xx"),
            ("json", "A value in the JSON answer"),
            ("text", "The answer contains a text"),
        ],
        string="Taken when",
        required=True,
        default="status",
    )
    success_path = fields.Char(
        string="Where the value stands", help="Like code or data.0.status."
    )
    success_value = fields.Char(string="Value or text")
    ref_path = fields.Char(
        string="Where its number of the message stands",
        help="In the JSON answer; delivery reports may name it instead of our own.",
    )
    part_cost = fields.Monetary(string="Cost of one part")
    currency_id = fields.Many2one(related="company_id.currency_id")
    # --- what the gateway sends us ---
    token = fields.Char(
        required=True, copy=False, default=lambda self: secrets.token_urlsafe(24)
    )
    report_url = fields.Char(
        string="Address for delivery reports", compute="_compute_urls"
    )
    reply_url = fields.Char(string="Address for replies", compute="_compute_urls")
    report_id_name = fields.Char(
        string="Name of the message's number", default="uuid", required=True
    )
    report_status_name = fields.Char(
        string="Name of the status", default="status", required=True
    )
    report_delivered = fields.Char(
        string="Delivered when it is",
        default="DELIVRD,0",
        required=True,
        help="Values parted by commas.",
    )
    reply_number_name = fields.Char(
        string="Name of the telephone number", default="mobile", required=True
    )
    reply_text_name = fields.Char(
        string="Name of the text", default="content", required=True
    )
    answer_text = fields.Char(
        string="We answer", default="ok", help="What the gateway wants to hear."
    )
    # --- trying it out ---
    test_number = fields.Char(string="Send a test message to")
    test_text = fields.Char(string="Text of the test message")
    test_answer = fields.Char(string="Last answer", readonly=True, copy=False)

    _company_unique = models.Constraint(
        "UNIQUE (company_id)", "This store has its gateway already."
    )
    _token_unique = models.Constraint("UNIQUE (token)", "Tokens must differ.")
    _timeout_positive = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 60)",
        "Wait between 1 and 60 seconds for an answer.",
    )

    # === COMPUTE === #

    @api.depends("token")
    def _compute_urls(self):
        for settings in self:
            base = settings.get_base_url()
            settings.report_url = urljoin(base, f"cr/sms/report/{settings.token}")
            settings.reply_url = urljoin(base, f"cr/sms/reply/{settings.token}")

    # === CONSTRAINTS === #

    @api.constrains("url")
    def _check_url(self):
        for settings in self:
            if not settings.url.startswith(("http://", "https://")):
                raise ValidationError(
                    self.env._(
                        "The gateway's address “%(url)s” must begin with https://.",
                        url=settings.url,
                    )
                )

    @api.constrains(*_TEXT_FIELDS)
    def _check_placeholders(self):
        for settings in self:
            unknown = {
                name
                for field in _TEXT_FIELDS
                for name in gateway.find_unknown(settings[field])
            }
            if unknown:
                raise ValidationError(
                    self.env._(
                        "{%(name)s} cannot be filled in; use one of %(known)s.",
                        name=min(unknown),
                        known=" ".join(f"{{{name}}}" for name in gateway.PLACEHOLDERS),
                    )
                )

    @api.constrains("headers")
    def _check_headers(self):
        for settings in self:
            try:
                gateway.parse_headers(settings.headers)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The header “%(line)s” has no colon; write Name: value, one a"
                        " line.",
                        line=str(error),
                    )
                ) from error

    # === ACTIONS === #

    def action_new_token(self):
        """Give the addresses for reports and replies a new secret part."""
        self.ensure_one()
        self.token = secrets.token_urlsafe(24)

    def action_send_test(self):
        """Send the test message and show the answer in words."""
        self.ensure_one()
        mobile = clean_phone(self.test_number)[0]
        if not mobile:
            raise UserError(
                self.env._(
                    "“%(number)s” is no mobile number; write 11 digits.",
                    number=self.test_number or "",
                )
            )
        text = self.test_text or self.env._("Test message of %s", self.company_id.name)
        self.test_answer = self._send_test(mobile, text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Test message"),
                "message": self.test_answer,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _send_test(self, mobile, text):
        """Send one text past the outbox; return the answer in words."""
        way_out = SmsApiHttp(self.env)
        way_out._set_company(self.company_id)
        [result] = way_out._send_sms_batch(
            [
                {
                    "content": text,
                    "numbers": [{"number": f"+86{mobile}", "uuid": f"test{self.id}"}],
                }
            ]
        )
        words = {
            gateway.SENT: self.env._("The gateway took the message."),
            gateway.REFUSED: self.env._("The gateway refused the message."),
            gateway.TEMPORARY: self.env._("The gateway cannot be reached just now."),
            gateway.UNKNOWN: self.env._(
                "The gateway did not answer in time; the message may have gone out."
            ),
        }
        return " ".join(
            filter(None, (words[result["cr_kind"]], result["failure_reason"]))
        )

    # === BUSINESS === #

    def _get_settings(self):
        """Return what the way out needs, once for a batch.

        :rtype: dict
        """
        self.ensure_one()
        names = ("url", "headers", "body", "prefix", "account", "secret", "sign_text")
        return {
            **{name: self[name] or "" for name in names},
            "method": self.method,
            "timeout": self.timeout,
            "sign_kind": self.sign_kind,
            "success": gateway.Success(
                self.success_kind, self.success_path or "", self.success_value or ""
            ),
            "ref_path": self.ref_path or "",
            "report_url": self.report_url,
            "tz": self.company_id._cr_timezone(),
        }
