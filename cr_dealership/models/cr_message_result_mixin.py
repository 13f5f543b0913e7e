from datetime import timedelta

from odoo import api, fields, models

from ..tools import gateway
from ..tools.message import count_parts, retry_delay

# Not tried because the gateway had just been found down; not the message's fault.
DEFERRED = "deferred"
_DEFER = timedelta(minutes=1)


class CrMessageResultMixin(models.AbstractModel):
    """What became of messages: answers of the gateway, delivery reports (COM-03)."""

    _name = "cr.message.result.mixin"
    _description = "Messages: results"

    # === ANSWERS OF THE GATEWAY === #

    @api.model
    def _take_results(self, results):
        """Write down what the gateway answered, in one go for a batch.

        :param list results: [{"uuid", "kind", "detail", "ref", "prefix"}]; kind is
            one of `tools.gateway` or DEFERRED
        """
        by_uuid = {result["uuid"]: result for result in results}
        # sudo: a job or any user who sends texts of another kind comes by here.
        messages = self.sudo().search(
            [("sms_uuid", "in", list(by_uuid)), ("state", "=", "sending")]
        )
        groups = messages.grouped(lambda message: by_uuid[message.sms_uuid]["kind"])
        for message in messages:
            message._note_result(by_uuid[message.sms_uuid])
        empty = self.browse()
        groups.get(gateway.SENT, empty)._mark_sent(fields.Datetime.now())
        groups.get(gateway.REFUSED, empty)._move("failed", failure_code="refused")
        groups.get(gateway.UNKNOWN, empty)._move("failed", failure_code="unknown")
        groups.get(gateway.TEMPORARY, empty)._try_later()
        groups.get(DEFERRED, empty)._defer()

    def _note_result(self, result):
        """Keep what the gateway said about one message."""
        self.ensure_one()
        is_sent = result["kind"] == gateway.SENT
        self.failure_detail = False if is_sent else result.get("detail")
        if is_sent:
            self.gateway_ref = result.get("ref") or False
            self.parts = count_parts(result.get("prefix", "") + self.body)
            self.cost = self.parts * self.company_id._cr_get_part_cost()

    def _try_later(self):
        """Queue messages anew with a growing delay; give up after all tries."""
        spent = self.filtered(
            lambda message: message.attempt_count >= message.company_id.cr_sms_tries
        )
        spent._move("failed", failure_code="tries")
        waiting = self - spent
        now = fields.Datetime.now()
        for message in waiting:
            message.write(
                {
                    "state": "queued",
                    "wait_code": "retry",
                    "next_at": now + retry_delay(message.attempt_count),
                }
            )

    def _defer(self):
        """Queue messages anew that nobody tried: the gateway was down."""
        for message in self:
            message.attempt_count -= 1
        self.write(
            {
                "state": "queued",
                "wait_code": "retry",
                "next_at": fields.Datetime.now() + _DEFER,
            }
        )

    def _mark_sent(self, moment):
        """Settle that messages went out, in the ledger of contacts too (COM-01).

        :return: the messages that were not settled before
        """
        moved = self._move(
            "sent",
            sent_at=moment,
            **dict.fromkeys(("failure_code", "wait_code", "next_at"), False),
        )
        moved._log_touches()
        return moved

    def _log_touches(self):
        """Write messages that went out into the ledger of contacts."""
        self.env["cr.care.touch"]._log([message._prepare_touch() for message in self])

    def _prepare_touch(self):
        """Return the values of the message in the ledger of contacts."""
        self.ensure_one()
        return {
            "key": f"message:{self.id}",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "at": self.sent_at,
            "channel": self.channel,
            "direction": "out",
            "purpose": self.purpose,
            "user_id": self.create_uid.id,
            "content": self.subject or self.body,
            "origin_model": self._name,
            "origin_id": self.id,
        }

    # === DELIVERY REPORTS === #

    def _take_report(self, is_delivered, moment, detail=False):
        """Write down what a delivery report says; a repeated one changes nothing.

        Reports come in any order, even before the answer of the gateway, and the good
        one counts: what reached a telephone cannot be undone.

        :param bool is_delivered: whether it reached the customer
        :param moment: UTC moment
        :param str detail: the gateway's code of a failure
        """
        if not is_delivered:
            return self._move(
                "failed", failure_code="undelivered", failure_detail=detail
            )
        fresh = self.filtered(lambda message: not message.sent_at)
        moved = self._move(
            "delivered",
            delivered_at=moment,
            **dict.fromkeys(("failure_code", "failure_detail"), False),
        )
        (moved & fresh).sent_at = moment
        moved._log_touches()
        return moved

    @api.model
    def _take_mail_result(self, mails, failure_reason):
        """Write down how Odoo's queue got on with e-mails.

        :param mails: `mail.mail` records
        :param str failure_reason: empty when they went out
        """
        # sudo: the mail queue runs as anybody.
        messages = self.sudo().search(
            [("mail_id", "in", mails.ids), ("state", "=", "sending")]
        )
        if failure_reason:
            messages._move(
                "failed", failure_code="refused", failure_detail=failure_reason
            )
        else:
            messages._mark_sent(fields.Datetime.now())
