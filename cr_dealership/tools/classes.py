"""Classes of a customer: frequency, value, lifecycle, completeness of the file.

Requirements CUS-13, CUS-14, CUS-17, CUS-25. Thresholds come from the caller, for they
are settings; the defaults below are those of the requirements.
"""

import datetime
from typing import NamedTuple

from .offsets import add_months

FREQUENCY_CLASSES = ("first", "repeat", "loyal")
VALUE_CLASSES = ("high", "medium", "low")
STAGES = (
    "prospect",
    "in_purchase",
    "new_owner",
    "active",
    "lapsing",
    "lapsed",
    "lost_contact",
    "lost",
)

DEFAULT_FREQUENCY = {"repeat": 2, "loyal": 3}
DEFAULT_LIFECYCLE = {
    "new_owner_days": 90,
    "lapsing_months": 3,
    "lapsed_months": 6,
    # Assumed: the seeds name no month after which a customer is given up.
    "lost_months": 24,
}


class Facts(NamedTuple):
    """What decides the lifecycle stage of a customer.

    ``delivered_on`` is the latest delivery, ``last_visit_on`` the latest visit to the
    shop; ``is_buying`` tells of an order that is not delivered yet.
    """

    delivered_on: datetime.date | None = None
    last_visit_on: datetime.date | None = None
    is_buying: bool = False
    is_lost_contact: bool = False


def frequency_class(bought_count, thresholds=None):
    """Return "first", "repeat" or "loyal" by the number of cars bought (CUS-13).

    :param int bought_count: cars bought
    :param dict thresholds: least count of ``repeat`` and ``loyal``
    :return: None for somebody who bought no car
    :rtype: str | None
    """
    limits = DEFAULT_FREQUENCY | (thresholds or {})
    if not bought_count or bought_count < 1:
        return None
    if bought_count >= limits["loyal"]:
        return "loyal"
    return "repeat" if bought_count >= limits["repeat"] else "first"


def value_class(spend, thresholds):
    """Return "high", "medium" or "low" by the money spent (CUS-14).

    :param spend: yuan spent in the window that the caller chose; None for unknown
    :param dict thresholds: least spend of ``high`` and ``medium``
    :return: None when the spend is unknown
    :rtype: str | None
    """
    if spend is None:
        return None
    if spend >= thresholds["high"]:
        return "high"
    return "medium" if spend >= thresholds["medium"] else "low"


def lifecycle(facts, today, thresholds=None):
    """Return ``(stage, valid_until)`` of a customer (CUS-25).

    :param Facts facts: deliveries, visits, marks
    :param datetime.date today: day to judge
    :param dict thresholds: ``new_owner_days``, ``lapsing_months``, ``lapsed_months``,
        ``lost_months``; what is missing has its default
    :return: ``valid_until`` is the first day of the next stage when nothing but time
        passes, None when time alone changes nothing
    :rtype: tuple[str, datetime.date | None]
    """
    limits = DEFAULT_LIFECYCLE | (thresholds or {})
    delivered_on, last_visit_on = facts.delivered_on, facts.last_visit_on
    if delivered_on and delivered_on > today:
        return "in_purchase", delivered_on
    if facts.is_buying:
        return "in_purchase", None
    last_seen_on = max(filter(None, (delivered_on, last_visit_on)), default=None)
    if not last_seen_on:
        return ("lost_contact" if facts.is_lost_contact else "prospect"), None
    lost_on = add_months(last_seen_on, limits["lost_months"])
    if today >= lost_on:
        return "lost", None
    if facts.is_lost_contact:
        return "lost_contact", lost_on
    return _stage_by_absence(delivered_on, last_seen_on, today, limits)


def _stage_by_absence(delivered_on, last_seen_on, today, limits):
    """Return stage and end of an owner who is neither lost nor out of reach."""
    if delivered_on:
        settled_on = delivered_on + datetime.timedelta(days=limits["new_owner_days"])
        if today < settled_on:
            return "new_owner", settled_on
    lapsing_on = add_months(last_seen_on, limits["lapsing_months"])
    if today < lapsing_on:
        return "active", lapsing_on
    lapsed_on = add_months(last_seen_on, limits["lapsed_months"])
    if today < lapsed_on:
        return "lapsing", lapsed_on
    return "lapsed", add_months(last_seen_on, limits["lost_months"])


def completeness(values, weights):
    """Return ``(percent, missing)`` of a customer's file (CUS-17).

    :param dict values: field name -> value; 0 is a value, False is none
    :param dict weights: field name -> weight of the fields that count
    :return: whole percent, 100 when nothing counts; the missing names, heaviest first
    :rtype: tuple[int, list[str]]
    """
    missing = [name for name in weights if _is_empty(values.get(name))]
    total = sum(weights.values())
    if total <= 0:
        return 100, []
    lacking = sum(weights[name] for name in missing)
    missing.sort(key=lambda name: -weights[name])
    # Rounded down, so that only a complete file shows 100.
    return int(100 * (total - lacking) // total), missing


def _is_empty(value):
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value.strip()
    return hasattr(value, "__len__") and len(value) == 0
