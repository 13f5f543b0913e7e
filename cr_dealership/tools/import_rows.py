"""What a row of another system's export means: its fields, cleaned and judged.

One table says which fields a delivery, a work order and a policy have, how each is
cleaned and which a row cannot do without (VEH-12, VEH-13, CUS-33). What is doubtful
is noted and kept; only what would be wrong is refused.
"""

import datetime
import decimal
import functools
import re
from typing import NamedTuple

from . import cleaning, identity
from .errors import RuleError

# Names, models and the like come again and again; they are worked out once.
_CACHE_SIZE = 4096

# Rises whenever the same cells would be understood differently than before, so that
# rows which were taken as unchanged are looked at again.
RULES_VERSION = 1

DELIVERY = "delivery"
ORDER = "order"
POLICY = "policy"


class Target(NamedTuple):
    """One field that a column may fill.

    A row whose ``missing`` field is empty is refused for that reason; a field that
    can't be read refuses the row if it is ``fatal``, else it is left out and noted.
    """

    name: str
    cleaner: str
    missing: str | None = None
    fatal: bool = False


class CleanRow(NamedTuple):
    """A row as we understand it.

    ``notes`` and ``reasons`` are lists of [code, field, value as written]; a row with
    reasons is refused.
    """

    number: str | None
    values: dict
    notes: list
    reasons: list
    is_doubtful: bool


class StagedRow:
    """A cleaned row while it is being recorded, and what becomes of it.

    ``car``, ``person`` and ``record_id`` are found or made on the way.
    """

    __slots__ = (
        "id",
        "line",
        "number",
        "digest",
        "data",
        "day",
        "first_notes",
        "notes",
        "reasons",
        "is_doubtful",
        "is_told",
        "state",
        "is_changed",
        "car",
        "person",
        "record_id",
    )

    def __init__(self, kind, row_id, line, number, digest, data, notes, doubtful):
        self.id = row_id
        self.line = line
        self.number = number
        self.digest = digest
        self.data = data
        self.day = datetime.date.fromisoformat(data[DAY_FIELD[kind]])
        self.first_notes = notes or []
        self.is_doubtful = doubtful
        self.reset()

    def reset(self):
        """Forget what a step that was undone had found."""
        self.notes = list(self.first_notes)
        self.reasons = []
        self.is_told = False
        self.state = "ready"
        self.is_changed = False
        self.car = self.person = self.record_id = None

    def note(self, code, field, value=""):
        """Add what was noticed; what a person should look at makes it doubtful."""
        self.notes.append([code, field, value])
        self.is_told = True
        self.is_doubtful = self.is_doubtful or code in DOUBTS

    def get_day(self, field):
        """Return a day of the row, None if it has none."""
        text = self.data.get(field)
        return datetime.date.fromisoformat(text) if text else None

    def refuse(self, code, field, value=""):
        """Give the row up for a reason."""
        self.reasons.append([code, field, value])
        self.is_told = True
        self.state = "refused"


TARGETS = {
    DELIVERY: (
        Target("number", "text", "key_missing"),
        Target("name", "text", "name_missing"),
        Target("id_number", "id_number"),
        Target("phone", "phone"),
        Target("address", "text"),
        Target("model", "text"),
        Target("variant", "text"),
        Target("color", "text"),
        Target("vin", "vin", "vin_missing", fatal=True),
        Target("engine_number", "text"),
        Target("plate", "plate"),
        Target("registered_on", "date"),
        Target("ordered_on", "date"),
        Target("delivered_on", "date", "date_missing", fatal=True),
        Target("price", "money"),
        Target("discount", "money"),
        Target("offers", "text"),
        Target("consultant", "text"),
        Target("source", "text"),
        Target("usage", "usage"),
    ),
    ORDER: (
        Target("number", "text", "key_missing"),
        Target("type", "text"),
        Target("plate", "plate"),
        Target("vin", "vin", fatal=True),
        Target("model", "text"),
        Target("name", "text"),
        Target("phone", "phone"),
        Target("brought_by_name", "text"),
        Target("brought_by_phone", "phone_text"),
        Target("in_at", "datetime", "date_missing", fatal=True),
        Target("out_at", "datetime"),
        Target("odometer_km", "odometer"),
        Target("amount_labour", "money"),
        Target("amount_material", "money"),
        Target("amount_other", "money"),
        Target("amount_total", "money", fatal=True),
        Target("advisor", "text"),
        Target("next_km", "odometer"),
        Target("next_on", "date"),
        Target("state", "state"),
        Target("customer_words", "text"),
    ),
    POLICY: (
        Target("number", "text", "key_missing"),
        Target("plate", "plate"),
        Target("vin", "vin", fatal=True),
        Target("name", "text"),
        Target("id_number", "id_number"),
        Target("phone", "phone"),
        Target("insurer", "text"),
        Target("policy_kind", "policy_kind"),
        Target("date_start", "date", "date_missing", fatal=True),
        Target("date_end", "date", "date_missing", fatal=True),
        Target("premium", "money"),
        Target("is_bought_here", "boolean"),
        Target("specialist", "text"),
        Target("advisor", "text"),
    ),
}
TARGET_NAMES = {
    kind: tuple(target.name for target in targets) for kind, targets in TARGETS.items()
}
# Where any one of these columns will do: a car is known by its VIN or its plate.
EITHER = {DELIVERY: (), ORDER: (("vin", "plate"),), POLICY: (("vin", "plate"),)}
# The day on which a row happened.
DAY_FIELD = {DELIVERY: "delivered_on", ORDER: "in_on", POLICY: "date_start"}

# Notes that a person should look at; all others only tell what was tidied up.
DOUBTS = frozenset(
    [
        "amounts_differ",
        "amount_missing",
        "boolean_unreadable",
        "id_number_invalid",
        "in_future",
        "kind_unknown",
        "leaves_before_arrival",
        "name_differs",
        "name_missing",
        "odometer_unreadable",
        "owner_differs",
        "owner_phone_shared",
        "phone_invalid",
        "phone_missing",
        "state_unknown",
        "type_unknown",
        "unreadable",
        "usage_unknown",
        "vin_check_digit",
        "vin_moved",
    ]
)

# Notes that need not repeat the cell.
_SILENT = frozenset(
    [
        "date_from_serial",
        "full_width",
        "id_number_old",
        "phone_country_code",
        "phone_foreign",
        "phone_from_number",
        "phone_separators",
        "phone_trunk_zero",
        "phone_two_numbers",
        "plate_format",
        "vin_format",
    ]
)

_AMOUNT_PARTS = ("amount_labour", "amount_material", "amount_other")
_POLICY_WORDS = {
    "compulsory": ("交强", "强制", "compulsory"),
    "commercial": ("商业", "商险", "commercial"),
}
_POLICY_BOTH = ("全险", "both")
_STATES = {
    "open": "未结算 未结 在修 维修中 在厂 待结算 未完工 open",
    "settled": "已结算 结算 已结 已完工 已出厂 完成 已完成 已交车 settled closed done",
    "cancelled": "作废 已作废 取消 已取消 删除 cancelled canceled void",
}
_USAGES = {
    "family": "家用 自用 私家 私用 代步 家庭 非营运 family private",
    "commercial": "商用 营运 货运 运输 经营 出租 网约车 租赁 公司用车 commercial",
    "special": "公务 公用 警用 教练 救护 特种 工程 特殊 special official",
}
_STATE_OF = {word: code for code, words in _STATES.items() for word in words.split()}
_USAGE_OF = {word: code for code, words in _USAGES.items() for word in words.split()}

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_GOVERNMENT = re.compile(
    r"政府|委员会|公安|法院|检察院|税务|街道办|机关|部队|支队|大队|[^药邮]局$|[^餐饭茶]厅$"
)
_ASSOCIATION = re.compile(r"协会|学会|商会|联合会|基金会|工会|促进会|俱乐部|寺$|教堂$")
_COMPANY = re.compile(
    r"公司|集团|合作社|银行|事务所|工作室|企业|工厂|商行|经营部|门市|酒店|宾馆|超市|农场"
    r"|医院|学校|大学|学院|中学|小学|幼儿园|研究院|设计院|研究所|卫生院|电视台|报社"
    r"|[厂店行部院所站馆局厅]$"
    r"|\b(?:ltd|co|inc|llc|gmbh|corp|company)\b\.?",
    re.I,
)
_PERSON_LENGTH = 4


# === WHAT A COLUMN MAY HOLD === #


def missing_columns(kind, mapping):
    """Return the fields that the file must have a column for and has not (VEH-12).

    :param str kind: delivery, order or policy
    :param mapping: the fields that have a column
    :return: groups of names; one column of each group is needed
    :rtype: list[tuple[str, ...]]
    """
    groups = [(target.name,) for target in TARGETS[kind] if target.missing]
    groups += EITHER[kind]
    return [group for group in groups if not any(name in mapping for name in group)]


# === CLEANING === #


def clean_row(kind, cells, today):
    """Return a row of cells as a :class:`CleanRow` (VEH-12, VEH-13, CUS-33).

    :param str kind: delivery, order or policy
    :param dict cells: field -> cell as it stands in the file
    :param datetime.date today: what happens later is doubtful
    :rtype: CleanRow
    """
    values, notes, reasons = {}, [], []
    for target in TARGETS[kind]:
        raw = cells.get(target.name)
        if raw is not None and raw != "":
            _clean_cell(target, raw, values, notes, reasons)
        if target.missing and values.get(target.name) is None:
            if not any(reason[1] == target.name for reason in reasons):
                reasons.append([target.missing, target.name, ""])
    _JUDGES[kind](values, notes, reasons)
    _judge_person(values, notes)
    _judge_day(kind, values, notes, today)
    return CleanRow(
        values.get("number"),
        values,
        notes,
        reasons,
        any(note[0] in DOUBTS for note in notes),
    )


def _clean_cell(target, raw, values, notes, reasons):
    """Put what one cell says into the values, and what was done to it into notes."""
    try:
        value, codes = _CLEANERS[target.cleaner](raw)
    except RuleError as error:
        shown = cleaning.fold_text(raw)[:40]
        if target.fatal:
            reasons.append([error.code, target.name, shown])
        else:
            notes.append(["unreadable", target.name, shown])
        return
    for code in codes:
        shown = "" if code in _SILENT else cleaning.fold_text(raw)[:40]
        notes.append([code, target.name, shown])
    if value is None:
        return
    if target.cleaner == "phone":
        values.update(value)
    elif target.cleaner == "datetime":
        values[target.name] = value.isoformat(" ", "seconds")
        values[target.name.replace("_at", "_on")] = value.date().isoformat()
    else:
        values[target.name] = value


def _clean_text(raw):
    # Not numbers and dates: 1, 1.0 and True would be the same to a cache.
    fold = _fold_cached if raw.__class__ is str else cleaning.fold_text
    return fold(raw).replace("\0", "") or None, ()


_fold_cached = functools.lru_cache(_CACHE_SIZE)(cleaning.fold_text)


def _clean_iso_date(raw):
    day, notes = cleaning.clean_date(raw)
    return day and day.isoformat(), notes


def _clean_amount(raw):
    amount, notes = cleaning.clean_money(raw)
    return None if amount is None else float(amount), notes


def _clean_phones(raw):
    mobile, landline, notes = identity.clean_phone(raw)
    numbers = {"mobile": mobile} if mobile else {}
    if landline:
        numbers["landline"] = landline
    return numbers or None, notes


def _clean_phone_text(raw):
    mobile, landline, notes = identity.clean_phone(raw)
    return mobile or landline, notes


def _clean_choice(words, unknown):
    def clean(raw):
        text = cleaning.fold_text(raw).replace(" ", "").lower()
        if text.upper() in cleaning.EMPTY_MARKS:
            return None, ()
        code = words.get(text)
        return code, () if code else (unknown,)

    return clean


def _clean_policy_kind(raw):
    text = cleaning.fold_text(raw).lower()
    found = {
        kind
        for kind, words in _POLICY_WORDS.items()
        if any(word in text for word in words)
    }
    if len(found) == 1:
        return found.pop(), ()
    if found or text in _POLICY_BOTH:
        return "both", ()
    return ("other", ()) if text else (None, ())


_CLEANERS = {
    "text": _clean_text,
    "date": _clean_iso_date,
    "datetime": cleaning.clean_datetime,
    "money": _clean_amount,
    "odometer": cleaning.clean_odometer,
    "boolean": cleaning.clean_boolean,
    "phone": _clean_phones,
    "phone_text": _clean_phone_text,
    "plate": identity.clean_plate,
    "vin": identity.clean_vin,
    "id_number": identity.clean_id_number,
    "state": _clean_choice(_STATE_OF, "state_unknown"),
    "usage": _clean_choice(_USAGE_OF, "usage_unknown"),
    "policy_kind": _clean_policy_kind,
}


# === JUDGING === #


def _judge_delivery(values, notes, reasons):
    del notes, reasons  # what a delivery needs, its table says
    if values.get("engine_number"):
        values["engine_number"] = values["engine_number"].upper()


def _judge_order(values, notes, reasons):
    _need_car(values, reasons)
    _judge_amounts(values, notes, reasons)
    if values.get("out_on") and values.get("in_on", "") > values["out_on"]:
        notes.append(["leaves_before_arrival", "out_at", values["out_on"]])
        del values["out_at"], values["out_on"]
    if "state" not in values:
        # A list without the column is one of closed orders; who left has paid.
        values["state"] = "settled" if values.get("out_on") else "open"


def _judge_amounts(values, notes, reasons):
    """Work out the total or the rest of the parts, whichever the file leaves open."""
    if any(reason[1] == "amount_total" for reason in reasons):
        return
    known = [values[name] for name in _AMOUNT_PARTS if name in values]
    told = sum(map(_decimal, known))
    if "amount_total" not in values:
        values["amount_total"] = float(told)
        if not known:
            notes.append(["amount_missing", "amount_total", ""])
    if known:
        _judge_rest(values, notes, _decimal(values["amount_total"]) - told)


def _judge_rest(values, notes, rest):
    """Say where the rest of the total belongs, and fill the parts left empty."""
    if rest and "amount_other" not in values:
        values["amount_other"] = float(rest)
        notes.append(["amount_other_from_total", "amount_total", f"{rest:.2f}"])
    elif rest:
        notes.append(["amounts_differ", "amount_total", f"{rest:.2f}"])
    # The parts belong together: an empty one is nothing, not what it was before.
    for name in _AMOUNT_PARTS:
        values.setdefault(name, 0.0)


def _decimal(number):
    return decimal.Decimal(str(number))


def _judge_policy(values, notes, reasons):
    del notes
    _need_car(values, reasons)
    if values.get("date_start", "") > values.get("date_end", "9999"):
        reasons.append(["date_order", "date_end", values["date_end"]])


_JUDGES = {DELIVERY: _judge_delivery, ORDER: _judge_order, POLICY: _judge_policy}


def _need_car(values, reasons):
    if not values.get("vin") and not any(reason[1] == "vin" for reason in reasons):
        if not values.get("plate"):
            reasons.append(["vin_missing", "vin", ""])


def _judge_person(values, notes):
    """Say what kind of customer it is, and whether he can be called."""
    name = values.get("name")
    if not name:
        notes.append(["name_missing", "name", ""])
        return
    is_person = identity.birthdate_of_id(values.get("id_number"))
    organization = None if is_person else organization_type(name)
    if organization:
        values["organization"] = organization
    if not values.get("mobile") and not values.get("landline"):
        if not any(note[0] == "phone_invalid" for note in notes):
            notes.append(["phone_missing", "phone", ""])


def _judge_day(kind, values, notes, today):
    tomorrow = today + datetime.timedelta(days=1)
    field = DAY_FIELD[kind]
    # A policy is sold before it begins.
    if kind != POLICY and values.get(field, "") > tomorrow.isoformat():
        notes.append(["in_future", field, values[field]])


@functools.lru_cache(_CACHE_SIZE)
def organization_type(name):
    """Return what kind of organisation a name is, None for a person (CUS-02).

    :param str name: name of a customer
    :return: "company", "government", "association" or None
    :rtype: str | None
    """
    bare = _BRACKETS.sub("", name).strip()
    if len(bare) <= _PERSON_LENGTH - (not bare.isascii()):
        return None
    if _GOVERNMENT.search(bare):
        return "government"
    if _ASSOCIATION.search(bare):
        return "association"
    return "company" if _COMPANY.search(bare) else None


@functools.lru_cache(_CACHE_SIZE)
def name_key(name):
    """Return a name as names are compared: without case, blanks and width (CUS-16).

    :param str name: name of a customer
    :rtype: str
    """
    return "".join(cleaning.fold(name or "").split()).lower()
