from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import VEHICLE_ROLES


class CrVehicleRole(models.Model):
    """What a person is to a car, from when to when: owner, driver, payer, contact.

    A car has one owner at a time; the database keeps to that (CUS-09, VEH-07).
    """

    _name = "cr.vehicle.role"
    _description = "Role of a person for a car"
    _inherit = ["cr.vehicle.basis.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    _fact_fields = frozenset(
        ("vehicle_id", "partner_id", "role", "date_from", "date_to", "is_purchase")
    )

    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(VEHICLE_ROLES, required=True, default="owner")
    date_from = fields.Date(
        string="Since", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until", help="Last day of the role; empty while it lasts."
    )
    is_purchase = fields.Boolean(
        string="Bought from us",
        help="The person bought this car in one of our stores.",
    )
    note = fields.Char()
    partner_phone = fields.Char(related="partner_id.mobile", string="Mobile")
    contact_address = fields.Char(
        related="partner_id.contact_address_inline", string="Address"
    )

    _one_owner = models.UniqueIndex(
        "(vehicle_id) WHERE role = 'owner' AND date_to IS NULL",
        "A car has one owner at a time; end the old owner's role first.",
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A role cannot end before it begins.",
    )

    # === FACTS === #

    def _get_fact_partners(self):
        return super()._get_fact_partners() | self.partner_id

    # === BUSINESS === #

    def _close_before(self, on_date):
        """End the roles on the day before, so that a successor can begin on a day.

        :param datetime.date on_date: first day of the successor
        """
        for role in self:
            if role.date_from > on_date:
                raise UserError(
                    self.env._(
                        "%(person)s has the car %(car)s only since %(since)s, which is"
                        " after %(date)s. Correct one of the two dates.",
                        person=role.partner_id.name,
                        car=role.vehicle_id.display_name,
                        since=fields.Date.to_string(role.date_from),
                        date=fields.Date.to_string(on_date),
                    )
                )
            # Who sells on the day he bought has had the car on that one day.
            role.date_to = max(role.date_from, on_date - timedelta(days=1))
        # The database sees the end before a successor's row comes.
        self.flush_recordset(["date_to"])
