from datetime import time

from odoo.tests import BaseCase, tagged

from ..tools.contact import format_hours, parse_hours, phone_keys
from ..tools.errors import RuleError


@tagged("post_install", "-at_install")
class TestContactKeys(BaseCase):
    """Telephone keys and preferred hours, without a database."""

    def test_one_number_in_two_notations_is_one_key(self):
        self.assertEqual(phone_keys("138-1234 5678", "+86 13812345678"), "13812345678")

    def test_every_number_is_a_key(self):
        self.assertEqual(
            phone_keys("13812345678", "0796-8212345"), "13812345678 07968212345"
        )

    def test_what_is_no_number_keeps_its_digits(self):
        self.assertEqual(phone_keys("tel 12345", None, ""), "12345")

    def test_hours_are_read_in_every_notation(self):
        expected = [(time(9), time(11, 30)), (time(14), time(17))]
        for text in ("14:00-17:00, 9:00-11:30", "9-11:30、14～17", "9:00至11：30；14-17"):
            text = text.replace("～", "~")
            self.assertEqual(parse_hours(text), expected, text)
        self.assertEqual(format_hours(expected), "09:00-11:30, 14:00-17:00")

    def test_no_hours_mean_any_time(self):
        self.assertEqual(parse_hours(""), [])
        self.assertEqual(parse_hours(False), [])

    def test_hours_that_cannot_be_read_name_the_part(self):
        for text, part in (
            ("mornings", "mornings"),
            ("14-17, 25-26", "25-26"),
            ("17-14", "17-14"),
        ):
            with self.assertRaises(RuleError) as caught:
                parse_hours(text)
            self.assertEqual(caught.exception.params["part"], part)
