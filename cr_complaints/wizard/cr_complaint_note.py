from odoo import fields, models


class CrComplaintNote(models.TransientModel):
    """The daily note to the general manager, or what the media write (CPL-36)."""

    _name = "cr.complaint.note"
    _description = "Note in the file"

    complaint_id = fields.Many2one("cr.complaint", required=True)
    kind = fields.Selection(
        [("daily", "Daily note to the general manager"), ("media", "Media watch")],
        required=True,
        default="daily",
    )
    text = fields.Char(string="What is new", required=True)

    def action_apply(self):
        """Write it into the log; the general manager is told of the daily note."""
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        complaint._record(self.kind, text=self.text)
        self.env["cr.complaint.alert"]._note_work(complaint)
        if self.kind == "daily":
            role = self.env.ref("cr_dealership.cr_role_general_manager").sudo()
            company = complaint.company_id
            users = role._on_duty(company, company.sudo()._cr_today())
            complaint._give_todos((complaint, user, self.text) for user in users)
        return {"type": "ir.actions.act_window_close"}
