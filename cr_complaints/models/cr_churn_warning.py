from odoo import models


class CrChurnWarning(models.Model):
    """Who was lost because he was not satisfied has a complaint (RCL-04)."""

    _inherit = "cr.churn.warning"

    def _report_grievance(self):
        """Open a complaint for each warning."""
        result = super()._report_grievance()
        for warning in self:
            self.env["cr.complaint"]._open_from(
                warning, warning.reason_id.name, warning.note
            )
        return result
