from odoo import api, models
from odoo.tools import SQL

from ..const import COMING_STATES
from ..const_care import LIVE_CASE_STATES, SETTLED_BY_VISIT

# What he said about coming does not hold any more once he did not come.
_BROKEN_PROMISES = ("agreed", "coming")


class CrAppointmentCareMixin(models.AbstractModel):
    """Care cases follow the booking: booked, came, did not come (APT-08, FS-08)."""

    _name = "cr.appointment.care.mixin"
    _description = "Appointment: care cases"

    def _after_booked(self):
        """Stop reminding customers of what they booked a visit for."""
        result = super()._after_booked()
        self._book_cases()
        return result

    def _after_arrived(self):
        """End the cases of customers who are here; the work order comes later."""
        result = super()._after_arrived()
        cases = self._get_booked_cases()
        moments = {case.id: case.appointment_id.arrived_at for case in cases}
        # With raised rights a work order speaks: nobody here received the customer.
        nobody = self.env["res.users"]
        cases._arrive(moments, nobody if self.env.su else self.env.user)
        return result

    def _after_missed(self):
        """Go on with the cases of customers who did not come (FS-07)."""
        result = super()._after_missed()
        cases = self._get_booked_cases()
        cases._reopen()
        cases.filtered(lambda case: case.answer in _BROKEN_PROMISES).write(
            {"answer": False}
        )
        return result

    def _after_cancelled(self):
        """Go on with the cases of customers who do not come."""
        result = super()._after_cancelled()
        self._get_booked_cases()._reopen()
        return result

    def _after_moved(self):
        """Keep the cases of a visit alive until its new day."""
        result = super()._after_moved()
        for case in self._get_booked_cases():
            if case.expires_on < case.appointment_id.day:
                case.expires_on = case.appointment_id.day
        return result

    def _get_booked_cases(self):
        """Return the live cases that these appointments hold."""
        # Raised rights: who receives a customer need not be allowed to see cases.
        return self.env["cr.care.case"].sudo().search(
            [("appointment_id", "in", self.ids), ("state", "in", LIVE_CASE_STATES)]
        )

    @api.model
    def _book_opened(self, plan, today):
        """Mark new cases of a plan as booked whose visit was booked before.

        :param plan: `cr.care.plan` that opened them
        :param datetime.date today: day of the run
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT a.id FROM cr_appointment a
                     JOIN cr_care_case c ON c.vehicle_id = a.vehicle_id
                    WHERE a.state = ANY(%s) AND a.day >= %s AND c.plan_id = %s
                      AND c.state = 'open' AND c.appointment_id IS NULL""",
                list(COMING_STATES),
                today,
                plan.id,
            )
        )
        self.browse([row[0] for row in rows])._book_cases()

    def _book_cases(self):
        """Mark the live cases that the visits settle as booked.

        Any visit settles a recall; a maintenance only what the customer booked it
        for, or a visit whose work is not said yet.
        """
        by_car = self.filtered("vehicle_id").grouped("vehicle_id")
        # Raised rights: as above.
        cases = self.env["cr.care.case"].sudo().search(
            [
                ("vehicle_id", "in", [car.id for car in by_car]),
                ("state", "in", LIVE_CASE_STATES),
                ("appointment_id", "=", False),
                ("plan_id.stop_on", "in", SETTLED_BY_VISIT),
            ]
        )
        booked = cases.browse()
        for case in cases:
            visits = by_car[case.vehicle_id]
            for visit in visits.filtered(
                lambda one, stop=case.plan_id.stop_on: one._settles(stop)
            )[:1]:
                case._book(visit)
                booked += case
        booked._stop_ready()

    def _settles(self, stop_on):
        """Say whether the booked work is what ends cases of a plan.

        :param str stop_on: code of `STOPS`
        """
        self.ensure_one()
        types = self.line_ids.type_id
        if stop_on == "visit" or not types:
            return True
        return any(kind.is_maintenance or kind.is_first_service for kind in types)
