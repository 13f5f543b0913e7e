from odoo import api, fields, models
from odoo.tools import SQL

from ..const import OPEN_CALLBACK_STATES

_ADVISOR_ROLE = "service_advisor"


class CrAppointmentVisitMixin(models.AbstractModel):
    """The day of the visit: who came, who is told, whose work order it is (APT-09)."""

    _name = "cr.appointment.visit.mixin"
    _description = "Appointment: visit"

    # === WORK ORDERS === #

    @api.model
    def _follow_orders(self, orders):
        """Have appointments follow the work orders of their car on their day.

        An order means that the customer came; a settled one that he is done. Called
        once for the whole set; the number of queries does not depend on its size.

        :param orders: `cr.service.order`
        """
        if not orders:
            return
        self.env.flush_all()
        self._link_orders(orders.ids)
        orders.invalidate_recordset(["appointment_id"])
        self.env["cr.care.case"]._note_orders(orders)
        # Raised rights: who records a work order need not know of appointments.
        found = orders.sudo().appointment_id
        came = found.filtered(
            lambda one: one.state in ("requested", "confirmed", "no_show")
        )
        came._set_state("arrived")
        came._correct_arrival()
        arrived = found.filtered(lambda one: one.state == "arrived")
        arrived.filtered(lambda one: one._is_settled())._set_state("done")

    @api.model
    def _link_orders(self, order_ids):
        """Write which appointment each order belongs to, where that changed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE cr_service_order AS ro SET appointment_id = found.appointment_id
                  FROM (SELECT DISTINCT ON (o.id) o.id, a.id AS appointment_id
                          FROM cr_service_order o
                          LEFT JOIN cr_appointment a
                            ON a.vehicle_id = o.vehicle_id AND a.day = o.in_on
                           AND a.company_id = o.company_id AND a.state <> 'cancelled'
                           AND o.state <> 'cancelled'
                         WHERE o.id = ANY(%s)
                         ORDER BY o.id, a.state = 'no_show', a.start_at) found
                 WHERE ro.id = found.id
                   AND ro.appointment_id IS DISTINCT FROM found.appointment_id
                """,
                order_ids,
            )
        )

    def _correct_arrival(self):
        """Take the moment of arrival from the work order where it says one."""
        for appointment in self:
            moments = list(filter(None, appointment.order_ids.mapped("in_at")))
            if moments:
                appointment.arrived_at = min(moments)

    def _is_settled(self):
        """Say whether all work orders of the visit are settled."""
        self.ensure_one()
        states = set(self.order_ids.mapped("state"))
        return bool(states) and "open" not in states

    # === WHO IS TOLD === #

    def _get_responsibles(self):
        """Return {appointment id: users}: the advisor, else who is on duty; the host.

        The host is the designated person of the booked work, e.g. for a first service
        (FS-08).
        """
        advisors = self.env["cr.role"].sudo().search([("code", "=", _ADVISOR_ROLE)])
        roles = advisors | self.line_ids.type_id.sudo().host_role_id
        duty = roles._on_duty_today(self.company_id)
        found = {}
        for one in self:
            store_id = one.company_id.id
            # Raised rights: an advisor's user is no secret, his file is.
            advisor = one.advisor_id.sudo().user_id or duty[advisors.id, store_id]
            hosts = one.line_ids.type_id.host_role_id
            found[one.id] = advisor.union(*(duty[role.id, store_id] for role in hosts))
        return found

    def _alert_arrivals(self):
        """Tell advisors once that their customers are here; not about yesterday's."""
        here = self.filtered(lambda one: one.day == one.company_id.sudo()._cr_today())
        summaries = {
            one.id: self.env._("Has arrived: %(who)s", who=one._get_who())
            for one in here
        }
        here._make_activities(summaries)

    def _get_who(self):
        """Return customer, car and booked work in one line."""
        self.ensure_one()
        parts = (self.partner_id.name, self.plate, self.items_text)
        return " · ".join(filter(None, parts))

    def _make_activities(self, summaries):
        """Give a to-do to everyone responsible, and show it on his screen at once.

        :param dict summaries: {appointment id: text}
        """
        responsibles = self._get_responsibles()
        lines = [
            (one, user, summaries[one.id])
            for one in self
            for user in responsibles[one.id]
        ]
        self._give_todos(lines)
        for _one, user, text in lines:
            message = {"message": text, "type": "info", "sticky": True}
            user._bus_send("simple_notification", message)

    # === WHO DID NOT COME === #

    def _open_follow_ups(self):
        """Open one call for each customer who did not come (APT-09).

        One statement; a unique index keeps to one call an appointment.
        """
        today = fields.Date.context_today(self)
        role = self.env.ref("cr_dealership.cr_role_callback_agent")
        callbacks = self.env["cr.callback"].sudo()
        callbacks.flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cr_callback (
                    company_id, kind, purpose, role_id, partner_id, vehicle_id,
                    origin_model, origin_id, anchor_on, earliest_on, due_on, expires_on,
                    script_version_id, block_code, state, attempt_count, priority,
                    create_uid, create_date, write_uid, write_date)
                SELECT company_id, 'care', purpose, %(role)s, partner_id, vehicle_id,
                       'cr.appointment', id, day, day + 1, day + 1, day + 8,
                       %(script)s, %(block)s, 'todo', 0, 0,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM (SELECT *, 'service'::varchar AS purpose FROM cr_appointment
                         WHERE id = ANY(%(ids)s)) AS missed
                ON CONFLICT DO NOTHING
                """,
                role=role.id,
                script=self._get_care_script(today),
                block=callbacks._block_sql("missed", today),
                user=self.env.uid,
                now=fields.Datetime.now(),
                ids=self.ids,
            )
        )
        callbacks.invalidate_model()

    @api.model
    def _get_care_script(self, today):
        """Return the id of the script that care calls are made by, if there is one."""
        scripts = self.env["cr.script"].sudo().search([("kind", "=", "care")], limit=1)
        return scripts._get_versions_in_force(today).get(scripts.id) or None

    def _close_follow_ups(self):
        """Cancel the calls to customers who came after all."""
        # Raised rights: who receives a customer need not be allowed to see calls.
        calls = self.env["cr.callback"].sudo()
        calls.search(
            [
                ("origin_model", "=", "cr.appointment"),
                ("origin_id", "in", self.ids),
                ("state", "in", OPEN_CALLBACK_STATES),
            ]
        )._close_as("cancelled", fields.Datetime.now())
