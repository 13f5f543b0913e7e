from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.complaint_log import Reckoner
from .cr_complaint_clock import get_outlook, make_spans


class CrComplaintLogMixin(models.AbstractModel):
    """The log of a complaint and the clocks that follow from it (CPL-31)."""

    _name = "cr.complaint.log.mixin"
    _description = "Complaint: log and clocks"

    round = fields.Integer(
        string="Time round",
        default=1,
        readonly=True,
        aggregator=None,
        copy=False,
        help="2 after it was opened again, with clocks of its own.",
    )
    event_ids = fields.One2many("cr.complaint.event", "complaint_id", string="Log")
    clock_ids = fields.One2many("cr.complaint.clock", "complaint_id", string="Clocks")
    next_deadline_at = fields.Datetime(
        string="Next to expire",
        compute="_compute_next_deadline_at",
        store=True,
        help="Of first answer, next promise, solution and outside bodies.",
    )
    is_breached = fields.Boolean(
        string="A deadline was missed",
        compute="_compute_next_deadline_at",
        store=True,
        help="Stays after closing and reopening.",
    )
    is_paused = fields.Boolean(readonly=True, copy=False)
    pause_until_at = fields.Datetime(string="Paused until", readonly=True, copy=False)
    pause_reason = fields.Char(readonly=True, copy=False)

    _pause_index = models.Index("(pause_until_at) WHERE is_paused")

    @api.depends("clock_ids.deadline_at", "clock_ids.state", "clock_ids.breached_at")
    def _compute_next_deadline_at(self):
        for complaint in self:
            outlook = get_outlook(complaint.clock_ids)
            complaint.next_deadline_at = outlook["next_deadline_at"]
            complaint.is_breached = outlook["is_breached"]

    # === ACTIONS === #

    def action_pause(self):
        """Ask why the clocks wait, and until when."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause the clocks"),
            "res_model": "cr.complaint.pause",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_resume(self):
        """Let the clocks go on before the pause is over."""
        self.check_access("write")
        self._resume()

    # === LOG === #

    def _record(self, kind, at=None, **values):
        """Write what happened into the log, and let the clocks follow.

        :param str kind: one of `EVENTS`
        :param datetime at: when it happened, now by default
        """
        self.env["cr.complaint.event"]._log(self, kind, at, **values)
        self.env["cr.complaint.clock"]._follow(self)

    def _log_received(self):
        """Write the first line of the log of new complaints, in one statement.

        :return: {complaints: the line}, together those for which it is the same
        """
        alike = self.grouped(
            lambda one: (one.company_id, one.grade_id, one.received_at, one.round)
        )
        lines, samples = {}, []
        for (_company, grade, moment, turn), group in alike.items():
            calendar = group[0]._get_calendar()
            sample = {
                "kind": "received",
                "at": moment,
                "user_id": self.env.uid,
                "round": turn,
                "calendar_id": calendar.id,
                "grade_id": grade.id,
                "hours": grade._get_hours(),
            }
            line = self.env["cr.complaint.event"].new(sample)._get_line()
            lines[group] = line
            samples.append((group, sample))
        self._insert_alike("cr.complaint.event", samples)
        return lines

    @api.model
    def _insert_alike(self, name, samples):
        """Insert rows of complaints that differ in nothing else, in one statement.

        :param str name: model of the rows; its log or clocks, which have no others
        :param list samples: of (complaints, values of each row)
        """
        model = self.env[name]
        names = list(samples[0][1])
        columns = SQL(", ").join(map(SQL.identifier, names))
        rows = [
            SQL(
                "(%s::int4[], %s)",
                group.ids,
                SQL(", ").join(_cast(model, key, sample[key]) for key in names),
            )
            for group, sample in samples
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (complaint_id, create_uid, write_uid,"
                " create_date, write_date, %(columns)s)"
                " SELECT unnest(complaint_ids), %(uid)s, %(uid)s, %(now)s, %(now)s,"
                " %(columns)s FROM (VALUES %(rows)s) AS sample"
                " (complaint_ids, %(columns)s)",
                table=SQL.identifier(model._table),
                columns=columns,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=SQL(", ").join(rows),
            )
        )
        # What was cached of new files is that they have none.
        self.invalidate_model(["event_ids", "clock_ids"], flush=False)

    def _get_lines(self, turn=None):
        """Return {id: lines of the log of a round} as `tools.complaint_log` reads them.

        One query for all of `self`.

        :param int turn: the round, the present one by default
        """
        # Raised rights: whoever sees the clocks may know what they rest on.
        events = self.env["cr.complaint.event"].sudo().search(
            [("complaint_id", "in", self.ids)]
        )
        found = {complaint.id: [] for complaint in self}
        rounds = {complaint.id: turn or complaint.round for complaint in self}
        for event in events:
            if event.round == rounds[event.complaint_id.id]:
                found[event.complaint_id.id].append(event._get_line())
        return found

    def _get_spans(self):
        """Return the working times of the calendars of the stores, for the clocks."""
        # Raised rights: opening hours are no secret.
        return Reckoner(make_spans(self.env["resource.calendar"].sudo()))

    def _get_calendar(self):
        """Return the calendar of the store."""
        self.ensure_one()
        return self.company_id.sudo().resource_calendar_id

    # === PAUSE === #

    def _pause(self, reason, until_at):
        """Stop the clocks until a moment, for a reason.

        :raise UserError: without reason, or longer than the store allows
        """
        for complaint in self:
            if not (reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(complaint)s: say why the clocks wait.",
                        complaint=complaint.name,
                    )
                )
            complaint._check_pause(until_at)
        # Raised rights: who may pause was checked by the caller.
        self.sudo().write(
            {"is_paused": True, "pause_until_at": until_at, "pause_reason": reason}
        )
        self._record("paused", text=reason, until_at=until_at)

    def _check_pause(self, until_at):
        """Raise unless a pause ends, and within what the store allows."""
        self.ensure_one()
        now, limit = fields.Datetime.now(), self.company_id.sudo().cr_pause_max_hours
        spans = self._get_spans()(self._get_calendar().id, now, until_at)
        hours = sum((end - start for start, end in spans), timedelta()) / timedelta(
            hours=1
        )
        if until_at <= now or hours > limit:
            raise UserError(
                self.env._(
                    "%(complaint)s: a pause ends within %(limit)g working hours; this"
                    " one would last %(hours).1f. Choose an earlier end.",
                    complaint=self.name,
                    limit=limit,
                    hours=hours,
                )
            )

    def _resume(self, at=None):
        """Let the clocks go on."""
        paused = self.filtered("is_paused")
        # Raised rights: see _pause.
        paused.sudo().write(
            {"is_paused": False, "pause_until_at": False, "pause_reason": False}
        )
        paused._record("resumed", at)


def _cast(model, name, value):
    """Return the SQL of a value as the column of a field takes it."""
    field = model._fields[name]
    kind = SQL(field.column_type[1])
    return SQL("%s::%s", field.convert_to_column(value, model), kind)
