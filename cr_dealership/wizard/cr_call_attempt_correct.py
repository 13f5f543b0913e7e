from odoo import api, fields, models
from odoo.exceptions import UserError


class CrCallAttemptCorrect(models.TransientModel):
    """Record how a call really ended; the wrong entry stays in the archive."""

    _name = "cr.call.attempt.correct"
    _description = "Correct a call"

    attempt_id = fields.Many2one("cr.call.attempt", string="Call", required=True)
    outcome_id = fields.Many2one(
        "cr.call.outcome", string="How it really ended", required=True
    )
    outcome_kind = fields.Selection(related="outcome_id.kind")
    next_at = fields.Datetime(string="Next try")
    note = fields.Char(string="Why", required=True)

    @api.onchange("outcome_id")
    def _onchange_outcome_id(self):
        if self.outcome_id.kind not in ("retry", "appointment"):
            self.next_at = False

    def action_apply(self):
        """Add the correcting entry and carry out what it brings."""
        self.ensure_one()
        self._check_allowed()
        # Raised rights: calls are recorded only through a conversation or here.
        self.attempt_id.sudo()._correct(self.outcome_id, self.note, self.next_at)
        return {"type": "ir.actions.act_window_close"}

    def _check_allowed(self):
        """Let agents correct their own calls of today, the head any call."""
        attempt = self.attempt_id
        attempt.check_access("read")
        today = self.env["cr.callback"]._get_today()
        day = self.env["cr.callback"]._to_local(attempt.at).date()
        is_own = attempt.agent_id == self.env.user and day == today
        if not is_own and not self.env.user.has_group(
            "cr_dealership.group_cr_dealership_head"
        ):
            raise UserError(
                self.env._(
                    "You correct your own calls of today only; ask the CR head for"
                    " this one."
                )
            )
        if attempt.correction_ids:
            raise UserError(
                self.env._("This call was already corrected; correct the correction.")
            )
        if self.outcome_id.kind == "appointment" and not self.next_at:
            raise UserError(self.env._("Say when the customer wants to be called."))
