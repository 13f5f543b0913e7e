"""How loyal a customer is, and how much he is worth (CLB-30, CLB-35).

Nothing here knows a database. The database scores a whole club the same way in one
statement; a test holds the two against each other.
"""

from typing import NamedTuple

SEGMENTS = ("low", "medium", "high")


class Factor(NamedTuple):
    """One measure: its weight, and the value that earns all of it."""

    weight: float
    full_at: float
    is_inverse: bool = False


def share(value, factor):
    """Return which part of its weight a value earns, 0 to 1.

    :param float value: visits, money, buyers brought or complaints a visit
    :param Factor factor: inverse ones lose it all at `full_at`
    :rtype: float
    """
    part = min(1.0, max(0.0, value / factor.full_at))
    return 1 - part if factor.is_inverse else part


def score(pairs):
    """Return the score, 0 to 100; weights need not sum up to anything.

    :param pairs: (value, Factor)
    :rtype: float
    """
    pairs = list(pairs)
    weights = sum(factor.weight for _value, factor in pairs)
    if not weights:
        return 0.0
    earned = sum(factor.weight * share(value, factor) for value, factor in pairs)
    return round(100 * earned / weights, 1)


def segment(value_class, points, high, medium):
    """Return what a member is worth: the better of his spend and his points (CLB-35).

    :param value_class: `high`, `medium`, `low` or empty, by what he spent
    :param int points: collected in the window of the tiers
    :param int high: points from which he is worth much
    :param int medium: points from which he is worth something
    :rtype: str
    """
    by_points = "high" if points >= high else "medium" if points >= medium else "low"
    return max(value_class or "low", by_points, key=SEGMENTS.index)
