from datetime import timedelta

from odoo import api, fields, models

from ..const import OPEN_CALLBACK_STATES
from ..tools import retry

# How far ahead the store's working days are looked up for the next try.
_CALENDAR_DAYS = 90


class CrCallbackEffectMixin(models.AbstractModel):
    """What a call that was made does to the callbacks it was about (CB-06, CB-07)."""

    _name = "cr.callback.effect.mixin"
    _description = "Callback: effects of a call"

    def _apply_attempt(self, attempt, effect=None):
        """Carry out what the outcome of a call means for these callbacks.

        :param attempt: the call just recorded, with its outcome
        :param effect: what follows, if it is not what the kind of outcome says
        """
        for callback in self:
            callback._update(
                {
                    "attempt_count": callback.attempt_count + 1,
                    "last_outcome_id": attempt.outcome_id.id,
                    "last_attempt_at": attempt.at,
                    "is_appointment": False,
                    "next_at": False,
                    "next_part_id": False,
                }
            )
        getattr(self, f"_apply_{effect or attempt.outcome_kind}")(attempt)

    def _apply_reached(self, attempt):
        """Close what was talked about."""
        self._close_as("done", attempt.at)

    def _apply_refused(self, attempt):
        """Close what the customer does not want to talk about."""
        self._close_as("done", attempt.at)

    def _apply_wrong(self, attempt):
        """Close the callbacks as lost; the number must be repaired."""
        self._close_as("lost", attempt.at)
        self.env["cr.lost.contact"]._open_for(self, attempt)

    def _apply_right_number(self, _attempt):
        """Keep the callbacks open: whoever answered named the right number."""
        self._update({"state": "todo"})

    def _apply_appointment(self, attempt):
        """Keep the time the customer asked for, even beyond the last day."""
        part = self._get_part(attempt.next_at)
        day = self._to_local(attempt.next_at).date()
        for callback in self:
            callback._update(
                {
                    "state": "retry",
                    "next_at": attempt.next_at,
                    "next_part_id": part.id,
                    "is_appointment": True,
                    "expires_on": max(callback.expires_on, day),
                }
            )

    def _apply_retry(self, attempt):
        """Plan the next try; close as lost what was tried often enough."""
        outcome = attempt.outcome_id
        lost = self.filtered(
            lambda callback: callback._count_failed() >= outcome.max_attempts
        )
        if lost:
            lost._close_as("lost", attempt.at)
            self.env["cr.lost.contact"]._open_for(lost, attempt)
        if again := self - lost:
            again._update(
                {
                    "state": "retry",
                    "next_at": attempt.next_at,
                    "next_part_id": self._get_part(attempt.next_at).id,
                }
            )

    def _close_as(self, state, moment):
        """Close callbacks in a state."""
        self._update({"state": state, "closed_at": moment, "next_at": False})

    def _undo_attempt(self):
        """Take back what a call brought that was recorded wrongly."""
        self.env["cr.lost.contact"]._take_out(self)
        for callback in self:
            callback._update(
                {
                    "state": "todo" if callback.attempt_count <= 1 else "retry",
                    "attempt_count": max(callback.attempt_count - 1, 0),
                    "closed_at": False,
                    "next_at": False,
                }
            )

    # === LADDER === #

    def _get_failed_attempts(self):
        """Return the calls that did not reach the customer since the last opening."""
        return self.attempt_ids.filtered(
            lambda attempt: attempt.outcome_kind == "retry"
            and not attempt.correction_ids
            and any(
                not callback.reopened_at or attempt.at >= callback.reopened_at
                for callback in attempt.callback_ids & self
            )
        )

    def _count_failed(self):
        """Return how many calls for this callback did not reach the customer."""
        self.ensure_one()
        return len(self._get_failed_attempts())

    def _get_next_try(self, outcome, now):
        """Return the next try if a call made now failed with this outcome.

        One time for all callbacks of the customer, so that he is called once.

        :param outcome: `cr.call.outcome` of kind retry
        :param now: UTC moment of the call
        :return: (UTC moment or None, is_last) - None and True: contact is lost
        """
        parts = self.env["cr.call.window"]._get_parts()
        local = self._to_local(now)
        tried = self._get_failed_attempts().sorted("at")
        attempts = [(self._to_local(one.at), one.part_id.code) for one in tried]
        current = retry.part_of(local.time(), parts)
        attempts.append((local, current and current.code))
        counts = [callback._count_failed() + 1 for callback in self] or [1]
        if min(counts) >= outcome.max_attempts:
            return None, True
        ladder = retry.Ladder(
            within_days=outcome.within_days,
            # Whether contact is lost was decided above, callback by callback.
            max_attempts=len(attempts) + 1,
            min_gap_minutes=outcome.min_gap_minutes,
            quick_outcomes=() if outcome.other_part else (outcome.code,),
        )
        found = retry.next_try(
            local, outcome.code, attempts, parts, self._get_day_check(local), ladder
        )
        is_last = max(counts) >= outcome.max_attempts
        return (self._to_utc(found.at), is_last) if found else (None, True)

    def _get_day_check(self, local):
        """Return the test whether the store works on a day."""
        start = local.date()
        store = self.company_id[:1] or self.env.company
        working_days = store.resource_calendar_id._cr_working_days(
            start, start + timedelta(days=_CALENDAR_DAYS)
        )
        return working_days.__contains__

    @api.model
    def _get_part(self, moment):
        """Return the part of the day in which a UTC moment lies, maybe none."""
        windows = self.env["cr.call.window"].search([("active", "=", True)])
        if not moment:
            return windows.browse()
        part = retry.part_of(self._to_local(moment).time(), windows._get_parts())
        return windows.filtered(lambda window: part and window.code == part.code)

    # === OPENING AGAIN === #

    def _reopen(self, until=None):
        """Put closed callbacks back to "to call"; their ladder begins anew.

        :param until: new last day; by default the old one, or today if it has passed
        """
        today = self._get_today()
        for callback in self:
            last_day = max(until or callback.expires_on, callback.due_on, today)
            callback._update(
                {
                    "state": "todo",
                    "expires_on": last_day,
                    "reopened_at": fields.Datetime.now(),
                    "closed_at": False,
                    "missed_reason": False,
                    "next_at": False,
                    "block_code": callback._get_block(today),
                }
            )

    def _cancel(self):
        """Take open callbacks out of the lists; the reason is logged by the caller."""
        self.filtered(
            lambda callback: callback.state in OPEN_CALLBACK_STATES
        )._close_as("cancelled", fields.Datetime.now())
