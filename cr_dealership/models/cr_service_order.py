from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_AMOUNTS = ("amount_labour", "amount_material", "amount_other")
# From which states an order may come to a state.
_SOURCE_STATES = {
    "settled": ("open",),
    "cancelled": ("open",),
    "open": ("settled", "cancelled"),
}


class CrServiceOrder(models.Model):
    """What the shop did on one visit of a car (VEH-03, VEH-23).

    Comes from import or by hand. The import inserts orders set-based; what must
    happen after orders came or changed belongs into `_after_orders_changed`.
    """

    _name = "cr.service.order"
    _description = "Work order"
    _inherit = ["mail.thread", "cr.vehicle.basis.mixin", "cr.service.order.visit.mixin"]
    _order = "out_on desc, id desc"
    _rec_name = "number"

    _fact_fields = frozenset(
        (
            "company_id",
            "vehicle_id",
            "type_id",
            "state",
            "in_at",
            "in_on",
            "out_at",
            "out_on",
            "odometer_km",
            "next_km",
            "next_on",
        )
    )

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    number = fields.Char(string="Work order", required=True, index="trigram")
    system = fields.Char(
        string="From system", help="The system the number comes from; empty: by hand."
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        precompute=True,
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
    )
    type_id = fields.Many2one(
        "cr.service.type", string="Service type", required=True, index=True
    )
    type_name = fields.Char(string="Type as written")
    state = fields.Selection(
        [("open", "In the shop"), ("settled", "Settled"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        tracking=True,
        help="Callbacks and due dates look at settled orders only.",
    )
    in_at = fields.Datetime(string="Came in at", tracking=True)
    promised_at = fields.Datetime(string="Promised for")
    out_at = fields.Datetime(string="Left at", tracking=True)
    in_on = fields.Date(
        string="Came in on",
        compute="_compute_in_on",
        precompute=True,
        store=True,
        readonly=False,
        help="Day of arrival by the store's clock.",
    )
    out_on = fields.Date(
        string="Left on",
        compute="_compute_out_on",
        precompute=True,
        store=True,
        readonly=False,
        help="Day of leaving by the store's clock.",
    )
    is_overdue = fields.Boolean(
        string="Unsettled too long",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="Open for longer than the store allows; due dates and calls wait for it.",
    )
    odometer_km = fields.Integer(string="Odometer (km)", aggregator=None)
    amount_labour = fields.Monetary(
        string="Labour",
        compute="_compute_amount_labour",
        store=True,
        readonly=False,
        tracking=True,
    )
    amount_material = fields.Monetary(
        string="Material",
        compute="_compute_amount_material",
        store=True,
        readonly=False,
        tracking=True,
    )
    amount_other = fields.Monetary(
        string="Other",
        compute="_compute_amount_other",
        store=True,
        readonly=False,
        tracking=True,
    )
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amount_total",
        store=True,
        readonly=False,
        tracking=True,
        help="Labour, material and other, unless the shop's system says otherwise.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    advisor_id = fields.Many2one(
        "hr.employee", string="Service advisor", index="btree_not_null"
    )
    advisor_name = fields.Char(string="Advisor as written")
    technician_id = fields.Many2one("hr.employee", index="btree_not_null")
    diagnosis = fields.Text(string="Fault findings")
    check_result = fields.Selection(
        [("passed", "Passed"), ("failed", "Back to repair")], string="Quality check"
    )
    checked_by_id = fields.Many2one(
        "hr.employee", string="Checked by", index="btree_not_null"
    )
    next_km = fields.Integer(string="Stated next service (km)", aggregator=None)
    next_on = fields.Date(string="Stated next service")
    customer_words = fields.Char(string="What the customer said")
    is_renewal_done = fields.Boolean(string="Insurance renewed at this visit")
    sms_sent_on = fields.Date(string="Thank-you SMS sent on")
    # --- what the customer thought of it (VEH-10) ---
    score_service = fields.Integer(string="Service score (1-10)", aggregator="avg")
    score_repair = fields.Integer(string="Repair score (1-10)", aggregator="avg")
    parts_opinion = fields.Char(string="Opinion on the parts")
    feedback_note = fields.Text(string="Feedback")
    line_ids = fields.One2many(
        "cr.service.order.line", "order_id", string="Work and parts"
    )
    declined_ids = fields.One2many(
        "cr.declined.work", "order_id", string="Declined work"
    )
    reading_ids = fields.One2many(
        "cr.odometer.reading", "order_id", string="Odometer reading"
    )
    # Outbox of the nightly callback run: a settled order nobody has looked at yet.
    callback_pending = fields.Boolean(
        default=False, readonly=True, copy=False, export_string_translation=False
    )

    _number_unique = models.UniqueIndex(
        "(company_id, COALESCE(system, ''), number)",
        "This work order number is already recorded in this store.",
    )
    _scores_in_range = models.Constraint(
        "CHECK (COALESCE(score_service, 0) BETWEEN 0 AND 10"
        " AND COALESCE(score_repair, 0) BETWEEN 0 AND 10)",
        "A score is a number from 1 to 10; 0 means that nobody asked.",
    )
    _pending_index = models.Index("(id) WHERE callback_pending")
    _open_index = models.Index("(company_id, in_on) WHERE state = 'open'")
    _vehicle_out_index = models.Index("(vehicle_id, out_on DESC)")
    _company_out_index = models.Index("(company_id, out_on)")

    # === COMPUTE === #

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for order in self:
            order.partner_id = order.partner_id or order.vehicle_id.owner_id

    @api.depends("in_at", "company_id")
    def _compute_in_on(self):
        for order in self:
            order.in_on = order.company_id._cr_local_day(order.in_at) or order.in_on

    @api.depends("out_at", "company_id")
    def _compute_out_on(self):
        for order in self:
            order.out_on = order.company_id._cr_local_day(order.out_at) or order.out_on

    @api.depends("state", "in_on", "company_id.cr_unsettled_days")
    def _compute_is_overdue(self):
        for order in self:
            limit = order.company_id._cr_unsettled_limit()
            order.is_overdue = (
                order.state == "open" and order.in_on and order.in_on < limit
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "=", "open") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("in_on", "<", company._cr_unsettled_limit())
            for company in self.env.companies
        )

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amount_labour(self):
        self._sum_lines("labour")

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amount_material(self):
        self._sum_lines("material")

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amount_other(self):
        self._sum_lines("other")

    @api.depends(*_AMOUNTS)
    def _compute_amount_total(self):
        for order in self:
            order.amount_total = sum(order[name] for name in _AMOUNTS)

    # === CHECKS === #

    @api.constrains("in_on", "out_on")
    def _check_left_after_coming(self):
        for order in self:
            if order.in_on and order.out_on and order.out_on < order.in_on:
                raise ValidationError(
                    self.env._(
                        "Work order %(number)s: the car cannot leave on %(out)s before"
                        " it came in on %(came)s. Correct one of the two.",
                        number=order.number,
                        out=fields.Date.to_string(order.out_on),
                        came=fields.Date.to_string(order.in_on),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record readings, note what calls back, tell the others once."""
        orders = super().create(vals_list)
        orders.filtered(lambda order: order._is_left()).callback_pending = True
        orders._after_orders_changed()
        return orders

    def write(self, vals):
        """Note orders that became settled; tell the others once."""
        waiting = self.filtered(lambda order: not order._is_left())
        result = super().write(vals)
        left = waiting.filtered(lambda order: order._is_left())
        if left:
            super(CrServiceOrder, left).write({"callback_pending": True})
        if not self._fact_fields.isdisjoint(vals):
            self._after_orders_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        settled = self.filtered(lambda order: order.state == "settled")
        if settled:
            raise UserError(
                self.env._(
                    "Work orders %s are settled and stay in the car's history. Take"
                    " them back to the shop first if they were recorded by mistake.",
                    ", ".join(settled.mapped("number")),
                )
            )

    # === ACTIONS === #

    def action_settle(self):
        """The car left and the bill is settled; it left now unless a time stands."""
        self.filtered(lambda order: not order.out_at and not order.out_on).write(
            {"out_at": fields.Datetime.now()}
        )
        self._set_state("settled")

    def action_cancel(self):
        """Nothing was done; the order counts nowhere."""
        self._set_state("cancelled")

    def action_reopen(self):
        """Take the order back to the shop."""
        self._set_state("open")

    # === BUSINESS === #

    def _sum_lines(self, kind):
        """Have the lines of a kind make up its amount; without lines it stays.

        Each amount has a compute of its own: Odoo leaves out all amounts of a shared
        one as soon as one of them is given.
        """
        name = f"amount_{kind}"
        for order in self:
            lines = order.line_ids.filtered(lambda line: line.kind == kind)
            order[name] = sum(lines.mapped("amount")) if lines else order[name]

    def _set_state(self, state):
        """Bring the orders to a state; every change of state goes this way.

        :param str state: target, see `_SOURCE_STATES`
        :return: the orders that changed
        :raises UserError: for an order whose state does not lead there
        """
        changing = self.filtered(lambda order: order.state != state)
        labels = dict(self._fields["state"]._description_selection(self.env))
        for order in changing:
            if order.state not in _SOURCE_STATES[state]:
                raise UserError(
                    self.env._(
                        "Work order %(number)s is “%(state)s” and cannot become"
                        " “%(target)s”; take it back to the shop first.",
                        number=order.number,
                        state=labels[order.state],
                        target=labels[state],
                    )
                )
        changing.write({"state": state})
        return changing

    def _is_left(self):
        """Say whether the car left and the order is settled."""
        self.ensure_one()
        return self.state == "settled" and bool(self.out_on)

    def _refresh_vehicle_facts(self, vehicles, partners):
        self.env["cr.odometer.reading"]._sync_with_orders(self)
        return super()._refresh_vehicle_facts(vehicles, partners)

    def _get_fact_partners(self):
        return super()._get_fact_partners() | self.partner_id

    def _prepare_reading_values(self):
        """Return the values of the order's odometer reading, empty without one."""
        self.ensure_one()
        read_on = self.in_on or self.out_on
        if not read_on or self.odometer_km <= 0 or self.state == "cancelled":
            return {}
        return {
            "order_id": self.id,
            "vehicle_id": self.vehicle_id.id,
            "read_on": read_on,
            "km": self.odometer_km,
            "next_km": self.next_km,
            "source": "import" if self.system else "order",
        }

    # === HOOKS === #

    def _after_orders_changed(self):
        """React to new or changed orders; runs once for the whole set.

        The import calls it after it wrote orders by SQL. Extend it, and take care
        that the number of queries does not depend on the number of orders.
        """
        self.env["cr.appointment"]._follow_orders(self)
