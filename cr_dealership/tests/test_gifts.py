from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import gifts

DAY = date(2026, 11, 20)
MENU = [
    gifts.Gift(1, 100, gifts.CUSTOMER),
    gifts.Gift(2, 50, gifts.CUSTOMER, tags=frozenset({7})),
    gifts.Gift(3, 60, gifts.CHILD, 3, 9),
    gifts.Gift(4, 500, None),
    gifts.Gift(5, 20, gifts.CUSTOMER, 60),
]


@tagged("post_install", "-at_install")
class TestGifts(BaseCase):
    """Who gets which gift, and what the limits say (REL-11, REL-12, REL-13)."""

    def choose(self, limit=100, menu=None, **person):
        found = gifts.choose(menu or MENU, gifts.Person(**person), DAY, limit)
        return found and found.key

    def test_own_choice_wins_even_over_the_limit(self):
        self.assertEqual(self.choose(choice=4, tags=frozenset({7})), 4)
        self.assertEqual(self.choose(choice=99), 1)

    def test_hobby_then_the_order_of_the_menu(self):
        self.assertEqual(self.choose(tags=frozenset({7, 8})), 2)
        self.assertEqual(self.choose(), 1)
        self.assertEqual(self.choose(limit=60), 2)

    def test_age_and_kind(self):
        self.assertEqual(self.choose(kind=gifts.CHILD, birthday=date(2020, 1, 1)), 3)
        for birthday in (None, date(2024, 1, 1), date(2010, 1, 1)):
            self.assertIsNone(self.choose(kind=gifts.CHILD, birthday=birthday))
        self.assertEqual(self.choose(limit=30, birthday=date(1960, 1, 1)), 5)
        self.assertIsNone(self.choose(limit=10))

    def test_age_counts_from_the_birthday_on(self):
        self.assertEqual(gifts.age_on(date(2000, 11, 20), DAY), 26)
        self.assertEqual(gifts.age_on(date(2000, 11, 21), DAY), 25)
        self.assertEqual(gifts.age_on(date(2000, 2, 29), date(2026, 2, 28)), 25)
        self.assertIsNone(gifts.age_on(None, DAY))

    def test_limits(self):
        cases = [
            ((100, 0, 100, 300), None),
            ((101, 0, 100, 300), gifts.OVER_LIMIT),
            ((100, 200, 100, 300), None),
            ((100, 201, 100, 300), gifts.OVER_QUOTA),
            ((9999, 9999, 0, 0), None),
        ]
        for values, expected in cases:
            self.assertEqual(gifts.hold(*values), expected, values)
