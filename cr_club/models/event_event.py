from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const_event import COST_GROUPS, EVENT_STATES

_USUAL_HOURS = 3


class EventEvent(models.Model):
    """An event of the club: plan, guests, preparation, results (EVT-01).

    The states and their guards stand in `cr.event.flow.mixin`, the tasks of the
    preparation in `cr.event.tasks.mixin`, figures in `cr.event.figures.mixin`, seats
    in `cr.event.seats.mixin`, check-in in `cr.event.check.in.mixin`.
    """

    _name = "event.event"
    _inherit = [
        "event.event",
        "cr.settled.mixin",
        "cr.event.flow.mixin",
        "cr.event.tasks.mixin",
        "cr.event.seats.mixin",
        "cr.event.figures.mixin",
        "cr.event.list.mixin",
        "cr.event.messages.mixin",
        "cr.event.check.in.mixin",
    ]

    _first_state = "plan"
    _settled_columns = frozenset(("cr_state", "cr_seat_turn"))

    cr_state = fields.Selection(
        EVENT_STATES,
        string="Stage of the event",
        required=True,
        default="plan",
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    cr_day = fields.Date(
        string="Day N",
        compute="_compute_cr_day",
        store=True,
        index=True,
        help="By the clock of the store.",
    )
    cr_place = fields.Char(string="Place")
    cr_host_ids = fields.Many2many(
        "res.users", "cr_event_host_rel", "event_id", "user_id", string="Hosts"
    )
    cr_objective = fields.Text(string="Objective")
    cr_plan_file = fields.Binary(string="Plan of the event", copy=False)
    cr_plan_filename = fields.Char(string="File name", copy=False)
    cr_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the store"
    )
    cr_budget = fields.Monetary(
        string="Budget", currency_field="cr_currency_id", groups=COST_GROUPS
    )
    cr_cost_total = fields.Monetary(
        string="Spent",
        compute="_compute_cr_cost",
        currency_field="cr_currency_id",
        groups=COST_GROUPS,
    )
    cr_budget_left = fields.Monetary(
        string="Left of the budget",
        compute="_compute_cr_cost",
        currency_field="cr_currency_id",
        groups=COST_GROUPS,
    )
    cr_points = fields.Integer(
        string="Points for coming",
        compute="_compute_cr_points",
        store=True,
        readonly=False,
        aggregator=None,
    )
    cr_is_notice = fields.Boolean(related="event_type_id.cr_is_notice")
    cr_head_start_days = fields.Integer(
        string="Complete files are told first (days)",
        default=2,
        aggregator=None,
        help="Customers with a complete file get the message so many days earlier.",
    )
    cr_seat_turn = fields.Integer(
        copy=False, readonly=True, default=0, export_string_translation=False
    )
    # --- lists ---
    cr_invitation_ids = fields.One2many(
        "cr.event.invitation", "event_id", string="Guests"
    )
    cr_proposal_ids = fields.One2many(
        "cr.event.proposal", "event_id", string="Proposals"
    )
    cr_lesson_ids = fields.One2many(
        "cr.event.lesson", "event_id", string="Lessons", copy=True
    )
    cr_team_ids = fields.One2many(
        "cr.event.team", "event_id", string="Team", copy=True
    )
    cr_cost_ids = fields.One2many(
        "cr.event.cost", "event_id", string="Costs", groups=COST_GROUPS
    )
    cr_gift_ids = fields.One2many("cr.event.gift", "event_id", string="Gifts")
    cr_result_ids = fields.One2many("cr.event.result", "event_id", string="Follow-up")
    cr_link_ids = fields.One2many("cr.event.link", "event_id", string="Links")
    cr_photo_ids = fields.Many2many(
        "ir.attachment",
        "cr_event_photo_rel",
        "event_id",
        "attachment_id",
        string="Photographs",
        copy=False,
    )
    # --- summary (EVT-08) ---
    cr_opinions = fields.Text(string="Opinions collected", copy=False)
    cr_lessons_learned = fields.Text(string="Lessons learned", copy=False)
    cr_has_no_cost = fields.Boolean(string="Cost nothing", copy=False)
    cr_summary_by_id = fields.Many2one(
        "res.users", string="Summed up by", readonly=True, copy=False
    )
    # --- the year (EVT-11, EVT-20) ---
    cr_year_line_id = fields.Many2one(
        "cr.event.year.line",
        string="Planned for the year",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    cr_planned_on = fields.Date(string="Planned for", readonly=True, copy=False)

    _cr_planned_once = models.UniqueIndex(
        "(cr_year_line_id, cr_planned_on) WHERE cr_year_line_id IS NOT NULL",
        "This line of the year plan has its event for this day already.",
    )
    _cr_budget_positive = models.Constraint(
        "CHECK (cr_budget >= 0 AND cr_points >= 0 AND cr_head_start_days >= 0)",
        "Budget, points and head start of an event are not negative.",
    )

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields):
        """Let whoever plans choose the day: all steps are counted from it."""
        values = super().default_get(fields)
        if self.env.context.get("cr_event"):
            for name in ("date_begin", "date_end"):
                if f"default_{name}" not in self.env.context:
                    values.pop(name, None)
        return values

    # === COMPUTE === #

    @api.depends("date_begin", "company_id")
    def _compute_cr_day(self):
        for event in self:
            company = event.company_id or self.env.company
            event.cr_day = company._cr_local_day(event.date_begin)

    @api.depends("event_type_id")
    def _compute_cr_points(self):
        for event in self:
            event.cr_points = event.event_type_id.cr_points

    # === CONSTRAINTS === #

    @api.constrains("seats_max", "seats_limited")
    def _check_cr_capacity(self):
        """Refuse a capacity below the seats that are taken."""
        for event in self.filtered("seats_limited"):
            if event.seats_max < 0 or event.seats_max < event.seats_taken:
                raise ValidationError(
                    self.env._(
                        "“%(event)s” has %(taken)s seats taken, so it cannot have only"
                        " %(seats)s. Take guests off the list first.",
                        event=event.name,
                        taken=event.seats_taken,
                        seats=event.seats_max,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give events their preparation; one without a day is refused in words."""
        for vals in vals_list:
            self._check_cr_date(vals)
        events = super().create([self._prepare_cr_end(vals) for vals in vals_list])
        events._plan_tasks()
        return events

    def write(self, vals):
        """Move the tasks with the day, and let in who waits when seats are added."""
        self._check_cr_date(vals)
        if "date_begin" in vals:
            self._check_cr_movable()
        if "date_begin" in vals and not vals.get("date_end"):
            return all([event._write_cr_move(vals) for event in self])
        result = super().write(vals)
        if "date_begin" in vals or "event_type_id" in vals:
            self._plan_tasks()
            self._move_tasks()
        if {"seats_max", "seats_limited"} & set(vals):
            self._promote_waiting()
        return result

    def _write_cr_move(self, vals):
        """Write a new begin; the end moves by as much."""
        self.ensure_one()
        begin = fields.Datetime.to_datetime(vals["date_begin"])
        end = self.date_end + (begin - self.date_begin)
        return self.write({**vals, "date_end": end})

    @api.model
    def _check_cr_date(self, vals):
        """Raise for an event without a day."""
        if "date_begin" in vals and not vals["date_begin"]:
            raise UserError(
                self.env._(
                    "“%(event)s” has no day: say when it begins, all steps of the"
                    " preparation are counted from there.",
                    event=vals.get("name") or self[:1].name or "",
                )
            )

    @api.model
    def _prepare_cr_end(self, vals):
        """Return the values with an end, if only the begin is known."""
        if not vals.get("date_begin") or vals.get("date_end"):
            return vals
        begin = fields.Datetime.to_datetime(vals["date_begin"])
        return {**vals, "date_end": begin + timedelta(hours=_USUAL_HOURS)}

    def _check_cr_movable(self):
        """Raise for events that were held: their day is history."""
        held = self.filtered(lambda event: event.cr_state in ("done", "summarised"))
        if held:
            raise UserError(
                self.env._(
                    "“%(event)s” was held on %(day)s; its day does not change any"
                    " more. Copy it to plan another one.",
                    event=held[0].name,
                    day=fields.Date.to_string(held[0].cr_day),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_guests(self):
        if self.env["cr.event.invitation"].search_count(
            [("event_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._("Guests stand on the list of this event; call it off.")
            )

    @api.model
    def _refuse_by_hand(self):
        """Name the buttons that write the state."""
        raise UserError(
            self.env._(
                "The stage of an event follows from its buttons; each says what is"
                " still missing."
            )
        )

    # === LOCK === #

    def _touch_seats(self):
        """Make everybody who takes seats of these events come one after the other.

        A plain lock would not show under REPEATABLE READ which seats the other
        transaction took; a written row makes the second one start over.
        """
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE event_event SET cr_seat_turn ="
                    " COALESCE(cr_seat_turn, 0) + 1 WHERE id = ANY(%s)",
                    sorted(self.ids),
                )
            )
            self.invalidate_recordset(["cr_seat_turn"], flush=False)
