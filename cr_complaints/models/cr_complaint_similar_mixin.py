from odoo import api, fields, models


class CrComplaintSimilarMixin(models.AbstractModel):
    """Earlier cases beside a new complaint, and who complained before (CPL-24)."""

    _name = "cr.complaint.similar.mixin"
    _description = "Complaint: similar cases"

    similar_ids = fields.Many2many(
        "cr.complaint.case", string="Similar cases", compute="_compute_similar_ids"
    )
    earlier_ids = fields.Many2many(
        "cr.complaint",
        string="Earlier complaints",
        compute="_compute_earlier_ids",
        help="Of this customer, or with this part, within the days of the settings.",
    )

    @api.depends("subject", "part", "content", "category_id", "model_id")
    def _compute_similar_ids(self):
        cases = self.env["cr.complaint.case"]
        for complaint in self:
            words = f"{complaint.subject or ''} {complaint.part or ''}"
            complaint.similar_ids = cases._find_similar(
                words, complaint.category_id, complaint.model_id
            )

    @api.depends("partner_id", "part", "category_id", "received_at")
    def _compute_earlier_ids(self):
        for complaint in self:
            complaint.earlier_ids = complaint._find_earlier()

    def _find_earlier(self):
        """Return complaints of the same customer or cause shortly before."""
        self.ensure_one()
        until = self.received_at or fields.Datetime.now()
        days = self.company_id.sudo().cr_repeat_days
        same = []
        if self.partner_id:
            same.append(("partner_id", "=", self.partner_id.id))
        if self.category_id and self.part:
            same.append(("part", "=ilike", self.part))
        if not same:
            return self.browse()
        return self.search(
            [
                ("id", "not in", self._origin.ids),
                ("received_at", ">=", fields.Datetime.subtract(until, days=days)),
                ("received_at", "<=", until),
                *["|"] * (len(same) - 1),
                *same,
            ],
            limit=10,
        )

    def action_make_case(self):
        """Open the case analysis of the complaint, filled with what is known."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Case analysis"),
            "res_model": "cr.complaint.case",
            "res_id": self.case_ids[:1].id,
            "view_mode": "form",
            "context": {
                f"default_{name}": value for name, value in self._prepare_case().items()
            }
            | {"default_complaint_id": self.id},
        }

    def _prepare_case(self):
        """Return what a case takes over from its complaint."""
        self.ensure_one()
        return {
            "name": self.subject,
            "company_id": self.company_id.id,
            "category_id": self.category_id.id,
            "model_id": self.model_id.id,
            "part": self.part,
            "opinion": self.content,
            "process": self.result,
            "cause": self.cause,
        }
