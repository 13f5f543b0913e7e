from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from ..const import MENDABLE_BLOCKS
from ..tools.identity import clean_phone, mask_phone

# A batch is what a crash in the middle of sending leaves in doubt.
BATCH = 50
# How long no living job needs for a batch.
_FORGOTTEN = timedelta(minutes=30)


class CrMessageSendMixin(models.AbstractModel):
    """Sending what is due: pick, commit, send, commit (COM-03).

    A message is marked as being sent and committed before the gateway hears of it. What
    a crash leaves so is not sent again: a person decides.
    """

    _name = "cr.message.send.mixin"
    _description = "Messages: sending"

    # === PICKING === #

    @api.model
    def _pick_due(self, now, limit=BATCH):
        """Take one batch of due messages and mark as being sent what may go out.

        Another node skips what this transaction holds. Who opted out meanwhile is
        taken out, what falls into the quiet hours waits for the morning. The caller
        commits before `_send_picked`.

        :param now: UTC moment of the run
        :return: (how many were looked at, the messages to send)
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM cr_message
                    WHERE state = 'queued' AND channel <> 'letter' AND next_at <= %s
                    ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
                now,
                limit,
            )
        )
        due = self.browse(row_id for [row_id] in rows)
        due.invalidate_recordset()
        ready = due._put_off(now)._stop_blocked()._stop_without_address()
        for message in ready:
            message.attempt_count += 1
        ready.write({"state": "sending", "sending_at": now, "wait_code": False})
        ready.flush_recordset()
        return len(due), ready

    def _put_off(self, now):
        """Let SMS wait that fall into the quiet hours of their store.

        :return: the others
        """
        waiting = self.browse()
        texts = self.filtered(lambda message: message.channel == "sms")
        for company, messages in texts.grouped("company_id").items():
            if morning := company._cr_quiet_until(now):
                messages.write({"next_at": morning, "wait_code": "quiet"})
                waiting += messages
        return self - waiting

    def _stop_blocked(self):
        """Hold or cancel messages to customers who may not get them (CUS-08).

        :return: the others
        """
        if not self:
            return self
        self.env["cr.contact.preference"]._flush_blocks()
        self.flush_model()
        code = self._blocked_sql(SQL("message.partner_id"), "message")
        blocks = dict(
            self.env.execute_query(
                SQL(
                    "SELECT * FROM (SELECT message.id, %s AS code"
                    " FROM cr_message message WHERE message.id = ANY(%s)) AS answer"
                    " WHERE code IS NOT NULL",
                    code,
                    self.ids,
                )
            )
        )
        return self._stop(blocks)

    def _stop_without_address(self):
        """Hold messages to customers without mobile number or e-mail address.

        :return: the others
        """
        return self._stop(
            {
                message.id: "no_phone" if message.channel == "sms" else "no_address"
                for message in self
                if not message._get_address()
            }
        )

    def _stop(self, blocks):
        """Hold or cancel messages with a reason; return the others.

        :param dict blocks: {message id: code of MESSAGE_BLOCK_REASONS}
        """
        stopped = self.filtered(lambda message: message.id in blocks)
        by_code = stopped.grouped(lambda message: blocks[message.id])
        for code, messages in by_code.items():
            state = "held" if code in MENDABLE_BLOCKS else "cancelled"
            messages._move(state, block_code=code, next_at=False)
        return self - stopped

    def _get_address(self):
        """Return where the message goes: mobile number, e-mail or postal address."""
        self.ensure_one()
        partner = self.partner_id
        if self.channel == "sms":
            return clean_phone(partner.mobile)[0] or clean_phone(partner.phone)[0]
        if self.channel == "email":
            return partner.email_normalized
        return partner.contact_address

    # === SENDING === #

    def _send_picked(self):
        """Send what was picked; the transaction that picked it is committed.

        The rows stay locked until the answers are written: a delivery report that is
        faster waits for them.
        """
        self.env.execute_query(
            SQL("SELECT id FROM cr_message WHERE id = ANY(%s) FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()
        mine = self.filtered(lambda message: message.state == "sending")
        for message in mine:
            message.address = message._get_masked_address()
        by_channel = mine.grouped("channel")
        if "email" in by_channel:
            by_channel["email"]._hand_to_mail()
        if "sms" in by_channel:
            by_channel["sms"]._hand_to_gateway()

    def _get_masked_address(self):
        """Return the address as lists show it."""
        address = self._get_address()
        return mask_phone(address) if self.channel == "sms" else address

    def _hand_to_gateway(self):
        """Send SMS through `sms.sms`, which asks each store for its gateway."""
        texts = self.env["sms.sms"].create(
            [
                {
                    "uuid": message.sms_uuid,
                    "number": f"+86{message._get_address()}",
                    "body": message.body,
                    "partner_id": message.partner_id.id,
                    "cr_company_id": message.company_id.id,
                }
                for message in self
            ]
        )
        texts._send(unlink_failed=False, unlink_sent=False)
        # The outbox is the history; the same text is sent under the same number again.
        texts.unlink()

    def _hand_to_mail(self):
        """Put e-mails into Odoo's queue, which reports back how it went."""
        # Worked out for all of them: the queue would ask one by one.
        reply_to = self.partner_id._notify_get_reply_to()
        mails = self.env["mail.mail"].create(
            [message._prepare_mail(reply_to[message.partner_id.id]) for message in self]
        )
        for message, mail in zip(self, mails, strict=True):
            message.mail_id = mail

    def _prepare_mail(self, reply_to):
        """Return the values of the e-mail of one message.

        :param str reply_to: where an answer goes, so that it finds the customer's file
        """
        self.ensure_one()
        return {
            "subject": self.subject or self.company_id.name,
            "body_html": plaintext2html(self.body),
            "email_from": self.company_id.email_formatted
            or self.env.user.email_formatted,
            "reply_to": reply_to,
            "recipient_ids": [fields.Command.link(self.partner_id.id)],
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "message_type": "email_outgoing",
            "auto_delete": True,
        }

    # === CRON === #

    @api.model
    def _fail_forgotten(self, now, limit=1000):
        """Mark messages as in doubt that a crash left in the middle of being sent.

        An e-mail is forgotten when its row in Odoo's queue is gone without a report.

        :return: how many there were
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM cr_message
                    WHERE state = 'sending' AND sending_at <= %s
                      AND (channel = 'sms' OR mail_id IS NULL)
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                now - _FORGOTTEN,
                limit,
            )
        )
        forgotten = self.browse(row_id for [row_id] in rows)
        forgotten.invalidate_recordset()
        forgotten._move("failed", failure_code="unknown")
        return len(forgotten)

    @api.model
    def _count_due(self, now):
        """Return how many messages are to be sent now."""
        return self.search_count(
            [
                ("state", "=", "queued"),
                ("channel", "!=", "letter"),
                ("next_at", "<=", now),
            ]
        )

    @api.model
    def _cron_send(self):
        """Send what is due, a batch per transaction, each committed before it goes."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        self._fail_forgotten(now)
        time_left = cron._commit_progress(remaining=self._count_due(now))
        while time_left:
            looked_at, picked = self._pick_due(now)
            if not looked_at:
                break
            cron._commit_progress()
            picked._send_picked()
            time_left = cron._commit_progress(looked_at)
