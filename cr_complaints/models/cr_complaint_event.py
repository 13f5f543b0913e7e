from odoo import api, fields, models

from ..const import EVENTS
from ..tools.complaint_log import ALWAYS, Line


class CrComplaintEvent(models.Model):
    """The log of a complaint: append-only, and all that its clocks rest on.

    Deadlines are worked out from these rows and the calendar alone, see
    `cr.complaint.clock`.
    """

    _name = "cr.complaint.event"
    _description = "Log of a complaint"
    _inherit = ["cr.append.only.mixin"]
    _order = "at, id"
    _rec_name = "kind"

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="restrict", readonly=True
    )
    kind = fields.Selection(EVENTS, required=True, readonly=True)
    at = fields.Datetime(string="When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    round = fields.Integer(readonly=True, aggregator=None)
    text = fields.Char(string="In words", readonly=True)
    grade_id = fields.Many2one(
        "cr.complaint.grade", readonly=True, ondelete="restrict"
    )
    hours = fields.Json(
        string="Hours at that time", readonly=True, export_string_translation=False
    )
    calendar_id = fields.Many2one(
        "resource.calendar", readonly=True, ondelete="restrict"
    )
    until_at = fields.Datetime(string="Promised or ends at", readonly=True)

    _complaint_at_index = models.Index("(complaint_id, at, id)")

    def _get_calendar_key(self):
        """Return which working time counts from this line on, None if it says none."""
        self.ensure_one()
        if (self.hours or {}).get(ALWAYS):
            return ALWAYS
        return self.calendar_id.id or None

    def _get_line(self):
        """Return the line as `tools.complaint_log` reads it."""
        self.ensure_one()
        return Line(
            self.at,
            self.kind,
            self.hours or None,
            self._get_calendar_key(),
            self.until_at or None,
        )

    @api.model
    def _log(self, complaints, kind, at=None, **values):
        """Add one line to the log of each complaint.

        :param complaints: `cr.complaint`
        :param str kind: one of `EVENTS`
        :param datetime at: when it happened, now by default
        :return: the lines
        """
        moment = at or fields.Datetime.now()
        return self._log_lines(
            (complaint, kind, moment, values) for complaint in complaints
        )

    @api.model
    def _log_lines(self, lines):
        """Add lines to the logs of complaints in one go.

        :param lines: (complaint, kind, moment, other values)
        :return: the lines
        """
        # Raised rights: nobody writes the log but what happens.
        return self.sudo().create(
            [
                {
                    "complaint_id": complaint.id,
                    "kind": kind,
                    "at": moment,
                    "user_id": self.env.uid,
                    "round": complaint.round,
                    **values,
                }
                for complaint, kind, moment, values in lines
            ]
        )
