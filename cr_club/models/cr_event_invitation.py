from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cr_dealership.const import BLOCK_REASONS
from odoo.addons.cr_dealership.tools.tokens import make_token

from ..const_event import (
    INFO_CHANNELS,
    INVITATION_STATES,
    INVITED_HOW,
    JOINED_HOW,
    REFUSALS,
    SEATED,
)
from ..tools.events import call_day


class CrEventInvitation(models.Model):
    """A guest of an event, from the proposal to what he said afterwards (EVT-04).

    Calls stand in `cr.event.invitation.contact.mixin`, seats and attendance in
    `cr.event.invitation.seat.mixin`, the page in `cr.event.invitation.page.mixin`.
    """

    _name = "cr.event.invitation"
    _description = "Guest of an event"
    _inherit = [
        "cr.settled.mixin",
        "cr.event.invitation.contact.mixin",
        "cr.event.invitation.seat.mixin",
        "cr.event.invitation.page.mixin",
    ]
    _order = "event_id desc, tier_level desc, id"
    _rec_name = "partner_id"

    _first_state = "todo"
    _settled_columns = frozenset(
        (
            "state",
            "token",
            "block_code",
            "free_on",
            "attempt_count",
            "invited_at",
            "invited_by_id",
            "accepted_at",
            "accepted_by_id",
            "confirmed_at",
            "confirmed_by_id",
            "reminded_at",
            "reminded_by_id",
            "attended_at",
            "checked_in_by_id",
            "waiting_since",
            "points_round",
        )
    )

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    event_day = fields.Date(related="event_id.cr_day", string="Day N")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    plates = fields.Char(related="partner_id.cr_plates", string="Plates")
    vehicle_id = fields.Many2one(
        related="partner_id.cr_main_vehicle_id", string="Car"
    )
    tier_level = fields.Integer(
        string="Level of the tier",
        readonly=True,
        default=0,
        aggregator=None,
        help="Higher tiers get free seats first.",
    )
    persons = fields.Integer(
        required=True, default=1, help="The guest and who comes with him."
    )
    state = fields.Selection(
        INVITATION_STATES,
        required=True,
        default="todo",
        index=True,
        group_expand=True,
        copy=False,
    )
    proposal_ids = fields.Many2many("cr.event.proposal", string="Proposed by")
    registration_ids = fields.One2many(
        "event.registration", "cr_invitation_id", string="Seats", readonly=True
    )
    token = fields.Char(
        required=True,
        default=lambda self: make_token(),
        readonly=True,
        copy=False,
        groups="base.group_system",
        export_string_translation=False,
    )
    # --- contact ---
    block_code = fields.Selection(BLOCK_REASONS, string="Not called because")
    free_on = fields.Date(
        string="Not before",
        help="The customer had enough contacts; from this day on he may be called.",
    )
    call_on = fields.Date(
        string="Call on",
        compute="_compute_call_on",
        store=True,
        help="When the next call is due, counted from day N.",
    )
    attempt_count = fields.Integer(string="Not reached", aggregator=None)
    # --- stages, with whom and when ---
    invited_how = fields.Selection(INVITED_HOW, string="Invited by way of")
    invited_at = fields.Datetime(string="Invited at")
    invited_by_id = fields.Many2one("res.users", string="Invited by")
    accepted_at = fields.Datetime(string="Accepted at")
    accepted_by_id = fields.Many2one("res.users", string="Noted by")
    confirmed_at = fields.Datetime(string="Intention confirmed at")
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed with")
    reminded_at = fields.Datetime(string="Reminded at")
    reminded_by_id = fields.Many2one("res.users", string="Reminded by")
    attended_at = fields.Datetime(string="Came at")
    checked_in_by_id = fields.Many2one("res.users", string="Checked in by")
    waiting_since = fields.Datetime(string="Waits since")
    refusal = fields.Selection(REFUSALS, string="Reason")
    note = fields.Char()
    # --- points ---
    points_round = fields.Integer(
        readonly=True, default=0, aggregator=None, export_string_translation=False
    )
    points = fields.Integer(string="Points got", compute="_compute_points")
    # --- evaluation (EVT-12) ---
    joined_how = fields.Selection(JOINED_HOW, string="Way of joining")
    info_channel = fields.Selection(INFO_CHANNELS, string="Heard of it through")
    rating = fields.Integer(
        string="Evaluation", aggregator=None, help="1 (poor) to 5 (excellent); 0: none."
    )
    rated = fields.Integer(
        compute="_compute_rated", store=True, export_string_translation=False
    )
    opinion = fields.Text()

    _one_a_guest = models.Constraint(
        "UNIQUE (event_id, partner_id)",
        "This customer stands on the list of this event already.",
    )
    _token_unique = models.UniqueIndex("(token)", "Two guests cannot share a code.")
    _persons_sane = models.Constraint(
        "CHECK (persons BETWEEN 1 AND 20)",
        "A guest brings at most 19 companions.",
    )
    _rating_sane = models.Constraint(
        "CHECK (rating IS NULL OR rating BETWEEN 0 AND 5)",
        "An evaluation is between 1 and 5.",
    )
    _call_index = models.Index("(company_id, call_on) WHERE call_on IS NOT NULL")

    # === COMPUTE === #

    @api.depends("rating")
    def _compute_rated(self):
        for guest in self:
            guest.rated = 1 if guest.rating else 0

    @api.depends(
        "state",
        "free_on",
        "block_code",
        "event_id.cr_day",
        "event_id.cr_state",
        "event_id.event_type_id",
    )
    def _compute_call_on(self):
        live = ("invite", "confirmed")
        for guest in self:
            event = guest.event_id
            day = None
            if event.cr_state in live and not guest.block_code:
                offsets = event.event_type_id._get_call_offsets() if (
                    event.event_type_id
                ) else {}
                day = call_day(guest.state, event.cr_day, offsets)
            guest.call_on = max(filter(None, (day, guest.free_on))) if day else False

    def _compute_points(self):
        # sudo: the list shows the points to whoever sees the guest.
        rows = self.env["cr.points.entry"].sudo()._read_group(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
            ],
            ["origin_id"],
            ["points:sum"],
        )
        points = dict(rows)
        for guest in self:
            guest.points = points.get(guest.id, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note the tier of guests who are added by hand."""
        members = self.env["cr.club.member"]._find_members(
            self.env["res.partner"].browse(vals.get("partner_id") for vals in vals_list)
        )
        levels = {one.partner_id.id: one.tier_id.level for one in members}
        return super().create(
            [
                {"tier_level": levels.get(vals.get("partner_id"), 0), **vals}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Keep the number of persons while seats are taken for them."""
        if "persons" in vals:
            seated = self.filtered(
                lambda one: one.state in SEATED and one.persons != vals["persons"]
            )
            if seated:
                raise UserError(
                    self.env._(
                        "%(guest)s has %(seats)s seats. Note that he declines, change"
                        " the number, and let him accept anew.",
                        guest=seated[0].partner_id.name,
                        seats=seated[0].persons,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contacted(self):
        """Keep whoever was spoken to: who declined is a result too."""
        kept = self.filtered(lambda one: one.state not in ("proposed", "todo"))
        if kept:
            raise UserError(
                self.env._(
                    "%(guest)s was invited to “%(event)s”; note that he declines"
                    " instead of removing him.",
                    guest=kept[0].partner_id.name,
                    event=kept[0].event_id.name,
                )
            )

    @api.model
    def _refuse_by_hand(self):
        """Name the buttons that write the stages."""
        raise UserError(
            self.env._(
                "The stage of a guest follows from calls, answers and check-in; use the"
                " buttons."
            )
        )

    # === BUSINESS === #

    def _refresh_call_on(self):
        """Work out anew when guests are called; the stage of the event has changed."""
        self.env.add_to_compute(self._fields["call_on"], self)

    def _check_live(self, *states):
        """Raise unless the events of the guests are at one of the stages."""
        for event in self.event_id:
            if event.cr_state not in states:
                labels = dict(
                    event._fields["cr_state"]._description_selection(self.env)
                )
                raise UserError(
                    self.env._(
                        "“%(event)s” is at “%(state)s”; this is done while it is at"
                        " “%(wanted)s”.",
                        event=event.name,
                        state=labels[event.cr_state],
                        wanted=labels[states[0]],
                    )
                )

    # === ACTIONS === #

    def action_drop(self):
        """Take guests off the list who were not invited yet."""
        self.check_access("write")
        open_guests = self.filtered(lambda one: one.state in ("proposed", "todo"))
        open_guests._settle(state="dropped")

    def action_take_back(self):
        """Look at consent, file and cap anew; who was taken off comes back."""
        self.check_access("write")
        self.filtered(
            lambda one: one.state == "dropped" or one.state == "todo" and one.block_code
        )._judge()

    def action_open_page(self):
        """Open the page of the guest."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}
