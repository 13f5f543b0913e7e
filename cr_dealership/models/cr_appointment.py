from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..const import (
    ACTIVE_APPOINTMENT_STATES,
    APPOINTMENT_CHANNELS,
    APPOINTMENT_STATES,
    COMING_STATES,
)

_RED, _AMBER, _BLUE, _GREEN, _GREY = 1, 3, 4, 10, 0
_COLORS = {"confirmed": _BLUE, "arrived": _AMBER, "done": _GREEN, "no_show": _RED}
_PREPARATION = ("is_sheet_printed", "is_parts_confirmed", "is_workshop_told")


class CrAppointment(models.Model):
    """A customer's booked visit to the shop (APT-01).

    It holds a place of a `cr.appointment.slot` from the moment it is made until it is
    cancelled or moved; all in one transaction. Every change of state goes through
    `_set_state`; a car has one active appointment a day.
    """

    _name = "cr.appointment"
    _description = "Appointment"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.todo.mixin",
        "cr.appointment.care.mixin",
        "cr.appointment.check.mixin",
        "cr.appointment.state.mixin",
        "cr.appointment.words.mixin",
        "cr.appointment.visit.mixin",
        "cr.appointment.job.mixin",
    ]
    _order = "start_at, id"
    _check_company_auto = True

    # --- who and when ---
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    phone = fields.Char(
        string="Telephone",
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    plate = fields.Char(related="vehicle_id.plate")
    model_id = fields.Many2one(related="vehicle_id.model_id", string="Model")
    slot_id = fields.Many2one(
        "cr.appointment.slot",
        string="Time",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        copy=False,
    )
    bay_kind = fields.Selection(
        related="slot_id.bay_kind", string="Kind of work", store=True, precompute=True
    )
    day = fields.Date(related="slot_id.day", store=True, precompute=True)
    start_at = fields.Datetime(
        related="slot_id.start_at", string="From", store=True, precompute=True
    )
    end_at = fields.Datetime(
        related="slot_id.end_at", string="Until", store=True, precompute=True
    )
    # --- what for ---
    line_ids = fields.One2many(
        "cr.appointment.line", "appointment_id", string="Booked work", copy=True
    )
    items_text = fields.Char(string="Work", compute="_compute_items_text")
    wish = fields.Text(string="Customer's wish", help="In his own words.")
    advisor_id = fields.Many2one(
        "hr.employee",
        string="Service advisor",
        index="btree_not_null",
        check_company=True,
    )
    # --- where it comes from ---
    channel = fields.Selection(
        APPOINTMENT_CHANNELS, string="Booked by", required=True, default="phone"
    )
    session_id = fields.Many2one(
        "cr.call.session",
        string="Conversation",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    origin_model = fields.Char(readonly=True, copy=False)
    origin_id = fields.Many2oneReference(
        string="Because of", model_field="origin_model", readonly=True, copy=False
    )
    # --- how it stands ---
    state = fields.Selection(
        APPOINTMENT_STATES,
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        group_expand="_group_expand_states",
    )
    confirm_by = fields.Datetime(
        readonly=True, copy=False, help="After this an unconfirmed booking is late."
    )
    is_unconfirmed_late = fields.Boolean(
        string="Confirmation is late",
        compute="_compute_is_unconfirmed_late",
        search="_search_is_unconfirmed_late",
    )
    confirmed_at = fields.Datetime(
        string="Confirmed since", readonly=True, copy=False
    )
    arrived_at = fields.Datetime(string="Here since", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Char(string="Cancelled because", readonly=True, copy=False)
    # What the jobs have done for this time of the appointment; a move clears it.
    reminded_at = fields.Datetime(string="Reminder sent", readonly=True, copy=False)
    late_alerted_at = fields.Datetime(readonly=True, copy=False)
    color = fields.Integer(compute="_compute_color", export_string_translation=False)
    # --- preparation (APT-05) ---
    is_sheet_printed = fields.Boolean(string="Sheet printed", copy=False)
    is_parts_confirmed = fields.Boolean(string="Parts are in stock", copy=False)
    is_workshop_told = fields.Boolean(string="Workshop is told", copy=False)
    is_prepared = fields.Boolean(
        string="Prepared", compute="_compute_is_prepared", store=True, precompute=True
    )
    # --- the visit ---
    order_ids = fields.One2many(
        "cr.service.order", "appointment_id", string="Work orders", readonly=True
    )
    waiting_minutes = fields.Integer(
        string="Waited (minutes)",
        compute="_compute_waiting_minutes",
        help="From the arrival until the work began, where both are known.",
    )

    _vehicle_day_unique = models.UniqueIndex(
        "(vehicle_id, day) WHERE state IN ('requested', 'confirmed', 'arrived')",
        "This car already has an appointment on that day; move or cancel that one.",
    )
    _coming_index = models.Index(
        "(day, company_id) WHERE state IN ('requested', 'confirmed')"
    )
    _confirm_index = models.Index("(confirm_by) WHERE state = 'requested'")
    _day_index = models.Index("(day, company_id)")

    # === COMPUTE === #

    @api.depends("partner_id", "vehicle_id", "start_at")
    def _compute_display_name(self):
        for appointment in self:
            name = appointment.partner_id.name
            parts = (name, appointment.plate, appointment._get_time_text())
            appointment.display_name = " · ".join(filter(None, parts))

    @api.depends("partner_id")
    def _compute_phone(self):
        for appointment in self:
            partner = appointment.partner_id
            appointment.phone = partner.mobile or partner.phone

    @api.depends("line_ids.type_id", "line_ids.name")
    def _compute_items_text(self):
        for appointment in self:
            names = [line.display_name for line in appointment.line_ids]
            appointment.items_text = ", ".join(filter(None, names))

    @api.depends("state", "confirm_by")
    def _compute_is_unconfirmed_late(self):
        now = fields.Datetime.now()
        for appointment in self:
            appointment.is_unconfirmed_late = (
                appointment.state == "requested"
                and bool(appointment.confirm_by)
                and appointment.confirm_by < now
            )

    def _search_is_unconfirmed_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._get_unconfirmed_domain(fields.Datetime.now())

    @api.depends("state", "confirm_by")
    def _compute_color(self):
        for appointment in self:
            is_late = appointment.is_unconfirmed_late
            color = _RED if is_late else _COLORS.get(appointment.state, _GREY)
            appointment.color = color

    @api.depends(*_PREPARATION)
    def _compute_is_prepared(self):
        for appointment in self:
            appointment.is_prepared = all(appointment[name] for name in _PREPARATION)

    @api.depends("order_ids.waiting_minutes")
    def _compute_waiting_minutes(self):
        for appointment in self:
            waited = appointment.order_ids.mapped("waiting_minutes")
            appointment.waiting_minutes = max(waited, default=0)

    @api.model
    def _group_expand_states(self, _states, _domain):
        return [state for state, _label in APPOINTMENT_STATES if state != "cancelled"]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Take the places first; who finds none is told what is free."""
        # Raised rights: slots are counted by nobody but appointments.
        slots = self.env["cr.appointment.slot"].sudo()
        known = slots.browse(filter(None, (v.get("slot_id") for v in vals_list)))
        known = {slot.id: slot for slot in known.exists()}
        vals_list = [self._prepare_new(vals, known) for vals in vals_list]
        self._check_one_a_day(
            (vals.get("vehicle_id"), vals["slot_id"]) for vals in vals_list
        )
        slots._take(Counter(vals["slot_id"] for vals in vals_list))
        appointments = super().create(vals_list)
        appointments._set_confirm_by()
        appointments._after_booked()
        return appointments

    def write(self, vals):
        """Change of time: take the new place and give the old one back."""
        self._check_written(vals)
        if "slot_id" not in vals:
            return super().write(vals)
        # Raised rights: slots are counted by nobody but appointments.
        slots = self.env["cr.appointment.slot"].sudo()
        moved = self.filtered(lambda one: one.slot_id.id != vals["slot_id"])
        moved._check_movable()
        if moved:
            self._check_future(slots.browse(vals["slot_id"]))
        moved._check_one_a_day((one.vehicle_id.id, vals["slot_id"]) for one in moved)
        before = Counter(one.slot_id.id for one in moved)
        slots._take(Counter({vals["slot_id"]: len(moved)} if moved else {}))
        result = super().write(vals)
        slots._give_back(before)
        moved._after_moved()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        active = self.filtered(lambda appointment: appointment.state != "cancelled")
        if active:
            raise UserError(
                self.env._(
                    "%(appointment)s is kept for the figures; cancel it with a reason"
                    " instead of deleting it.",
                    appointment=active[0].display_name,
                )
            )

    @api.model
    def _prepare_new(self, vals, known):
        """Return the values of a new appointment; its store is that of its time.

        :param dict known: {id: slot} of the slots that are there
        """
        slot = known.get(vals.get("slot_id"))
        if not slot:
            raise UserError(
                self.env._("Choose a free time for the appointment, please.")
            )
        if vals.get("state", "requested") not in COMING_STATES and not self.env.su:
            raise UserError(
                self.env._(
                    "A new appointment is either to confirm or confirmed; use the"
                    " buttons for what follows."
                )
            )
        self._check_future(slot)
        return {**vals, "company_id": slot.company_id.id}

    def _set_confirm_by(self):
        """Note by when each must be confirmed, and since when it is."""
        now = fields.Datetime.now()
        for company, found in self.grouped("company_id").items():
            waiting = found.filtered(lambda one: one.state == "requested")
            (found - waiting).sudo().write({"confirmed_at": now})
            until = now + timedelta(hours=company.sudo().cr_confirm_hours)
            waiting.sudo().write({"confirm_by": until})

    # === CHECKS === #

    @api.model
    def _check_future(self, slot):
        """Raise if a time has passed."""
        if slot.start_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(slot)s has passed; choose a time to come.",
                    slot=slot.display_name,
                )
            )

    def _check_one_a_day(self, pairs):
        """Raise in words before the database refuses a second appointment a day.

        :param pairs: iterable of (car id or empty, slot id)
        """
        pairs = [(car, slot) for car, slot in pairs if car]
        slots = self.env["cr.appointment.slot"].sudo()
        days = {slot.id: slot.day for slot in slots.browse({slot for _, slot in pairs})}
        # Raised rights: another store's appointment stands in the way as well.
        found = self.sudo().search(
            Domain("vehicle_id", "in", [car for car, _slot in pairs])
            & Domain("day", "in", list(days.values()))
            & Domain("state", "in", ACTIVE_APPOINTMENT_STATES)
            & Domain("id", "not in", self.ids)
        )
        wanted = {(car, days[slot]) for car, slot in pairs}
        for other in found.filtered(lambda one: (one.vehicle_id.id, one.day) in wanted):
            raise UserError(
                self.env._(
                    "%(plate)s already has an appointment on that day: %(when)s. Move"
                    " or cancel that one.",
                    plate=other.plate or other.vehicle_id.vin,
                    when=other._get_time_text(),
                )
            )
