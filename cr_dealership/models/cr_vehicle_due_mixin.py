from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..const import DUE_BASES, DUE_KINDS
from ..tools import vehicle_facts
from ..tools.offsets import add_months


class CrVehicleDueMixin(models.AbstractModel):
    """What falls due for a car, when, and why in the user's words (VEH-04, VEH-05)."""

    _name = "cr.vehicle.due.mixin"
    _description = "Due dates of a car"

    first_service_on = fields.Date(
        string="First service due", readonly=True, index="btree_not_null"
    )
    first_service_km = fields.Integer(
        string="First service at (km)", readonly=True, aggregator=None
    )
    first_service_basis = fields.Selection(
        DUE_BASES, string="First service counted", readonly=True
    )
    service_on = fields.Date(
        string="Next service due", readonly=True, index="btree_not_null"
    )
    service_km = fields.Integer(
        string="Next service at (km)", readonly=True, aggregator=None
    )
    service_basis = fields.Selection(
        DUE_BASES, string="Next service counted", readonly=True
    )
    insurance_on = fields.Date(
        string="Insurance ends", readonly=True, index="btree_not_null"
    )
    inspection_on = fields.Date(
        string="Inspection due", readonly=True, index="btree_not_null"
    )
    due_on = fields.Date(string="Next due", readonly=True, index="btree_not_null")
    due_kind = fields.Selection(DUE_KINDS, string="What is due", readonly=True)
    due_reason = fields.Char(string="Why due", compute="_compute_due_reason")

    # === COMPUTE === #

    @api.depends("due_on", "due_kind", "service_basis", "service_km", "km_per_day")
    @api.depends_context("lang")
    def _compute_due_reason(self):
        for vehicle in self:
            describe = vehicle._get_due_describers().get(vehicle.due_kind)
            vehicle.due_reason = describe() if describe else False

    # === FORGOTTEN DATES === #

    @api.model
    def _mark_forgotten_inspections(self, today):
        """Have cars looked at again whose inspection was due long ago (VEH-04).

        Nobody told that they passed it, so the next one counts, and only time says so.
        """
        self.flush_model(["inspection_on", "state", "active", "facts_stale"])
        self.env["cr.inspection"].flush_model(["vehicle_id"])
        self.env.cr.execute(
            SQL(
                """UPDATE cr_vehicle v SET facts_stale = TRUE
                    WHERE v.inspection_on < %s AND v.active AND v.state = 'in_use'
                      AND v.facts_stale IS NOT TRUE
                      AND NOT EXISTS (SELECT FROM cr_inspection n
                                       WHERE n.vehicle_id = v.id)""",
                vehicle_facts.get_forgotten_before(today),
            )
        )
        self.invalidate_model(["facts_stale"])

    # === DUE DATES IN WORDS === #

    def action_cr_first_policy(self):
        """Open the policy arranged with the purchase, or a new one (INS-13)."""
        self.ensure_one()
        first = self.policy_ids.filtered("is_from_purchase")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Policy taken with the purchase"),
            "res_model": "cr.insurance.policy",
            "res_id": first.id,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_vehicle_id": self.id,
                "default_date_start": self.delivered_on,
                "default_is_bought_here": True,
                "default_is_from_purchase": True,
            },
        }

    def _get_due_describers(self):
        """Return {kind of due date: method that says in words why it is due}."""
        return {
            "first_service": self._describe_first_service,
            "maintenance": self._describe_maintenance,
            "insurance": self._describe_insurance,
            "inspection": self._describe_inspection,
        }

    def _describe_first_service(self):
        values = {
            "date": fields.Date.to_string(self.first_service_on),
            **self._prepare_span_values(self.delivered_on, self.first_service_on),
            **self._prepare_mileage_values(self.first_service_km),
        }
        if self.first_service_basis == "mileage":
            return self.env._(
                "First service by %(date)s: %(km)s km reached at %(rate)s km a day,"
                " earlier than the date",
                **values,
            )
        if values["months"]:
            return self.env._(
                "First service by %(date)s: %(months)s months after delivery", **values
            )
        return self.env._(
            "First service by %(date)s: %(days)s days after delivery", **values
        )

    def _describe_maintenance(self):
        since = self.last_maintenance_on or self.last_visit_on
        values = {
            "date": fields.Date.to_string(self.service_on),
            **self._prepare_span_values(since, self.service_on),
            **self._prepare_mileage_values(self.service_km),
        }
        if self.service_basis == "mileage":
            return self.env._(
                "Maintenance by %(date)s: %(km)s km reached at %(rate)s km a day,"
                " earlier than the date",
                **values,
            )
        if values["months"]:
            return self.env._(
                "Maintenance by %(date)s: %(months)s months after the last one",
                **values,
            )
        return self.env._(
            "Maintenance by %(date)s: %(days)s days after the last one", **values
        )

    def _describe_insurance(self):
        return self.env._(
            "The insurance ends on %(date)s",
            date=fields.Date.to_string(self.insurance_on),
        )

    def _describe_inspection(self):
        return self.env._(
            "Annual inspection by %(date)s",
            date=fields.Date.to_string(self.inspection_on),
        )

    def _prepare_span_values(self, start, end):
        """Return the days, and the months if they are whole, between two days."""
        if not start:
            return {"days": 0, "months": 0}
        days = (end - start).days
        months = round(days / 30.44)
        return {
            "days": days,
            "months": months if add_months(start, months) == end else 0,
        }

    def _prepare_mileage_values(self, km):
        return {
            "km": formatLang(self.env, km or 0, digits=0),
            "rate": formatLang(self.env, self.km_per_day or 0, digits=0),
        }
