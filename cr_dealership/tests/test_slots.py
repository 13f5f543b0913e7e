from datetime import date, datetime

from odoo.tests import BaseCase

from ..tools.slots import Load, Rule, Slot, mark, nearest, plan_day, suggest

FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


def rule(**values):
    """Return the rule of two hours' maintenance with two places."""
    known = {"kind": "maintenance", "hour_from": 9, "hour_to": 11, "places": 2}
    return Rule(**{**known, **values})


def free(number, hour, taken, places=4):
    """Return a bookable slot."""
    return Load(number, FRIDAY, datetime(2026, 11, 20, hour), places, taken)


class TestSlotsOfADay(BaseCase):
    """What capacity rules make of a day."""

    def plan(self, *rules, day=FRIDAY, weekday=None, is_working=True):
        weekday = day.weekday() if weekday is None else weekday
        return plan_day(rules, day, weekday, is_working)

    def test_hours_are_cut_into_slots(self):
        self.assertEqual(
            self.plan(rule()),
            [Slot("maintenance", 9, 10, 2), Slot("maintenance", 10, 11, 2)],
        )

    def test_a_rest_shorter_than_a_slot_makes_none(self):
        found = self.plan(rule(hour_to=10.5, minutes=60))
        self.assertEqual(found, [Slot("maintenance", 9, 10, 2)])

    def test_a_day_off_has_no_slot(self):
        self.assertFalse(self.plan(rule(), is_working=False))

    def test_a_make_up_saturday_works_like_its_weekday(self):
        monday = rule(weekday=0)
        self.assertFalse(self.plan(monday, day=SATURDAY))
        self.assertTrue(self.plan(monday, day=SATURDAY, weekday=0))

    def test_places_of_the_same_time_add_up(self):
        [slot] = self.plan(rule(hour_to=10), rule(hour_to=10, places=3))
        self.assertEqual(slot.places, 5)

    def test_rules_hold_between_their_days(self):
        self.assertFalse(self.plan(rule(date_from=SATURDAY)))
        self.assertFalse(self.plan(rule(date_to=date(2026, 11, 19))))
        self.assertTrue(self.plan(rule(date_from=FRIDAY, date_to=FRIDAY)))

    def test_own_rules_stand_in_for_the_shared_ones(self):
        found = self.plan(
            rule(is_own=False, places=9),
            rule(hour_to=10),
            rule(kind="repair", is_own=False),
        )
        self.assertEqual(
            [(slot.kind, slot.places) for slot in found],
            [("maintenance", 2), ("repair", 2), ("repair", 2)],
        )

    def test_an_exception_closes_all_kinds(self):
        closed = rule(kind=None, hour_from=0, hour_to=24, places=0, is_override=True)
        self.assertFalse(self.plan(rule(), rule(kind="repair"), closed))

    def test_an_exception_closes_its_hours_only(self):
        closed = rule(hour_from=9.5, hour_to=10, places=0, is_override=True)
        self.assertEqual(self.plan(rule(), closed), [Slot("maintenance", 10, 11, 2)])

    def test_an_exception_opens_a_day_off(self):
        extra = rule(hour_to=10, places=5, is_override=True)
        found = self.plan(rule(), extra, is_working=False)
        self.assertEqual(found, [Slot("maintenance", 9, 10, 5)])


class TestSlotsOffered(BaseCase):
    """Which free slots are offered first (APT-06)."""

    def test_the_quiet_times_come_first(self):
        offers = suggest([free(1, 9, 3), free(2, 10, 0), free(3, 11, 1)], 2)
        self.assertEqual([offer.id for offer in offers], [2, 3])
        self.assertTrue(offers[0].is_off_peak)

    def test_of_equal_times_the_earlier_comes_first(self):
        offers = suggest([free(2, 11, 1), free(1, 9, 1)], 5)
        self.assertEqual([offer.id for offer in offers], [1, 2])

    def test_nothing_is_quiet_where_all_are_alike(self):
        offers = mark([free(1, 9, 0), free(2, 10, 0)])
        self.assertFalse(any(offer.is_off_peak for offer in offers))

    def test_an_empty_shop_has_no_peak_to_avoid(self):
        loads = [free(number, 8 + number, 0) for number in range(8)]
        offers = mark([*loads, free(9, 17, 2)])
        self.assertFalse(any(offer.is_off_peak for offer in offers))

    def test_a_quiet_day_is_quiet_beside_busy_ones(self):
        busy = [free(number, 8 + number, 3) for number in range(4)]
        quiet = free(9, 9, 0)._replace(day=SATURDAY)
        self.assertTrue(mark([*busy, quiet])[-1].is_off_peak)

    def test_the_nearest_stand_in_the_order_of_time(self):
        wanted = datetime(2026, 11, 20, 10)
        found = nearest(
            [free(1, 8, 0), free(2, 11, 0), free(3, 9, 0), free(4, 17, 0)], wanted, 2
        )
        self.assertEqual([slot.id for slot in found], [3, 2])

    def test_a_full_time_is_offered_to_nobody_but_makes_others_quiet(self):
        loads = [free(1, 9, 4), free(2, 10, 0)]
        [offer] = mark(loads)
        self.assertEqual((offer.id, offer.is_off_peak), (2, True))
        self.assertEqual(suggest(loads, 2), [offer])
        self.assertEqual(nearest(loads, loads[0].start, 2), loads[1:])

    def test_nothing_free_offers_nothing(self):
        self.assertEqual((mark([]), suggest([], 3)), ([], []))
