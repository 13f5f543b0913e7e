from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.tokens import clean_token, make_token

# So often a day somebody may book, move or cancel by one link.
_USES_A_DAY = 20


class CrAppointmentLink(models.Model):
    """A short address on which one customer books for one car, for some days.

    The token is random and stored: a signed one would cost an SMS more. It opens
    nothing but this customer's appointments of this car.
    """

    _name = "cr.appointment.link"
    _description = "Booking link"
    _inherit = ["cr.keyed.mixin", "cr.appointment.page.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    token = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system"
    )
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(
        string="Because of", model_field="origin_model", readonly=True
    )
    expires_on = fields.Date(required=True, readonly=True)
    used_on = fields.Date(string="Last used on", readonly=True)
    used_count = fields.Integer(
        string="Uses on that day", readonly=True, default=0, aggregator=None
    )

    _key_unique = models.UniqueIndex("(key)", "There is a link for this already.")
    _token_unique = models.UniqueIndex("(token)", "This link is taken already.")

    # === MAKING === #

    @api.model
    def _prepare_link(self, company, partner, vehicle, origin=None):
        """Return the columns that say whose link it is and why."""
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "vehicle_id": (vehicle and vehicle.id) or False,
            "origin_model": origin._name if origin else False,
            "origin_id": origin.id if origin else False,
        }

    @api.model
    def _get_urls(self, appointments):
        """Return {appointment id: address} on which each is moved or cancelled."""
        keys = [
            self._prepare_link(one.company_id, one.partner_id, one.vehicle_id, one)
            for one in appointments
        ]
        return dict(zip(appointments.ids, self._ensure_urls(keys), strict=True))

    @api.model
    def _ensure_urls(self, vals_list):
        """Return the addresses of links, in the order given; renew what is expiring.

        The number of queries does not depend on the number of links.

        :param list vals_list: see `_prepare_link`
        """
        # Raised rights: people get an address to hand on, not the list of links.
        links = self.sudo()
        stores = links.env["res.company"].browse({v["company_id"] for v in vals_list})
        until = {
            store.id: store._cr_today() + timedelta(days=store.cr_booking_link_days)
            for store in stores
        }
        rows = [
            {
                **vals,
                "key": self._get_key(vals),
                "token": make_token(),
                "expires_on": until[vals["company_id"]],
                "used_count": 0,
            }
            for vals in vals_list
        ]
        links._insert_new(rows)
        found = links.search([("key", "in", [row["key"] for row in rows])])
        for link in found:
            if link.expires_on < until[link.company_id.id]:
                link.expires_on = until[link.company_id.id]
        urls = {link.key: link._get_url() for link in found}
        return [urls[row["key"]] for row in rows]

    @api.model
    def _get_key(self, vals):
        """Return the key of a link: whose it is and because of what."""
        names = ("company_id", "partner_id", "vehicle_id", "origin_model", "origin_id")
        return "-".join(str(vals[name] or 0) for name in names)

    def _get_url(self):
        """Return the address of the link."""
        self.ensure_one()
        return f"{self.get_base_url()}/cr/book/{self.token}"

    # === USING === #

    @api.model
    def _find(self, token):
        """Return the link of a token with raised rights; empty if it opens nothing.

        Unknown, expired, and links to a car that is the customer's no more.
        """
        # Raised rights: the token is the customer's right to his own appointment.
        link = self.sudo().search([("token", "=", clean_token(token))], limit=1)
        if not link or link.expires_on < link.company_id._cr_today():
            return link.browse()
        if not link.partner_id.active or not link._is_own_car():
            return link.browse()
        return link.with_company(link.company_id)

    def _is_own_car(self):
        """Say whether the car has to do with the customer today."""
        self.ensure_one()
        if not self.vehicle_id:
            return True
        today = self.company_id._cr_today()
        roles = self.vehicle_id.role_ids.filtered(
            lambda role: not role.date_to or role.date_to >= today
        )
        return self.vehicle_id.active and self.partner_id in roles.partner_id

    def _count_use(self):
        """Count one booking, move or cancellation; refuse beyond the day's measure."""
        self.ensure_one()
        today = self.company_id._cr_today()
        self.flush_recordset()
        [(count,)] = self.env.execute_query(
            SQL(
                """UPDATE cr_appointment_link
                      SET used_count = CASE WHEN used_on = %(today)s
                                            THEN used_count + 1 ELSE 1 END,
                          used_on = %(today)s
                    WHERE id = %(id)s RETURNING used_count""",
                today=today,
                id=self.id,
            )
        )
        self.invalidate_recordset(["used_count", "used_on"])
        if count > _USES_A_DAY:
            raise UserError(
                self.env._(
                    "This link was used very often today. Please call us, or try again"
                    " tomorrow."
                )
            )
