from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.cr_dealership.tools import worktime


def days(low, high):
    """Return nine to five of every day between two moments."""
    day, found = low.replace(hour=0, minute=0), []
    while day < high:
        start, end = day + timedelta(hours=9), day + timedelta(hours=17)
        if max(start, low) < min(end, high):
            found.append((max(start, low), min(end, high)))
        day += timedelta(days=1)
    return found


@tagged("post_install", "-at_install")
class TestWorktime(BaseCase):
    """A deadline in working hours."""

    def test_hours_run_while_the_store_is_open(self):
        morning = datetime(2026, 11, 20, 10)
        self.assertEqual(
            worktime.add_hours(days, morning, 4), datetime(2026, 11, 20, 14)
        )
        self.assertEqual(
            worktime.add_hours(days, morning, 8), datetime(2026, 11, 21, 10)
        )

    def test_a_deadline_begins_when_the_store_opens(self):
        night = datetime(2026, 11, 20, 22)
        self.assertEqual(worktime.add_hours(days, night, 1), datetime(2026, 11, 21, 10))

    def test_beyond_the_first_month(self):
        morning = datetime(2026, 11, 20, 9)
        self.assertEqual(
            worktime.add_hours(days, morning, 8 * 40), datetime(2026, 12, 29, 17)
        )

    def test_a_store_that_never_opens_has_no_deadline(self):
        night = datetime(2026, 11, 20)
        self.assertIsNone(worktime.add_hours(lambda low, high: [], night, 1))
