"""Rules of events that are dates, numbers or text (EVT-03, EVT-09, EVT-11, EVT-12)."""

import datetime
import re
from urllib.parse import urlsplit

_SEPARATORS = re.compile(r"[\s()-]")
# How far a call may lie before day N, when the type of event says nothing else.
CALL_DAYS = {"todo": 20, "invited": 20, "accepted": 5, "confirmed": 1}


def call_day(state, day, offsets):
    """Return the day on which a guest is called next, None for never.

    :param str state: where the guest stands
    :param datetime.date day: day N of the event
    :param dict offsets: {state: days before N}
    :rtype: datetime.date | None
    """
    if not day or state not in CALL_DAYS:
        return None
    return day - datetime.timedelta(days=offsets.get(state) or CALL_DAYS[state])


def read_code(text):
    """Return the token of what was scanned: a code, or the address that holds it.

    :param text: what the scanner read, may be empty
    :rtype: str
    """
    text = (text or "").replace("\0", "").strip()
    if "/" not in text:
        return text
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2]


def read_digits(text):
    """Return what was typed as part of a telephone or card number, else nothing.

    :param text: what was typed, may be empty
    :return: 4 to 11 digits, without spaces, dashes and the prefix of the country
    :rtype: str
    """
    digits = _SEPARATORS.sub("", text or "").removeprefix("+86")
    known = digits.isascii() and digits.isdigit()
    return digits if known and 4 <= len(digits) <= 11 else ""


def judge_count(count, low, high):
    """Return how a number of events in a year stands to its limits.

    :param int count: how many there are
    :param int low: how many there should be at least, 0 for no limit
    :param int high: how many at most, 0 for no limit
    :return: "short", "over" or "right"
    :rtype: str
    """
    if low and count < low:
        return "short"
    return "over" if high and count > high else "right"


def choose_waiting(waiting, free):
    """Return who of the waiting list gets the seats that are free.

    Whoever needs more seats than there are lets the next one go first.

    :param list waiting: [(id, seats needed)] in the order of the list
    :param int free: number of free seats; None for no limit
    :rtype: list
    """
    chosen = []
    for guest, seats in waiting:
        if free is None or seats <= free:
            chosen.append(guest)
            free = None if free is None else free - seats
    return chosen
