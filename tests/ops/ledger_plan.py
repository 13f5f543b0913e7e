"""What writers do to a points ledger, made of a seed alone.

Nothing here knows Odoo or the addon: the same seed gives every writer the same work in
the same order. In which order the writers come to the database stays open.
"""

import datetime
import random
from collections import Counter
from dataclasses import dataclass, field

START = datetime.date(2026, 3, 2)
ORDER_DAY = START - datetime.timedelta(days=10)
ROUNDS = 10
_DAY = datetime.timedelta(days=1)
_MEMBER_SHARE = 40
_ORDER_SHARE = 12
# How often each kind of work is drawn.
_WEIGHTS = {
    "award": 26,
    "spend": 20,
    "order": 12,
    "change": 7,
    "take_back": 7,
    "give_back": 9,
    "again": 16,
    "expire": 3,
}
# Who has plenty: his points never expire or wait, so whatever comes first, the end is
# the same. The others run short.
_CALM_SHARE = 0.4


@dataclass(frozen=True)
class Award:
    """Points that an event brings; `key` is the cause."""

    key: str
    member: int
    points: int
    day: datetime.date
    available_on: datetime.date
    expires_on: datetime.date | None


@dataclass(frozen=True)
class Spend:
    """Points that a redemption takes."""

    key: str
    member: int
    points: int


@dataclass(frozen=True)
class Back:
    """Points of a redemption that are given back; without `points` all that is left."""

    key: str
    spend: Spend
    points: int | None = None


@dataclass(frozen=True)
class Order:
    """A work order and what it becomes: (material, labour) in cents, None: cancelled.

    Only the writer at its till changes it; all of them post it.
    """

    number: int
    member: int
    till: int
    versions: tuple


@dataclass(frozen=True)
class Work:
    """One call, one transaction; `lines` are what its kind says, on a day."""

    kind: str
    day: datetime.date
    lines: tuple = ()
    version: int | None = None
    limit: int = 0
    is_replay: bool = False


@dataclass
class Plan:
    """Everybody, what there is before, and the rounds: for each writer its work."""

    seed: int
    members: int
    calm: int
    orders: list
    openings: list = field(default_factory=list)
    rounds: list = field(default_factory=list)

    def all_work(self):
        """Yield every piece of work with its writer, round by round."""
        for works in self.rounds:
            for writer, own in enumerate(works):
                for work in own:
                    yield writer, work

    def count(self):
        """Return how many pieces of work of each kind there are."""
        return Counter(work.kind for _writer, work in self.all_work())


class Maker:
    """Draws a plan; every draw comes from one generator."""

    def __init__(self, operations, writers, seed):
        self.operations, self.writers = operations, writers
        self.random = random.Random(seed)
        members = max(24, operations // _MEMBER_SHARE)
        self.plan = Plan(seed, members, round(members * _CALM_SHARE), [])
        self.causes = {"award": [], "spend": [], "give_back": []}
        self.at = dict.fromkeys(range(max(writers, operations // _ORDER_SHARE)), 0)
        self.day, self.made = START, 0

    def make(self):
        """Return the plan."""
        self._make_orders()
        for number in range(ROUNDS):
            self.day = START + number * _DAY
            until = self.operations * (number + 1) // ROUNDS
            works = [[] for _writer in range(self.writers)]
            turn = 0
            while self.made < until:
                turn += 1
                new = self._draw(turn % self.writers)
                self.made += len(new)
                works[turn % self.writers] += new
            # The proof of the night runs while the others write.
            works[number % self.writers].append(Work("prove", self.day))
            self.plan.rounds.append(works)
        self._make_openings()
        return self.plan

    def _make_openings(self):
        """Give whoever has plenty more than all that may be taken from him."""
        need = Counter()
        for award in self.causes["award"]:
            need[award.member] += award.points
        for spend in self.causes["spend"]:
            need[spend.member] += spend.points
        for order in self.plan.orders:
            need[order.member] += sum(map(order_points, order.versions))
        before = START - _DAY
        self.plan.openings = [
            Award(f"open:{member}", member, need[member] + 1, before, before, None)
            for member in range(self.plan.calm)
        ]

    # === WHO, WHAT === #

    def _member(self, is_calm=None):
        """Return a member; some are drawn far more often than others."""
        calm = self.plan.calm
        if is_calm is None:
            is_calm = self.random.random() < _CALM_SHARE
        first, count = (0, calm) if is_calm else (calm, self.plan.members - calm)
        return first + int(count * self.random.random() ** 2)

    def _members(self, most):
        """Return some members, all with plenty or all without."""
        first = self._member()
        more = self.random.choice((0, 0, 0, *range(most)))
        others = {self._member(first < self.plan.calm) for _one in range(more)}
        return sorted({first} | others)

    def _make_orders(self):
        for number in self.at:
            versions = [self._version()]
            for _change in range(self.random.randrange(4)):
                other = None if self.random.random() < 0.3 else self._version()
                if other != versions[-1]:
                    versions.append(other)
            till = number % self.writers
            order = Order(number, self._member(), till, tuple(versions))
            self.plan.orders.append(order)

    def _version(self):
        return self.random.randrange(100, 15_000), self.random.randrange(100, 10_000)

    # === WORK === #

    def _draw(self, writer):
        """Return one piece of work, with what must have come before it."""
        [kind] = self.random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        return getattr(self, f"_draw_{kind}")(writer)

    def _draw_award(self, _writer):
        lines = tuple(self._make_award(member) for member in self._members(4))
        self.causes["award"] += lines
        return [Work("award", self.day, lines)]

    def _make_award(self, member):
        draw, key = self.random, f"award:{len(self.causes['award'])}:{member}"
        first, last = self.day, None
        if member >= self.plan.calm:
            first += _DAY * draw.choice((0, 0, 0, 1, 3))
            last = draw.choice((None, self.day + _DAY * draw.randrange(-2, 6)))
        return Award(key, member, draw.randrange(5, 250), self.day, first, last)

    def _draw_spend(self, _writer):
        lines = tuple(
            Spend(
                f"spend:{len(self.causes['spend'])}:{member}",
                member,
                self.random.randrange(20, 400),
            )
            for member in self._members(3)
        )
        self.causes["spend"] += lines
        return [Work("spend", self.day, lines)]

    def _draw_order(self, _writer):
        count = self.random.choice((1, 1, 2, 5))
        orders = self.random.sample(self.plan.orders, min(count, len(self.at)))
        return [Work("order", self.day, tuple(orders))]

    def _draw_change(self, writer):
        """Bring an order of the writer's till to its next version, and post it."""
        own = range(writer, len(self.at), self.writers)
        order = self.plan.orders[self.random.choice(own)]
        if self.at[order.number] + 1 < len(order.versions):
            self.at[order.number] += 1
        version = self.at[order.number]
        return [Work("change", self.day, (order,), version=version)]

    def _draw_take_back(self, writer):
        """Take an award back, after it was posted again to be sure of it."""
        if not self.causes["award"]:
            return self._draw_award(writer)
        line = self._pick("award")
        return [
            Work("award", self.day, (line,), is_replay=True),
            Work("take_back", self.day, (line,)),
        ]

    def _draw_give_back(self, writer):
        """Give a redemption back: all of it, a part, or in two parts at once."""
        if not self.causes["spend"]:
            return self._draw_spend(writer)
        spend = self._pick("spend")
        number = len(self.causes["give_back"])
        part = self.random.randrange(1, spend.points)
        lines = [(Back(f"back:{spend.key}", spend),)]
        if spend.member >= self.plan.calm:
            halves = part, spend.points - part
            lines += [
                (Back(f"part:{number}:{spend.key}", spend, part),),
                tuple(
                    Back(f"half:{number}.{place}:{spend.key}", spend, half)
                    for place, half in enumerate(halves)
                ),
            ]
        back = Work("give_back", self.day, self.random.choice(lines))
        self.causes["give_back"].append(back)
        return [Work("spend", self.day, (spend,), is_replay=True), back]

    def _draw_again(self, writer):
        """Post something again that somebody posts, posted or will post."""
        kind = self.random.choice(("award", "award", "spend", "give_back"))
        if not self.causes[kind]:
            return self._draw_award(writer)
        if kind == "give_back":
            back = self._pick(kind)
            return [Work(kind, self.day, back.lines, is_replay=True)]
        return [Work(kind, self.day, (self._pick(kind),), is_replay=True)]

    def _draw_expire(self, _writer):
        return [Work("expire", self.day, limit=self.random.choice((1, 5, 20)))]

    def _pick(self, kind):
        """Return a cause, the latest ones more often: others are at them now."""
        causes = self.causes[kind]
        back = int(len(causes) * self.random.random() ** 3)
        return causes[-1 - back]


def order_points(version):
    """Return what an order brings: a point a yuan, half a point of labour, rounded."""
    if version is None:
        return 0
    material, labour = version
    # Half a point for a hundred cents, to the nearest one, halves up.
    return material // 100 + (labour + 100) // 200


def make_plan(operations, writers, seed):
    """Return the plan of a seed."""
    return Maker(operations, writers, seed).make()
