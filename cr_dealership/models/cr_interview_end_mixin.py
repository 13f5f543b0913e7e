from datetime import timedelta

from odoo import api, fields, models

from ..const_interview import GIFT_DAYS, OPEN_INTERVIEW_STATES

_GONE = 1000
_ENDS = {"done": ("reached",), "broken": ("refused", "wrong")}


class CrInterviewEndMixin(models.AbstractModel):
    """How an interview ends, and what happens around its score afterwards."""

    _name = "cr.interview.end.mixin"
    _description = "Interview: end and integrity"

    # === END === #

    def _finish(self, state="done"):
        """End interviews that run, and compute what they count for.

        Where nothing was answered nothing is completed.

        :param state: "done", or "broken" when the customer did not go on
        """
        open_ones = self.filtered(
            lambda interview: interview.state in OPEN_INTERVIEW_STATES
            and interview.answer_ids
        )
        now = fields.Datetime.now()
        for store, interviews in open_ones.grouped("company_id").items():
            interviews.write(
                {"state": state, "done_at": now, "day": store._cr_local_day(now)}
            )
        open_ones._mark_gifts()
        self.env["cr.index.version"]._store_scores(open_ones)
        return open_ones

    def _finish_by_link(self):
        """End the interview of a customer who answered by his link.

        His callback is settled too: nobody calls to ask the same again.
        """
        self._finish()
        callback = self.callback_id.filtered(lambda one: one.state in ("todo", "retry"))
        callback._close_as("done", fields.Datetime.now())
        self.env["cr.care.touch"]._log(
            [
                {
                    "company_id": interview.company_id.id,
                    "partner_id": interview.partner_id.id,
                    "channel": interview.channel,
                    "direction": "in",
                    "key": f"cr.interview-{interview.id}",
                    "purpose": "satisfaction",
                    "user_id": False,
                    "content": interview.display_name,
                    "origin_model": interview._name,
                    "origin_id": interview.id,
                }
                for interview in self
                if interview.channel in ("sms", "email", "letter")
            ]
        )

    @api.model
    def _end_expired(self, today, limit=_GONE):
        """End interviews whose link has run out: broken off, or never answered.

        :return: how many ended
        """
        gone = self.search(
            [("state", "in", OPEN_INTERVIEW_STATES), ("expires_on", "<", today)],
            limit=limit,
        ).try_lock_for_update()
        begun = gone._finish("broken")
        (gone - begun).write({"state": "expired"})
        return len(gone)

    @api.model
    def _cron_end_expired(self):
        """End what has run out, a batch per transaction."""
        today = fields.Date.context_today(self)
        while ended := self._end_expired(today):
            if not self.env["ir.cron"]._commit_progress(ended, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    # === AROUND THE SCORE === #

    @api.model
    def _follow_attempts(self, attempts):
        """End interviews by what calls brought; count calls after a low score.

        Reached: completed. Refused, or a wrong number: broken off. An agreed time or
        another try: the interview goes on in the next call, whoever makes it.
        """
        # sudo: interviews are written by their methods only.
        interviews = self.sudo().search(
            [("callback_id", "in", attempts.callback_ids.ids)]
        )
        interviews.filtered("answer_ids.is_low")._count_redials(attempts)
        for state, kinds in _ENDS.items():
            calls = attempts.filtered(
                lambda call, kinds=kinds: call.outcome_kind in kinds
                and not call.corrects_id
            )
            interviews.filtered(
                lambda one, calls=calls: one.callback_id in calls.callback_ids
            )._finish(state)

    def _count_redials(self, attempts):
        """Count the calls for the same callback that began after a low score."""
        for interview in self:
            first = min(interview.answer_ids.filtered("is_low").mapped("at"))
            calls = attempts.filtered(
                lambda call, one=interview, at=first: not call.corrects_id
                and one.callback_id in call.callback_ids
                and (call.session_id.started_at or call.at) > at
            )
            if calls:
                interview.redial_count += len(calls)

    @api.model
    def _follow_gifts(self, requests):
        """Mark the interviews around which these customers were given something."""
        # sudo: as above.
        interviews = self.sudo().search(
            [("partner_id", "in", requests.partner_id.ids), ("day", "!=", False)]
        )
        interviews._mark_gifts()

    def _mark_gifts(self):
        """Note beside the score whether a gift was handed over around that day."""
        # sudo: the gift itself is not shown, only that there was one.
        gifts = self.env["cr.care.gift.request"].sudo()
        groups = gifts._read_group(
            [("partner_id", "in", self.partner_id.ids), ("sent_on", "!=", False)],
            ["partner_id"],
            ["sent_on:array_agg"],
        )
        days = {partner.id: given for partner, given in groups}
        for interview in self:
            is_near = any(
                abs(day - interview.day) <= timedelta(days=GIFT_DAYS)
                for day in days.get(interview.partner_id.id, ())
            )
            if interview.is_gift_near != is_near:
                interview.is_gift_near = is_near
