"""What may be answered, and how sure an index is (SUR-03, SUR-05).

Nothing here knows Odoo; scores are whole numbers from 1 to 10, 0 for "cannot say".
"""

import math

# Two-sided 95 % of the normal distribution.
_Z = 1.959964
# With fewer interviews an interval says nothing.
MIN_FOR_INTERVAL = 5
# From here on an agent's results differ more than chance explains (99 %).
_STRIKING = 2.575829


def read_score(value, low=1, high=10):
    """Return a score that somebody sent, None if it is none.

    :param value: a number or its digits; 0 for "cannot say"
    :rtype: int | None
    """
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        return None
    score = int(text)
    return score if score == 0 or low <= score <= high else None


def clean_text(value):
    """Return a text as the database can hold it, without spaces around it.

    :rtype: str
    """
    return str(value or "").replace("\0", "").strip()


def half_width(count, deviation):
    """Return half the width of the 95 % interval of a mean, None for too few.

    Student's quantile by the first terms of its expansion, exact to 1 % from 5 on.

    :param int count: how many values
    :param float deviation: their standard deviation, of the sample
    :rtype: float | None
    """
    if count < MIN_FOR_INTERVAL or deviation is None:
        return None
    free = count - 1
    quantile = (
        _Z
        + (_Z**3 + _Z) / (4 * free)
        + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * free**2)
        + (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / (384 * free**3)
    )
    return quantile * deviation / math.sqrt(count)


def is_striking(own, rest):
    """Say whether two means differ by more than chance explains (Welch, 99 %).

    :param own: (count, mean, standard deviation) of one agent
    :param rest: the same of all others
    :rtype: bool
    """
    if min(own[0], rest[0]) < MIN_FOR_INTERVAL:
        return False
    error = math.sqrt(sum(sd * sd / count for count, _mean, sd in (own, rest)))
    gap = abs(own[1] - rest[1])
    return gap > _STRIKING * error if error else gap > 0


def study_window(months, window):
    """Return whether an interview lies in the window of the maker's study.

    :param months: whole months since the purchase, None if unknown
    :param window: (first, last) month or None where no study asks
    :return: "in", "out", "unknown" or None
    """
    if window is None:
        return None
    if months is None:
        return "unknown"
    return "in" if window[0] <= months <= window[1] else "out"
