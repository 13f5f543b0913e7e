from odoo import models
from odoo.exceptions import UserError


class CrEventListMixin(models.AbstractModel):
    """The list of guests: proposals are asked for, merged and taken over (EVT-05)."""

    _name = "cr.event.list.mixin"
    _description = "Event: list of guests"

    def action_cr_propose(self):
        """Ask which customers a department proposes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose guests for %s", self.name),
            "res_model": "cr.event.proposal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_cr_take_over(self):
        """Take what was proposed over to the list; consent and cap are asked here."""
        self.check_access("write")
        proposed = self.cr_invitation_ids.filtered(lambda one: one.state == "proposed")
        if not proposed:
            raise UserError(
                self.env._("Nobody is proposed. Ask the departments to propose guests.")
            )
        proposed._judge()
