"""Make values of another system's export ours: text, dates, money, odometer (CUS-33).

A cleaner takes a raw cell and returns ``(value, notes)``: the clean value or None for
an empty cell, and the codes of what was changed or is doubtful; only that of text
returns the value alone. A value that must not be guessed raises
:class:`~.errors.RuleError`.
"""

import datetime
import decimal
import math
import re

from .errors import (
    NOTE_AMOUNT_ROUNDED,
    NOTE_AMOUNT_TEN_THOUSAND,
    NOTE_BOOLEAN_UNREADABLE,
    NOTE_DATE_FROM_SERIAL,
    NOTE_ODOMETER_TEN_THOUSAND,
    NOTE_ODOMETER_UNREADABLE,
    RuleError,
)

# Full-width forms U+FF01 to U+FF5E mirror ASCII 0x21 to 0x7E.
_WIDE_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_BLANKS = {0x3000: " ", 0xA0: " "}
# What copying from web pages leaves in cells: zero width marks, a byte order mark.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_FOLD_ALL = _WIDE_ASCII | _WIDE_BLANKS | _INVISIBLE
_FOLD_TEXT = (
    {code: folded for code, folded in _WIDE_ASCII.items() if chr(folded).isalnum()}
    | _WIDE_BLANKS
    | _INVISIBLE
    | {code: " " for code in range(32)}
)

EMPTY_MARKS = frozenset(
    ["", "-", "--", "---", "/", "\\", "—", "——", "无", "NULL", "N/A", "NONE", "\\N"]
)

_EXCEL_EPOCH = datetime.datetime(1899, 12, 30)
_SERIAL_MIN, _SERIAL_MAX = 20000, 80000
_YEAR_MIN, _YEAR_MAX = 1950, 2100
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:\s*T?\s*(上午|下午|AM|PM)?\s*(\d{1,2})[:时点](\d{1,2})分?"
    r"(?::?(\d{1,2})秒?(?:\.\d+)?)?\s*(AM|PM)?(?:\+08:?00)?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT_DATE = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[ T]?(\d\d):?(\d\d)(?::?(\d\d))?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)

_MONEY = re.compile(
    r"(-?)(?:RMB|CNY|[¥￥])?(-?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)"
    r"(万?)(?:元整?|圆|RMB|CNY)?",
    re.ASCII | re.IGNORECASE,
)
_CENT = decimal.Decimal("0.01")
_MONEY_MAX = decimal.Decimal("1e12")

_ODOMETER = re.compile(
    r"约?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?)(万?)(?:km|k|公里|千米)?",
    re.ASCII | re.IGNORECASE,
)
_ODOMETER_MAX = 2_000_000

_TRUE = frozenset(["是", "有", "Y", "YES", "T", "TRUE", "1", "√", "✓", "✔", "对", "已"])
_FALSE = frozenset(
    ["否", "无", "没有", "N", "NO", "F", "FALSE", "0", "×", "X", "✗", "错", "未"]
)


def fold(text):
    """Return ``text`` with every full-width character as ASCII (CUS-33).

    Invisible characters are dropped, blanks at both ends too. For codes and
    numbers; :func:`fold_text` is for words.

    :param str text: any text
    :rtype: str
    """
    return (text if text.isascii() else text.translate(_FOLD_ALL)).strip()


def fold_text(raw):
    """Return a cell as one line of tidy text, "" when it is empty (CUS-33).

    Full-width letters, digits and blanks are folded, Chinese punctuation stays;
    runs of blanks become one. Whole numbers come out without ".0", dates as ISO.

    :param raw: any cell value
    :rtype: str
    """
    if raw is None or raw is False:
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    if isinstance(raw, datetime.datetime):
        raw = raw.isoformat(" ", "seconds")
    return " ".join(str(raw).translate(_FOLD_TEXT).split())


def clean_text(raw):
    """Return the tidy text of a cell, None when it is empty (CUS-33).

    :param raw: any cell value; see :func:`fold_text`
    :rtype: str | None
    """
    return fold_text(raw) or None


def clean_boolean(raw):
    """Return ``(bool or None, notes)`` of 是/否, Y/N, 1/0, √/×, 有/无 (CUS-33).

    :param raw: any cell value; what is neither yes nor no becomes None with the
        note ``boolean_unreadable``
    :rtype: tuple[bool | None, list[str]]
    """
    if isinstance(raw, bool):
        return raw, []
    text = fold_text(raw).upper()
    if text in _TRUE:
        return True, []
    if text in _FALSE:
        return False, []
    return None, [NOTE_BOOLEAN_UNREADABLE] if text.strip("-/") else []


# === DATES === #


def clean_date(raw):
    """Return ``(date or None, notes)`` of a cell (CUS-33).

    :param raw: date, datetime, Excel serial number or text such as 2026/1/5,
        20260105, 2026年1月5日; a time of day is dropped
    :rtype: tuple[datetime.date | None, list[str]]
    :raises RuleError: ``date`` when it is no date of the years 1950 to 2100
    """
    stamp, notes = clean_datetime(raw)
    return stamp and stamp.date(), notes


def clean_datetime(raw):
    """Return ``(naive local datetime or None, notes)`` of a cell (CUS-33).

    :param raw: as for :func:`clean_date`; without a time of day it is midnight
    :rtype: tuple[datetime.datetime | None, list[str]]
    :raises RuleError: ``date`` when it is no date of the years 1950 to 2100
    """
    notes = []
    try:
        stamp = _read_datetime(raw, notes)
    except (ValueError, OverflowError):
        stamp = False
    if stamp is None:
        return None, notes
    if not stamp or not _YEAR_MIN <= stamp.year <= _YEAR_MAX:
        raise RuleError("date", value=str(raw)[:40])
    return stamp, notes


def _read_datetime(raw, notes):
    """Return a datetime, None for an empty cell, False for what is no date."""
    if isinstance(raw, str):
        return _read_date_text(raw, notes)
    if isinstance(raw, datetime.datetime):
        return raw.replace(tzinfo=None)
    if isinstance(raw, datetime.date):
        return datetime.datetime(raw.year, raw.month, raw.day)
    if raw is None or raw is False:
        return None
    if isinstance(raw, (int, float)) and raw is not True:
        return _read_date_number(raw, notes)
    return False


def _read_date_number(number, notes):
    if _SERIAL_MIN <= number <= _SERIAL_MAX:
        notes.append(NOTE_DATE_FROM_SERIAL)
        # Excel keeps a time as a binary fraction of a day: round to whole seconds.
        return _EXCEL_EPOCH + datetime.timedelta(seconds=round(number * 86400))
    match = number == int(number) and _COMPACT_DATE.fullmatch(str(int(number)))
    return _compact_to_datetime(match) if match else False


def _read_date_text(text, notes):
    match = _DATE.fullmatch(text)
    if not match:
        text = fold(text)
        if text.upper() in EMPTY_MARKS:
            return None
        match = _DATE.fullmatch(text)
    if match:
        return None if match[1] == "0000" else _match_to_datetime(match)
    if match := _COMPACT_DATE.fullmatch(text):
        return _compact_to_datetime(match)
    if _SERIAL.fullmatch(text):
        return _read_date_number(float(text), notes)
    return False


def _compact_to_datetime(match):
    return datetime.datetime(*(int(part) for part in match.groups("0")))


def _match_to_datetime(match):
    year, month, day, before, hour, minute, second, after = match.groups("")
    hours = int(hour or 0)
    half = (before or after).upper()
    if half in ("下午", "PM") and hours < 12:
        hours += 12
    elif half in ("上午", "AM") and hours == 12:
        hours = 0
    return datetime.datetime(
        int(year), int(month), int(day), hours, int(minute or 0), int(second or 0)
    )


# === NUMBERS === #


def clean_money(raw):
    """Return ``(Decimal or None, notes)`` of an amount, in the unit yuan (CUS-33).

    :param raw: number, or text with thousands commas, ¥, 元, 万 (times 10,000, with
        a note), a sign or brackets for a negative amount
    :rtype: tuple[decimal.Decimal | None, list[str]]
    :raises RuleError: ``amount`` when it can't be read without guessing
    """
    if raw is None or raw is False:
        return None, []
    notes = []
    if isinstance(raw, str):
        amount = _read_money(raw, notes)
    elif isinstance(raw, (int, float, decimal.Decimal)) and raw is not True:
        amount = decimal.Decimal(str(raw))
    else:
        amount = decimal.Decimal("NaN")
    if amount is None:
        return None, []
    if not amount.is_finite() or abs(amount) > _MONEY_MAX:
        raise RuleError("amount", value=str(raw)[:40])
    rounded = amount.quantize(_CENT, decimal.ROUND_HALF_UP)
    if abs(rounded - amount) > decimal.Decimal("0.000001"):
        notes.append(NOTE_AMOUNT_ROUNDED)
    return rounded, notes


def _read_money(text, notes):
    """Return a Decimal, None for an empty cell, NaN for what is no amount."""
    text = "".join(fold(text).split())
    if text.upper() in EMPTY_MARKS:
        return None
    bracketed = text.startswith("(") and text.endswith(")")
    match = _MONEY.fullmatch(text[1:-1] if bracketed else text)
    if not match:
        return decimal.Decimal("NaN")
    before, after, number, ten_thousand = match.groups()
    amount = decimal.Decimal(number.replace(",", ""))
    if ten_thousand:
        notes.append(NOTE_AMOUNT_TEN_THOUSAND)
        amount *= 10000
    return -amount if before or after or bracketed else amount


def clean_odometer(raw):
    """Return ``(whole kilometres or None, notes)`` (CUS-33, VEH-03).

    :param raw: number, or text such as "12,345", "12345km", "1.2万公里"; what can't
        be read becomes None with the note ``odometer_unreadable``, for a row is never
        refused because of its odometer
    :rtype: tuple[int | None, list[str]]
    """
    if raw is None or raw is False:
        return None, []
    notes = []
    if isinstance(raw, str):
        number = _read_odometer(raw, notes)
    elif isinstance(raw, (int, float, decimal.Decimal)) and raw is not True:
        number = raw
    else:
        number = math.nan
    if number is None:
        return None, []
    if 0 <= number <= _ODOMETER_MAX:
        return int(round(number)), notes
    return None, [NOTE_ODOMETER_UNREADABLE]


def _read_odometer(text, notes):
    """Return a number, None for an empty cell, NaN for what is no reading."""
    text = "".join(fold(text).split())
    if text.upper() in EMPTY_MARKS:
        return None
    match = _ODOMETER.fullmatch(text)
    if not match:
        return math.nan
    number = float(match[1].replace(",", ""))
    if not match[2]:
        return number
    notes.append(NOTE_ODOMETER_TEN_THOUSAND)
    return number * 10000
