"""What points cost, and what a month-end books for them (PTS-12).

Nothing here knows a database.
"""

from typing import NamedTuple


class Movement(NamedTuple):
    """Points of a month: what was there, came, went, and is left."""

    opening: int
    brought: int
    redeemed: int
    expired: int
    other: int

    @property
    def closing(self):
        """Points left at the end of the month."""
        return self.opening + self.brought - self.redeemed - self.expired - self.other


def breakage(redeemed, expired):
    """Return how many percent of the points that went were never redeemed.

    :param int redeemed: points redeemed in the months looked at
    :param int expired: points that expired in them
    :rtype: float
    """
    gone = redeemed + expired
    return round(100 * expired / gone, 2) if gone else 0.0


def liability(points, unit_cost, breakage_percent):
    """Return what points that are out will cost, in money.

    :param int points: left with customers
    :param float unit_cost: money for a point
    :param float breakage_percent: part that nobody will redeem
    :rtype: float
    """
    return round(points * unit_cost * (100 - breakage_percent) / 100, 2)


def journal(opening, closing, earned, redeemed):
    """Return the entry of a month: (what, debit account, credit account, money).

    The liability moves from `opening` to `closing`, whatever the estimates did: what
    neither earning nor redeeming explains is a line of its own.

    :param float opening: liability at the end of the month before
    :param float closing: liability now
    :param float earned: money of the points brought, by today's estimate
    :param float redeemed: money of the points redeemed
    :rtype: list[tuple[str, str, str, float]]
    """
    rest = round(closing - opening - earned + redeemed, 2)
    lines = [
        ("earned", "expense", "liability", earned),
        ("redeemed", "liability", "income", redeemed),
    ]
    if rest < 0:
        lines.append(("released", "liability", "expense", -rest))
    elif rest > 0:
        lines.append(("added", "expense", "liability", rest))
    return [line for line in lines if line[-1]]
