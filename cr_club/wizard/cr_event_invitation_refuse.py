from odoo import fields, models

from ..const_event import REFUSALS


class CrEventInvitationRefuse(models.TransientModel):
    """Why guests decline (EVT-04)."""

    _name = "cr.event.invitation.refuse"
    _description = "Guests decline"

    invitation_ids = fields.Many2many("cr.event.invitation", string="Guests")
    refusal = fields.Selection(REFUSALS, string="Reason", required=True)
    note = fields.Char(string="In his words")
    is_called = fields.Boolean(
        string="Said in our call", default=True, help="Counts as a contact."
    )

    def action_refuse(self):
        """Note the reason; free seats go to whoever waits."""
        guests = self.invitation_ids
        guests.check_access("write")
        if self.is_called:
            guests._check_call()
            guests._log_calls(self.env._("declines"))
        guests._refuse(self.refusal, self.note)
        return {"type": "ir.actions.act_window_close"}
