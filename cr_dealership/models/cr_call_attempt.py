from odoo import api, fields, models

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
    spoken_ids = fields.Many2many(
        "res.partner",
        "cr_call_attempt_spoken_rel",
        "attempt_id",
        "partner_id",
        string="Also spoken to",
        help="Members of the household who came to the telephone themselves.",
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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record the calls, in the ledger of contacts too (COM-01).

        The scores of the customers' cars follow: did they answer? (RCL-15)
        """
        attempts = super().create(vals_list)
        attempts._log_touches()
        self.env["cr.interview"]._follow_attempts(attempts)
        # sudo: all cars of the customer are concerned, whoever may see them.
        roles_sudo = attempts.sudo().partner_id.cr_role_ids
        roles_sudo.vehicle_id._mark_churn()
        return attempts

    def _log_touches(self):
        """Write the calls into the ledger of contacts, a row for each person spoken to;
        a correction names the first."""
        touches = self.env["cr.care.touch"]
        first = self.corrects_id
        known = touches._get_by_keys(
            self._get_touch_key(attempt, person)
            for attempt in first
            for person in attempt.partner_id | attempt.spoken_ids
        )
        touches._log(
            [
                {
                    **attempt._prepare_touch(),
                    "key": self._get_touch_key(attempt, person),
                    "corrects_id": known.get(
                        self._get_touch_key(attempt.corrects_id, person)
                    ),
                    "partner_id": person.id,
                }
                for attempt in self
                for person in attempt.partner_id | attempt.spoken_ids
            ]
        )

    @api.model
    def _get_touch_key(self, attempt, person):
        """Return the key of a person's row; the customer's has none of his own."""
        if person == attempt.partner_id:
            return f"call:{attempt.id}"
        return f"call:{attempt.id}:{person.id}"

    def _prepare_touch(self):
        """Return the values of the call in the ledger of contacts."""
        self.ensure_one()
        vehicle = self.callback_ids.vehicle_id
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": vehicle.id if len(vehicle) == 1 else False,
            "at": self.at,
            "channel": self.channel,
            "direction": self.direction,
            "is_counted": self._is_tiring(),
            "purpose": self.callback_ids[:1].purpose,
            "user_id": self.agent_id.id,
            "content": " · ".join(filter(None, (self.outcome_id.name, self.note))),
            "origin_model": self._name,
            "origin_id": self.id,
        }

    def _is_tiring(self):
        """Return whether the call counts for the cap on contacts (COM-01).

        Ringing in vain does not, nor does a call at the time that the customer wished.
        """
        if self.direction != "out":
            return False
        if self.outcome_kind not in ("reached", "refused", "appointment"):
            return False
        # The callbacks still stand as the call found them; a correction comes later.
        callbacks = self.callback_ids
        was_wished = callbacks and all(callbacks.mapped("is_appointment"))
        return bool(self.corrects_id) or not was_wished

    # === CORRECTION === #

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
                "spoken_ids": [fields.Command.set(self.spoken_ids.ids)],
                "corrects_id": self.id,
            }
        )
        callbacks._undo_attempt()
        callbacks._apply_attempt(correction)
        return correction
