"""Who answers for a role on a day, and how work is shared out among them.

People, roles and customers are plain ids here, so that the rules are read and tested
without a database.
"""

import heapq
from typing import NamedTuple


class Role(NamedTuple):
    """What the roster must know about a role."""

    state: str
    delegate: int | None = None
    fallback: int | None = None


class Duty(NamedTuple):
    """Someone on duty: `user` works, because `holder` holds `role`."""

    user: int
    holder: int
    role: int


def stand_in(user, day, absences, may_work=None):
    """Return who works for `user` on `day`: the user, a substitute, or None.

    A substitute who is away too is followed to his own substitute; a circle of
    absent people ends in None.

    :param absences: {user: [(first day, last day, substitute or None)]}
    :param may_work: users who may work at all; None: everybody
    """
    seen = set()
    while user is not None and user not in seen:
        seen.add(user)
        away = [span for span in absences.get(user, ()) if span[0] <= day <= span[1]]
        if not away and (may_work is None or user in may_work):
            return user
        user = next((span[2] for span in away if span[2]), None)
    return None


def on_duty(role, day, roles, holders, absences, head=None, may_work=None):
    """Return the list of Duty of a role on a day.

    Order of the search: the role's own holders or their substitutes, the role it is
    delegated to, its fallback role, the head's role. A suspended or delegated role
    does not use its own holders. Circles of roles end the search.

    :param roles: {role: Role}
    :param holders: {role: [user]} of that day, in order
    :param head: the role that answers when nobody else does
    """
    queue, seen = [role], set()
    while queue:
        current = queue.pop(0)
        if current in roles and current not in seen:
            seen.add(current)
            duties = _present(current, day, roles, holders, absences, may_work)
            if duties:
                return duties
            queue += [
                following
                for following in (roles[current].delegate, roles[current].fallback)
                if following is not None
            ]
        if not queue and head is not None and head not in seen:
            queue.append(head)
    return []


def _present(role, day, roles, holders, absences, may_work):
    """Return the duties of the role's own holders who work on that day."""
    duties = {}
    if roles[role].state == "active":
        for holder in holders.get(role, ()):
            user = stand_in(holder, day, absences, may_work)
            if user is not None:
                duties.setdefault(user, Duty(user, holder, role))
    return list(duties.values())


def share_out(items, people):
    """Return {item: person}: everyone gets work in proportion to his quota.

    The next item goes to who has the least load against his quota. People with quota
    zero get nothing while anyone has a quota.

    :param items: ids in the order in which they are handed out
    :param people: {person: (quota, load so far)}
    """
    if not people:
        return {}
    if not any(quota > 0 for quota, load in people.values()):
        people = {person: (1, load) for person, (quota, load) in people.items()}
    heap = [
        (load / quota, person, load, quota)
        for person, (quota, load) in people.items()
        if quota > 0
    ]
    heapq.heapify(heap)
    shared = {}
    for item in items:
        _share, person, load, quota = heap[0]
        shared[item] = person
        heapq.heapreplace(heap, ((load + 1) / quota, person, load + 1, quota))
    return shared
