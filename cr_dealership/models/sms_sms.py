from odoo import api, fields, models

from ..tools import gateway


class SmsSms(models.Model):
    """A text in Odoo's queue goes out through the gateway of its own store (COM-03)."""

    _inherit = "sms.sms"

    # Noted when the text is written: the queue's job knows no current store.
    cr_company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        ondelete="cascade",
        default=lambda self: self.env.company,
    )

    def _get_sms_company(self):
        """Return the store that sends: of the record, else where it was written."""
        return (
            self.mail_message_id.record_company_id
            or self.cr_company_id
            or super()._get_sms_company()
        )

    def _split_by_api(self):
        """Hand each store's texts to its gateway; the rest goes as Odoo does it."""
        rest = self.browse()
        by_store = self.grouped(lambda text: text._get_sms_company())
        for company, texts in by_store.items():
            if company.cr_sms_provider == "odoo":
                rest += texts
                continue
            way_out = company._get_sms_api_class()(self.env)
            way_out._set_company(company)
            yield way_out, texts
        if rest:
            yield from super(SmsSms, rest)._split_by_api()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Send a mixed queue store by store: the queue's job does not split it."""
        if self.env.context.get("sms_api"):
            return super()._send(unlink_failed, unlink_sent, raise_exception)
        for way_out, texts in self._split_by_api():
            super(SmsSms, texts.with_context(sms_api=way_out))._send(
                unlink_failed, unlink_sent, raise_exception
            )
        return None

    def _handle_call_result_hook(self, results):
        """Tell the outbox what became of its messages, whichever gateway sent them."""
        result = super()._handle_call_result_hook(results)
        self.env["cr.message"]._take_results(
            [
                {
                    "uuid": answer["uuid"],
                    "kind": answer.get("cr_kind") or self._cr_get_kind(answer["state"]),
                    "detail": answer.get("failure_reason") or answer["state"],
                    "ref": answer.get("cr_ref") or "",
                    "prefix": answer.get("cr_prefix") or "",
                }
                for answer in results
            ]
        )
        return result

    @api.model
    def _cr_get_kind(self, state):
        """Return what the result of another gateway means for the outbox.

        Odoo gives a server error for every exception, also after the text was taken.
        """
        if state in self.IAP_TO_SMS_STATE_SUCCESS:
            return gateway.SENT
        return gateway.UNKNOWN if state == "server_error" else gateway.REFUSED
