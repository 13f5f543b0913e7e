from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_event import EXPECTED, SEATED

# Which stage follows; a notice is never confirmed, it goes from inviting to held.
_NEXT = {"plan": "invite", "invite": "confirmed", "confirmed": "done"}
_SHOWN_MAX = 3


class CrEventFlowMixin(models.AbstractModel):
    """Plan, invite, confirm, hold, sum up: each step says what is missing (EVT-01)."""

    _name = "cr.event.flow.mixin"
    _description = "Event: stages"

    cr_missing = fields.Text(string="Still missing", compute="_compute_cr_missing")

    @api.depends("cr_state", "cr_invitation_ids.state", "activity_ids", "seats_max")
    @api.depends_context("lang")
    def _compute_cr_missing(self):
        for event in self:
            step = event._get_next_state()
            missing = event._get_missing(step) if step and event._origin.id else []
            event.cr_missing = "\n".join(f"• {sentence}" for sentence in missing)

    # === ACTIONS === #

    def action_cr_invite(self):
        """Begin to invite: plan, place, hosts and list are ready."""
        self._go_on("invite")

    def action_cr_confirm(self):
        """Fix who comes: everybody on the list has been asked."""
        self._go_on("confirmed")

    def action_cr_done(self):
        """Note that the event was held and who came."""
        self._go_on("done")

    def action_cr_summarise(self):
        """Sum the event up (EVT-08)."""
        self._go_on("summarised", cr_summary_by_id=self.env.uid)

    def action_cr_cancel(self):
        """Call the event off: open tasks end, nobody is called any more."""
        self.check_access("write")
        came = self.filtered(lambda event: event.cr_state in ("done", "summarised"))
        if came:
            raise UserError(
                self.env._("“%s” was held; it cannot be called off.", came[0].name)
            )
        self._get_open_tasks().unlink()
        self._settle(cr_state="cancelled")
        self.cr_invitation_ids._refresh_call_on()

    def action_cr_mark_absent(self):
        """Note that all who were expected and not checked in did not come."""
        self.check_access("write")
        early = self.filtered(lambda one: one.date_begin > fields.Datetime.now())
        if early:
            raise UserError(
                self.env._(
                    "“%(event)s” begins on %(day)s; who stays away is known then.",
                    event=early[0].name,
                    day=fields.Date.to_string(early[0].cr_day),
                )
            )
        self.cr_invitation_ids.filtered(lambda one: one.state in EXPECTED)._set_absent()

    # === GUARDS === #

    def _get_next_state(self):
        """Return the stage that follows, None at the end."""
        self.ensure_one()
        if self.cr_state == "done":
            return "summarised"
        if self.cr_is_notice and self.cr_state == "invite":
            return "done"
        return _NEXT.get(self.cr_state)

    def _go_on(self, state, **values):
        """Take the events to a stage, or say what is missing.

        :param str state: the next stage
        :param values: what is written with it
        """
        self.check_access("write")
        labels = dict(self._fields["cr_state"]._description_selection(self.env))
        for event in self:
            if event._get_next_state() != state:
                raise UserError(
                    self.env._(
                        "“%(event)s” is at “%(now)s”; “%(next)s” does not follow from"
                        " there.",
                        event=event.name,
                        now=labels[event.cr_state],
                        next=labels[state],
                    )
                )
            if missing := event._get_missing(state):
                raise UserError(
                    self.env._(
                        "“%(event)s” is not ready for “%(next)s”. Still missing:\n"
                        "%(missing)s",
                        event=event.name,
                        next=labels[state],
                        missing="\n".join(f"• {sentence}" for sentence in missing),
                    )
                )
        self._settle(cr_state=state, **values)
        self.cr_invitation_ids._refresh_call_on()

    def _get_missing(self, state):
        """Return in words what an event lacks for a stage.

        :param str state: a stage after planning
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: whoever may go on need not see the money; only that it is planned.
        event = self.sudo()
        checks = getattr(event, f"_check_{state}")()
        return [sentence for is_there, sentence in checks if not is_there]

    def _check_invite(self):
        """Return [(is there, what is missing)] before guests are invited."""
        states = self.cr_invitation_ids.mapped("state")
        checks = [
            (self.event_type_id, self.env._("the kind of event")),
            (self.cr_plan_file, self.env._("the plan of the event as a file")),
            (
                self.date_begin > fields.Datetime.now(),
                self.env._("a day N that is still to come"),
            ),
            ("todo" in states, self.env._("guests on the list")),
            (
                "proposed" not in states,
                self.env._("the list: take over or strike out what was proposed"),
            ),
        ]
        if self.cr_is_notice:
            return checks
        return checks + [
            (self.cr_budget or self.cr_has_no_cost, self.env._("the budget")),
            (self.cr_place, self.env._("the place")),
            (self.cr_host_ids, self.env._("the hosts")),
            (
                not self.seats_limited or self.seats_max > 0,
                self.env._("the number of seats"),
            ),
        ]

    def _check_confirmed(self):
        """Return [(is there, what is missing)] before the list is fixed."""
        guests = self.cr_invitation_ids
        open_count = sum(one.state in ("todo", "proposed") for one in guests)
        bare = self.cr_lesson_ids.filtered(lambda one: not one.courseware)
        return [
            (
                any(one.state in SEATED for one in guests),
                self.env._("a guest who means to come"),
            ),
            (
                not open_count,
                self.env._("the answer of %s guests who were not asked", open_count),
            ),
            (
                self.cr_lesson_ids or not self.event_type_id.cr_needs_lessons,
                self.env._("the lessons of the course"),
            ),
            (not bare, self.env._("the courseware of “%s”", bare[:1].name)),
        ]

    def _check_done(self):
        """Return [(is there, what is missing)] before the event counts as held."""
        waiting = sum(one.state in EXPECTED for one in self.cr_invitation_ids)
        tasks = self._get_open_tasks().filtered(
            lambda task: task.date_deadline <= self.cr_day
        )
        names = ", ".join(tasks[:_SHOWN_MAX].mapped(lambda task: task.summary or ""))
        return [
            (
                self.date_begin <= fields.Datetime.now(),
                self.env._("the day of the event"),
            ),
            (
                not waiting or self.cr_is_notice,
                self.env._("whether %s expected guests came", waiting),
            ),
            (not tasks, self.env._("open tasks of the preparation: %s", names)),
        ]

    def _check_summarised(self):
        """Return [(is there, what is missing)] before the event is summed up."""
        loose = self.cr_result_ids.filtered(
            lambda one: one.state == "open" and not one.user_id
        )
        return [
            (self.cr_opinions, self.env._("the opinions that were collected")),
            (self.cr_lessons_learned, self.env._("the lessons learned")),
            (
                self.cr_cost_ids or self.cr_has_no_cost,
                self.env._("the costs, or that there were none"),
            ),
            (not loose, self.env._("who follows up “%s”", loose[:1].name)),
        ]
