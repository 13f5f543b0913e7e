from odoo import api, fields, models

from ..const import READING_STATES


class CrOdometerReading(models.Model):
    """What an odometer showed on a day. Only confirmed readings move a due date.

    The state is judged anew with all readings of the car whenever one changes, but
    what a person decided stays.
    """

    _name = "cr.odometer.reading"
    _description = "Odometer reading"
    _inherit = ["cr.vehicle.basis.mixin"]
    _order = "read_on desc, id desc"
    _rec_name = "km"

    _fact_fields = frozenset(
        ("vehicle_id", "read_on", "km", "next_km", "state", "decided_by_id")
    )

    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        index="btree_not_null",
        ondelete="cascade",
    )
    read_on = fields.Date(
        string="Read on", required=True, default=fields.Date.context_today
    )
    km = fields.Integer(string="Reading (km)", required=True, aggregator="max")
    next_km = fields.Integer(string="Stated next service (km)", aggregator=None)
    source = fields.Selection(
        [
            ("import", "Import"),
            ("order", "Work order"),
            ("call", "Said in a call"),
            ("hand", "By hand"),
        ],
        required=True,
        default="hand",
    )
    state = fields.Selection(
        READING_STATES, required=True, default="confirmed", readonly=True
    )
    reason = fields.Selection(
        [
            ("later_lower", "A later reading is lower"),
            ("earlier_higher", "An earlier reading is higher"),
            ("too_fast", "Faster than a car can drive"),
            ("beyond_next_service", "Beyond the shop's own next service"),
            ("next_service_far", "Far below the shop's own next service"),
            ("in_future", "The day is in the future"),
            ("out_of_range", "No odometer shows this"),
            ("by_hand", "Decided by a person"),
        ],
        readonly=True,
    )
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, index="btree_not_null"
    )
    owner_id = fields.Many2one(related="vehicle_id.owner_id")
    vehicle_km = fields.Integer(
        related="vehicle_id.odometer_km", string="Last confirmed (km)"
    )

    _km_positive = models.Constraint(
        "CHECK (km > 0)", "An odometer reading must be above zero."
    )
    _order_unique = models.UniqueIndex(
        "(order_id) WHERE order_id IS NOT NULL",
        "This work order already has an odometer reading.",
    )
    _vehicle_day_index = models.Index("(vehicle_id, read_on)")
    _suspect_index = models.Index("(id) WHERE state = 'suspect'")

    # === ACTIONS === #

    def action_confirm(self):
        """Believe the readings, whatever speaks against them."""
        self._decide("confirmed")

    def action_reject(self):
        """Disbelieve the readings for good."""
        self._decide("rejected")

    # === BUSINESS === #

    def _decide(self, state):
        """Record a person's decision; it outlives every later judgement.

        :param str state: "confirmed" or "rejected"
        """
        self.write(
            {"state": state, "reason": "by_hand", "decided_by_id": self.env.user.id}
        )

    @api.model
    def _sync_with_orders(self, orders):
        """Keep one reading per order that states one; the cars are refreshed later.

        :param orders: work orders that were created or changed
        """
        Reading = self.with_context(cr_dealership_skip_facts=True)
        readings = {
            reading.order_id: reading
            for reading in Reading.search([("order_id", "in", orders.ids)])
        }
        obsolete, missing = Reading, []
        for order in orders:
            reading, values = readings.get(order), order._prepare_reading_values()
            if reading and values:
                reading._follow_order(values)
            elif reading:
                obsolete |= reading
            elif values:
                missing.append(values)
        obsolete.unlink()
        Reading.create(missing)

    def _follow_order(self, values):
        """Take over what changed on the order; a new mileage is judged afresh."""
        if self.km != values["km"]:
            self.write({"state": "confirmed", "reason": False, "decided_by_id": False})
        self.write(
            {
                name: values[name]
                for name in ("vehicle_id", "read_on", "km", "next_km")
                if self._fields[name].convert_to_write(self[name], self)
                != values[name]
            }
        )
