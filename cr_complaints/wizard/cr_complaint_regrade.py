from odoo import fields, models


class CrComplaintRegrade(models.TransientModel):
    """Another grade, and why (CPL-09)."""

    _name = "cr.complaint.regrade"
    _description = "Change the grade"

    complaint_id = fields.Many2one("cr.complaint", required=True)
    scheme_id = fields.Many2one(related="complaint_id.grade_id.scheme_id")
    grade_id = fields.Many2one(
        "cr.complaint.grade", required=True, domain="[('scheme_id', '=', scheme_id)]"
    )
    definition = fields.Text(related="grade_id.definition")
    reason = fields.Char(string="Why", required=True)

    def action_apply(self):
        """Change the grade; owner and clocks follow."""
        self.complaint_id.check_access("write")
        self.complaint_id._set_grade(self.grade_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
