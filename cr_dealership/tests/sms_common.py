"""A real SMS gateway on this machine, and messages to send through it."""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests.common import _super_send

from .common import DealershipCommon


class _Handler(BaseHTTPRequestHandler):
    """Keeps what it is asked and answers as the test says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.path, dict(self.headers), body))
        status, text = self.server.answer(body)
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *args):
        """Keep quiet."""


class FakeGateway(ThreadingHTTPServer):
    """An SMS gateway on 127.0.0.1; `answer` takes the body, gives (status, text)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = []
        self.answer = lambda body: (200, '{"code": 0}')
        self.url = f"http://127.0.0.1:{self.server_address[1]}/send"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def bodies(self):
        """Return the JSON bodies that came in."""
        return [json.loads(body) for _path, _headers, body in self.asked]

    def query(self):
        """Return the query of the last address asked for."""
        return dict(
            urllib.parse.parse_qsl(urllib.parse.urlsplit(self.asked[-1][0]).query)
        )

    def stop(self):
        self.shutdown()
        self.server_close()


class SmsCommon(DealershipCommon):
    """The store sends through `self.server`, without quiet hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = FakeGateway()
        cls.addClassCleanup(cls.server.stop)
        cls.gateway = cls.make_gateway(cls.store)
        cls.cron = cls.env.ref("cr_dealership.ir_cron_cr_message_send")
        # Other addons' demo data must not be sent by our job.
        cls.env["cr.message"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.server.asked.clear()
        self.server.answer = lambda body: (200, '{"code": 0, "id": "G1"}')

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Keep the time-outs short towards the gateway; Odoo's tests prolong them."""
        if f"127.0.0.1:{cls.server.server_address[1]}" in r.url:
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def make_gateway(cls, store, **values):
        """Let a store send through the fake gateway."""
        store.write(
            {"cr_sms_provider": "http", "cr_quiet_from": 0, "cr_quiet_until": 0}
        )
        return cls.env["cr.sms.gateway"].create(
            {
                "company_id": store.id,
                "url": cls.server.url,
                "success_kind": "json",
                "success_path": "code",
                "success_value": "0",
                "secret": "s3cret",
                "part_cost": 0.05,
                **values,
            }
        )

    def queue(self, count=1, **values):
        """Queue messages to new customers."""
        partners = [self.make_partner() for _number in range(count)]
        return self.env["cr.message"]._queue(
            [
                {
                    "company_id": self.store.id,
                    "partner_id": partner.id,
                    "channel": "sms",
                    "purpose": "service",
                    "body": f"您好 {partner.name}",
                    "key": f"test:{partner.id}",
                    **values,
                }
                for partner in partners
            ]
        )

    def run_cron(self):
        """Fire the job as the server does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def note_changes(self):
        """Return the list into which the hook notes (state, count) from now on."""
        seen = []
        patcher = patch.object(
            self.registry["cr.message"],
            "_after_state_changed",
            lambda messages: seen.append((messages[0].state, len(messages))),
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        return seen
