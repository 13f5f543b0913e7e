import re
from datetime import date

from odoo.tests import BaseCase

from ..tools.events import (
    call_day,
    choose_waiting,
    judge_count,
    read_code,
    read_digits,
)
from ..tools.qr import make_svg

_DAY = date(2026, 12, 20)


class TestEvents(BaseCase):
    """Rules of events, without a database."""

    def test_calls_are_counted_from_day_n(self):
        for state, day in (
            ("todo", date(2026, 11, 30)),
            ("accepted", date(2026, 12, 15)),
            ("confirmed", date(2026, 12, 19)),
            ("attended", None),
        ):
            self.assertEqual(call_day(state, _DAY, {}), day, state)

    def test_a_kind_of_event_has_days_of_its_own(self):
        self.assertEqual(call_day("accepted", _DAY, {"accepted": 15}).day, 5)

    def test_an_event_without_day_has_no_calls(self):
        self.assertIsNone(call_day("todo", None, {}))

    def test_only_digits_are_part_of_a_number(self):
        for text, digits in (
            ("3456", "3456"),
            (" 138-0012 3456 ", "13800123456"),
            ("+86 138 0012 3456", "13800123456"),
            ("000112", "000112"),
            ("123", ""),
            ("123456789012", ""),
            ("12ab", ""),
            ("٣٤٥٦", ""),
            ("", ""),
            (None, ""),
        ):
            self.assertEqual(read_digits(text), digits, text)

    def test_codes_are_read_from_addresses_too(self):
        for text, code in (
            ("abc", "abc"),
            (" abc ", "abc"),
            ("https://x.example/cr/checkin/code/abc", "abc"),
            ("https://x.example/cr/event/abc/?utm=1", "abc"),
            ("http://[", ""),
            ("", ""),
            (None, ""),
            ("a\0b", "ab"),
        ):
            self.assertEqual(read_code(text), code, text)

    def test_years_are_judged_by_their_limits(self):
        for count, low, high, verdict in (
            (1, 2, 4, "short"),
            (2, 2, 4, "right"),
            (4, 2, 4, "right"),
            (5, 2, 4, "over"),
            (9, 2, 0, "right"),
            (0, 0, 0, "right"),
        ):
            self.assertEqual(judge_count(count, low, high), verdict)

    def test_free_seats_go_down_the_list(self):
        waiting = [("a", 3), ("b", 1), ("c", 1)]
        self.assertEqual(choose_waiting(waiting, 2), ["b", "c"])
        self.assertEqual(choose_waiting(waiting, 0), [])
        self.assertEqual(choose_waiting(waiting, None), ["a", "b", "c"])

    def test_codes_are_drawn_with_their_three_corners(self):
        svg = make_svg("https://shop.example/cr/checkin/code/abc")
        side = int(svg.split('viewBox="0 0 ')[1].split()[0])
        dark = set(re.findall(r"M(\d+) (\d+)h1v1", svg))
        # Each corner but one is a dark square of seven with a light ring in it.
        last = side - 4 - 7
        for left, top in ((4, 4), (last, 4), (4, last)):
            for step in range(7):
                self.assertIn((str(left + step), str(top)), dark)
            self.assertNotIn((str(left + 1), str(top + 1)), dark)
            self.assertIn((str(left + 3), str(top + 3)), dark)

    def test_a_text_too_long_for_a_code_is_refused(self):
        with self.assertRaises(ValueError):
            make_svg("x" * 201)
