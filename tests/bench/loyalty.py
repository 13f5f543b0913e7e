"""Points in Odoo's own `loyalty`: a card for each customer, history for each order.

Its ways are two: what a confirmed order does (a line of history, then the points of the
card), and the same handed in as many at once as the ORM takes.
"""

from dataclasses import dataclass

import databases
from measure import Meter
from stage import open_env

_BATCH = 1_000
_ORDER_MODEL = "cr.service.order"


@dataclass
class Booked:
    """What booking took, and how many orders were booked."""

    seconds: float
    count: int

    @property
    def rate(self):
        """Return how many orders were booked in a second."""
        return self.count / self.seconds


def measure_loyalty(name, single):
    """Return what booking took: all of the orders in batches, some one by one.

    :param str name: database with work orders; it gets the cards
    :param int single: so many orders one by one
    """
    postings = databases.query(
        name,
        "SELECT id, partner_id, (amount_material + amount_labour)::float"
        "  FROM cr_service_order WHERE partner_id IS NOT NULL ORDER BY id",
    )
    with open_env(name) as env:
        # As favourable as can be: nothing in the chatter, no mails.
        env = env(context={"tracking_disable": True, "loyalty_no_mail": True})
        program = env["loyalty.program"].create(
            {"name": "Bench", "program_type": "loyalty"}
        )
        with Meter() as batch:
            cards = _make_cards(env, program, postings)
            _book_in_batches(env, cards, postings)
            env.cr.commit()
        env.invalidate_all()
        with Meter() as one:
            for posting in postings[:single]:
                _book(env, cards, posting)
                env.cr.commit()
    return Booked(batch.seconds, len(postings)), Booked(one.seconds, single)


def _make_cards(env, program, postings):
    """Return {customer: card}, made in batches."""
    partners = sorted({partner for _order, partner, _points in postings})
    cards = env["loyalty.card"]
    for start in range(0, len(partners), _BATCH):
        cards |= cards.create(
            [
                {"program_id": program.id, "partner_id": partner}
                for partner in partners[start : start + _BATCH]
            ]
        )
    return dict(zip(partners, cards, strict=True))


def _prepare(cards, posting):
    order, partner, points = posting
    return {
        "card_id": cards[partner].id,
        "order_model": _ORDER_MODEL,
        "order_id": order,
        "description": f"Order {order}",
        "issued": points,
        "used": 0.0,
    }


def _book_in_batches(env, cards, postings):
    for start in range(0, len(postings), _BATCH):
        batch = postings[start : start + _BATCH]
        env["loyalty.history"].create([_prepare(cards, one) for one in batch])
        for _order, partner, points in batch:
            cards[partner].points += points
        env.flush_all()
        env.invalidate_all()


def _book(env, cards, posting):
    _order, partner, points = posting
    env["loyalty.history"].create(_prepare(cards, posting))
    cards[partner].points += points
