"""A server that dies while it sends SMS: none goes out twice, none is lost."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import databases
from conftest import SCRIPTS
from faults import kill_when

_SEND = "ir_cron_cr_message_send"
_COUNT, _BATCH = 300, 50
_SENT_AND_SENDING = """
    SELECT COUNT(*) FILTER (WHERE state = 'sent'),
           COUNT(*) FILTER (WHERE state = 'sending')
      FROM cr_message
"""
# The job leaves alone what another one may be at for half an hour.
_LET_TIME_PASS = (
    "UPDATE cr_message SET sending_at = sending_at - INTERVAL '1 hour'"
    " WHERE state = 'sending' RETURNING id"
)


class _Handler(BaseHTTPRequestHandler):
    """Takes every message; keeps one waiting in the middle of the second batch."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken[json.loads(body)["uid"]] += 1
        if self.server.taken.total() == _BATCH + 10:
            self.server.go_on.wait()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture
def gateway():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.taken, server.go_on = Counter(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()


def test_killed_sending_sends_nothing_twice_and_loses_nothing(scratch, gateway):
    name = scratch.make("messages")
    address = f"http://127.0.0.1:{gateway.server_address[1]}/"
    databases.run_script(name, SCRIPTS / "queue_messages.py", _COUNT, address)
    process = databases.start_script(name, SCRIPTS / "fire_cron.py", _SEND)
    kill_when(
        name,
        process,
        _SENT_AND_SENDING,
        # In the middle of the second batch: the gateway knows more than we do.
        lambda row: row[0] and row[1] and gateway.taken.total() > row[0] + 5,
    )
    gateway.go_on.set()
    in_doubt = databases.query(name, _LET_TIME_PASS)
    assert 0 < len(in_doubt) <= _BATCH
    for _run in range(2):
        databases.run_script(name, SCRIPTS / "fire_cron.py", _SEND)
    states = dict(
        databases.query(
            name,
            "SELECT state || COALESCE(failure_code, ''), COUNT(*) FROM cr_message"
            " GROUP BY 1",
        )
    )
    assert states == {"sent": _COUNT - len(in_doubt), "failedunknown": len(in_doubt)}
    assert set(gateway.taken.values()) == {1}
    assert states["sent"] <= len(gateway.taken) <= _COUNT
    [[touches]] = databases.query(name, "SELECT COUNT(*) FROM cr_care_touch")
    assert touches == states["sent"]
