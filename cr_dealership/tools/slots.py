"""Which slots a store's capacity makes of a day, and which of them to offer first."""

from datetime import date, datetime
from typing import NamedTuple

# A slot counts as off-peak up to this share of its places taken …
OFF_PEAK_SHARE = 0.5
# … where the day, or the days around it, are at least so full: an empty shop has no
# peak to avoid.
BUSY_FROM = 0.2


class Rule(NamedTuple):
    """How many places a store has in a part of the day.

    Without `weekday` it holds on every working day, without dates always. An override
    stands in for what the other rules make of its hours, on days off as well; without
    `kind` it speaks of all kinds of work.
    """

    kind: str | None
    hour_from: float
    hour_to: float
    places: int
    minutes: int = 60
    weekday: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    is_override: bool = False
    is_own: bool = True


class Slot(NamedTuple):
    """Places of one kind of work between two moments of a day, in hours."""

    kind: str
    hour_from: float
    hour_to: float
    places: int


class Load(NamedTuple):
    """A slot to come, and how many of its places are taken."""

    id: int
    day: date
    start: datetime
    places: int
    taken: int

    @property
    def share(self):
        """Return which share of the places is taken."""
        return self.taken / self.places if self.places else 1.0

    @property
    def is_free(self):
        """Say whether there is a place left."""
        return self.taken < self.places


class Offer(NamedTuple):
    """A slot to be offered; `is_off_peak`: the store has time then."""

    id: int
    start: datetime
    is_off_peak: bool


# === WHAT A DAY HAS === #


def applies(rule, day, weekday):
    """Say whether a rule holds on a day that works like a weekday (Monday: 0)."""
    return (
        (rule.weekday is None or rule.weekday == weekday)
        and (rule.date_from is None or rule.date_from <= day)
        and (rule.date_to is None or day <= rule.date_to)
    )


def cut(rule, kind):
    """Return the slots of a rule; a rest shorter than a slot makes none."""
    step = rule.minutes / 60
    count = int((rule.hour_to - rule.hour_from) / step + 1e-6)
    starts = [rule.hour_from + step * number for number in range(count)]
    return [Slot(kind, start, start + step, rule.places) for start in starts]


def plan_day(rules, day, weekday, is_working):
    """Return the slots of a day.

    A store's own rules stand in for the shared ones of the same kind of work.

    :param rules: iterable of Rule
    :param day: date
    :param weekday: weekday the day works like; a make-up Saturday is a weekday
    :param is_working: whether the store works on that day
    :return: [Slot], by kind and hour, none without a place
    """
    slots = {}
    regular = _without_replaced([rule for rule in rules if not rule.is_override])
    for rule in regular if is_working else ():
        if applies(rule, day, weekday):
            _add(slots, cut(rule, rule.kind))
    for rule in rules:
        if rule.is_override and applies(rule, day, weekday):
            _replace(slots, rule)
    return sorted(slot for slot in slots.values() if slot.places > 0)


def _without_replaced(rules):
    """Return the rules without the shared ones of kinds that the store rules itself."""
    own = {rule.kind for rule in rules if rule.is_own}
    return [rule for rule in rules if rule.is_own or rule.kind not in own]


def _add(slots, found):
    """Add slots; places of the same time add up."""
    for slot in found:
        key = slot.kind, slot.hour_from
        known = slots.get(key)
        slots[key] = slot._replace(places=slot.places + (known.places if known else 0))


def _replace(slots, rule):
    """Put what an override says in the place of what lies in its hours."""
    for key, slot in list(slots.items()):
        is_meant = rule.kind in (None, slot.kind)
        overlaps = slot.hour_from < rule.hour_to and rule.hour_from < slot.hour_to
        if is_meant and overlaps:
            del slots[key]
    if rule.kind and rule.places > 0:
        _add(slots, cut(rule, rule.kind))


# === WHAT TO OFFER === #


def average(loads):
    """Return the average share of places taken."""
    return sum(slot.share for slot in loads) / len(loads) if loads else 0


def is_off_peak(slot, usual):
    """Say whether the store has time: emptier than its day or the days around it.

    :param float usual: the higher one of the two averages
    """
    is_busy = usual >= BUSY_FROM
    return is_busy and slot.share < usual and slot.share <= OFF_PEAK_SHARE


def mark(loads):
    """Return offers of the free slots in the order given, the quiet ones marked.

    :param loads: [Load], full ones too: what is quiet is measured against them
    """
    days = {}
    for slot in loads:
        days.setdefault(slot.day, []).append(slot)
    around = average(loads)
    usual = {day: max(around, average(found)) for day, found in days.items()}
    return [
        Offer(slot.id, slot.start, is_off_peak(slot, usual[slot.day]))
        for slot in loads
        if slot.is_free
    ]


def suggest(loads, count):
    """Return the offers to make first: least load first, then the earliest (APT-06).

    :param loads: [Load] of the next days
    :param count: how many to offer
    """
    offers = {offer.id: offer for offer in mark(loads)}
    free = [slot for slot in loads if slot.is_free]
    order = sorted(free, key=lambda slot: (round(slot.share, 1), slot.start))
    return [offers[slot.id] for slot in order[:count]]


def nearest(loads, wanted, count):
    """Return the free slots closest to a moment, in the order of time.

    :param loads: [Load]
    :param wanted: datetime that is full
    """
    free = [slot for slot in loads if slot.is_free]
    order = sorted(free, key=lambda slot: (abs(slot.start - wanted), slot.start))
    return sorted(order[:count], key=lambda slot: slot.start)
