from datetime import datetime, timedelta

from odoo.tests import BaseCase

from ..tools.message import (
    count_parts,
    fill,
    find_unknown,
    has_loose_brace,
    is_opt_out,
    quiet_until,
    retry_delay,
)


class TestMessage(BaseCase):
    """Text, length and hours of messages, without database (COM-03, COM-06)."""

    def test_placeholders_are_filled_in_and_missing_ones_vanish(self):
        text = "尊敬的{customer}{title},{plate}"
        self.assertEqual(fill(text, {"customer": "曾晓燕"}), "尊敬的曾晓燕,")
        self.assertEqual(fill(False, {}), "")

    def test_unknown_placeholders_are_named(self):
        self.assertEqual(find_unknown("{customer} {nmae} {客户}"), ["nmae", "客户"])
        self.assertEqual(find_unknown("a { b } c"), [])

    def test_a_brace_without_its_other_half_is_noticed(self):
        for text in ("Dear {customer", "Dear customer}", "{{title}}", "{ title }"):
            self.assertTrue(has_loose_brace(text), text)
        for text in ("", None, "Dear {customer} {title}"):
            self.assertFalse(has_loose_brace(text), text)

    def test_parts_are_seventy_characters_or_sixty_seven_each(self):
        for length, parts in ((0, 1), (70, 1), (71, 2), (134, 2), (135, 3)):
            self.assertEqual(count_parts("车" * length), parts, length)
        self.assertEqual(count_parts("🚗" * 36), 2)

    def test_who_wants_no_more_is_understood(self):
        for text in (
            "T",
            "td",
            " N ",
            "stop",
            "退订",
            "退订。",
            "TD",
            "回复退订",
            "T退订",
        ):
            self.assertTrue(is_opt_out(text), text)
        for text in ("", "不错", "你好,我想知道怎么才能退订这个", "Tomorrow", "NO"):
            self.assertFalse(is_opt_out(text), text)

    def test_pauses_grow_and_bridge_an_hour(self):
        pauses = [retry_delay(number) for number in range(1, 6)]
        self.assertEqual(pauses, sorted(pauses))
        self.assertGreater(sum(pauses[:3], timedelta()), timedelta(hours=1))
        self.assertEqual(retry_delay(0), retry_delay(1))

    def test_quiet_hours_last_over_midnight(self):
        def end(hour, minute=0):
            return quiet_until(datetime(2026, 11, 20, hour, minute), 21.0, 8.5)

        self.assertIsNone(end(20, 59))
        self.assertEqual(end(21), datetime(2026, 11, 21, 8, 30))
        self.assertEqual(end(3), datetime(2026, 11, 20, 8, 30))
        self.assertIsNone(end(8, 30))

    def test_quiet_hours_at_noon_and_none_at_all(self):
        noon = datetime(2026, 11, 20, 12, 30)
        self.assertEqual(quiet_until(noon, 12, 14), datetime(2026, 11, 20, 14))
        self.assertIsNone(quiet_until(noon, 9, 9))
