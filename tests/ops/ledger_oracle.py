"""What must come of the writers' work, in plain Python and without the addon.

The database is asked for one thing only: in which order the causes came to an account,
and which of them came at once. What each one moves is worked out anew from the plan.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from ledger_plan import order_points

_NEVER = datetime.date.max


@dataclass
class Lot:
    """Points of one cause, until they are gone."""

    place: int
    points: int
    left: int
    available_on: datetime.date
    expires_on: datetime.date | None
    expired: int = 0

    @property
    def rank(self):
        """Return what the earliest to expire has least of."""
        return self.expires_on or _NEVER, self.available_on, self.place

    def is_ready(self, day):
        """Say whether the points may be spent on a day."""
        return self.available_on <= day <= (self.expires_on or _NEVER)


@dataclass
class Posted:
    """One entry of the ledger as it stands there."""

    id: int
    batch: int
    sequence: int
    key: str
    day: datetime.date
    points: int
    balance: int


@dataclass
class Account:
    """The points of one member, told by the rules."""

    member: int
    lots: dict = field(default_factory=dict)
    used: dict = field(default_factory=dict)
    owed: dict = field(default_factory=dict)
    posted: dict = field(default_factory=dict)
    balance: int = 0
    has_owed: bool = False

    def get_available(self, day):
        """Return what may be spent on a day."""
        return sum(lot.left for lot in self.lots.values() if lot.is_ready(day))

    def get_open(self):
        """Return what is left, with what waits or is over."""
        return sum(lot.left for lot in self.lots.values())

    def get_arrears(self):
        """Return what was taken back and is not paid yet."""
        return sum(self.owed.values())

    def get_taken(self, key):
        """Return what a redemption took and was not given back."""
        return sum(self.used.get(key, {}).values())

    def add_lot(self, key, points, available_on, expires_on):
        """Bring points into being."""
        place = len(self.lots)
        self.lots[key] = Lot(place, points, points, available_on, expires_on)

    def take(self, points, lots):
        """Take points in the order of expiry; return {key of a lot: points taken}."""
        taken = {}
        for key in sorted(lots, key=lambda key: self.lots[key].rank):
            lot = self.lots[key]
            part = min(points, lot.left)
            if part:
                taken[key] = part
                lot.left -= part
                points -= part
        return taken

    def give_back(self, key, points):
        """Give points back to what a redemption took them from, the last first."""
        used = self.used[key]
        for lot in sorted(used, key=lambda lot: self.lots[lot].rank, reverse=True):
            part = min(points, used[lot])
            used[lot] -= part
            self.lots[lot].left += part
            points -= part

    def pay(self):
        """Pay what is owed from what there is, the oldest first."""
        for key in list(self.owed):
            self.owed[key] -= sum(self.take(self.owed[key], self.lots).values())
            if not self.owed[key]:
                del self.owed[key]
        self.has_owed |= bool(self.owed)


class Oracle:
    """Plays the plan over the accounts; `faults` are what the database says else."""

    def __init__(self, plan, names):
        """Take the plan, and the keys of entries and lots by what their keys name."""
        self.plan, self.names = plan, names
        self.accounts = {member: Account(member) for member in range(plan.members)}
        self.awards = {award.key: award for award in plan.openings}
        self.spends, self.backs, self.days = {}, {}, {}
        self.orders = {order.number: order for order in plan.orders}
        self.versions = {}
        self.faults = []
        for _writer, work in plan.all_work():
            self._learn(work)

    def _learn(self, work):
        """Remember the causes, and the days on which somebody posts them."""
        known = {
            "award": self.awards,
            "spend": self.spends,
            "give_back": self.backs,
        }.get(work.kind)
        if known is not None:
            for line in work.lines:
                known[line.key] = line
                self.days.setdefault(line.key, set()).add(work.day)

    # === PLAYING === #

    def play(self, member, entries, probes):
        """Play the entries of an account; answer the probes at their places.

        :param entries: all of the account, in order
        :param dict probes: {sequence: [function of the account]}
        """
        account = self.accounts[member]
        for probe in probes.get(0, ()):
            probe(account)
        for batch in _group(entries):
            self._play_batch(account, batch)
            for probe in probes.get(batch[-1].sequence, ()):
                probe(account)

    def _play_batch(self, account, batch):
        expected = [self._expect(account, entry) for entry in batch]
        for entry, points in zip(batch, expected, strict=True):
            account.balance += points
            if (entry.points, entry.balance) != (points, account.balance):
                self._complain(account, entry, f"{points} to {account.balance}")
        self._move(account, batch, expected)
        for entry in batch:
            account.posted[entry.key] = entry

    def _complain(self, account, entry, expected):
        self.faults.append(
            f"member {account.member}, {entry.key}, entry {entry.sequence}:"
            f" {entry.points} to {entry.balance} instead of {expected}"
        )

    def _expect(self, account, entry):
        """Return what an entry must move, by its cause alone."""
        kind, _, rest = entry.key.partition(":")
        if entry.key in account.posted:
            self._complain(account, entry, "nothing, it was posted before")
        if kind in ("award", "open"):
            return self.awards[entry.key].points
        if kind == "spend":
            if entry.day not in self.days[entry.key]:
                self._complain(account, entry, "a day on which it was asked for")
            return -self.spends[entry.key].points
        if kind in ("back", "part", "half"):
            back = self.backs[entry.key]
            return back.points or account.get_taken(back.spend.key)
        return getattr(self, f"_expect_{kind}")(account, entry, rest)

    def _expect_order(self, account, entry, rest):
        """An order brings what one of its versions says, and no earlier one again."""
        number = self.names["orders"][int(rest.partition(":")[0])]
        order, since = self.orders[number], self.versions.get(number, 0)
        for version in range(since, len(order.versions)):
            if order_points(order.versions[version]) == entry.points:
                self.versions[number] = version
                return entry.points
        self._complain(account, entry, f"one of {order.versions[since:]}")
        return 0

    def _expect_reverse(self, account, _entry, rest):
        """What expired already is not taken once more."""
        key = self.names["entries"][int(rest)]
        return account.lots[key].expired - account.lots[key].points

    def _expect_expire(self, account, entry, rest):
        lot = account.lots[self.names["lots"][int(rest.partition(":")[0])]]
        if not lot.expires_on or lot.expires_on >= entry.day:
            self._complain(account, entry, f"nothing before {lot.expires_on}")
        return -lot.left

    # === MOVING === #

    def _move(self, account, batch, expected):
        """Move the points of what came at once: bring, give back, take, pay."""
        moves = list(zip(batch, expected, strict=True))
        for entry, points in moves:
            kind = entry.key.partition(":")[0]
            if kind in ("award", "open"):
                award = self.awards[entry.key]
                dates = award.available_on, award.expires_on
                account.add_lot(entry.key, points, *dates)
            elif kind == "order":
                account.add_lot(entry.key, points, entry.day, None)
        for entry, points in moves:
            if entry.key in self.backs:
                account.give_back(self.backs[entry.key].spend.key, points)
            self._take_own(account, entry, -points)
        self._spend(account, [move for move in moves if move[0].key in self.spends])
        account.pay()

    def _take_own(self, account, entry, points):
        """Take what expired, or what is taken back, from the points it is about."""
        kind, _, rest = entry.key.partition(":")
        if kind == "expire":
            lot = account.lots[self.names["lots"][int(rest.partition(":")[0])]]
            lot.left -= points
            lot.expired += points
        elif kind == "reverse":
            own = account.take(points, [self.names["entries"][int(rest)]])
            account.owed[entry.key] = points - sum(own.values())

    def _spend(self, account, moves):
        for entry, points in moves:
            ready = [k for k, lot in account.lots.items() if lot.is_ready(entry.day)]
            taken = account.take(-points, ready)
            if sum(taken.values()) != -points:
                self._complain(account, entry, f"a refusal, {taken} were free")
            account.used[entry.key] = taken


def _group(entries):
    """Return the entries in the batches that came at once."""
    batches = []
    for entry in entries:
        if batches and batches[-1][-1].batch == entry.batch:
            batches[-1].append(entry)
        else:
            batches.append([entry])
    return batches


def get_calm_ends(plan):
    """Return {member: balance in the end} of whoever has plenty, by sums alone.

    Nothing of these members depends on who came first: no order of the work is asked
    for, nor any row of the database.
    """
    causes, gone, versions = _read_causes(plan)
    ends = Counter()
    for key in set(causes).difference(gone):
        member, points = causes[key]
        ends[member] += points
    for order, version in versions.items():
        ends[order.member] += order_points(order.versions[version])
    return {member: ends[member] for member in range(plan.calm)}


def _read_causes(plan):
    """Return {key: (member, points)}, the keys undone, {order: its last version}."""
    causes, gone, versions = {}, set(), {}
    for award in plan.openings:
        causes[award.key] = award.member, award.points
    for _writer, work in plan.all_work():
        for line in work.lines:
            if work.kind in ("award", "spend"):
                sign = 1 if work.kind == "award" else -1
                causes[line.key] = line.member, sign * line.points
            elif work.kind in ("take_back", "give_back"):
                gone.add(getattr(line, "spend", line).key)
            else:
                versions[line] = max(versions.get(line, 0), work.version or 0)
    return causes, gone, versions
