from odoo import fields, models


class CrComplaintFigures(models.TransientModel):
    """Of when the workbook with the figures of complaints is made (CPL-22)."""

    _name = "cr.complaint.figures"
    _description = "Figures of complaints as a workbook"

    first_on = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "year"
        ),
    )
    last_on = fields.Date(
        string="Up to", required=True, default=fields.Date.context_today
    )

    _days_in_order = models.Constraint(
        "CHECK (first_on <= last_on)", "The first day does not come after the last."
    )

    def _get_domain(self):
        """Return the domain of the rows, in the stores that are switched on."""
        self.ensure_one()
        return [
            ("company_id", "in", self.env.companies.ids),
            ("day", ">=", self.first_on),
            ("day", "<=", self.last_on),
        ]

    def action_print(self):
        """Make the workbook."""
        report = self.env.ref("cr_complaints.cr_complaint_figures_report")
        return report.with_context(active_model=self._name).report_action(self)
