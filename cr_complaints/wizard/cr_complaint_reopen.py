from odoo import fields, models
from odoo.exceptions import UserError


class CrComplaintReopen(models.TransientModel):
    """Open a complaint again; what happened before stays (CPL-19)."""

    _name = "cr.complaint.reopen"
    _description = "Open a complaint again"

    complaint_id = fields.Many2one("cr.complaint", required=True)
    reason = fields.Char(string="Why", required=True)

    def action_apply(self):
        """Begin a new round."""
        complaint = self.complaint_id
        complaint.check_access("write")
        if not complaint.solved_at and complaint.stage != "closed":
            raise UserError(
                self.env._("%s is still open.", complaint.name)
            )
        complaint._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
