from odoo import fields, models

from ..const import CHANNELS, OUTCOME_KINDS


class CrCallAttempt(models.Model):
    """A call that was made and how it ended; the archive of callbacks (CB-25).

    Append-only: a wrong entry is corrected by a new one that names it.
    """

    _name = "cr.call.attempt"
    _description = "Call"
    _inherit = ["cr.append.only.mixin"]
    _order = "at desc, id desc"
    _rec_name = "outcome_id"

    _movable_columns = ("partner_id",)

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True
    )
    session_id = fields.Many2one(
        "cr.call.session", index="btree_not_null", ondelete="restrict"
    )
    agent_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    at = fields.Datetime(string="Called at", required=True, default=fields.Datetime.now)
    part_id = fields.Many2one(
        "cr.call.window", string="Part of the day", ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    direction = fields.Selection(
        [("out", "We called"), ("in", "The customer called")],
        required=True,
        default="out",
    )
    phone = fields.Char(
        string="Number dialled", help="Masked; the file has it in full."
    )
    outcome_id = fields.Many2one(
        "cr.call.outcome", required=True, index=True, ondelete="restrict"
    )
    outcome_kind = fields.Selection(OUTCOME_KINDS, required=True)
    note = fields.Char()
    next_at = fields.Datetime(string="Next try")
    callback_ids = fields.Many2many(
        "cr.callback",
        "cr_call_attempt_callback_rel",
        "attempt_id",
        "callback_id",
        string="Callbacks",
    )
    corrects_id = fields.Many2one(
        "cr.call.attempt",
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many("cr.call.attempt", "corrects_id")

    _agent_at_index = models.Index("(agent_id, at)")
    _store_at_index = models.Index("(company_id, at)")
    _corrects_unique = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "This call was already corrected; correct the correction.",
    )

    def action_view_correct(self):
        """Ask how the call really ended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the call"),
            "res_model": "cr.call.attempt.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_attempt_id": self.id},
        }

    def _correct(self, outcome, note, next_at=None):
        """Add an entry that names this one as wrong, and carry out what it brings.

        Callbacks with a later call keep what that one brought.
        """
        self.ensure_one()
        callbacks = self.callback_ids.filtered(
            lambda callback: callback.last_attempt_at == self.at
        )
        if outcome.kind == "retry" and not next_at:
            next_at = callbacks._get_next_try(outcome, self.at)[0]
        correction = self.create(
            {
                **self.copy_data()[0],
                "at": self.at,
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
                "note": note,
                "next_at": next_at,
                "callback_ids": [fields.Command.set(self.callback_ids.ids)],
                "corrects_id": self.id,
            }
        )
        callbacks._undo_attempt()
        callbacks._apply_attempt(correction)
        return correction
