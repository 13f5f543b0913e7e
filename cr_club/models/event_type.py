from odoo import fields, models


class EventType(models.Model):
    """A kind of event: its preparation, seats, points, guide (EVT-10, EVT-17, EVT-22).

    The guide is Odoo's note of the template; it is copied onto every event.
    """

    _inherit = "event.type"

    cr_is_club = fields.Boolean(
        string="Event of the club", help="Stands in the list of what the club offers."
    )
    cr_is_notice = fields.Boolean(
        string="Notice only", help="A message to many; nobody is called or seated."
    )
    cr_description = fields.Text(string="What customers read", translate=True)
    cr_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Preparation",
        domain=[("res_model", "=", "event.event")],
        ondelete="restrict",
        help="Its steps become tasks before and after day N.",
    )
    cr_points = fields.Integer(
        string="Points for coming", aggregator=None, help="Assumed: 50."
    )
    cr_needs_lessons = fields.Boolean(string="Has lessons")
    cr_invite_days = fields.Integer(
        string="Invited (days before)", default=20, aggregator=None
    )
    cr_confirm_days = fields.Integer(
        string="Intention confirmed (days before)", default=5, aggregator=None
    )
    cr_remind_days = fields.Integer(
        string="Reminded (days before)", default=1, aggregator=None
    )
    cr_followup_days = fields.Integer(
        string="Followed up within (days)", default=7, aggregator=None
    )
    cr_message_id = fields.Many2one(
        "cr.message.template",
        string="Invitation by SMS",
        domain=[("channel", "=", "sms")],
        ondelete="restrict",
    )
    cr_guide_file = fields.Binary(string="Document of the guide")
    cr_guide_filename = fields.Char(string="File name")
    cr_is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _cr_figures_positive = models.Constraint(
        "CHECK (cr_points >= 0 AND cr_invite_days >= 0 AND cr_confirm_days >= 0"
        " AND cr_remind_days >= 0 AND cr_followup_days >= 0)",
        "Points and days of a kind of event are not negative.",
    )

    def _get_call_offsets(self):
        """Return {state of a guest: days before N on which he is called}."""
        self.ensure_one()
        return {
            "todo": self.cr_invite_days,
            "invited": self.cr_invite_days,
            "accepted": self.cr_confirm_days,
            "confirmed": self.cr_remind_days,
        }
