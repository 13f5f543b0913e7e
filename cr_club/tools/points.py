"""How many points a sum of money brings, and until when they hold (PTS-03, PTS-10).

Nothing here knows a database. The database posts the same way in SQL, a whole import in
one statement; a test holds the two against each other.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from dateutil.relativedelta import relativedelta

_MODES = {"down": ROUND_DOWN, "half": ROUND_HALF_UP, "up": ROUND_UP}


def round_points(amount, rounding):
    """Return whole points; a refund loses what the sale brought (PTS-03).

    :param amount: points with their fraction
    :param str rounding: `down`, `half` or `up`, seen from zero
    :rtype: int
    """
    return int(Decimal(str(amount)).quantize(Decimal(1), _MODES[rounding]))


def earned_points(amount, rate, factor, rounding, total=0, paid=0):
    """Return what a sum brings, without the part paid with points (PTS-03).

    :param amount: labour, material or other of a work order, in money
    :param rate: points for one unit of money
    :param factor: multiplier of the tier, 1 without
    :param str rounding: see `round_points`
    :param total: the whole order, of which `paid` was paid with points
    :param paid: in money
    :rtype: int
    """
    share = Decimal(1)
    if total and paid:
        share = 1 - Decimal(str(paid)) / Decimal(str(total))
    raw = Decimal(str(amount)) * Decimal(str(rate)) * Decimal(str(factor)) * share
    return round_points(raw, rounding)


def lot_dates(day, hold_days, expiry_months):
    """Return from when and until when points may be spent (PTS-10).

    :param datetime.date day: when they were earned
    :param int hold_days: they wait so long for a refund; 0 for not at all
    :param int expiry_months: they hold so long; 0 for ever
    :return: first day, last day or None
    """
    first = day + relativedelta(days=hold_days)
    last = day + relativedelta(months=expiry_months) if expiry_months else None
    return first, last


def window_start(today, months):
    """Return the last day that a rolling window does not count any more (PTS-08).

    Points of later days count: a window of 24 months ends on 20 November 2026 and
    begins on 21 November 2024.

    :param datetime.date today: last day of the window
    :param int months: length of the window
    :rtype: datetime.date
    """
    return today - relativedelta(months=months)
