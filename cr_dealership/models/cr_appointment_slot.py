from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import BAY_KINDS
from ..tools import slots

_COLUMNS = ("company_id", "bay_kind", "day", "start_at", "end_at", "planned")
# Full slots are answered with this many others.
_NEAREST = 3


class CrAppointmentSlot(models.Model):
    """Places of a store for one kind of work at one time, and how many are taken.

    Worked out from `cr.capacity`, never by hand. `planned` is what the rules say;
    `places` is more only where more was booked before the rules changed. The database
    keeps the count: who takes a place raises `taken` in a statement that finds no row
    when none is left, and a check stands behind it.
    """

    _name = "cr.appointment.slot"
    _description = "Bookable slot"
    _order = "start_at, bay_kind, id"

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True
    )
    bay_kind = fields.Selection(
        BAY_KINDS, string="Kind of work", required=True, readonly=True
    )
    day = fields.Date(required=True, readonly=True)
    start_at = fields.Datetime(string="From", required=True, readonly=True)
    end_at = fields.Datetime(string="Until", required=True, readonly=True)
    planned = fields.Integer(
        string="Planned places", required=True, readonly=True, default=0
    )
    places = fields.Integer(required=True, readonly=True, default=0)
    taken = fields.Integer(required=True, readonly=True, default=0)
    free = fields.Integer(
        string="Free places", compute="_compute_free", search="_search_free"
    )
    is_overbooked = fields.Boolean(
        string="More booked than planned",
        compute="_compute_free",
        search="_search_is_overbooked",
        help="The capacity was lowered afterwards; move somebody to another time.",
    )
    appointment_ids = fields.One2many(
        "cr.appointment", "slot_id", string="Appointments", readonly=True
    )

    _start_unique = models.UniqueIndex(
        "(company_id, bay_kind, start_at)", "This slot is already there."
    )
    _taken_fits = models.Constraint(
        "CHECK (taken >= 0 AND taken <= places)",
        "This slot is full; choose another one.",
    )
    _day_index = models.Index("(day, company_id)")

    # === COMPUTE === #

    @api.depends("start_at", "bay_kind", "company_id")
    def _compute_display_name(self):
        labels = dict(self._fields["bay_kind"]._description_selection(self.env))
        for slot in self:
            words = self.env["cr.callback"].with_company(slot.company_id)
            when = words._format_moment(slot.start_at) if slot.start_at else ""
            slot.display_name = f"{when} · {labels.get(slot.bay_kind, '')}"

    @api.model
    def _search_display_name(self, operator, value):
        """Find slots by a part of their day or time as typed: 24, 09:30 …"""
        if operator != "ilike" or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        zone = str(self.env.company._cr_timezone())
        query = SQL(
            "(SELECT id FROM cr_appointment_slot WHERE to_char(start_at"
            " AT TIME ZONE 'UTC' AT TIME ZONE %s, 'YYYY-MM-DD HH24:MI') LIKE %s)",
            zone,
            f"%{value.strip()}%",
        )
        return [("id", "in", query)] if value.strip() else []

    @api.depends("planned", "taken")
    def _compute_free(self):
        for slot in self:
            slot.free = max(slot.planned - slot.taken, 0)
            slot.is_overbooked = slot.taken > slot.planned

    def _search_free(self, operator, value):
        if operator not in (">", ">="):
            return NotImplemented
        free = SQL("GREATEST(planned - taken, 0)")
        return self._get_count_domain(free, operator, value)

    def _search_is_overbooked(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._get_count_domain(SQL("taken - planned"), ">", 0)

    @api.model
    def _get_count_domain(self, count, operator, value):
        """Return the domain of coming slots by a count that is no column."""
        query = SQL(
            "(SELECT id FROM cr_appointment_slot WHERE start_at > %s AND %s %s %s)",
            fields.Datetime.now(),
            count,
            SQL(">" if operator == ">" else ">="),
            value,
        )
        return [("id", "in", query)]

    # === TAKING A PLACE === #

    def _take(self, wanted):
        """Take places, all or none of them; who comes too late is told what is free.

        :param Counter wanted: {slot id: places}
        :raise UserError: a slot has no such place left
        """
        full = self.browse(set(wanted) - self._raise_taken(wanted))
        if full:
            raise UserError(full[:1].sudo()._get_full_message())

    @api.model
    def _raise_taken(self, wanted):
        """Raise the counts where enough places are left; return the ids of these.

        The second of two transactions waits here for the first one; then it finds no
        row, or gets a serialization error, which the server repeats.
        """
        if not wanted:
            return set()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """UPDATE cr_appointment_slot slot
                      SET taken = slot.taken + wanted.places,
                          write_uid = %(user)s, write_date = %(now)s
                     FROM UNNEST(%(ids)s, %(places)s) AS wanted (id, places)
                    WHERE slot.id = wanted.id
                      AND slot.taken + wanted.places <= slot.planned
                RETURNING slot.id""",
                user=self.env.uid,
                now=fields.Datetime.now(),
                ids=list(wanted),
                places=list(wanted.values()),
            )
        )
        self.invalidate_model(["taken", "free", "is_overbooked"])
        return {row_id for [row_id] in rows}

    @api.model
    def _give_back(self, taken):
        """Give places back; what was planned less meanwhile does not come again.

        :param Counter taken: {slot id: places}
        """
        if not taken:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE cr_appointment_slot slot
                      SET taken = slot.taken - back.places,
                          places = GREATEST(slot.planned, slot.taken - back.places)
                     FROM UNNEST(%(ids)s, %(places)s) AS back (id, places)
                    WHERE slot.id = back.id""",
                ids=list(taken),
                places=list(taken.values()),
            )
        )
        self.invalidate_model(["taken", "places", "free", "is_overbooked"])

    def _get_full_message(self):
        """Return in words that a slot is full, with the nearest free ones."""
        self.ensure_one()
        coming = self._find_coming(self.company_id, self.bay_kind)
        near = slots.nearest(coming, self.start_at, _NEAREST)
        values = {"slot": self.display_name}
        if not near:
            return self.env._(
                "%(slot)s has just been taken, and nothing else is free in the days"
                " that can be booked. Add capacity or take the customer's number.",
                **values,
            )
        words = self.env["cr.callback"].with_company(self.company_id)
        times = ", ".join(words._format_moment(slot.start) for slot in near)
        return self.env._(
            "%(slot)s is full. The nearest free times are: %(times)s.",
            times=times,
            **values,
        )

    # === WHAT IS FREE === #

    @api.model
    def _find_coming(self, company, kind, days=None, lead_hours=0):
        """Return the slots of a kind of work to come, in the order of time.

        Reads with raised rights: everybody who books may know what is free.

        :param days: only the first so many days that have a free slot
        :param lead_hours: how long before its start a slot can still be booked
        :return: [slots.Load], in UTC, full ones too
        """
        earliest = fields.Datetime.now() + timedelta(hours=lead_hours)
        self._ensure(company)
        found = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("bay_kind", "=", kind),
                ("start_at", ">", earliest),
                ("planned", ">", 0),
            ]
        )
        if days:
            free = found.filtered(lambda slot: slot.taken < slot.planned)
            kept = sorted(set(free.mapped("day")))[:days]
            found = found.filtered(lambda slot: slot.day in kept)
        return [
            slots.Load(slot.id, slot.day, slot.start_at, slot.planned, slot.taken)
            for slot in found
        ]

    # === WORKING SLOTS OUT === #

    @api.model
    def _ensure(self, company):
        """Work the slots of a store out if nobody has done so yet."""
        known = self.sudo().search_count(
            [("company_id", "=", company.id), ("day", ">=", company._cr_today())],
            limit=1,
        )
        if not known:
            # Raised rights: slots follow from the rules, whoever asks first.
            self.sudo()._sync_coming(company.sudo())

    @api.model
    def _sync_coming(self, stores):
        """Bring the slots of the days that can be booked up to the rules.

        :return: how many slots changed
        """
        changed = 0
        rules = self.env["cr.capacity"]._get_rules(stores)
        for store in stores:
            start = store._cr_today()
            end = start + timedelta(days=max(store.cr_booking_days, 1))
            planned = self._plan(store, rules[store.id], start, end)
            changed += self._write_planned(store, start, planned)
        self.invalidate_model()
        return changed

    @api.model
    def _plan(self, store, rules, start, end):
        """Return the rows of the slots that the rules make of the days of a store."""
        calendar, zone = store.resource_calendar_id, store._cr_timezone()
        makeup = calendar._cr_makeup_between(start, end) if calendar else {}
        working = calendar._cr_working_days(start, end) if calendar else None
        rows = []
        for number in range((end - start).days + 1):
            day = start + timedelta(days=number)
            weekday = makeup.get(day, day).weekday()
            is_working = working is None or day in working
            rows += [
                (
                    store.id,
                    slot.kind,
                    day,
                    _to_utc(zone, day, slot.hour_from),
                    _to_utc(zone, day, slot.hour_to),
                    slot.places,
                )
                for slot in slots.plan_day(rules, day, weekday, is_working)
            ]
        return rows

    @api.model
    def _write_planned(self, store, start, rows):
        """Write what changed, and close the slots that are planned no more.

        :return: how many slots changed
        """
        self.env.flush_all()
        columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
        wanted = SQL(
            "SELECT * FROM UNNEST(%s::int[], %s::varchar[], %s::date[],"
            " %s::timestamp[], %s::timestamp[], %s::int[]) AS row (%s)",
            *map(list, columns),
            SQL(", ").join(map(SQL.identifier, _COLUMNS)),
        )
        [(changed,)] = self.env.execute_query(
            SQL(
                """WITH wanted AS (%s), made AS (%s), closed AS (%s)
                   SELECT (SELECT COUNT(*) FROM made) + (SELECT COUNT(*) FROM closed)
                """,
                wanted,
                self._made_sql(),
                self._closed_sql(store, start),
            )
        )
        return changed

    @api.model
    def _made_sql(self):
        """Return the statement that adds and changes slots as wanted."""
        return SQL(
            """
            INSERT INTO cr_appointment_slot AS slot (%(names)s, places, taken,
                   create_uid, create_date, write_uid, write_date)
            SELECT %(names)s, planned, 0, %(user)s, %(now)s, %(user)s, %(now)s
              FROM wanted
            ON CONFLICT (company_id, bay_kind, start_at) DO UPDATE
               SET planned = EXCLUDED.planned, end_at = EXCLUDED.end_at,
                   places = GREATEST(slot.taken, EXCLUDED.planned)
             WHERE (slot.planned, slot.end_at)
                   IS DISTINCT FROM (EXCLUDED.planned, EXCLUDED.end_at)
            RETURNING slot.id
            """,
            names=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
            user=self.env.uid,
            now=fields.Datetime.now(),
        )

    @api.model
    def _closed_sql(self, store, start):
        """Return the statement that closes slots nobody wants; bookings stay."""
        return SQL(
            """
            UPDATE cr_appointment_slot slot SET planned = 0, places = taken
             WHERE slot.company_id = %s AND slot.day >= %s AND slot.planned > 0
               AND NOT EXISTS (
                   SELECT FROM wanted
                    WHERE wanted.company_id = slot.company_id
                      AND wanted.bay_kind = slot.bay_kind
                      AND wanted.start_at = slot.start_at)
            RETURNING slot.id
            """,
            store.id,
            start,
        )

    # === CRON === #

    @api.model
    def _cron_sync(self):
        """Add the day that can be booked anew, and follow holidays (APT-06)."""
        for store in self.env["cr.appointment"]._get_stores():
            changed = self._sync_coming(store)
            self.env["ir.cron"]._commit_progress(changed)


def _to_utc(zone, day, hour):
    """Return an hour of a store's day as a naive UTC moment."""
    minutes = round(hour * 60)
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
