from odoo import api, fields, models

from ..const import OPEN_STAGES

_GUARANTEE_FIELDS = frozenset(("delivered_on", "warranty_start_on", "registered_on"))


class CrVehicle(models.Model):
    """A car knows its complaints (CPL-27)."""

    _inherit = "cr.vehicle"

    complaint_ids = fields.One2many("cr.complaint", "vehicle_id", string="Complaints")
    open_complaint_count = fields.Integer(compute="_compute_open_complaint_count")

    def _compute_open_complaint_count(self):
        # Raised rights: the banner warns everybody, the file may be closed to him.
        groups = self.env["cr.complaint"].sudo()._read_group(
            [("vehicle_id", "in", self.ids), ("stage", "in", OPEN_STAGES)],
            ["vehicle_id"],
            ["__count"],
        )
        counts = {vehicle.id: count for vehicle, count in groups}
        for vehicle in self:
            vehicle.open_complaint_count = counts.get(vehicle.id, 0)

    def write(self, vals):
        """Have the three-guarantees windows follow the day they count from."""
        result = super().write(vals)
        if not _GUARANTEE_FIELDS.isdisjoint(vals):
            self.env["cr.warranty.warning"]._follow(self)
        return result

    def _get_guarantee_start(self):
        """Return the day from which the three-guarantees windows count."""
        self.ensure_one()
        return self.delivered_on or self.warranty_start_on or self.registered_on

    def action_cr_open_complaints(self):
        """Open the complaints of the car."""
        return self.env["cr.complaint"]._get_list_action(
            [("vehicle_id", "in", self.ids)]
        )

    @api.model
    def _get_churn_complainers(self, partners, today):
        """Return who had an open complaint on a day; one query."""
        unhappy = super()._get_churn_complainers(partners, today)
        end = fields.Datetime.add(fields.Datetime.to_datetime(today), days=1)
        # Raised rights: the score counts every complaint.
        groups = self.env["cr.complaint"].sudo()._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("received_at", "<", end),
                "|",
                ("closed_at", "=", False),
                ("closed_at", ">=", end),
            ],
            ["partner_id"],
        )
        return unhappy | partners.browse([partner.id for (partner,) in groups])
