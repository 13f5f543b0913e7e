import hashlib
import json

from odoo import api, fields, models
from odoo.tools import SQL, consteq

from ..tools.identity import clean_phone
from ..tools.message import is_opt_out


class CrSmsInboxMixin(models.AbstractModel):
    """What an SMS gateway sends us: delivery reports and replies (COM-03, CUS-08).

    Gateways push the same thing again until they believe it arrived; a repeated push
    changes nothing.
    """

    _name = "cr.sms.inbox.mixin"
    _description = "SMS gateway: reports and replies"

    @api.model
    def _find_by_token(self, token):
        """Return the gateway whose address was called, or nothing.

        :param str token: secret part of the address
        """
        # sudo: the gateway logs in by the secret part of the address alone.
        every = self.sudo().search([("token", "!=", False)])
        return every.filtered(lambda settings: consteq(settings.token, token))

    # === REPORTS === #

    def _take_reports(self, records):
        """Write down delivery reports.

        :param list records: dicts as the gateway pushed them
        :return: how many messages changed their state
        """
        self.ensure_one()
        delivered = set(map(str.strip, (self.report_delivered or "").split(",")))
        by_status = {}
        for record in records:
            number = str(record.get(self.report_id_name) or "")
            status = str(record.get(self.report_status_name, ""))
            if number:
                by_status.setdefault(status, []).append(number)
        now = fields.Datetime.now()
        # What arrived counts, whatever another line of the same push says.
        order = sorted(by_status, key=lambda status: status in delivered)
        changed = self.env["cr.message"]
        for status in order:
            messages = self._find_messages(by_status[status])
            changed |= messages._take_report(status in delivered, now, status)
        return len(changed)

    def _find_messages(self, numbers):
        """Return the store's messages with these numbers, ours or the gateway's."""
        return self.env["cr.message"].search(
            [
                ("company_id", "=", self.company_id.id),
                "|",
                ("sms_uuid", "in", numbers),
                ("gateway_ref", "in", numbers),
            ]
        )

    # === REPLIES === #

    def _take_replies(self, records):
        """Write replies into the ledger; who asks for it gets no more SMS.

        A reply of a number that nobody has is kept for CR to find out whose it is.

        :param list records: dicts as the gateway pushed them
        :return: how many replies were new
        """
        self.ensure_one()
        replies = list(filter(None, map(self._read_reply, records)))
        partners = self._find_partners({reply["number"] for reply in replies})
        touches = self.env["cr.care.touch"]._log(
            [
                self._prepare_touch(reply, partner_id)
                for reply in replies
                for partner_id in partners.get(reply["number"], ())
            ]
        )
        refusing = touches.filtered(lambda touch: is_opt_out(touch.content))
        refusing.partner_id._cr_record_wish(
            "refused", channel="sms", means="message", reason=self.env._("Reply by SMS")
        )
        unknown = [reply for reply in replies if reply["number"] not in partners]
        return len(touches) + self._keep_unknown(unknown)

    def _read_reply(self, record):
        """Return number, text and digest of a reply; None for one without a number."""
        raw = str(record.get(self.reply_number_name) or "")
        mobile, landline, __ = clean_phone(raw)
        if not mobile and not landline:
            return None
        digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode())
        return {
            "number": mobile or landline.replace("-", ""),
            "text": str(record.get(self.reply_text_name) or ""),
            "key": f"reply:{self.id}:{digest.hexdigest()}",
        }

    def _find_partners(self, numbers):
        """Return {number: ids of the customers who have it}."""
        self.env["res.partner"].flush_model(["cr_phone_digits", "active"])
        rows = self.env.execute_query(
            SQL(
                """SELECT part, ARRAY_AGG(DISTINCT p.id ORDER BY p.id)
                     FROM res_partner p,
                          UNNEST(string_to_array(p.cr_phone_digits, ' ')) AS part
                    WHERE p.active AND part = ANY(%(numbers)s)
                      AND string_to_array(p.cr_phone_digits, ' ') && %(numbers)s
                    GROUP BY part""",
                numbers=list(numbers),
            )
        )
        return dict(rows)

    def _prepare_touch(self, reply, partner_id):
        """Return the values of a reply in the ledger of contacts."""
        return {
            "key": f"{reply['key']}:{partner_id}",
            "company_id": self.company_id.id,
            "partner_id": partner_id,
            "channel": "sms",
            "direction": "in",
            "user_id": False,
            "content": reply["text"],
            "is_question": not is_opt_out(reply["text"]),
        }

    def _keep_unknown(self, replies):
        """Hand replies of unknown numbers to CR; an opt-out holds for the number.

        :return: how many were new
        """
        captures = self.env["cr.capture"].with_company(self.company_id)
        known = set(
            captures.search(
                [("phone", "in", [reply["number"] for reply in replies])]
            ).mapped(lambda capture: (capture.phone, capture.learnt))
        )
        new = {
            (reply["number"], reply["text"] or "-"): reply
            for reply in replies
            if (reply["number"], reply["text"] or "-") not in known
        }
        captures.create(
            [
                {
                    "name": self.env._("Reply of an unknown number"),
                    "company_id": self.company_id.id,
                    "phone": number,
                    "learnt": text,
                    "channel": "other",
                }
                for number, text in new
            ]
        )
        for number, text in new:
            if is_opt_out(text):
                self.env["phone.blacklist"]._add([f"+86{number.lstrip('0')}"])
        return len(new)
