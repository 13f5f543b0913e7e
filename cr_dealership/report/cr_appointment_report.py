from odoo import fields, models
from odoo.tools import SQL

from ..const import APPOINTMENT_CHANNELS, APPOINTMENT_STATES, BAY_KINDS


class CrAppointmentReport(models.Model):
    """Booking, no-show and slot use in rows that can be averaged (APT-11, APT-12+).

    A row is an appointment, a visit without one, or a place of a slot. What a row does
    not speak of is empty there, so that the average of a column is its rate.
    """

    _name = "cr.appointment.report"
    _description = "Appointments: figures"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    day = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("appointment", "Appointment"),
            ("walk_in", "Visit without appointment"),
            ("place", "Place of a slot"),
        ],
        string="Row",
        readonly=True,
    )
    bay_kind = fields.Selection(BAY_KINDS, string="Kind of work", readonly=True)
    state = fields.Selection(APPOINTMENT_STATES, readonly=True)
    channel = fields.Selection(APPOINTMENT_CHANNELS, string="Booked by", readonly=True)
    appointment_id = fields.Many2one("cr.appointment", readonly=True)
    order_id = fields.Many2one("cr.service.order", string="Work order", readonly=True)
    booking_rate = fields.Float(
        string="Booking rate",
        readonly=True,
        aggregator="avg",
        help="Visits by appointment ÷ all visits (by appointment or without one).",
    )
    no_show_rate = fields.Float(
        string="No-show rate",
        readonly=True,
        aggregator="avg",
        help="Appointments to which nobody came ÷ appointments whose day is over.",
    )
    slot_use = fields.Float(
        string="Slot use",
        readonly=True,
        aggregator="avg",
        help="Places taken ÷ places planned, a row for each place.",
    )
    booked_waiting = fields.Float(
        string="Waited with appointment (minutes)",
        readonly=True,
        aggregator="avg",
        help="From arrival until the work began, average of visits by appointment.",
    )
    walk_in_waiting = fields.Float(
        string="Waited without (minutes)",
        readonly=True,
        aggregator="avg",
        help="From arrival until the work began, average of visits without one.",
    )

    @property
    def _table_query(self):
        """Return the rows: appointments, visits without one, places of slots."""
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._appointments_sql(),
            self._walk_ins_sql(),
            self._places_sql(),
        )

    def _appointments_sql(self):
        """Return the query of the appointments; waiting is that of their orders."""
        return SQL("""
            SELECT a.id * 4::bigint AS id, a.company_id, a.day, 'appointment' AS kind,
                   a.bay_kind, a.state, a.channel, a.id AS appointment_id,
                   NULL::integer AS order_id,
                   CASE WHEN a.state IN ('arrived', 'done') THEN 1.0 END
                   AS booking_rate,
                   CASE WHEN a.state = 'no_show' THEN 1.0
                        WHEN a.state IN ('arrived', 'done') THEN 0.0 END
                   AS no_show_rate,
                   NULL::numeric AS slot_use,
                   (SELECT MAX(o.waiting_minutes) FROM cr_service_order o
                     WHERE o.appointment_id = a.id AND o.work_started_at IS NOT NULL
                   )::numeric AS booked_waiting,
                   NULL::numeric AS walk_in_waiting
              FROM cr_appointment a WHERE a.state <> 'cancelled'
            """)

    def _walk_ins_sql(self):
        """Return the query of the work orders to which no appointment belongs."""
        return SQL("""
            SELECT o.id * 4::bigint + 1, o.company_id, o.in_on, 'walk_in', t.bay_kind,
                   NULL, NULL, NULL, o.id, 0.0, NULL, NULL, NULL,
                   CASE WHEN o.work_started_at IS NOT NULL
                        THEN o.waiting_minutes END::numeric
              FROM cr_service_order o
              JOIN cr_service_type t ON t.id = o.type_id
             WHERE o.appointment_id IS NULL AND o.state <> 'cancelled'
               AND o.in_on IS NOT NULL
            """)

    def _places_sql(self):
        """Return the query of the planned places, each taken or not."""
        return SQL("""
            SELECT (s.id * 1000::bigint + place) * 4 + 2, s.company_id, s.day, 'place',
                   s.bay_kind, NULL, NULL, NULL, NULL, NULL, NULL,
                   CASE WHEN place <= s.taken THEN 1.0 ELSE 0.0 END, NULL, NULL
              FROM cr_appointment_slot s, GENERATE_SERIES(1, s.planned) place
            """)
