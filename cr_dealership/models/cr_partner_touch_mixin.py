from odoo import fields, models
from odoo.tools import html2plaintext

from ..const import CR_USER

_CONTENT_MAX = 500


class CrPartnerTouchMixin(models.AbstractModel):
    """The contacts of a customer, and his e-mails among them (COM-01, COM-04)."""

    _name = "cr.partner.touch.mixin"
    _description = "Contacts of a customer"

    cr_touch_count = fields.Integer(
        string="Contacts", compute="_compute_cr_touch_count", groups=CR_USER
    )

    def _compute_cr_touch_count(self):
        touches = self.env["cr.care.touch"]
        counts = {}
        if touches.has_access("read"):
            domain = [("partner_id", "in", self.ids)]
            counts = dict(touches._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.cr_touch_count = counts.get(partner._origin, 0)

    def action_cr_open_touches(self):
        """Open all contacts with the customer, newest first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts with %s", self.name),
            "res_model": "cr.care.touch",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    def _message_post_after_hook(self, message, msg_values):
        """Note e-mails of customers in the ledger: they wait for an answer (COM-04)."""
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and message.author_id == self:
            words = (message.subject, html2plaintext(message.body or ""))
            # sudo: the mail gateway is nobody who could write the ledger.
            self.env["cr.care.touch"].sudo()._log(
                [
                    {
                        "key": f"mail:{message.id}",
                        "partner_id": self.id,
                        "at": message.date,
                        "channel": "email",
                        "direction": "in",
                        "user_id": False,
                        "content": ": ".join(filter(None, words))[:_CONTENT_MAX],
                        "is_question": True,
                    }
                ]
            )
        return result
