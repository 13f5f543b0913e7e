from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import OPEN_CALLBACK_STATES

_REOPEN_DAYS = 2


class CrCallbackReassign(models.TransientModel):
    """Hand cards over, open them again or cancel them, each with its reason."""

    _name = "cr.callback.reassign"
    _description = "Hand over callbacks"

    callback_ids = fields.Many2many("cr.callback", required=True, string="Callbacks")
    mode = fields.Selection(
        [
            ("hand_over", "Hand over to another agent"),
            ("reopen", "Open again"),
            ("cancel", "Cancel"),
        ],
        required=True,
        default="hand_over",
    )
    agent_id = fields.Many2one("res.users", string="New agent")
    until = fields.Date(
        string="Call until",
        default=lambda self: self._default_until(),
        help="New last day of the callbacks that are opened again.",
    )
    reason = fields.Char(required=True)

    @api.model
    def _default_until(self):
        today = self.env["cr.callback"]._get_today()
        return today + timedelta(days=_REOPEN_DAYS)

    def action_apply(self):
        """Carry out what was chosen and keep the reason in each card's log."""
        self.ensure_one()
        if not self.env.user.has_group("cr_dealership.group_cr_dealership_head"):
            raise UserError(
                self.env._(
                    "Only the CR head hands over, opens again or cancels callbacks;"
                    " ask him."
                )
            )
        self.callback_ids.check_access("write")
        callbacks = getattr(self, f"_apply_{self.mode}")()
        label = dict(self._fields["mode"]._description_selection(self.env))[self.mode]
        text = self.env._("%(act)s: %(reason)s", act=label, reason=self.reason)
        callbacks._message_log_batch(dict.fromkeys(callbacks.ids, text))
        return {"type": "ir.actions.act_window_close"}

    def _apply_hand_over(self):
        """Give the open cards to the new agent."""
        callbacks = self._get_open()
        if not self.agent_id:
            raise UserError(self.env._("Choose who gets the cards."))
        callbacks._update({"agent_id": self.agent_id.id, "regular_agent_id": False})
        return callbacks

    def _apply_reopen(self):
        """Put the closed cards back to "to call"."""
        callbacks = self.callback_ids - self._get_open()
        if callbacks and self.until < self.env["cr.callback"]._get_today():
            raise UserError(
                self.env._("The last day has passed; choose today or a later day.")
            )
        callbacks._reopen(self.until)
        return callbacks

    def _apply_cancel(self):
        """Take the open cards out of the lists."""
        callbacks = self._get_open()
        callbacks._cancel()
        return callbacks

    def _get_open(self):
        """Return the chosen cards that are open."""
        return self.callback_ids.filtered(
            lambda callback: callback.state in OPEN_CALLBACK_STATES
        )
