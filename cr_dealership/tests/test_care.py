from datetime import date, timedelta

from odoo.tests import BaseCase

from odoo.addons.cr_dealership.tools import care
from odoo.addons.cr_dealership.tools.birthdays import next_birthday

TODAY = date(2026, 11, 20)
CAP = care.Cap(2, 7)


def due(**values):
    """Return a call step due today."""
    defaults = {
        "channel": "call",
        "due_on": TODAY,
        "tolerance_days": 10,
        "condition": "open",
        "partner_id": 1,
    }
    return care.Due(**{**defaults, **values})


class TestCare(BaseCase):
    """What becomes of a step whose day has come."""

    def verdict(self, contacts=(), **values):
        return care.decide(due(**values), TODAY, set(contacts), CAP)

    def test_a_due_step_is_taken(self):
        self.assertEqual(self.verdict(), care.TAKE)

    def test_a_step_is_late_after_its_tolerance_only(self):
        late = TODAY - timedelta(days=10)
        self.assertEqual(self.verdict(due_on=late).action, "take")
        self.assertEqual(
            self.verdict(due_on=late - timedelta(days=1)), ("skip", "too_late", None)
        )

    def test_nobody_is_contacted_from_an_unconfirmed_list(self):
        verdict = self.verdict(is_gated=True)
        self.assertEqual(verdict.reason, "unconfirmed")
        self.assertEqual(verdict.until, TODAY + timedelta(days=1))
        self.assertEqual(self.verdict(is_gated=True, is_confirmed=True), care.TAKE)

    def test_who_has_decided_is_not_asked_again(self):
        for answer in ("agreed", "coming", "refused"):
            self.assertEqual(self.verdict(answer=answer).reason, "not_needed")
        self.assertEqual(self.verdict(answer="later"), care.TAKE)

    def test_a_step_waits_until_the_day_after_the_booked_visit(self):
        visit = TODAY + timedelta(days=4)
        self.assertEqual(
            self.verdict(booked_for=visit),
            ("hold", "booked", visit + timedelta(days=1)),
        )
        # The visit may have been yesterday, and nobody noted yet whether he came.
        yesterday = TODAY - timedelta(days=1)
        self.assertEqual(
            self.verdict(booked_for=yesterday).until, TODAY + timedelta(days=1)
        )
        self.assertEqual(
            self.verdict(booked_for=visit, condition="always"), care.TAKE
        )
        self.assertEqual(
            self.verdict(booked_for=visit, condition="refused").reason, "not_needed"
        )

    def test_the_reason_is_asked_of_who_refused(self):
        self.assertEqual(
            self.verdict(condition="refused", answer="refused"), care.TAKE
        )
        self.assertEqual(self.verdict(condition="refused").reason, "not_needed")

    def test_a_task_needs_no_consent(self):
        self.assertEqual(self.verdict(channel="task", block="opt_out"), care.TAKE)
        self.assertEqual(self.verdict(block="opt_out").reason, "opt_out")

    def test_the_cap_holds_back_until_the_oldest_contact_is_out_of_the_window(self):
        contacts = {(TODAY - timedelta(days=5), "sms"), (TODAY, "sms")}
        verdict = self.verdict(contacts)
        self.assertEqual((verdict.action, verdict.reason), ("hold", "cap"))
        self.assertEqual(verdict.until, TODAY + timedelta(days=2))

    def test_a_call_of_the_same_day_takes_further_lines(self):
        contacts = {(TODAY - timedelta(days=5), "sms"), (TODAY, "call")}
        self.assertEqual(self.verdict(contacts), care.TAKE)

    def test_no_cap_holds_nobody(self):
        contacts = {(TODAY, str(number)) for number in range(9)}
        verdict = care.decide(due(), TODAY, contacts, care.Cap(0, 7))
        self.assertEqual(verdict, care.TAKE)

    def test_another_case_of_the_car_satisfies_the_step(self):
        self.assertEqual(self.verdict(is_satisfied=True).reason, "satisfied")


class TestBirthdays(BaseCase):
    """The next birthday by either calendar."""

    def test_solar_birthday_is_today_or_later(self):
        self.assertEqual(next_birthday(date(1980, 11, 20), TODAY), TODAY)
        self.assertEqual(
            next_birthday(date(1980, 11, 19), TODAY), date(2027, 11, 19)
        )

    def test_leap_day_falls_on_the_28th(self):
        self.assertEqual(next_birthday(date(1984, 2, 29), TODAY), date(2027, 2, 28))
        self.assertEqual(
            next_birthday(date(1984, 2, 29), date(2028, 1, 1)), date(2028, 2, 29)
        )

    def test_lunar_new_year_moves_with_the_moon(self):
        born = date(1985, 2, 20)  # first day of the lunar year 1985
        self.assertEqual(next_birthday(born, TODAY, True), date(2027, 2, 6))
        self.assertEqual(
            next_birthday(born, date(2027, 2, 7), True), date(2028, 1, 26)
        )

    def test_dates_that_no_calendar_covers_have_none(self):
        self.assertIsNone(next_birthday(date(1899, 1, 1), TODAY, True))
        self.assertIsNone(next_birthday(None, TODAY))
        self.assertIsNone(next_birthday(TODAY + timedelta(days=1), TODAY))
