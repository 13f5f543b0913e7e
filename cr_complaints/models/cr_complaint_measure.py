from odoo import api, fields, models


class CrComplaintMeasure(models.Model):
    """A line of the plan: what is done, who does it, until when (CPL-16, CPL-18)."""

    _name = "cr.complaint.measure"
    _description = "Measure of a complaint"
    _order = "due_on, id"

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("work", "Work on the car"),
            ("visit", "Home visit"),
            ("apology", "Apology"),
            ("talk", "Talk with the customer"),
            ("other", "Other"),
        ],
        required=True,
        default="work",
    )
    name = fields.Char(string="What is done", required=True)
    user_id = fields.Many2one("res.users", string="Who", required=True)
    due_on = fields.Date(string="Until", required=True)
    visitors = fields.Char(help="Who goes to the customer's home.")
    done_on = fields.Date(string="Done on", copy=False)
    result = fields.Char()

    _due_index = models.Index("(user_id, due_on) WHERE done_on IS NULL")
    _done_result = models.Constraint(
        "CHECK (kind <> 'visit' OR done_on IS NULL OR result IS NOT NULL)",
        "Write down what came of the home visit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who has something to do may read the complaint."""
        measures = super().create(vals_list)
        measures._let_read()
        return measures

    def write(self, vals):
        """Who has something to do may read the complaint."""
        result = super().write(vals)
        if "user_id" in vals:
            self._let_read()
        if "done_on" in vals or "result" in vals:
            self.env["cr.complaint.alert"]._note_work(self.complaint_id)
        return result

    def action_done(self):
        """It is carried out."""
        for measure in self.filtered(lambda one: not one.done_on):
            measure.done_on = measure.company_id.sudo()._cr_today()

    def _let_read(self):
        for measure in self:
            # Raised rights: readers follow from measures.
            measure.complaint_id.sudo().write({"reader_ids": [(4, measure.user_id.id)]})
