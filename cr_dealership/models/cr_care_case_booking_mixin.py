from odoo import api, fields, models

from ..const_care import LIVE_CASE_STATES


class CrCareCaseBookingMixin(models.AbstractModel):
    """The visit that a case led to: booked, here, received by whom (APT-08, FS-08)."""

    _name = "cr.care.case.booking.mixin"
    _description = "Care case: booked visit"

    appointment_id = fields.Many2one(
        "cr.appointment",
        string="Booked visit",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    arrived_at = fields.Datetime(string="Arrived", readonly=True, copy=False)
    received_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # === ACTIONS === #

    def action_arrive(self):
        """The customer is here without a booking; note who received him (FS-08)."""
        self.appointment_id.action_arrive()
        now = fields.Datetime.now()
        self._arrive(dict.fromkeys(self.ids, now), self.env.user)

    # === BUSINESS === #

    def _book(self, appointment):
        """Hold the cases for a booked visit; see `_stop_ready` for their steps.

        :param appointment: `cr.appointment`
        """
        today = self._get_today()
        for case in self:
            case.write(
                {
                    "state": "booked",
                    "appointment_id": appointment.id,
                    "booked_on": case.booked_on or today,
                    "expires_on": max(appointment.day, case.expires_on),
                }
            )

    def _stop_ready(self):
        """Cancel calls and messages that would remind of what is booked now.

        A card in somebody's hands stays: that call may have brought the booking.
        """
        tasks = self.env["cr.care.task"].sudo().search(
            [("case_id", "in", self.ids), ("state", "=", "ready")]
        )
        (tasks - tasks._get_talked_about())._cancel("booked")

    def _reopen(self):
        """Go on with cases whose visit did not take place."""
        self.write({"state": "open", "appointment_id": False})
        # Steps that wait for the visit are looked at again in the next run.
        self.env["cr.care.task"].sudo().search(
            [
                ("case_id", "in", self.ids),
                ("state", "=", "held"),
                ("reason", "=", "booked"),
            ]
        ).write({"state": "todo", "reason": False, "next_on": self._get_today()})

    def _arrive(self, moments, user):
        """End the cases of customers who are here (FS-08).

        The work order, which may come the next morning, is noted when it comes. The
        number of queries does not depend on the number of cases.

        :param dict moments: {case id: when the customer came}
        :param user: who received them; empty if a work order says that they came
        """
        # Raised rights: who receives a customer need not be allowed to change cases.
        live = self.sudo().filtered(lambda case: case.state in LIVE_CASE_STATES)
        for case in live:
            moment = moments[case.id]
            day = case.company_id._cr_local_day(moment)
            case.write(
                {
                    "state": "won",
                    "won_on": day,
                    "closed_on": day,
                    "is_effect": case._is_effect(day),
                    "arrived_at": moment,
                    "received_by_id": user.id,
                }
            )
        live._stop_tasks()

    def _is_effect(self, day):
        """Say whether a contact came before a visit, within the plan's window.

        :param datetime.date day: day of the visit
        """
        self.ensure_one()
        first = self.contacted_on
        return bool(first) and 0 <= (day - first).days <= self.plan_id.effect_days

    @api.model
    def _note_orders(self, orders):
        """Note the work orders of visits whose arrival had ended the case.

        :param orders: `cr.service.order`
        """
        by_visit = {one.appointment_id.id: one for one in orders if one.appointment_id}
        if not by_visit:
            return
        # Raised rights: who records a work order need not be allowed to see cases.
        cases = self.env["cr.care.case"].sudo().search(
            [
                ("appointment_id", "in", list(by_visit)),
                ("state", "=", "won"),
                ("won_order_id", "=", False),
            ]
        )
        for case in cases:
            case.won_order_id = by_visit[case.appointment_id.id]
