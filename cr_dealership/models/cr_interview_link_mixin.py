from odoo import api, models
from odoo.exceptions import UserError

from ..const_interview import OPEN_INTERVIEW_STATES
from ..tools.tokens import clean_token

_TEMPLATE = "cr_dealership.cr_message_template_interview_%s"


class CrInterviewLinkMixin(models.AbstractModel):
    """The link on which a customer answers himself; it opens his interview only."""

    _name = "cr.interview.link.mixin"
    _description = "Interview: link"

    def _get_url(self):
        """Return the address of the link."""
        self.ensure_one()
        # sudo: people get an address to hand on, not the list of links.
        return f"{self.get_base_url()}/cr/ask/{self.sudo().token}"

    @api.model
    def _find(self, token):
        """Return the interview of a token with raised rights, if it opens anything.

        Unknown, declined, and expired ones that were not completed.
        """
        # sudo: the token is the customer's right to his own interview.
        found = self.sudo().search([("token", "=", clean_token(token))], limit=1)
        if not found or not found.partner_id.active:
            return found.browse()
        is_over = found.expires_on < found.company_id._cr_today()
        if found.state in ("declined", "expired", "broken"):
            return found.browse()
        if is_over and found.state in OPEN_INTERVIEW_STATES:
            return found.browse()
        return found.with_company(found.company_id)

    def action_send_sms(self):
        """Send the link by SMS."""
        return self._check_handler()._send_link("sms")

    def action_send_email(self):
        """Send the link by e-mail."""
        return self._check_handler()._send_link("email")

    def _send_link(self, channel):
        """Queue the links of interviews that still take answers (SUR-04).

        The number of queries does not depend on the number of links; consent is asked
        by the outbox. A link is queued once a day.

        :return: a notice that says how many are on their way
        """
        open_ones = self.filtered(lambda one: one.state in OPEN_INTERVIEW_STATES)
        if not open_ones:
            raise UserError(self[:1]._describe_closed())
        template = self.env.ref(_TEMPLATE % channel)
        # sudo: people queue messages by what they do, never directly.
        queued = (
            self.env["cr.message"]
            .sudo()
            ._queue([one._prepare_message(template, channel) for one in open_ones])
        )
        open_ones.filtered(lambda one: one.state == "invited").channel = channel
        going = queued.filtered(lambda message: message.state == "queued")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if going else "warning",
                "message": self.env._(
                    "%(count)s links are on their way; %(rest)s are not, see the"
                    " outbox.",
                    count=len(going),
                    rest=len(open_ones) - len(going),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_message(self, template, channel):
        """Return the message that brings the link."""
        self.ensure_one()
        text = template._render_for(
            self.partner_id,
            self.vehicle_id,
            self.company_id,
            link=self._get_url(),
            due=self.expires_on,
        )
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "channel": channel,
            "purpose": "satisfaction",
            "subject": text["subject"] or False,
            "body": text["body"],
            "template_id": template.id,
            "origin_model": self._name,
            "origin_id": self.id,
            "key": f"interview-{channel}-{self.id}-{self.company_id._cr_today()}",
        }
