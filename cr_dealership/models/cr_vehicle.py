from odoo import api, fields, models

from ..const import NEED_CLASSES

# Changing one of these changes what falls due.
_BASIS_FIELDS = frozenset(
    (
        "active",
        "state",
        "model_id",
        "company_id",
        "delivered_on",
        "registered_on",
        "warranty_start_on",
        "warranty_end_on",
        "warranty_km",
    )
)
_WARRANTY_FIELDS = ("warranty_start_on", "warranty_end_on")


class CrVehicle(models.Model):
    """A customer's car. It belongs to the group; what stores did carries a store.

    Owner, odometer and due dates are stored facts of `cr.vehicle.facts.mixin`. They
    are refreshed in the transaction that changed what they rest on.
    """

    _name = "cr.vehicle"
    _description = "Customer's car"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.vehicle.booking.mixin",
        "cr.vehicle.identity.mixin",
        "cr.vehicle.facts.mixin",
        "cr.vehicle.churn.mixin",
    ]
    _order = "id desc"

    active = fields.Boolean(default=True)
    # --- what the car is (VEH-01); VIN and plate come from the identity mixin ---
    engine_number = fields.Char()
    model_id = fields.Many2one("fleet.vehicle.model", index="btree_not_null")
    brand_id = fields.Many2one(
        related="model_id.brand_id", store=True, index="btree_not_null"
    )
    variant = fields.Char(string="Variant (SFX)")
    color = fields.Char(string="Colour")
    usage = fields.Selection(NEED_CLASSES, tracking=True)
    state = fields.Selection(
        [("in_use", "In use"), ("gone", "Left our area"), ("scrapped", "Scrapped")],
        required=True,
        default="in_use",
        tracking=True,
        help="Only a car in use falls due.",
    )
    # --- how it was sold (VEH-02); prices only for who may see them (VEH-21) ---
    company_id = fields.Many2one(
        "res.company",
        string="Delivered by",
        index="btree_not_null",
        help="Our store that sold and delivered the car; empty: bought elsewhere.",
    )
    contract_number = fields.Char(index="btree_not_null")
    ordered_on = fields.Date()
    delivered_on = fields.Date(index="btree_not_null", tracking=True)
    price = fields.Monetary(groups="cr_dealership.group_cr_dealership_price")
    discount = fields.Monetary(groups="cr_dealership.group_cr_dealership_price")
    offers = fields.Char(groups="cr_dealership.group_cr_dealership_price")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    consultant_id = fields.Many2one(
        "hr.employee", string="Sales consultant", index="btree_not_null"
    )
    consultant_name = fields.Char(string="Consultant as written")
    source_id = fields.Many2one("cr.source", index="btree_not_null")
    # --- warranty (VEH-15); filled with the facts from delivery and model ---
    warranty_start_on = fields.Date(string="Warranty from")
    warranty_end_on = fields.Date(string="Warranty until")
    warranty_km = fields.Integer(string="Warranty up to (km)", aggregator=None)
    warranty_note = fields.Text(string="Warranty key points")
    # --- people, work, dates ---
    role_ids = fields.One2many("cr.vehicle.role", "vehicle_id", string="People")
    owner_phone = fields.Char(related="owner_id.mobile", string="Owner's mobile")
    order_ids = fields.One2many("cr.service.order", "vehicle_id", string="Work orders")
    reading_ids = fields.One2many(
        "cr.odometer.reading", "vehicle_id", string="Readings"
    )
    policy_ids = fields.One2many("cr.insurance.policy", "vehicle_id", string="Policies")
    inspection_ids = fields.One2many(
        "cr.inspection", "vehicle_id", string="Inspections"
    )
    violation_ids = fields.One2many(
        "cr.traffic.violation", "vehicle_id", string="Traffic violations"
    )
    declined_ids = fields.One2many(
        "cr.declined.work", "vehicle_id", string="Declined work"
    )
    registered_on = fields.Date(
        string="First registered",
        help="Inspections count from here; empty: from the delivery.",
    )
    # Outbox of the nightly callback run: a delivery nobody has looked at yet.
    callback_pending = fields.Boolean(
        default=False, readonly=True, copy=False, export_string_translation=False
    )

    # Outbox of the nightly care run: dates, owner or delivery changed.
    care_pending = fields.Boolean(
        default=False, readonly=True, copy=False, export_string_translation=False
    )

    _pending_index = models.Index("(id) WHERE callback_pending")
    _care_pending_index = models.Index("(id) WHERE care_pending")
    _stale_index = models.Index("(id) WHERE facts_stale IS TRUE")

    # === COMPUTE === #

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for vehicle in self:
            company = vehicle.company_id or self.env.company
            vehicle.currency_id = company.currency_id

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note deliveries and work out the facts of the new cars once for all."""
        # The people given with a car are looked at with its other facts below.
        later = self.with_context(cr_dealership_skip_facts=True)
        vehicles = super(CrVehicle, later).create(vals_list).with_env(self.env)
        vehicles.filtered(
            lambda vehicle: vehicle._is_delivered_by_us()
        ).callback_pending = True
        vehicles._log_vin_warnings()
        if not self.env.context.get("cr_dealership_skip_facts"):
            vehicles._refresh_facts(vehicles.role_ids.partner_id)
        return vehicles

    def write(self, vals):
        """Note a delivery and refresh what changed."""
        waiting = self.filtered(lambda vehicle: not vehicle._is_delivered_by_us())
        moved = self._get_moved_warranties(vals)
        result = super(CrVehicle, self - moved).write(vals)
        # The facts fill the warranty again, from the new day on.
        super(CrVehicle, moved).write({**vals, **dict.fromkeys(_WARRANTY_FIELDS)})
        if not {"delivered_on", "company_id"}.isdisjoint(vals):
            waiting.filtered(
                lambda vehicle: vehicle._is_delivered_by_us()
            ).callback_pending = True
        if "vin" in vals:
            self._log_vin_warnings()
        is_later = self.env.context.get("cr_dealership_skip_facts")
        if not is_later and not _BASIS_FIELDS.isdisjoint(vals):
            self._refresh_facts()
        return result

    def unlink(self):
        """Let go of the people of the cars."""
        partners = self.role_ids.partner_id
        result = super().unlink()
        self.browse()._refresh_facts(partners)
        return result

    # === ACTIONS === #

    def action_open_orders(self):
        """Open the work orders of the car."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_service_order_action"
        )
        return {
            **action,
            "domain": [("vehicle_id", "in", self.ids)],
            "context": {"default_vehicle_id": self.id if len(self) == 1 else False},
        }

    def action_open_story(self):
        """Open everything that happened with this car, newest first (VEH-06)."""
        self.ensure_one()
        return self.env["cr.story"]._get_action(self)

    # === DELIVERY === #

    def _is_delivered_by_us(self):
        self.ensure_one()
        return bool(self.delivered_on and self.company_id)

    def _get_moved_warranties(self, vals):
        """Return the cars whose warranty hung on a delivery day that changes now."""
        if "delivered_on" not in vals or not set(_WARRANTY_FIELDS).isdisjoint(vals):
            return self.browse()
        return self.filtered(
            lambda vehicle: vehicle.delivered_on
            and vehicle.delivered_on == vehicle.warranty_start_on
        )

    # === OWNER === #

    def _set_owner(self, partner, on_date, is_purchase=False):
        """Hand the cars over to a new owner; the old one stays in the history.

        :param partner: new owner; cars he owns already stay as they are
        :param datetime.date on_date: first day of the new owner
        :param bool is_purchase: he buys the car from one of our stores
        """
        Role = self.env["cr.vehicle.role"].with_context(cr_dealership_skip_facts=True)
        open_roles = Role.search(
            [
                ("vehicle_id", "in", self.ids),
                ("role", "=", "owner"),
                ("date_to", "=", False),
            ]
        )
        old_roles = open_roles.filtered(lambda role: role.partner_id != partner)
        vehicles = self - (open_roles - old_roles).vehicle_id
        old_roles._close_before(on_date)
        Role.create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": partner.id,
                    "role": "owner",
                    "date_from": on_date,
                    "is_purchase": is_purchase,
                }
                for vehicle in vehicles
            ]
        )
        old_owners = {role.vehicle_id: role.partner_id for role in old_roles}
        vehicles._refresh_facts(partner | old_roles.partner_id)
        vehicles._log_new_owner(old_owners, partner, on_date)
        for vehicle in vehicles:
            old_owner = old_owners.get(vehicle, self.env["res.partner"])
            vehicle._after_owner_changed(old_owner, partner)

    def _log_new_owner(self, old_owners, partner, on_date):
        """Write into the chatter of each car from whom it went to whom."""
        if not self:
            return
        nobody = self.env._("nobody known")
        self._message_log_batch(
            {
                vehicle.id: self.env._(
                    "Owner since %(date)s: %(new)s; before: %(old)s",
                    date=fields.Date.to_string(on_date),
                    new=partner.name,
                    old=old_owners[vehicle].name if vehicle in old_owners else nobody,
                )
                for vehicle in self
            }
        )

    # === HISTORY === #

    def _get_history_orders(self):
        """Return the visits of the printed history, the newest first (VEH-11)."""
        return self.order_ids.filtered(lambda order: order.state == "settled")

    def _get_history_declined(self):
        """Return the work that the printed history recommends again."""
        Declined = self.env["cr.declined.work"]
        if not Declined.has_access("read"):
            return Declined
        return self.declined_ids.filtered(lambda work: work.state == "open")

    # === HOOKS === #

    # pylint: disable=unused-argument
    def _after_owner_changed(self, old_owner, new_owner):
        """React to a new owner of the car: consents, open cases, members' cards.

        :param old_owner: partner, empty if nobody was known
        :param new_owner: partner
        """
        self.ensure_one()
