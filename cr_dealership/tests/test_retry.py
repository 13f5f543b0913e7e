import datetime
import random

from odoo.tests import BaseCase, tagged

from ..tools import retry
from ..tools.retry import Ladder, NextTry, Part

PARTS = [
    Part("morning", datetime.time(9), datetime.time(11, 30)),
    Part("afternoon", datetime.time(14), datetime.time(17)),
    Part("evening", datetime.time(18), datetime.time(20)),
]
MONDAY = datetime.date(2026, 11, 16)


def at(days, hour, minute=0):
    return datetime.datetime.combine(
        MONDAY + datetime.timedelta(days=days), datetime.time(hour, minute)
    )


def weekday(day):
    return day.weekday() < 5


@tagged("post_install", "-at_install")
class TestRetry(BaseCase):
    """Who was not reached is called again soon, in another part of the day."""

    def next_try(
        self, now, codes, outcome="off", working=weekday, ladder=None, **options
    ):
        attempts = [(now, code) for code in codes]
        ladder = ladder or Ladder()
        return retry.next_try(now, outcome, attempts, PARTS, working, ladder, **options)

    def test_time_belongs_to_the_part_that_begins_with_it(self):
        for clock, code in (
            ((9, 0), "morning"),
            ((11, 29), "morning"),
            ((14, 0), "afternoon"),
        ):
            self.assertEqual(retry.part_of(datetime.time(*clock), PARTS).code, code)
        for clock in ((8, 59), (11, 30), (20, 0)):
            self.assertIsNone(retry.part_of(datetime.time(*clock), PARTS))

    def test_next_try_is_in_the_soonest_other_part(self):
        self.assertEqual(
            self.next_try(at(0, 9, 30), ["morning"]), NextTry(at(0, 14), "afternoon")
        )

    def test_gap_between_two_tries_is_kept(self):
        found = self.next_try(at(0, 13, 30), ["morning"])
        self.assertEqual(found, NextTry(at(0, 14, 30), "afternoon"))

    def test_try_begins_on_a_full_minute(self):
        now = at(0, 13, 30).replace(second=5, microsecond=7)
        self.assertEqual(self.next_try(now, ["morning"]).at, at(0, 14, 31))

    def test_evening_failure_goes_to_the_next_morning(self):
        self.assertEqual(
            self.next_try(at(0, 19), ["evening"]), NextTry(at(1, 9), "morning")
        )

    def test_untried_part_is_preferred_to_a_sooner_one(self):
        found = self.next_try(at(0, 16), ["evening", "afternoon"])
        self.assertEqual(found, NextTry(at(1, 9), "morning"))

    def test_lost_contact_after_the_last_attempt(self):
        self.assertIsNone(self.next_try(at(0, 9), ["morning", "afternoon", "evening"]))
        ladder = Ladder(max_attempts=1)
        self.assertIsNone(self.next_try(at(0, 9), ["morning"], ladder=ladder))

    def test_all_parts_tried_means_another_than_the_last(self):
        codes = ["morning", "afternoon", "evening"]
        found = self.next_try(at(0, 19), codes, ladder=Ladder(max_attempts=9))
        self.assertEqual(found, NextTry(at(1, 9), "morning"))

    def test_weekend_puts_the_try_on_the_first_working_day(self):
        found = self.next_try(at(4, 19), ["evening"])
        self.assertEqual(found, NextTry(at(7, 9), "morning"))

    def test_day_after_the_weekend_still_prefers_an_untried_part(self):
        found = self.next_try(at(4, 19), ["morning"], ladder=Ladder(within_days=1))
        self.assertEqual(found, NextTry(at(7, 14), "afternoon"))

    def test_untried_part_beyond_the_days_gives_way(self):
        working = {MONDAY}.__contains__
        found = self.next_try(at(0, 9, 10), ["afternoon", "evening"], working=working)
        self.assertEqual(found, NextTry(at(0, 10, 10), "morning"))
        found = self.next_try(at(0, 12), ["morning", "afternoon"], working=working)
        self.assertEqual(found, NextTry(at(0, 18), "evening"))

    def test_busy_line_may_be_tried_soon_in_the_same_part(self):
        ladder = Ladder(min_gap_minutes=30, quick_outcomes=("busy",))
        found = self.next_try(at(0, 9), ["morning"], outcome="busy", ladder=ladder)
        self.assertEqual(found, NextTry(at(0, 9, 30), "morning"))

    def test_no_working_day_at_all_gives_none(self):
        self.assertIsNone(
            self.next_try(at(0, 9), ["morning"], working=lambda day: False)
        )
        self.assertIsNone(retry.next_try(at(0, 9), "off", [], [], weekday, Ladder()))

    def test_wish_is_kept_as_given(self):
        wish = at(3, 10, 15)
        found = self.next_try(at(0, 9), ["morning"] * 5, wish=wish)
        self.assertEqual(found, NextTry(wish, "morning", False))

    def test_wish_between_windows_moves_to_the_next_and_says_so(self):
        found = self.next_try(at(0, 9), [], wish=at(3, 12))
        self.assertEqual(found, NextTry(at(3, 14), "afternoon", True))
        found = self.next_try(at(0, 9), [], wish=at(3, 22))
        self.assertEqual(found, NextTry(at(4, 9), "morning", True))

    def test_wish_on_a_day_off_keeps_its_time(self):
        found = self.next_try(at(0, 9), [], wish=at(5, 15, 20))
        self.assertEqual(found, NextTry(at(7, 15, 20), "afternoon", True))

    def test_wish_that_no_day_permits_gives_none(self):
        for hour in (12, 15):
            self.assertIsNone(retry.keep_wish(at(0, hour), PARTS, lambda day: False))

    def test_every_try_lies_in_a_window_of_a_working_day(self):
        rng = random.Random(12)
        for _number in range(1000):
            now = at(rng.randrange(30), rng.randrange(24), rng.randrange(60))
            codes = rng.choices(["morning", "afternoon", "evening"], k=rng.randrange(3))
            found = self.next_try(now, codes)
            self.assertTrue(weekday(found.at.date()))
            self.assertEqual(
                retry.part_of(found.at.time(), PARTS).code, found.part_code
            )
            self.assertGreaterEqual(found.at - now, datetime.timedelta(hours=1))
            self.assertLessEqual((found.at.date() - now.date()).days, 3)
            self.assertNotIn(found.part_code, codes[-1:])
