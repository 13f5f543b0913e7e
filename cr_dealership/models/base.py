from odoo import models
from odoo.exceptions import UserError


class Base(models.AbstractModel):
    """Taking customers' data out of the system is a right of its own (SEC-03).

    Whoever lacks it is refused in words; whoever has it leaves a trace.
    """

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Refuse the export of customers' data without the right; log it with it."""
        guarded = self._cr_get_guarded_records()
        if guarded:
            self._cr_check_export()
        result = super().export_data(fields_to_export)
        if guarded:
            self.env["cr.access.log"]._log(
                "export",
                self._name,
                count=len(guarded),
                detail=", ".join(fields_to_export),
            )
        return result

    def _cr_get_guarded_records(self):
        """Return the records of `self` whose export is guarded.

        Models that hold customers' data beside the suite's own override it.
        """
        return self if self._name.startswith("cr.") else self.browse()

    def _cr_check_export(self):
        """Refuse users who may not take customers' data out of the system."""
        if not self.env.user.has_group("cr_dealership.group_cr_dealership_export"):
            raise UserError(
                self.env._(
                    "%(model)s holds customers' data, which your post may read but not"
                    " export. Ask the CR head for the list you need, or for the right"
                    " to export.",
                    model=self._description,
                )
            )
