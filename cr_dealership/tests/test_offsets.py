import datetime

from odoo.tests import BaseCase, tagged

from ..tools import offsets

day = datetime.date


@tagged("post_install", "-at_install")
class TestOffsets(BaseCase):
    """Calendar months and offsets from day N."""

    def test_month_too_short_gives_its_last_day(self):
        for start, months, expected in (
            (day(2026, 1, 31), 1, day(2026, 2, 28)),
            (day(2024, 1, 31), 1, day(2024, 2, 29)),
            (day(2026, 1, 30), 13, day(2027, 2, 28)),
            (day(2026, 3, 31), -1, day(2026, 2, 28)),
            (day(2026, 12, 15), 1, day(2027, 1, 15)),
            (day(2026, 1, 15), -1, day(2025, 12, 15)),
            (day(2024, 2, 29), 12, day(2025, 2, 28)),
            (day(2026, 5, 5), 0, day(2026, 5, 5)),
        ):
            self.assertEqual(offsets.add_months(start, months), expected)

    def test_thirtieth_of_february_is_its_last_day(self):
        self.assertEqual(offsets.day_of_month(2026, 2, 30), day(2026, 2, 28))
        self.assertEqual(offsets.day_of_month(2024, 2, 30), day(2024, 2, 29))
        self.assertEqual(offsets.day_of_month(2026, 3, 30), day(2026, 3, 30))

    def test_first_and_last_day_of_the_month(self):
        self.assertEqual(offsets.last_day(day(2026, 2, 3)), day(2026, 2, 28))
        self.assertEqual(offsets.first_day(day(2026, 2, 3)), day(2026, 2, 1))

    def test_full_months_between_two_days(self):
        for start, end, months in (
            (day(2026, 1, 31), day(2026, 2, 28), 1),
            (day(2026, 1, 31), day(2026, 2, 27), 0),
            (day(2026, 1, 15), day(2027, 1, 14), 11),
            (day(2027, 1, 15), day(2026, 1, 15), -12),
        ):
            self.assertEqual(offsets.months_between(start, end), months)

    def test_months_added_are_months_between(self):
        start = day(2023, 12, 1)
        for number in range(800):
            begin = offsets.step_date(start, number)
            for months in (1, 3, 6, 24):
                end = offsets.add_months(begin, months)
                self.assertEqual(offsets.months_between(begin, end), months)

    def test_steps_count_from_day_n(self):
        self.assertEqual(offsets.step_date(day(2026, 3, 6), -65), day(2025, 12, 31))
        self.assertEqual(offsets.step_date(day(2026, 2, 27), 7), day(2026, 3, 6))

    def test_working_day_is_the_nearest_one(self):
        saturday = day(2026, 11, 21)
        self.assertEqual(
            offsets.working_day(saturday, self.is_weekday), day(2026, 11, 23)
        )
        found = offsets.working_day(saturday, self.is_weekday, forward=False)
        self.assertEqual(found, day(2026, 11, 20))
        self.assertEqual(offsets.working_day(saturday, lambda date: True), saturday)
        self.assertEqual(offsets.working_day(saturday, lambda date: False), saturday)

    @staticmethod
    def is_weekday(date):
        return date.weekday() < 5

    def test_working_days_are_counted_from_the_next_one(self):
        friday = day(2026, 11, 20)

        def is_weekday(one):
            return one.weekday() < 5

        for count, expected in ((1, 23), (5, 27), (6, 30)):
            self.assertEqual(
                offsets.nth_working_day(friday, count, is_weekday),
                day(2026, 11, expected),
            )

    def test_a_calendar_without_working_days_counts_calendar_days(self):
        found = offsets.nth_working_day(day(2026, 11, 20), 3, lambda _day: False)
        self.assertEqual(found, day(2026, 11, 23))
