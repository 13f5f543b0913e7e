"""What goes to an SMS gateway over HTTP and what its answer means (COM-03).

Gateways differ in address, body and signature; each is a set of texts with
placeholders. Nothing here opens a connection.
"""

import hashlib
import hmac
import json
import re
import urllib.parse
from typing import NamedTuple
from xml.sax.saxutils import escape

PLACEHOLDERS = (
    "number",
    "number_intl",
    "text",
    "uuid",
    "account",
    "secret",
    "time",
    "timestamp",
    "sign",
    "report_url",
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DETAIL_MAX = 200
# The gateway asks to come again: too many requests, or it timed out on reading ours.
_COME_AGAIN = (408, 425, 429)
# It passed our request on and never heard of it again.
_GATEWAY_TIMEOUT = 504

SENT, REFUSED, TEMPORARY, UNKNOWN = "sent", "refused", "temporary", "unknown"


class Request(NamedTuple):
    """An HTTP request ready to be sent."""

    method: str
    url: str
    headers: dict
    body: bytes | None


class Success(NamedTuple):
    """How a gateway says that it took a message.

    ``kind`` is "status" (any 2xx), "json" (the value at ``path`` equals ``value``) or
    "text" (the answer contains ``value``).
    """

    kind: str = "status"
    path: str = ""
    value: str = ""


class Verdict(NamedTuple):
    """What became of a message: one of SENT, REFUSED, TEMPORARY, UNKNOWN."""

    kind: str
    detail: str = ""
    ref: str = ""


def find_unknown(text):
    """Return the placeholders of a text that nothing fills in.

    Braces of JSON are none: a placeholder is one word directly in braces.
    """
    return sorted(set(_PLACEHOLDER.findall(text or "")) - set(PLACEHOLDERS))


def parse_headers(text):
    """Return the headers written one a line as "Name: value".

    :raise ValueError: with the line that has no colon
    :rtype: dict[str, str]
    """
    headers = {}
    for line in (text or "").splitlines():
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise ValueError(line.strip())
        headers[name.strip()] = value.strip()
    return headers


def sign(kind, pattern, values):
    """Return the signature of a request, "" for none.

    :param str kind: "none", "hmac_sha256" or "md5"
    :param str pattern: what is signed, with placeholders; gateways that want the MD5
        of a concatenation put {secret} into it
    :param dict values: {placeholder: text}
    :rtype: str
    """
    text = _fill(pattern, values, str).encode()
    if kind == "hmac_sha256":
        return hmac.new(values["secret"].encode(), text, hashlib.sha256).hexdigest()
    if kind == "md5":
        return hashlib.md5(text).hexdigest()
    return ""


def build_request(method, url, headers, body, values):
    """Return the request for one message.

    Values are written as the place needs it: percent-encoded in the address and in
    forms, escaped in JSON and XML.

    :param str headers: one a line, with placeholders
    :param str body: with placeholders; not sent with GET
    :param dict values: {placeholder: text}
    :rtype: Request
    """
    filled = {
        name: _fill(value, values, _one_line)
        for name, value in parse_headers(headers).items()
    }
    kind = next(
        (value for name, value in filled.items() if name.lower() == "content-type"), ""
    )
    content = None
    if method != "GET":
        content = _fill(body, values, _get_escape(kind.lower())).encode()
    return Request(method, _fill(url, values, _quote), filled, content)


def _fill(pattern, values, write):
    """Return a text filled in; braces that hold no placeholder stay as they are."""
    return _PLACEHOLDER.sub(
        lambda found: write(values[found[1]]) if found[1] in values else found[0],
        pattern or "",
    )


def _get_escape(content_type):
    """Return the function that writes a value into a body of this type."""
    if "json" in content_type:
        return lambda text: json.dumps(text, ensure_ascii=False)[1:-1]
    if "form-urlencoded" in content_type:
        return _quote
    if "xml" in content_type:
        return escape
    return str


def _quote(text):
    return urllib.parse.quote(text, safe="")


def _one_line(text):
    return " ".join(text.split())


def judge(status, text, success, ref_path="", secret=""):
    """Return what the answer of a gateway says about a message.

    :param int status: HTTP status
    :param str text: the answer
    :param Success success: how this gateway says that it took a message
    :param str ref_path: where its own number of the message stands in the answer
    :param str secret: kept out of the words
    :rtype: Verdict
    """
    detail = f"HTTP {status} {_one_line(text)}"
    if secret:
        detail = detail.replace(secret, "***")
    detail = detail.strip()[:_DETAIL_MAX]
    if status == _GATEWAY_TIMEOUT:
        return Verdict(UNKNOWN, detail)
    if status >= 500 or status in _COME_AGAIN:
        return Verdict(TEMPORARY, detail)
    if not 200 <= status < 300 or not _is_success(text, success):
        return Verdict(REFUSED, detail)
    return Verdict(SENT, detail, find_value(parse_json(text), ref_path) or "")


def _is_success(text, success):
    if success.kind == "json":
        return find_value(parse_json(text), success.path) == success.value
    if success.kind == "text":
        return success.value in text
    return True


def parse_json(text):
    """Return what a JSON text holds, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def find_value(data, path):
    """Return the value at a path like "data.0.code" as text, None without one.

    True is "true" and 0 is "0", as they stand in JSON.
    """
    if not path:
        return None
    for step in path.split("."):
        data = _step_into(data, step)
    if isinstance(data, (dict, list)) or data is None:
        return None
    return data if isinstance(data, str) else json.dumps(data)


def _step_into(data, step):
    """Return what stands under a name or number, None if nothing does."""
    if isinstance(data, list):
        data = dict(enumerate(data))
        step = int(step) if step.isdigit() else None
    return data.get(step) if isinstance(data, dict) else None


def read_records(text, form):
    """Return the records that a gateway pushed: of JSON, a list in it, or a form.

    :param str text: body of the request
    :param dict form: fields of the form or of the address
    :rtype: list[dict]
    """
    data = parse_json(text) if text else None
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else [data]
    if not isinstance(data, list):
        data = [form] if form else []
    return [record for record in data if isinstance(record, dict)]
