"""What reminders really bring: reminded customers beside those set aside by lot."""

from math import sqrt
from typing import NamedTuple

# With fewer customers on one side, chance alone moves a rate by ten points and more.
LEAST = 30
# Standard deviations around a rate between which it lies 95 times in 100.
_Z = 1.96


class Effect(NamedTuple):
    """Two rates and what lies between them, in percent and percentage points.

    ``verdict`` is "few" when numbers are too small, "unclear" when chance alone may
    explain the difference, else "more" or "fewer" customers came with the reminders.
    """

    reminded: float
    aside: float
    points: float
    low: float
    high: float
    verdict: str


def wilson(came, total):
    """Return the bounds between which a rate lies in 95 of 100 cases (Wilson score).

    :param int came: how many came
    :param int total: of how many; not 0
    :rtype: tuple[float, float]
    """
    rate, square = came / total, _Z * _Z
    middle = rate + square / (2 * total)
    spread = _Z * sqrt(rate * (1 - rate) / total + square / (4 * total * total))
    return (
        (middle - spread) / (1 + square / total),
        (middle + spread) / (1 + square / total),
    )


def measure(reminded_came, reminded_total, aside_came, aside_total):
    """Return the effect of reminders; None if one side is empty.

    The interval is Newcombe's: it joins the Wilson bounds of both rates, and holds for
    small numbers and for rates near 0 or 100 % too.

    :param int reminded_came: how many of the reminded customers came
    :param int reminded_total: how many were reminded
    :param int aside_came: how many of those set aside came
    :param int aside_total: how many were set aside
    :rtype: Effect | None
    """
    if not reminded_total or not aside_total:
        return None
    one, other = reminded_came / reminded_total, aside_came / aside_total
    one_low, one_high = wilson(reminded_came, reminded_total)
    other_low, other_high = wilson(aside_came, aside_total)
    points = one - other
    low = points - sqrt((one - one_low) ** 2 + (other_high - other) ** 2)
    high = points + sqrt((one_high - one) ** 2 + (other - other_low) ** 2)
    verdict = _judge(low, high, min(reminded_total, aside_total))
    return Effect(*(100 * value for value in (one, other, points, low, high)), verdict)


def _judge(low, high, fewest):
    """Return what an interval says in a word."""
    if fewest < LEAST:
        return "few"
    if low > 0:
        return "more"
    return "fewer" if high < 0 else "unclear"
