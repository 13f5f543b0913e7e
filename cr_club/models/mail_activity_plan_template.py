from odoo import fields, models

from ..const_event import LANES


class MailActivityPlanTemplate(models.Model):
    """A step of an event's preparation: lane and days from N (EVT-03, EVT-09)."""

    _inherit = "mail.activity.plan.template"

    cr_lane = fields.Selection(LANES, string="Department in charge")
    cr_summary = fields.Char(
        string="Task",
        translate=True,
        help="What is to be done, in the language of the store.",
    )
    responsible_type = fields.Selection(
        selection_add=[("cr_lane", "Whoever stands for the lane in the team")],
        ondelete={"cr_lane": "set default"},
    )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Find the responsible of a lane in the team sheet of the event (EVT-23)."""
        self.ensure_one()
        if self.responsible_type != "cr_lane":
            return super()._determine_responsible(
                on_demand_responsible, applied_on_record
            )
        event = applied_on_record
        member = event.cr_team_ids.filtered(
            lambda one: one.lane == self.cr_lane and one.user_id
        )[:1]
        responsible = member.user_id or event.user_id or on_demand_responsible
        return {"responsible": responsible, "error": False, "warning": False}
