from odoo import api, fields, models

from ..const_event import DUTIES, LANES


class CrEventTeam(models.Model):
    """Who does what at an event: the team sheet and duty roster (EVT-13, EVT-23)."""

    _name = "cr.event.team"
    _description = "Team of an event"
    _order = "event_id, lane, id"
    _rec_name = "user_id"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one("res.users", string="Who")
    helper = fields.Char(string="Helper from outside")
    lane = fields.Selection(LANES, required=True, default="cr")
    duty = fields.Selection(DUTIES, required=True, default="reception")
    objective = fields.Char()
    note = fields.Char()

    _somebody = models.Constraint(
        "CHECK (user_id IS NOT NULL OR helper IS NOT NULL)",
        "Say who takes this part: a colleague or a helper from outside.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give the tasks of a lane to whoever stands for it now."""
        members = super().create(vals_list)
        members.event_id._hand_over_tasks()
        return members

    def write(self, vals):
        """Give the tasks as above."""
        result = super().write(vals)
        if {"user_id", "lane"} & set(vals):
            self.event_id._hand_over_tasks()
        return result
