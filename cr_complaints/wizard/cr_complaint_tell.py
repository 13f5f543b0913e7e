from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.cr_dealership.const import TOUCH_CHANNELS


class CrComplaintTell(models.TransientModel):
    """What the customer was told, and what was promised until when (CPL-17)."""

    _name = "cr.complaint.tell"
    _description = "The customer was told"

    complaint_id = fields.Many2one("cr.complaint", required=True)
    channel = fields.Selection(TOUCH_CHANNELS, required=True, default="phone")
    text = fields.Char(string="What was said", required=True)
    until_at = fields.Datetime(string="Promised by")

    def action_apply(self):
        """Note it in the log and in the ledger of contacts."""
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        if self.until_at and self.until_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(complaint)s: what was promised lies in the past; choose a moment"
                    " to come.",
                    complaint=complaint.name,
                )
            )
        complaint._answer(self.text, self.until_at)
        if complaint.partner_id:
            # Raised rights: the ledger is written by what happens.
            self.env["cr.care.touch"].sudo()._log(
                [
                    {
                        "partner_id": complaint.partner_id.id,
                        "company_id": complaint.company_id.id,
                        "vehicle_id": complaint.vehicle_id.id,
                        "channel": self.channel,
                        "direction": "out",
                        "purpose": "satisfaction",
                        "content": self.text,
                        # An answer to his own complaint is no further contact.
                        "is_counted": False,
                    }
                ]
            )
        return {"type": "ir.actions.act_window_close"}
