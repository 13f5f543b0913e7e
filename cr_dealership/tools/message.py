"""Text, length and hours of messages to customers (COM-03, COM-06).

A text has placeholders like ``{customer}``; times are those of the store's clock.
"""

import datetime
import re
import unicodedata

# What an agent reads out knows these; a message knows more.
CALL_PLACEHOLDERS = (
    "customer",
    "title",
    "plate",
    "model",
    "agent",
    "store",
    "date",
    "order",
)
PLACEHOLDERS = (*CALL_PLACEHOLDERS, "due", "link", "advisor", "notice")
_PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
_ONE_PART = 70
_LONG_PART = 67
# Minutes until the next try, by tries made; the last one holds from then on. Four of
# them bridge an hour in which the gateway is down.
_RETRY_MINUTES = (5, 15, 45, 120)
_OPT_OUT_WORDS = frozenset(("T", "TD", "N", "STOP", "退订", "退", "拒收"))
# A longer reply that holds the word is a question or a complaint for a person.
_OPT_OUT_PHRASE_MAX = 8


def find_unknown(text, known=PLACEHOLDERS):
    """Return the placeholders of a text that nothing fills in, in alphabet order.

    :param str text: may be empty
    :rtype: list[str]
    """
    return sorted(set(_PLACEHOLDER.findall(text or "")) - set(known))


def has_loose_brace(text):
    """Say whether a text has a brace that belongs to no placeholder.

    Such a text would reach the customer with the brace in it, as ``Dear {customer``.

    :param str text: may be empty
    :rtype: bool
    """
    rest = _PLACEHOLDER.sub("", text or "")
    return "{" in rest or "}" in rest


def fill(text, values):
    """Return a text with its placeholders filled in; what has no value vanishes.

    :param str text: may be empty
    :param dict values: {placeholder: text or number}
    :rtype: str
    """
    return _PLACEHOLDER.sub(
        lambda found: str(values.get(found[1]) or ""), text or ""
    ).strip()


def count_parts(text):
    """Return how many SMS a text costs: 70 characters, or parts of 67 (COM-03).

    Counted in UTF-16 as the networks do: an emoji takes two places.
    """
    units = len((text or "").encode("utf-16-le")) // 2
    if units <= _ONE_PART:
        return 1
    return -(-units // _LONG_PART)


def is_opt_out(text):
    """Say whether a reply asks for no more messages (退订, T, TD, N, STOP)."""
    folded = unicodedata.normalize("NFKC", text or "").upper()
    word = "".join(char for char in folded if char.isalnum())
    if word in _OPT_OUT_WORDS:
        return True
    return "退订" in word and len(word) <= _OPT_OUT_PHRASE_MAX


def retry_delay(attempts):
    """Return how long to wait after a number of tries that failed for the moment.

    :rtype: datetime.timedelta
    """
    index = min(max(attempts, 1), len(_RETRY_MINUTES)) - 1
    return datetime.timedelta(minutes=_RETRY_MINUTES[index])


def quiet_until(moment, start, end):
    """Return when the quiet hours that hold at a moment end, or None (COM-03).

    :param datetime.datetime moment: by the store's clock
    :param float start: hour at which they begin, 21.5 is half past nine
    :param float end: hour at which they end; the same as `start` for no quiet hours
    :rtype: datetime.datetime | None
    """
    now = moment.hour + moment.minute / 60 + moment.second / 3600
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    is_over_night = start > end
    is_quiet = now >= start or now < end if is_over_night else start <= now < end
    if not is_quiet:
        return None
    ends_tomorrow = is_over_night and now >= start
    return midnight + datetime.timedelta(days=ends_tomorrow, hours=end)
