from odoo import api, models
from odoo.exceptions import AccessError, UserError

HEAD_GROUP = "cr_dealership.group_cr_dealership_head"
# What a person may write directly; all else changes through what the call brought.
_FREE_FIELDS = {"note"}
_HEAD_FIELDS = _FREE_FIELDS | {"agent_id", "priority", "due_on", "expires_on"}


class CrCallbackGuardMixin(models.AbstractModel):
    """What people may change on a card by hand; the rest follows from calls."""

    _name = "cr.callback.guard.mixin"
    _description = "Callback: guards"

    def write(self, vals):
        """Let people change only what is theirs; calls change the rest."""
        if not self.env.su:
            self._check_write(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_admin(self):
        """Keep the archive of callbacks: only an administrator deletes (CB-25)."""
        admin_group = "cr_dealership.group_cr_dealership_admin"
        if not self.env.su and not self.env.user.has_group(admin_group):
            raise UserError(
                self.env._(
                    "Callbacks are kept as an archive; cancel the callback with a"
                    " reason instead of deleting it."
                )
            )

    def _check_write(self, vals):
        """Raise unless the user may write these values himself."""
        is_head = self.env.user.has_group(HEAD_GROUP)
        allowed = _HEAD_FIELDS if is_head else _FREE_FIELDS
        if set(vals) - allowed - {"state"}:
            raise AccessError(
                self.env._(
                    "A callback changes by what the call brought; take it and choose"
                    " the outcome, or ask the CR head."
                )
            )
        if "state" in vals:
            for callback in self:
                callback._check_move(vals["state"])

    def _check_move(self, state):
        """Raise unless the card may be dragged to this column by hand."""
        self.ensure_one()
        if state == self.state or (self.state, state) == ("retry", "todo"):
            return
        raise UserError(self._get_move_messages()[state] % {"card": self.display_name})

    def _get_move_messages(self):
        """Return {state: why nobody drags a card there, and what to do instead}."""
        return {
            "todo": self.env._(
                "%(card)s is closed; use “Open again” and give the reason."
            ),
            "retry": self.env._(
                "%(card)s gets there by a call that did not reach the customer; take"
                " it and choose the outcome."
            ),
            "done": self.env._(
                "%(card)s is done by what the call brought; take it and choose the"
                " outcome."
            ),
            "lost": self.env._(
                "%(card)s is lost after the calls that the outcome allows; take it"
                " and choose the outcome."
            ),
            "missed": self.env._(
                "%(card)s is missed when its last day has passed; call the customer"
                " or cancel it with a reason."
            ),
            "cancelled": self.env._("Use “Cancel” and give the reason for %(card)s."),
        }

    def _update(self, vals):
        """Write what a call, a job or a head's decision brought.

        Raised rights: people have no right to these columns themselves; every caller
        has checked that this user may do it.
        """
        return self.sudo().write(vals)
