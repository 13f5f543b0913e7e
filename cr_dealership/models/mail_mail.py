from odoo import models


class MailMail(models.Model):
    """Odoo's queue of e-mails reports back to the outbox of the customers (COM-04)."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the outbox how its e-mails got on, before sent ones are removed."""
        self.env["cr.message"]._take_mail_result(self, failure_reason or failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
