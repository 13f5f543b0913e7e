"""Which tier a customer's facts lead to, and what is missing (CLB-06 to CLB-11).

Nothing here knows a database. `cr.club.program` asks the same of a whole club in SQL; a
test holds the two against each other, row by row of the table of tiers.
"""

from typing import NamedTuple


class Facts(NamedTuple):
    """What is known of one member on the day of the look."""

    level: int = 0
    vehicles: int = 0
    brand_vehicles: int = 0
    referrals: int = 0
    # {months: (points, of which from material)}
    windows: dict = {}
    # The year in which he was a VIP; 0: never.
    legacy: int = 0
    score: float = 0


class Rule(NamedTuple):
    """One condition of a tier; rules of the same group must hold together."""

    id: int
    level: int
    kind: str
    minimum: float = 0
    material: int = 0
    months: int = 0
    group: int = 0
    from_level: int = 0
    same_brand: bool = False


def reaches(value, minimum, inclusive=True):
    """Say whether a figure reaches a minimum; “3人以上” is a switch (C-25).

    :param value: what there is
    :param minimum: what is asked for
    :param bool inclusive: the minimum itself is enough
    :rtype: bool
    """
    return value >= minimum if inclusive else value > minimum


def lacking(facts, rule, inclusive=True):
    """Return what is missing until the rule holds, by kind of figure; empty: holds.

    :param Facts facts: of the member
    :param Rule rule: one condition
    :param bool inclusive: see `reaches`
    :return: {figure: how many are missing}
    :rtype: dict[str, float]
    """
    extra = 0 if inclusive else 1
    points, material = facts.windows.get(rule.months, (0, 0))
    cars = facts.brand_vehicles if rule.same_brand else facts.vehicles
    asked = {
        "vehicles": {"vehicles": (cars, rule.minimum)},
        "referrals": {"referrals": (facts.referrals, rule.minimum)},
        "points": {
            "points": (points, rule.minimum),
            "material": (material, rule.material),
        },
        "score": {"score": (facts.score, rule.minimum)},
    }.get(rule.kind, {})
    if rule.kind == "manual" or not _is_legacy(facts, rule):
        return {rule.kind: 1}
    return {
        name: minimum + extra - value
        for name, (value, minimum) in asked.items()
        if (minimum or name != "material") and not reaches(value, minimum, inclusive)
    }


def _is_legacy(facts, rule):
    """Say whether a former VIP has bought; other rules do not ask."""
    if rule.kind != "legacy":
        return True
    return bool(facts.legacy >= rule.minimum and facts.legacy and facts.vehicles)


def best_level(facts, rules, inclusive=True):
    """Return the highest level whose rules hold, and the rules that brought it.

    :param Facts facts: of the member
    :param rules: those of the scheme; what needs a confirmation is asked apart
    :param bool inclusive: see `reaches`
    :return: level (0 if no rule holds), ids of the rules
    :rtype: tuple[int, list[int]]
    """
    groups = {}
    for rule in rules:
        key = (rule.level, rule.group or -rule.id)
        groups.setdefault(key, []).append(rule)
    best, why = 0, []
    for (level, _group), members in sorted(groups.items()):
        holds = all(
            facts.level >= rule.from_level and not lacking(facts, rule, inclusive)
            for rule in members
        )
        if holds and level > best:
            best, why = level, [rule.id for rule in members]
    return best, why
