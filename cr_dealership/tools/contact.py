"""Telephone keys for the search and preferred hours of a customer (CUS-08, CUS-38)."""

import datetime
import re

from .errors import RuleError
from .identity import clean_phone, digits

_HOURS = re.compile(
    r"(?P<h1>\d{1,2})(?:[:：](?P<m1>\d{2}))?\s*[-–~至到—]\s*"
    r"(?P<h2>\d{1,2})(?:[:：](?P<m2>\d{2}))?"
)
_SPLIT = re.compile(r"[,，;；、]\s*")


def phone_keys(*numbers):
    """Return the digits of all numbers, parted by blanks, each number once (CUS-38).

    The same number written in two ways gives one key: "+86 138-1234 5678" and
    "13812345678" both give "13812345678".

    :param numbers: cells of telephone numbers, empty ones allowed
    :rtype: str
    """
    keys = {}
    for number in filter(None, numbers):
        mobile, landline, __ = clean_phone(number)
        found = [digits(part) for part in (mobile, landline) if part]
        for key in found or [digits(number)]:
            if key:
                keys[key] = True
    return " ".join(keys)


def parse_hours(text):
    """Return the spans of a text like "9:00-11:30, 14-17" (CUS-08).

    :param str text: spans parted by commas; empty for any time
    :return: list of (from, to) in the order of the day
    :rtype: list[tuple[datetime.time, datetime.time]]
    :raises RuleError: "hours_unreadable" with the part that is no span
    """
    spans = []
    for part in filter(None, _SPLIT.split((text or "").strip())):
        match = _HOURS.fullmatch(part.strip())
        span = match and _span(match)
        if not span or span[0] >= span[1]:
            raise RuleError("hours_unreadable", part=part)
        spans.append(span)
    return sorted(spans)


def format_hours(spans):
    """Return spans as people write them: "09:00-11:30, 14:00-17:00"."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)


def _span(match):
    try:
        return (
            datetime.time(int(match["h1"]), int(match["m1"] or 0)),
            datetime.time(int(match["h2"]), int(match["m2"] or 0)),
        )
    except ValueError:
        return None
