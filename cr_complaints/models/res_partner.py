from odoo import fields, models

from ..const import OPEN_STAGES


class ResPartner(models.Model):
    """A customer knows his complaints (CPL-27)."""

    _inherit = "res.partner"

    cr_complaint_count = fields.Integer(
        string="Complaints", compute="_compute_cr_complaint_count"
    )
    cr_open_complaint_count = fields.Integer(compute="_compute_cr_complaint_count")

    def _compute_cr_complaint_count(self):
        # Raised rights: the banner warns everybody, the file may be closed to him.
        groups = self.env["cr.complaint"].sudo()._read_group(
            [("partner_id", "in", self.ids)], ["partner_id", "stage"], ["__count"]
        )
        every, still_open = {}, {}
        for partner, stage, count in groups:
            every[partner.id] = every.get(partner.id, 0) + count
            if stage in OPEN_STAGES:
                still_open[partner.id] = still_open.get(partner.id, 0) + count
        for partner in self:
            partner.cr_complaint_count = every.get(partner.id, 0)
            partner.cr_open_complaint_count = still_open.get(partner.id, 0)

    def action_cr_open_complaints(self):
        """Open the complaints of the customer."""
        return self.env["cr.complaint"]._get_list_action(
            [("partner_id", "in", self.ids)]
        )
