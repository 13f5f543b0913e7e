from odoo import api, fields, models

from ..const import CLOCKS
from ..tools import clock
from ..tools.complaint_log import ALWAYS

WAITS = [
    ("working", "Working time"),
    ("wall", "Clock on the wall"),
]
CHANNELS = [
    ("screen", "To-do and message on the screen"),
    ("email", "To-do and e-mail"),
    ("sms", "To-do and SMS"),
]


class CrComplaintRung(models.Model):
    """A step of the ladder: when nobody answers, who is told next (CPL-09).

    `after_hours` counts working hours from the deadline of the clock: -1 is an hour
    before. Who is told must acknowledge; else the next rung comes at once. No source
    says how long anybody is waited for, nor on which clock: both are assumed.
    """

    _name = "cr.complaint.rung"
    _description = "Rung of an escalation ladder"
    _order = "grade_id, clock, after_hours, id"

    grade_id = fields.Many2one(
        "cr.complaint.grade", required=True, index=True, ondelete="cascade"
    )
    clock = fields.Selection(CLOCKS[:3], required=True, default="answer")
    after_hours = fields.Float(
        string="Hours after the deadline", required=True, aggregator=None
    )
    role_id = fields.Many2one("cr.role", string="Who is told", required=True)
    channel = fields.Selection(
        CHANNELS, string="How", required=True, default="screen"
    )
    ack_minutes = fields.Integer(
        string="Must acknowledge within (minutes)",
        default=30,
        required=True,
        aggregator=None,
        help="0: a message only, nobody has to acknowledge it.",
    )
    silent_hours = fields.Float(
        string="Climbs again after silence of (hours)",
        default=8,
        required=True,
        aggregator=None,
        help="Acknowledged, but nothing happened for so many hours. 0: never.",
    )
    waits_in = fields.Selection(
        WAITS,
        string="Waits in",
        required=True,
        default="working",
        help="What the minutes to acknowledge and the hours of silence count: the"
        " working time of the store, so that nobody is climbed over at lunch or in the"
        " night, or every minute. Grades of day and night always count every minute.",
    )
    is_assumed = fields.Boolean(string="Assumed")

    _rung_unique = models.Constraint(
        "UNIQUE (grade_id, clock, after_hours, role_id)",
        "This role is already told at that moment.",
    )
    _minutes_sane = models.Constraint(
        "CHECK (ack_minutes >= 0 AND silent_hours >= 0)",
        "Minutes and hours to acknowledge are not negative.",
    )

    @api.depends("role_id.name", "after_hours")
    def _compute_display_name(self):
        for rung in self:
            rung.display_name = f"{rung.role_id.name or ''} {rung.after_hours:+g} h"

    def _get_wait_end(self, moment, hours, calendar_id, spans):
        """Return until when somebody is waited for.

        :param datetime moment: from when
        :param float hours: how long, of the time in which the rung waits
        :param calendar_id: of the store
        :param spans: working times of calendars
        """
        self.ensure_one()
        is_always = self.waits_in == "wall" or self.grade_id.is_loud_at_night
        return clock.get_moment(
            ALWAYS if is_always else calendar_id, moment, hours, spans
        )
