import datetime

from odoo.tests import BaseCase, tagged

from ..tools import due
from ..tools.offsets import add_months

LAST = datetime.date(2026, 1, 10)
SCHEDULE = [(0, 24), (120, 12)]


def after(days):
    return LAST + datetime.timedelta(days=days)


@tagged("post_install", "-at_install")
class TestDue(BaseCase):
    """The earlier of date and mileage makes a car due."""

    def test_slow_car_is_due_by_date(self):
        found = due.next_service(LAST, 10000, 10, 180, 5000)
        self.assertEqual(found, due.Due(after(180), "date", 15000, 10, None))

    def test_fast_car_is_due_by_mileage(self):
        found = due.next_service(LAST, 10000, 50, 180, 5000)
        self.assertEqual(
            (found.on, found.basis, found.km), (after(100), "mileage", 15000)
        )

    def test_mileage_is_reached_on_the_day_not_after_it(self):
        self.assertEqual(due.next_service(LAST, 0, 33, None, 5000).on, after(151))

    def test_statement_of_the_shop_wins_over_the_interval(self):
        found = due.next_service(LAST, 10000, 50, 180, 5000, after(300), 20000)
        self.assertEqual(
            (found.on, found.basis, found.km), (after(200), "mileage", 20000)
        )
        found = due.next_service(LAST, 10000, 5, 180, 5000, after(300), 20000)
        self.assertEqual((found.on, found.basis), (after(300), "date"))

    def test_statement_not_after_the_visit_is_ignored(self):
        found = due.next_service(LAST, 10000, 50, 180, 5000, LAST, 10000)
        self.assertEqual((found.on, found.km), (after(100), 15000))

    def test_without_rhythm_the_date_decides(self):
        for rate in (None, 0):
            found = due.next_service(LAST, 10000, rate, 180, 5000)
            self.assertEqual(found, due.Due(after(180), "date", 15000, None, None))

    def test_without_reading_the_date_decides(self):
        self.assertEqual(due.next_service(LAST, None, 50, 180, 5000).basis, "date")

    def test_nothing_known_gives_nothing(self):
        self.assertIsNone(due.next_service(None, 10000, 50, 180, 5000))
        self.assertIsNone(due.next_service(LAST, 10000, None, None, 5000))
        self.assertIsNone(due.next_service(LAST, None, 50, 0, 0))

    def test_car_that_hardly_drives_has_no_forecast(self):
        self.assertIsNone(due.next_service(LAST, 10000, 0.1, None, 5000))

    def test_days_left_count_from_today(self):
        found = due.next_service(LAST, 10000, 10, 180, 5000, today=after(200))
        self.assertEqual(found.days_left, -20)

    def test_first_service_by_date_and_by_mileage(self):
        self.assertEqual(due.first_service(LAST, 90, 5000).on, after(90))
        found = due.first_service(LAST, 90, 5000, 100)
        self.assertEqual((found.on, found.basis), (after(50), "mileage"))
        found = due.first_service(LAST, 90, 5000, 100, after(20), 4000)
        self.assertEqual((found.on, found.basis), (after(30), "mileage"))

    def test_first_service_is_due_once_its_mileage_is_passed(self):
        found = due.first_service(
            LAST, 90, 5000, None, after(40), 5200, today=after(45)
        )
        self.assertEqual(found, due.Due(after(40), "mileage", 5000, None, -5))

    def test_first_service_needs_a_delivery_and_an_interval(self):
        self.assertIsNone(due.first_service(None, 90, 5000))
        self.assertIsNone(due.first_service(LAST, None, None, 40))

    def test_soonest_passes_over_what_has_no_date(self):
        items = [
            ("a", None),
            ("b", after(5), 1),
            ("c", after(3), 2),
            ("d", after(3), 3),
        ]
        self.assertEqual(due.soonest(items), ("c", after(3), 2))
        self.assertIsNone(due.soonest([("a", None)]))
        self.assertIsNone(due.soonest([]))


@tagged("post_install", "-at_install")
class TestDueInspection(BaseCase):
    """Inspections every two years, from ten years on every year."""

    registered = datetime.date(2020, 5, 10)

    def test_first_inspection_falls_due_at_the_end_of_its_month(self):
        found = due.next_inspection(self.registered, None, SCHEDULE)
        self.assertEqual(found, datetime.date(2022, 5, 31))

    def test_day_itself_can_be_asked_for(self):
        found = due.next_inspection(self.registered, None, SCHEDULE, end_of_month=False)
        self.assertEqual(found, datetime.date(2022, 5, 10))

    def test_passed_inspection_moves_on_to_the_next(self):
        for passed in ((2022, 5, 31), (2022, 3, 1), (2022, 2, 28), (2023, 1, 1)):
            found = due.next_inspection(
                self.registered, datetime.date(*passed), SCHEDULE
            )
            self.assertEqual(found, datetime.date(2024, 5, 31), passed)

    def test_inspection_passed_too_early_does_not_count(self):
        passed = datetime.date(2022, 2, 27)
        found = due.next_inspection(self.registered, passed, SCHEDULE)
        self.assertEqual(found, datetime.date(2022, 5, 31))

    def test_old_car_is_inspected_every_year(self):
        passed = datetime.date(2030, 5, 20)
        found = due.next_inspection(self.registered, passed, SCHEDULE)
        self.assertEqual(found, datetime.date(2031, 5, 31))

    def test_unknown_inspections_of_the_past_are_taken_as_passed(self):
        today = datetime.date(2026, 6, 1)
        found = due.next_inspection(self.registered, None, SCHEDULE, today)
        self.assertEqual(found, datetime.date(2028, 5, 31))
        found = due.next_inspection(
            self.registered, None, SCHEDULE, datetime.date(2026, 5, 31)
        )
        self.assertEqual(found, datetime.date(2026, 5, 31))

    def test_schedule_may_begin_later_and_come_in_any_order(self):
        found = due.next_inspection(self.registered, None, [(120, 12), (72, 24)])
        self.assertEqual(found, add_months(datetime.date(2020, 5, 31), 72))

    def test_without_registration_or_schedule_there_is_none(self):
        self.assertIsNone(due.next_inspection(None, None, SCHEDULE))
        self.assertIsNone(due.next_inspection(self.registered, None, []))
        self.assertIsNone(due.next_inspection(self.registered, None, [(0, 0)]))
