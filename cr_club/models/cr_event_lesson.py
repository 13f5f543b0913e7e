from odoo import fields, models
from odoo.exceptions import UserError


class CrEventLesson(models.Model):
    """A lesson of a class: teacher, courseware, who attended it (EVT-07)."""

    _name = "cr.event.lesson"
    _description = "Lesson of an event"
    _order = "event_id, start_at, sequence, id"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10, aggregator=None)
    name = fields.Char(required=True)
    teacher_id = fields.Many2one("res.users")
    guest_teacher = fields.Char(string="Teacher from outside")
    start_at = fields.Datetime(string="Begins")
    minutes = fields.Integer(default=45, aggregator=None)
    courseware = fields.Binary()
    courseware_filename = fields.Char(string="File name")
    attendee_ids = fields.Many2many(
        "cr.event.invitation",
        string="Attended by",
        domain="[('event_id', '=', event_id), ('state', '=', 'attended')]",
        copy=False,
    )
    attendee_count = fields.Integer(
        string="Attended", compute="_compute_attendee_count"
    )

    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A lesson lasts some minutes."
    )

    def _compute_attendee_count(self):
        for lesson in self:
            lesson.attendee_count = len(lesson.attendee_ids)

    def action_all_present(self):
        """Note that everybody who is checked in attends the lesson."""
        for lesson in self:
            came = lesson.event_id.cr_invitation_ids.filtered(
                lambda one: one.state == "attended"
            )
            if not came:
                raise UserError(
                    self.env._(
                        "Nobody is checked in for “%s” yet.", lesson.event_id.name
                    )
                )
            lesson.attendee_ids |= came
