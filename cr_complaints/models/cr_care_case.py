from odoo import models


class CrCareCase(models.Model):
    """Who stays away because he is unhappy has a complaint (RCL-04)."""

    _inherit = "cr.care.case"

    def _after_grievance(self, reason, note):
        """Open a complaint for each case."""
        result = super()._after_grievance(reason, note)
        self.env["cr.complaint"]._open_from(self, reason.name, note)
        return result
