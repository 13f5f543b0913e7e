from odoo import api, fields, models

from ..const import MESSAGE_BLOCK_TEXTS


class CrMessageWordsMixin(models.AbstractModel):
    """Why a message waits or failed, in the words of whoever reads it."""

    _name = "cr.message.words.mixin"
    _description = "Messages: in words"

    hold_text = fields.Char(string="Why it waits", compute="_compute_hold_text")
    failure = fields.Char(string="What went wrong", compute="_compute_failure")

    @api.depends("state", "block_code", "wait_code", "next_at", "cancel_reason")
    @api.depends_context("lang", "tz")
    def _compute_hold_text(self):
        for message in self:
            message.hold_text = message._get_hold_text()

    def _get_hold_text(self):
        """Return why the message does not go out now, or False."""
        self.ensure_one()
        if self.state == "cancelled" and self.cancel_reason:
            return self.cancel_reason
        if self.state in ("held", "cancelled") and self.block_code:
            return self.env._(
                "Not sent: %(reason)s.",
                reason=self.env._(MESSAGE_BLOCK_TEXTS[self.block_code]),
            )
        return self._get_wait_text() if self.state == "queued" else False

    def _get_wait_text(self):
        """Return when the queued message goes out and why not now, or False."""
        if self.channel == "letter":
            return self.env._("Waits to be printed and posted.")
        # sudo: the clock of the store is no secret of the store.
        words = self.env["cr.callback"].with_company(self.company_id.sudo())
        moment = words._format_moment(self.next_at)
        if self.wait_code == "quiet":
            return self.env._(
                "Quiet hours of the store; goes out %(moment)s.", moment=moment
            )
        if self.wait_code == "retry":
            return self.env._(
                "The gateway did not take it; tried again %(moment)s.", moment=moment
            )
        if self.next_at and self.next_at > fields.Datetime.now():
            return self.env._("Goes out %(moment)s.", moment=moment)
        return False

    @api.depends("state", "failure_code", "failure_detail")
    @api.depends_context("lang")
    def _compute_failure(self):
        sentences = self._get_failure_sentences()
        for message in self:
            words = (
                sentences.get(message.failure_code),
                message.failure_detail and f"({message.failure_detail})",
            )
            message.failure = " ".join(filter(None, words)) or False

    @api.model
    def _get_failure_sentences(self):
        """Return {failure code: what happened and what to do}."""
        return {
            "refused": self.env._(
                "The gateway refused it; mend number or text and send it again."
            ),
            "tries": self.env._(
                "The gateway did not take it after all tries; send it again when it"
                " works."
            ),
            "unknown": self.env._(
                "Nobody knows whether it went out: ask the gateway, then send it again"
                " or mark it as sent."
            ),
            "undelivered": self.env._(
                "It did not reach the customer; check number or address."
            ),
        }
