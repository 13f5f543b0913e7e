from odoo import api, models


class CrAppointmentSheet(models.AbstractModel):
    """The printed sheet of an appointment; printing it is a step of preparing (APT-05).

    It goes to reception, so that nobody asks the customer twice (APT-04).
    """

    _name = "report.cr_dealership.report_appointment_sheet"
    _description = "Appointment sheet"

    # pylint: disable=unused-argument
    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the appointments, and note that their sheets are printed."""
        docs = self.env["cr.appointment"].browse(docids)
        if docs.has_access("write"):
            docs.is_sheet_printed = True
        return {"doc_ids": docids, "doc_model": docs._name, "docs": docs}
