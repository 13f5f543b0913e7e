import logging

from odoo import api, models
from odoo.tools import email_normalize

from ..tools.machine_mail import is_answer_of_machine

_logger = logging.getLogger(__name__)
_MODEL = "cr.complaint"


class MailThread(models.AbstractModel):
    """No complaint is made of what machines answer, nor of our own mails."""

    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Leave out new complaints where no person wrote.

        What answers a known complaint is kept in it all the same.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        new = [route for route in routes if route[0] == _MODEL and not route[1]]
        if not new or not (
            is_answer_of_machine(message) or self._is_of_our_alias(message_dict)
        ):
            return routes
        _logger.info(
            "No complaint of mail %s from %s: a machine wrote it",
            message_dict.get("message_id"),
            message_dict.get("email_from"),
        )
        return [route for route in routes if route not in new]

    @api.model
    def _is_of_our_alias(self, message_dict):
        """Return whether a mail comes from an address at which we receive mail."""
        sender = email_normalize(message_dict.get("email_from") or "")
        # Raised rights: the mail server writes for nobody.
        aliases = self.env["mail.alias"].sudo()
        return bool(sender and aliases.search_count([("alias_full_name", "=", sender)]))
