"""Ways out for SMS beside Odoo's own; chosen by each store (COM-03)."""

import logging
import time
from datetime import datetime

import requests

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..tools import gateway
from ..tools.identity import mask_phone
from .cr_message_result_mixin import DEFERRED

_logger = logging.getLogger(__name__)
_ANSWER_MAX = 20000
_COUNTRY = "+86"
_NO_GATEWAY = "the gateway is down or not set up"


class SmsApiLog(SmsApiBase):
    """Sends nothing: writes to the server's log that it would."""

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Log each message; number and text stay private."""
        results = []
        for content, number, uuid in iterate(messages):
            _logger.info(
                "SMS %s to %s, %s characters: not sent, the store only logs",
                uuid,
                mask_phone(number),
                len(content),
            )
            results.append(
                {
                    "uuid": uuid,
                    "state": "success",
                    "cr_kind": gateway.SENT,
                    "cr_ref": "log",
                }
            )
        return results


class SmsApiHttp(SmsApiBase):
    """Sends each message as one HTTP request, as the store's gateway wants it.

    Never raises once a request is out: every message has its own result. A gateway
    found down is not asked again for the rest of the batch.
    """

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Send the messages one by one.

        :return: Odoo's results, with `cr_kind`, `cr_ref` and `cr_prefix` for ours
        """
        # sudo: whoever sends does not see how; the secret stays with administrators.
        gateways = self.company.sudo().cr_sms_gateway_ids
        settings = gateways[:1]._get_settings() if gateways else {}
        is_down = not settings
        results = []
        with requests.Session() as session:
            for content, number, uuid in iterate(messages):
                verdict = gateway.Verdict(
                    DEFERRED if settings else gateway.TEMPORARY, _NO_GATEWAY
                )
                if not is_down:
                    verdict = self._send_one(session, settings, content, number, uuid)
                is_down = is_down or verdict.kind in (
                    gateway.TEMPORARY,
                    gateway.UNKNOWN,
                )
                results.append(self._prepare_result(settings, uuid, verdict))
        return results

    def _prepare_result(self, settings, uuid, verdict):
        is_sent = verdict.kind == gateway.SENT
        return {
            "uuid": uuid,
            "state": "success" if is_sent else "server_error",
            "failure_reason": False if is_sent else verdict.detail,
            "cr_kind": verdict.kind,
            "cr_ref": verdict.ref,
            "cr_prefix": settings.get("prefix", ""),
        }

    def _send_one(self, session, settings, content, number, uuid):
        """Send one message and return what became of it.

        No words of the error itself: they hold the address, and that the secret.

        :rtype: tools.gateway.Verdict
        """
        try:
            request = self._build(settings, content, number, uuid)
        except ValueError:
            return gateway.Verdict(gateway.REFUSED, "header without colon")
        try:
            response = session.request(
                request.method,
                request.url,
                headers=request.headers,
                data=request.body,
                timeout=settings["timeout"],
                allow_redirects=False,
            )
        except (requests.ConnectTimeout, requests.exceptions.SSLError):
            return gateway.Verdict(gateway.TEMPORARY, "no connection")
        except requests.ConnectionError as error:
            # Refused connections heard nothing; broken ones may have.
            is_new = "NewConnectionError" in repr(error)
            kind = gateway.TEMPORARY if is_new else gateway.UNKNOWN
            return gateway.Verdict(kind, "no connection" if is_new else "cut off")
        except requests.Timeout:
            return gateway.Verdict(gateway.UNKNOWN, "no answer in time")
        except (requests.RequestException, UnicodeError):
            return gateway.Verdict(gateway.REFUSED, "address or headers unusable")
        return gateway.judge(
            response.status_code,
            response.text[:_ANSWER_MAX],
            settings["success"],
            settings["ref_path"],
            settings["secret"],
        )

    def _build(self, settings, content, number, uuid):
        """Return the request for one message."""
        values = {
            "number": number.removeprefix(_COUNTRY),
            "number_intl": number.removeprefix("+"),
            "text": settings["prefix"] + content,
            "uuid": uuid,
            "account": settings["account"],
            "secret": settings["secret"],
            "time": datetime.now(settings["tz"]).strftime("%Y%m%d%H%M%S"),
            "timestamp": str(int(time.time())),
            "report_url": settings["report_url"],
        }
        values["sign"] = gateway.sign(
            settings["sign_kind"], settings["sign_text"], values
        )
        return gateway.build_request(
            settings["method"],
            settings["url"],
            settings["headers"],
            settings["body"],
            values,
        )


def iterate(messages):
    """Yield (text, number, uuid) of a batch as Odoo groups it."""
    for message in messages:
        for recipient in message["numbers"]:
            yield message["content"] or "", recipient["number"] or "", recipient["uuid"]
