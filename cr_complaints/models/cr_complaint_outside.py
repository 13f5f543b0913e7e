from odoo import api, fields, models


class CrComplaintOutside(models.Model):
    """A complaint at an outside body, and its clock beside ours."""

    _name = "cr.complaint.outside"
    _description = "Complaint at an outside body"
    _order = "due_at, id"

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    body_id = fields.Many2one(
        "cr.complaint.outside.body", required=True, ondelete="restrict"
    )
    reference = fields.Char(string="Its number")
    received_on = fields.Date(required=True, default=fields.Date.context_today)
    due_at = fields.Datetime(
        string="Answer by",
        compute="_compute_due_at",
        store=True,
        readonly=False,
        help="Its own date if it names one.",
    )
    document_ids = fields.One2many("cr.complaint.document", "outside_id")
    closed_on = fields.Date(string="Answered on", copy=False)
    result = fields.Char()

    @api.depends("body_id.name", "reference")
    def _compute_display_name(self):
        for outside in self:
            parts = (outside.body_id.name, outside.reference)
            outside.display_name = " ".join(part for part in parts if part)

    @api.depends("body_id", "received_on")
    def _compute_due_at(self):
        for outside in self:
            company = outside.complaint_id.company_id
            if outside.body_id and outside.received_on and company:
                outside.due_at = company.sudo()._cr_add_working_days(
                    outside.received_on, outside.body_id.answer_days
                )

    @api.model_create_multi
    def create(self, vals_list):
        """List the documents and start the clock."""
        found = super().create(vals_list)
        self.env["cr.complaint.document"].create(
            [
                {"outside_id": outside.id, "name": line.strip()}
                for outside in found
                for line in (outside.body_id.documents or "").splitlines()
                if line.strip()
            ]
        )
        found._follow_clock()
        return found

    def write(self, vals):
        """Let the clock follow the date and the answer."""
        result = super().write(vals)
        self._follow_clock()
        return result

    def _follow_clock(self):
        """Bring the clocks of the outside bodies up to date."""
        # Raised rights: clocks are written by nobody by hand.
        clocks = self.env["cr.complaint.clock"].sudo()
        known = {
            one.outside_id.id: one
            for one in clocks.search([("outside_id", "in", self.ids)])
        }
        for outside in self:
            values = outside._prepare_clock()
            if outside.id in known:
                known[outside.id]._note(values)
            else:
                clocks.create(
                    {
                        "complaint_id": outside.complaint_id.id,
                        "kind": "outside",
                        "outside_id": outside.id,
                        "round": outside.complaint_id.round,
                        **values,
                    }
                )
        clocks.search([("outside_id", "in", self.ids)])._plan_next()

    def _prepare_clock(self):
        """Return the values of the clock of one outside body."""
        self.ensure_one()
        ended = fields.Datetime.to_datetime(self.closed_on) if self.closed_on else False
        end = ended or fields.Datetime.now()
        is_missed = bool(self.due_at) and end > self.due_at
        state = "running" if not ended else "missed" if is_missed else "met"
        return {
            "state": state,
            "started_at": fields.Datetime.to_datetime(self.received_on),
            "deadline_at": self.due_at,
            "stopped_at": ended,
            "breached_at": is_missed and self.due_at,
        }
