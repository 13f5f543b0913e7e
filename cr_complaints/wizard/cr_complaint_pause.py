from odoo import fields, models


class CrComplaintPause(models.TransientModel):
    """Let the clocks wait, for a reason, until a moment."""

    _name = "cr.complaint.pause"
    _description = "Pause the clocks"

    complaint_id = fields.Many2one("cr.complaint", required=True)
    reason = fields.Char(string="Why", required=True)
    until_at = fields.Datetime(string="Until", required=True)

    def action_apply(self):
        """Stop the clocks; they go on by themselves."""
        self.complaint_id.check_access("write")
        self.complaint_id._pause(self.reason, self.until_at)
        return {"type": "ir.actions.act_window_close"}
