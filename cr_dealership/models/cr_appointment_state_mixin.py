from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import COMING_STATES

# From which states an appointment may come to a state. Who came late after all, or
# whose work order came the next morning, arrives from "did not come".
_SOURCES = {
    "confirmed": ("requested",),
    "arrived": (*COMING_STATES, "no_show"),
    "done": ("arrived",),
    "no_show": COMING_STATES,
    "cancelled": COMING_STATES,
}
_STAMPS = {"confirmed": "confirmed_at", "arrived": "arrived_at"}
_CLOSED = ("done", "no_show", "cancelled")
# Written by `_set_state` and the jobs alone.
_KEPT_FIELDS = frozenset(
    (
        "state",
        "company_id",
        "confirm_by",
        "confirmed_at",
        "arrived_at",
        "closed_at",
        "cancel_reason",
        "reminded_at",
        "late_alerted_at",
        "session_id",
        "origin_model",
        "origin_id",
    )
)


class CrAppointmentStateMixin(models.AbstractModel):
    """How an appointment goes from being asked for to being done."""

    _name = "cr.appointment.state.mixin"
    _description = "Appointment: states"

    # === ACTIONS === #

    def action_confirm(self):
        """Time and work are agreed with the customer (APT-03)."""
        self._set_state("confirmed")

    def action_arrive(self):
        """The customer is here; his advisor is told (APT-09)."""
        self._set_state("arrived")

    def action_done(self):
        """The work is done."""
        self._set_state("done")

    def action_no_show(self):
        """The customer did not come; somebody calls him."""
        self._set_state("no_show")

    def action_cancel(self):
        """Ask why, then cancel; see `cr.appointment.cancel`."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the appointment"),
            "res_model": "cr.appointment.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_appointment_ids": self.ids},
        }

    # === STATES === #

    def _set_state(self, state, **values):
        """Bring the appointments to a state; every change of state goes this way.

        The number of queries does not depend on the number of appointments.

        :param str state: target, see `_SOURCES`
        :param values: what else is written with it, e.g. `cancel_reason`
        :return: the appointments that changed
        :raise UserError: for one whose state does not lead there
        """
        self.check_access("write")
        changing = self.filtered(lambda one: one.state != state)
        changing._check_source(state)
        if not changing:
            return changing
        now = fields.Datetime.now()
        stamp = _STAMPS.get(state)
        # Raised rights: nobody writes these columns but here; access is checked above.
        changing.sudo().write(
            {
                "state": state,
                "closed_at": now if state in _CLOSED else False,
                **({stamp: now} if stamp else {}),
                **values,
            }
        )
        changing._log_state()
        changing._react(state)
        return changing

    def _react(self, state):
        """Have happen what a new state brings: messages, alerts, calls, free places."""
        if state == "confirmed":
            self._send("confirmed")
        elif state == "arrived":
            self._close_follow_ups()
            self._alert_arrivals()
            self._after_arrived()
        elif state == "no_show":
            self._open_follow_ups()
            self._after_missed()
        elif state == "cancelled":
            # Raised rights: slots are counted by nobody but appointments.
            slots = self.env["cr.appointment.slot"].sudo()
            slots._give_back(Counter(one.slot_id.id for one in self))
            self._after_cancelled()

    def _check_source(self, state):
        """Raise unless the state may follow."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for appointment in self:
            if appointment.state not in _SOURCES[state]:
                raise UserError(
                    self.env._(
                        "%(appointment)s is “%(state)s” and cannot become “%(target)s”;"
                        " make a new appointment.",
                        appointment=appointment.display_name,
                        state=labels[appointment.state],
                        target=labels[state],
                    )
                )

    def _check_movable(self):
        """Raise unless the appointments are still to come."""
        for appointment in self:
            if appointment.state not in COMING_STATES:
                raise UserError(
                    self.env._(
                        "%(appointment)s is “%(state)s” and cannot be moved; make a"
                        " new appointment.",
                        appointment=appointment.display_name,
                        state=appointment._get_state_label(),
                    )
                )

    def _check_written(self, vals):
        """Raise if somebody writes by hand what only follows from what happens."""
        if self.env.su or _KEPT_FIELDS.isdisjoint(vals):
            return
        raise UserError(
            self.env._(
                "The state of an appointment follows from what happens; use the"
                " buttons on it."
            )
        )

    def _log_state(self):
        """Write the new state into the chatter of each, in one go."""
        # Raised rights: a note of what the user was allowed to do.
        self.sudo()._message_log_batch(
            {one.id: one._get_state_label() for one in self},
            author_id=self.env.user.partner_id.id,
        )

    def _get_state_label(self):
        """Return the state in words."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]

    # === HOOKS === #

    def _after_booked(self):
        """React to new appointments; runs once for the whole set.

        Hook: reminder cases stop here (APT-08). Take care that the number of queries
        does not depend on the number of appointments.
        """

    def _after_arrived(self):
        """React to customers who came; runs once for the whole set. Hook."""

    def _after_missed(self):
        """React to customers who did not come; runs once for the whole set. Hook."""

    def _after_cancelled(self):
        """React to cancelled appointments; runs once for the whole set. Hook."""
