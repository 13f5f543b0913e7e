"""What the repairs of one car mean under dated three-guarantees rules.

Nothing here knows a database or the law: rules are data, with thresholds, windows from
the delivery and words. Repairs and rules go in, what has to be warned of comes out.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

SAME_FAULT, SHOP_DAYS = "same_fault", "shop_days"
EARLY, EARLY_60 = "early", "early_60"
CODE, NAME = "code", "name"
# What stands between two faults in a customer's words.
_BETWEEN = re.compile(r"[,,;;、。\n]+|\d+[.、))]")
# How a wish ends that is no fault: maintenance, washing, inspection.
_NO_FAULT = ("保养", "首保", "洗车", "年检", "检查", "检测")
# Orders come late with the import; what ended before that is history (assumed).
_HISTORY = timedelta(days=90)


class Rule(NamedTuple):
    """One version of a rule; 0 days, months or km: no such limit.

    ``threshold`` is the repair, or the day in the shop, that gives the right;
    ``types`` are the service types that count, empty: all that come in.
    """

    id: int
    code: str
    kind: str
    valid_from: date
    days: int = 0
    months: int = 0
    km: int = 0
    threshold: int = 1
    warn_at: int = 1
    types: frozenset = frozenset()


class Line(NamedTuple):
    """One line of a work order; ``code`` is the number of the part or the labour."""

    name: str
    code: str | None = None
    is_labour: bool = True


class Repair(NamedTuple):
    """One visit for a repair; ``until`` is None while the car is in the shop.

    ``words`` is what the customer said is wrong: all that there is of an order that
    came without lines.
    """

    id: int
    day: date
    until: date | None = None
    km: int = 0
    type_id: int | None = None
    lines: tuple = ()
    words: str = ""


class Finding(NamedTuple):
    """What a rule says of a car: ``count`` repairs, or days in the shop, for a cause.

    ``is_history``: its window was over long ago; nothing is opened of it any more.
    """

    rule_id: int
    key: str
    label: str
    count: int
    repairs: tuple
    first_on: date
    last_on: date
    ends_on: date | None
    is_reached: bool
    is_history: bool


def normalise(text):
    """Return a text without case, width, blanks and punctuation."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if char.isalnum())


def get_faults(lines):
    """Return {key: label} of what a work order was about.

    Each number of a part or a labour is a key, and the name of the main line: the
    first labour, or the first line of all.
    """
    faults = {}
    for line in lines:
        if code := normalise(line.code):
            faults.setdefault(f"{CODE}:{code}", line.name)
    main = next((line for line in lines if line.is_labour), next(iter(lines), None))
    if main and (name := normalise(main.name)):
        faults[f"{NAME}:{name}"] = main.name
    return faults


def get_repair_faults(repair):
    """Return {key: label} of what a visit was about.

    An order that came without lines, as with most imports, is about each of the things
    that the customer named.
    """
    faults = get_faults(repair.lines)
    if faults:
        return faults
    parts = (part.strip() for part in _BETWEEN.split(repair.words or ""))
    named = ((normalise(part), part) for part in parts)
    return {
        f"{NAME}:{name}": part
        for name, part in named
        if name and not name.endswith(_NO_FAULT)
    }


def get_shop_days(repair, today):
    """Return the days of a stay; less than a day counts as one (assumed)."""
    return max(1, ((repair.until or today) - repair.day).days)


def get_window_end(rule, delivered_on):
    """Return the last day of the rule's window, None without one in time."""
    if not rule.days and not rule.months:
        return None
    return delivered_on + relativedelta(months=rule.months) + timedelta(days=rule.days)


def choose_rules(rules, delivered_on):
    """Return of each code the version that held on the day of the delivery."""
    chosen = {}
    for rule in sorted(rules, key=lambda one: one.valid_from):
        if rule.valid_from <= delivered_on:
            chosen[rule.code] = rule
    return list(chosen.values())


def find(rules, delivered_on, repairs, today):
    """Return the findings about a car: at or over what to warn at, and still open.

    :param rules: all versions of all rules
    :param date delivered_on: None if unknown; then nothing can be said
    :param repairs: its repairs, cancelled ones left out
    :param date today: a window that is over warns only of what was reached
    """
    if not delivered_on:
        return []
    repairs = sorted(repairs, key=lambda one: (one.day, one.id))
    return [
        finding
        for rule in choose_rules(rules, delivered_on)
        for finding in _apply(rule, delivered_on, repairs, today)
    ]


def may_matter(rules, delivered_on, today):
    """Say whether a car of that delivery may still be warned of.

    :param rules: all versions of all rules
    """
    if not delivered_on:
        return False
    ends = [get_window_end(rule, delivered_on) for rule in rules]
    return any(end is None or not _is_history(end, today) for end in ends)


def _is_history(ends_on, today):
    """Say whether a window was over so long ago that it is history."""
    return ends_on is not None and ends_on < today - _HISTORY


def _apply(rule, delivered_on, repairs, today):
    """Return the findings of one rule."""
    repairs = [one for one in repairs if _is_within(rule, delivered_on, one)]
    ends_on = get_window_end(rule, delivered_on)
    is_over = ends_on is not None and ends_on < today
    return [
        Finding(
            rule.id,
            key,
            label,
            count,
            tuple(one.id for one in some),
            some[0].day,
            some[-1].day,
            ends_on,
            is_reached=count >= rule.threshold,
            is_history=_is_history(ends_on, today),
        )
        for key, label, count, some in _count(rule, repairs, today)
        if count >= (rule.threshold if is_over else rule.warn_at)
    ]


def _is_within(rule, delivered_on, repair):
    """Say whether a repair counts: of a type of the rule and within its window."""
    if rule.types and repair.type_id not in rule.types:
        return False
    ends_on = get_window_end(rule, delivered_on)
    if repair.day < delivered_on or (ends_on and repair.day > ends_on):
        return False
    return not rule.km or repair.km <= rule.km


def _count(rule, repairs, today):
    """Return [(key, label, count, repairs)] of what the rule counts."""
    if not repairs:
        return []
    if rule.kind == SAME_FAULT:
        return _count_faults(repairs)
    if rule.kind == SHOP_DAYS:
        days = sum(get_shop_days(repair, today) for repair in repairs)
        return [(rule.kind, "", days, repairs)]
    labels = [next(iter(get_main_name(one)), "") for one in repairs]
    return [(rule.kind, next(filter(None, labels), ""), len(repairs), repairs)]


def get_main_name(repair):
    """Return [name of the main line or the customer's words], empty without both."""
    found = get_repair_faults(repair)
    return [label for key, label in found.items() if key.startswith(NAME)][:1]


def _count_faults(repairs):
    """Return the faults of the repairs; one that another covers is left out.

    The part and the work on it come in the same orders: they are one fault.
    """
    orders, labels = {}, {}
    for repair in repairs:
        for key, label in get_repair_faults(repair).items():
            orders.setdefault(key, []).append(repair)
            labels[key] = label
    # A code says more than a name, where both say the same.
    keys = sorted(orders, key=lambda key: (-len(orders[key]), key))
    kept = []
    for key in keys:
        ids = {one.id for one in orders[key]}
        if not any(ids <= {one.id for one in orders[other]} for other in kept):
            kept.append(key)
    return [(key, labels[key], len(orders[key]), orders[key]) for key in kept]
