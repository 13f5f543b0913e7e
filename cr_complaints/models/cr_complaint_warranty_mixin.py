from odoo import api, fields, models


class CrComplaintWarrantyMixin(models.AbstractModel):
    """A complaint about a car that was warned of is graded before anybody says so."""

    _name = "cr.complaint.warranty.mixin"
    _description = "Complaint: three guarantees"

    warranty_warning_id = fields.Many2one(
        "cr.warranty.warning",
        string="Three-guarantees warning",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Note the open warnings of the cars; one query for the whole batch."""
        cars = [vals["vehicle_id"] for vals in vals_list if vals.get("vehicle_id")]
        warned = self.env["cr.warranty.warning"]._get_open(cars) if cars else {}
        for vals in vals_list:
            if warning := warned.get(vals.get("vehicle_id")):
                vals["is_guarantee"] = True
                vals["warranty_warning_id"] = (
                    vals.get("warranty_warning_id") or warning.id
                )
        return super().create(vals_list)

    def _get_preset(self):
        """Say which warning made it a three-guarantees case."""
        grade, reason = super()._get_preset()
        # Raised rights: the reason is read by everybody who reads the complaint.
        warning = self.sudo().warranty_warning_id
        if warning and self.is_guarantee:
            reason = self.env._(
                "%(reason)s · %(warning)s",
                reason=reason,
                warning=warning.display_name,
            )
        return grade, reason
