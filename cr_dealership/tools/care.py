"""Which due step of a care plan is taken, held back or left out (REL-26, FS-04)."""

import datetime
from typing import NamedTuple

# Channels that reach the customer; a list or a task is work among ourselves.
CONTACT_CHANNELS = frozenset(("sms", "email", "letter", "call"))
# Answers of a customer after whom he is not asked the same again.
SETTLED_ANSWERS = frozenset(("agreed", "coming", "refused"))


class Due(NamedTuple):
    """A step of a case whose day has come.

    ``answer`` is what the customer said so far, None if nothing; ``block`` why he may
    not be contacted on the channel, None if he may; ``booked_for`` the day of the visit
    that he booked, None without one.
    """

    channel: str
    due_on: datetime.date
    tolerance_days: int
    condition: str
    partner_id: int | None
    is_gated: bool = False
    is_confirmed: bool = False
    booked_for: datetime.date | None = None
    is_reached: bool = False
    answer: str | None = None
    block: str | None = None
    is_satisfied: bool = False


class Cap(NamedTuple):
    """At most so many contacts of a person in so many days; 0 for no limit."""

    contacts: int
    days: int


class Verdict(NamedTuple):
    """What becomes of a due step: "take", "hold" until a day, or "skip"."""

    action: str
    reason: str | None = None
    until: datetime.date | None = None


TAKE = Verdict("take")


def decide(due, today, contacts, cap):
    """Return what becomes of a due step today.

    :param Due due: the step
    :param datetime.date today: day of the run
    :param set contacts: (day, channel) of the contacts of this person in the last days
    :param Cap cap: limit of the store
    :rtype: Verdict
    """
    if reason := _needless(due, today):
        return Verdict("skip", reason)
    if wait := _waits(due, today):
        return wait
    if due.channel not in CONTACT_CHANNELS:
        return TAKE
    if due.block or not due.partner_id:
        return Verdict("skip", due.block or "no_customer")
    free_on = next_free_day(today, due.channel, contacts, cap)
    return Verdict("hold", "cap", free_on) if free_on else TAKE


def _waits(due, today):
    """Return the verdict on a step that waits for a visit or a confirmation."""
    if due.booked_for and due.condition != "always":
        # Nobody may have noted yet whether he came.
        last_on = max(due.booked_for, today)
        return Verdict("hold", "booked", last_on + datetime.timedelta(days=1))
    if due.is_gated and not due.is_confirmed:
        return Verdict("hold", "unconfirmed", today + datetime.timedelta(days=1))
    return None


def _needless(due, today):
    """Return why the step is not taken any more, None if it is."""
    late_on = due.due_on + datetime.timedelta(days=due.tolerance_days)
    # Whoever falls due late must join the list all the same: else nobody confirms him.
    if today > late_on and due.channel != "list":
        return "too_late"
    if due.is_satisfied:
        return "satisfied"
    return None if is_wanted(due) else "not_needed"


def is_wanted(due):
    """Return whether the step's condition holds for its case.

    :param Due due: the step
    :rtype: bool
    """
    if due.condition == "always":
        return True
    if due.condition == "refused":
        return due.answer == "refused"
    if due.booked_for:
        # He is asked again if he does not come.
        return True
    if due.answer in SETTLED_ANSWERS:
        return False
    return due.condition == "open" or not due.is_reached


def next_free_day(today, channel, contacts, cap):
    """Return the day on which a person may be contacted again, None for today.

    :param datetime.date today: wished day
    :param str channel: a channel that was used today already is no further contact
    :param set contacts: (day, channel) of the person's contacts
    :param Cap cap: limit
    :rtype: datetime.date | None
    """
    first = today - datetime.timedelta(days=cap.days - 1)
    days = sorted(day for day, _channel in contacts if day >= first)
    if not cap.contacts or (today, channel) in contacts or len(days) < cap.contacts:
        return None
    return days[-cap.contacts] + datetime.timedelta(days=cap.days)
