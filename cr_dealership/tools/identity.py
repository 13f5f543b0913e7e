"""Normalise, check and mask what identifies people and cars (CUS-33, CUS-38, SEC-04).

Phones, plates, VINs and ID numbers repeat within a file, so each is worked out once
and remembered; an ordinary mobile number takes a shorter way still.
"""

import datetime
import functools
import re

import phonenumbers
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.exceptions
import vininfo

from .cleaning import EMPTY_MARKS, fold, fold_text
from .errors import (
    NOTE_FULL_WIDTH,
    NOTE_ID_NUMBER_INVALID,
    NOTE_ID_NUMBER_OLD,
    NOTE_PHONE_COUNTRY_CODE,
    NOTE_PHONE_EXTRA_DROPPED,
    NOTE_PHONE_FOREIGN,
    NOTE_PHONE_FROM_NUMBER,
    NOTE_PHONE_INVALID,
    NOTE_PHONE_PART_INVALID,
    NOTE_PHONE_SEPARATORS,
    NOTE_PHONE_TEXT,
    NOTE_PHONE_TRUNK_ZERO,
    NOTE_PHONE_TWO_NUMBERS,
    NOTE_PLATE_FORMAT,
    NOTE_PLATE_NONE,
    NOTE_PLATE_UNUSUAL,
    NOTE_VIN_CHECK_DIGIT,
    NOTE_VIN_FORMAT,
    RuleError,
)

_CACHE_SIZE = 4096
_CARS_CACHED = 32_768

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_MOBILE_PARTS = re.compile(
    r"((?:\+86|0086)[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})", re.ASCII
)
_PHONE_SPLIT = re.compile(r"[/,;、|\\。\n\r]|或|和")
_PHONE_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*(?=\d)", re.IGNORECASE)
_PHONE_FOREIGN_CHARS = re.compile(r"[^0-9+*\-.()\s]+")
_PHONE_JOINTS = re.compile(r"[\s\-.()]+")
_COUNTRY_CODE = re.compile(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))(?=\d)")
_WIDE_DIGIT = re.compile(r"[０-９]")
_EXTENSION = re.compile(r"\d{1,6}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d\.\d+E\+?\d+", re.IGNORECASE | re.ASCII)

_PLATE_JUNK = re.compile(r"[\s·.・･•‧∙●\-_—–]+")
_PLATE_NONE = EMPTY_MARKS | {
    "无牌", "未上牌", "暂无", "新车", "临牌", "未挂牌", "待上牌", "没上牌", "未知",
}  # fmt: skip
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-Z](?:" r"[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领]"
    # Green plates carry a letter of the energy kind first (cars) or last (lorries).
    r"|[A-HJK][A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{5}[A-HJK]" r")|使\d{6}",
    re.ASCII,
)

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_RIC = re.compile(r"[1-9]\d{16}[0-9X]", re.ASCII)
_RIC_OLD = re.compile(r"[1-9]\d{14}", re.ASCII)


# === PHONES === #


def digits(text):
    """Return only the digits of ``text``, full-width ones folded (CUS-38).

    :param text: what a person typed into a search box
    :rtype: str
    """
    return "".join(char for char in fold(str(text or "")) if "0" <= char <= "9")


def clean_phone(raw):
    """Return ``(mobile, landline, notes)`` of a telephone cell (CUS-33).

    :param raw: text or number; blanks, dashes, +86, full-width digits, words and two
        numbers in one cell are understood
    :return: the mobile as 11 digits, the landline as "0796-8212345" (an extension
        follows after another dash, a foreign number is kept as +85291234567), and
        the codes of what was changed; ``(None, None, ["phone_invalid"])`` when no
        number is valid, ``(None, None, [])`` when the cell is empty
    :rtype: tuple[str | None, str | None, list[str]]
    """
    if isinstance(raw, str):
        if _MOBILE.fullmatch(raw):
            return raw, None, []
        mobile, landline, notes = _phone(raw, False)
    elif raw is None or raw is False:
        return None, None, []
    elif isinstance(raw, (int, float)) and raw is not True:
        mobile, landline, notes = _phone(fold_text(raw), True)
    else:
        return None, None, [NOTE_PHONE_INVALID]
    return mobile, landline, list(notes)


@functools.lru_cache(maxsize=_CACHE_SIZE)
def _phone(text, from_number):
    folded = fold(text)
    if folded.upper() in EMPTY_MARKS:
        return None, None, ()
    if _SCIENTIFIC.fullmatch(folded):
        folded, from_number = fold_text(float(folded)), True
    notes = [NOTE_PHONE_FROM_NUMBER] if from_number else []
    if _WIDE_DIGIT.search(text):
        notes.append(NOTE_FULL_WIDTH)
    mobiles, landlines = [], []
    for chunk in _PHONE_SPLIT.split(folded.removesuffix(".0")):
        _collect_numbers(chunk, mobiles, landlines, notes)
    if not mobiles and not landlines:
        return None, None, (NOTE_PHONE_INVALID,)
    if len(mobiles) + len(landlines) > 1:
        notes.append(NOTE_PHONE_TWO_NUMBERS)
    if max(len(mobiles), len(landlines)) > 1:
        notes.append(NOTE_PHONE_EXTRA_DROPPED)
    mobile, landline = next(iter(mobiles), None), next(iter(landlines), None)
    return mobile, landline, tuple(dict.fromkeys(notes))


def _collect_numbers(chunk, mobiles, landlines, notes):
    """Add the numbers of one part of a cell to the lists."""
    if match := _MOBILE_PARTS.fullmatch(chunk):
        _take_mobile(match, mobiles, notes)
        return
    chunk = _PHONE_EXTENSION.sub("-", chunk)
    plain = _PHONE_FOREIGN_CHARS.sub(" ", chunk)
    if plain != chunk:
        notes.append(NOTE_PHONE_TEXT)
    found = {"mobile": mobiles, "landline": landlines}
    pieces = list(filter(None, _PHONE_JOINTS.split(plain)))
    kind = None
    while pieces:
        previous, (length, kind, value) = kind, _longest_number(pieces, notes)
        if kind:
            found[kind].append(value)
            if value not in plain and NOTE_PHONE_FROM_NUMBER not in notes:
                notes.append(NOTE_PHONE_SEPARATORS)
        elif previous == "landline" and _EXTENSION.fullmatch(pieces[0]):
            landlines[-1] += "-" + pieces[0]
        else:
            notes.append(NOTE_PHONE_PART_INVALID)
        pieces = pieces[length:]


def _take_mobile(match, mobiles, notes):
    """Add a mobile in its usual groups: most cells hold nothing else."""
    country, *parts = match.groups()
    number = "".join(parts)
    mobiles.append(number)
    if country:
        notes.append(NOTE_PHONE_COUNTRY_CODE)
    if number not in match[0] and NOTE_PHONE_FROM_NUMBER not in notes:
        notes.append(NOTE_PHONE_SEPARATORS)


def _longest_number(pieces, notes):
    """Return (pieces used, kind or None, number) of the longest number at the start."""
    for length in range(len(pieces), 0, -1):
        kind, value = _classify_number("".join(pieces[:length]), notes)
        if kind:
            return length, kind, value
    return 1, None, None


def _classify_number(number, notes):
    """Return ("mobile" or "landline" or None, number) of joined digits."""
    if not number.lstrip("+").isdigit():
        return None, None
    local = _COUNTRY_CODE.sub("", number, count=1)
    trunk_zero = local[:1] == "0" and _MOBILE.fullmatch(local, 1)
    if trunk_zero:
        local = local[1:]
    kind, value = _classify_local(local, abroad=number == local)
    if kind and trunk_zero:
        notes.append(NOTE_PHONE_TRUNK_ZERO)
    elif kind and local != number:
        notes.append(NOTE_PHONE_COUNTRY_CODE)
    if kind and value.startswith("+"):
        notes.append(NOTE_PHONE_FOREIGN)
    return kind, value


def _classify_local(number, abroad):
    if _MOBILE.fullmatch(number):
        return "mobile", number
    if abroad and number.startswith(("+", "00")):
        number = "+" + number.lstrip("+0")
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return None, None
    if not phonenumbers.is_valid_number(parsed):
        return None, None
    if parsed.country_code != 86:
        return "landline", f"+{parsed.country_code}{parsed.national_number}"
    national = phonenumbers.national_significant_number(parsed)
    area = phonenumbers.length_of_geographical_area_code(parsed)
    if not area:
        return "landline", national
    return "landline", f"0{national[:area]}-{national[area:]}"


# === CARS === #


def clean_plate(raw):
    """Return ``(plate or None, notes)``: upper case, without dots and blanks (CUS-33).

    :param raw: text of a plate cell; words for "no plate yet" give None
    :return: text that is no ordinary or green plate is kept with ``plate_unusual``
    :rtype: tuple[str | None, list[str]]
    """
    if raw is None or raw is False:
        return None, []
    plate, notes = _plate(str(raw))
    return plate, list(notes)


@functools.lru_cache(maxsize=_CACHE_SIZE)
def _plate(text):
    plate = _PLATE_JUNK.sub("", fold(text)).upper()
    if plate in _PLATE_NONE:
        return None, (NOTE_PLATE_NONE,) if plate else ()
    notes = () if plate == text else (NOTE_PLATE_FORMAT,)
    if not _PLATE.fullmatch(plate):
        notes += (NOTE_PLATE_UNUSUAL,)
    return plate, notes


def clean_vin(raw):
    """Return ``(VIN or None, notes)`` in upper case, without blanks (CUS-33).

    A wrong check digit is only noted: not every maker keeps the rule.

    :param raw: text of a VIN cell
    :rtype: tuple[str | None, list[str]]
    :raises RuleError: ``vin_length`` when it has not 17 characters, ``vin_characters``
        when it has I, O, Q or others that no VIN has
    """
    if raw is None or raw is False:
        return None, []
    vin, notes = _vin(fold_text(raw) if isinstance(raw, float) else str(raw))
    return vin, list(notes)


@functools.lru_cache(maxsize=_CACHE_SIZE)
def _vin(text):
    vin = "".join(fold(text).split()).upper()
    if not vin:
        return None, ()
    if len(vin) != 17:
        raise RuleError("vin_length", value=vin[:40], length=len(vin))
    if not _VIN.fullmatch(vin):
        raise RuleError("vin_characters", value=vin)
    notes = () if vin == text else (NOTE_VIN_FORMAT,)
    if not _has_check_digit(vin):
        notes += (NOTE_VIN_CHECK_DIGIT,)
    return vin, notes


# A file tells of a car as often as it came, each time somewhere else.
@functools.lru_cache(maxsize=_CARS_CACHED)
def _has_check_digit(vin):
    number = vininfo.Vin(vin)
    if not getattr(number.assembler, "uses_sae_checkdigit", True):
        return True
    return number.verify_checksum(check_year=False)


# === ID NUMBERS === #


def clean_id_number(raw):
    """Return ``(ID number or None, notes)`` of a person or organisation (CUS-33).

    The number is kept as it is when it is wrong, with ``id_number_invalid``.

    :param raw: resident identity number (18, or once 15 digits) or the unified
        social credit code of an organisation (18 characters)
    :rtype: tuple[str | None, list[str]]
    """
    text = "".join(fold(fold_text(raw)).split()).upper()
    if text in EMPTY_MARKS:
        return None, []
    if _RIC_OLD.fullmatch(text) and birthdate_of_id(text):
        return text, [NOTE_ID_NUMBER_OLD]
    if _is_ric(text) or stdnum.cn.uscc.is_valid(text):
        return text, []
    return text, [NOTE_ID_NUMBER_INVALID]


def _is_ric(text):
    # stdnum's full check also wants the district in a table that lags behind the
    # redrawing of districts, and so refuses good numbers.
    return bool(
        _RIC.fullmatch(text)
        and birthdate_of_id(text)
        and stdnum.cn.ric.calc_check_digit(text) == text[-1]
    )


def birthdate_of_id(id_number):
    """Return the birth date in a resident identity number, or None (CUS-01).

    :param str id_number: 18 or 15 digits; the check digit is not looked at
    :rtype: datetime.date | None
    """
    text = (id_number or "").upper()
    if _RIC.fullmatch(text):
        birth = text[6:14]
    elif _RIC_OLD.fullmatch(text):
        birth = "19" + text[6:12]
    else:
        return None
    try:
        date = datetime.date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))
    except ValueError:
        return None
    return date if date.year >= 1880 else None


def gender_of_id(id_number):
    """Return "male" or "female" of a resident identity number, or None (CUS-01).

    :param str id_number: 18 or 15 digits
    :rtype: str | None
    """
    if not birthdate_of_id(id_number):
        return None
    order = id_number[16] if len(id_number) == 18 else id_number[14]
    return "male" if int(order) % 2 else "female"


def mask_id_number(id_number):
    """Return an ID number with its middle as stars (SEC-04).

    :param str id_number: any; of 12 characters and more the first six and the last
        four stay, of a shorter one the last two
    :rtype: str
    """
    text = id_number or ""
    first, last = (6, 4) if len(text) >= 12 else (0, min(2, len(text) // 2))
    hidden = len(text) - first - last
    return text[:first] + "*" * hidden + text[first + hidden :]


def mask_phone(phone):
    """Return a phone number with its middle as stars: 138****5678 (SEC-04).

    :param str phone: mobile or landline; of a landline the area code stays
    :rtype: str
    """
    text = phone or ""
    if len(text) < 7:
        return "*" * len(text)
    first = text.index("-") + 1 if "-" in text[:5] else 3
    first = min(first, len(text) - 7)
    return text[:first] + "*" * (len(text) - first - 4) + text[-4:]
