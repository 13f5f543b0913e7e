"""Which gift a person gets, and whether the limits allow it (REL-11, REL-13)."""

import datetime
from typing import NamedTuple

NO_GIFT, OVER_LIMIT, OVER_QUOTA = "no_gift", "over_limit", "over_quota"
CUSTOMER, CHILD = "customer", "child"


class Gift(NamedTuple):
    """A line of the gift menu; ``for_whom`` None and ages 0 mean anybody."""

    key: int
    value: float = 0.0
    for_whom: str | None = None
    age_from: int = 0
    age_to: int = 0
    tags: frozenset = frozenset()


class Person(NamedTuple):
    """Who gets the gift; ``choice`` is the key of what he picked himself."""

    kind: str = CUSTOMER
    birthday: datetime.date | None = None
    tags: frozenset = frozenset()
    choice: int | None = None


def age_on(birthday, day):
    """Return the age in years on a day, None if the birthday is unknown.

    :param datetime.date birthday: day of birth
    :param datetime.date day: the day
    :rtype: int | None
    """
    if not birthday:
        return None
    is_ahead = (day.month, day.day) < (birthday.month, birthday.day)
    return day.year - birthday.year - is_ahead


def fits(gift, person, day):
    """Say whether a gift suits a person by kind and age.

    An unknown age suits no gift with an age band.

    :param Gift gift: line of the menu
    :param Person person: who gets it
    :param datetime.date day: day of the gift
    """
    if gift.for_whom and gift.for_whom != person.kind:
        return False
    if not gift.age_from and not gift.age_to:
        return True
    age = age_on(person.birthday, day)
    return age is not None and gift.age_from <= age <= (gift.age_to or age)


def choose(menu, person, day, limit):
    """Return the gift for a person: his own choice, else one of his hobby (REL-12).

    :param list menu: gifts in the order of the menu
    :param Person person: who gets it
    :param datetime.date day: day of the gift
    :param float limit: dearest gift that is proposed; an own choice may be dearer
    :return: the gift, None if the menu has none for him
    :rtype: Gift | None
    """
    for gift in menu:
        if gift.key == person.choice:
            return gift
    fitting = [
        gift for gift in menu if gift.value <= limit and fits(gift, person, day)
    ]
    for gift in fitting:
        if gift.tags & person.tags:
            return gift
    untagged = [gift for gift in fitting if not gift.tags]
    return (untagged or fitting or [None])[0]


def hold(value, used, limit, quota):
    """Return why a gift is over the store's limits, None if it is not (REL-13).

    :param float value: worth of the gift
    :param float used: what the person got in the period
    :param float limit: most for one gift; 0 means no limit
    :param float quota: most for the person in the period; 0 means no limit
    :rtype: str | None
    """
    if limit and value > limit:
        return OVER_LIMIT
    if quota and used + value > quota:
        return OVER_QUOTA
    return None
