import hashlib
import hmac
import json

from odoo.tests import BaseCase

from ..tools import gateway
from ..tools.gateway import Success, build_request, judge, sign

_VALUES = {"number": "13800001111", "text": '您好 "曾" & <b>\n{number}', "secret": "k"}


class TestGateway(BaseCase):
    """What goes to a gateway and what its answers mean, without database (COM-03)."""

    def build(self, content_type, body, url="https://g/"):
        headers = f"Content-Type: {content_type}\nX-Key: {{secret}}"
        return build_request("POST", url, headers, body, _VALUES)

    def test_a_text_survives_every_kind_of_body(self):
        request = self.build("application/json", '{"a": {"t": "{text}"}}')
        self.assertEqual(json.loads(request.body), {"a": {"t": _VALUES["text"]}})
        request = self.build("application/x-www-form-urlencoded", "t={text}&n={number}")
        self.assertIn(b"%22%E6%9B%BE%22%20%26", request.body)
        request = self.build("text/xml", "<t>{text}</t>")
        self.assertIn("&amp; &lt;b&gt;".encode(), request.body)

    def test_values_in_address_and_headers(self):
        request = self.build("text/plain", "{text}", "https://g/?t={text}&x={other}")
        self.assertIn("%26%20%3Cb%3E", request.url)
        self.assertIn("{other}", request.url)
        self.assertEqual(request.headers["X-Key"], "k")

    def test_nothing_is_written_into_what_was_filled_in(self):
        request = self.build("text/plain", "{text}")
        self.assertIn(b"{number}", request.body)

    def test_a_get_has_no_body(self):
        request = build_request("GET", "https://g/?n={number}", "", "{text}", _VALUES)
        self.assertIsNone(request.body)

    def test_a_header_cannot_bring_another_one(self):
        request = build_request("GET", "https://g/", "X: {text}", "", _VALUES)
        self.assertNotIn("\n", request.headers["X"])
        with self.assertRaises(ValueError):
            gateway.parse_headers("X-Key 12")

    def test_signatures(self):
        values = {"account": "a", "secret": "k", "time": "20261120"}
        pattern = "{account}{secret}{time}"
        text = b"ak20261120"
        self.assertEqual(sign("md5", pattern, values), hashlib.md5(text).hexdigest())
        self.assertEqual(
            sign("hmac_sha256", pattern, values),
            hmac.new(b"k", text, hashlib.sha256).hexdigest(),
        )
        self.assertEqual(sign("none", pattern, values), "")

    def test_unknown_placeholders_are_named_and_json_is_none(self):
        self.assertEqual(gateway.find_unknown('{"a": {"b": "{nmuber}"}}'), ["nmuber"])

    def test_what_an_answer_says(self):
        by_code = Success("json", "code", "0")
        by_text = Success("text", "", "success")
        for status, text, success, kind in (
            (200, "", Success(), gateway.SENT),
            (200, '{"code": 0}', by_code, gateway.SENT),
            (200, '{"code": "0"}', by_code, gateway.SENT),
            (200, '{"code": 7}', by_code, gateway.REFUSED),
            (200, "no json", by_code, gateway.REFUSED),
            (200, "success,12", by_text, gateway.SENT),
            (200, "error", by_text, gateway.REFUSED),
            (302, "", Success(), gateway.REFUSED),
            (401, '{"code": 0}', by_code, gateway.REFUSED),
            (429, "", Success(), gateway.TEMPORARY),
            (500, "", Success(), gateway.TEMPORARY),
            (504, "", Success(), gateway.UNKNOWN),
        ):
            self.assertEqual(judge(status, text, success).kind, kind, (status, text))

    def test_the_gateways_number_is_found_and_the_secret_is_not_told(self):
        text = '{"data": [{"id": 12, "key": "s3cret"}]}'
        verdict = judge(200, text, Success(), "data.0.id", "s3cret")
        self.assertEqual(verdict.ref, "12")
        self.assertNotIn("s3cret", verdict.detail)
        self.assertEqual(judge(200, text, Success(), "data.9.id").ref, "")

    def test_pushed_records_are_read_from_json_and_forms(self):
        record = {"uuid": "1"}
        for text in ("%s", "[%s, 7]", '{"list": [%s]}'):
            pushed = text % json.dumps(record)
            self.assertEqual(gateway.read_records(pushed, {}), [record], pushed)
        self.assertEqual(gateway.read_records("", record), [record])
        self.assertEqual(gateway.read_records("uuid=1", record), [record])
        self.assertEqual(gateway.read_records("", {}), [])
        self.assertEqual(gateway.read_records("[" * 100000, {}), [])
