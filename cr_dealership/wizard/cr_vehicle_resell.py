from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.identity import clean_phone


class CrVehicleResell(models.TransientModel):
    """A car changes hands: new owner, known or new, in one step (VEH-07, CUS-09)."""

    _name = "cr.vehicle.resell"
    _description = "Resale of a car"

    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    old_owner_id = fields.Many2one(
        related="vehicle_id.owner_id", string="Owner until now"
    )
    driver_id = fields.Many2one(related="vehicle_id.driver_id", string="Driver")
    partner_id = fields.Many2one(
        "res.partner",
        string="New owner",
        help="Empty: a new customer with the name and number below.",
    )
    new_name = fields.Char(string="Name of the new owner")
    new_phone = fields.Char(string="Mobile of the new owner")
    date = fields.Date(
        string="First day", required=True, default=fields.Date.context_today
    )
    is_purchase = fields.Boolean(
        string="Bought from us", help="Our store sold the car to the new owner."
    )
    keep_driver = fields.Boolean(
        string="The driver stays", help="The same person drives the car as before."
    )

    # === ONCHANGE === #

    @api.onchange("new_phone")
    def _onchange_new_phone(self):
        """Offer the customer who has this number already."""
        known = self._find_by_phone(clean_phone(self.new_phone)[0])
        if known:
            self.partner_id = known

    # === ACTIONS === #

    def action_resell(self):
        """Hand the car over and go back to it."""
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The resale of %(car)s on %(date)s is still to come. Record it on"
                    " the day, or correct the date.",
                    car=self.vehicle_id.display_name,
                    date=fields.Date.to_string(self.date),
                )
            )
        new_owner = self.partner_id or self._create_owner()
        self._end_other_roles(new_owner)
        self.vehicle_id._set_owner(new_owner, self.date, self.is_purchase)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    @api.model
    def _find_by_phone(self, mobile):
        Partner = self.env["res.partner"]
        return mobile and Partner.search([("mobile", "=", mobile)], limit=1) or Partner

    def _create_owner(self):
        """Return a new customer; refuse a number that belongs to another one."""
        mobile, landline, __ = clean_phone(self.new_phone)
        if not self.new_name or not (mobile or landline):
            raise UserError(
                self.env._(
                    "The car %s needs a new owner. Choose a customer, or enter the name"
                    " and a valid telephone number of a new one.",
                    self.vehicle_id.display_name,
                )
            )
        known = self._find_by_phone(mobile)
        if known and known.name == self.new_name.strip():
            return known
        if known:
            raise UserError(
                self.env._(
                    "The number %(number)s belongs to %(name)s. Choose that customer as"
                    " new owner, or correct the number.",
                    number=mobile,
                    name=known.name,
                )
            )
        return self.env["res.partner"].create(
            {"name": self.new_name, "mobile": mobile, "phone": landline}
        )

    def _end_other_roles(self, new_owner):
        """End the roles that ended with the sale: driver, payer, contact."""
        stale = self.vehicle_id.role_ids.filtered(
            lambda role: not role.date_to
            and role.role != "owner"
            and role.partner_id != new_owner
            and not (self.keep_driver and role.role == "driver")
        )
        stale._close_before(self.date)
