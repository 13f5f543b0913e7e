import datetime
import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools import cleaning
from ..tools.errors import NOTE_CODES, REASON_CODES, RuleError

DAY = datetime.date(2026, 1, 5)


@tagged("post_install", "-at_install")
class TestCleaning(BaseCase):
    """Cells of another system's export become values."""

    def assertRefused(self, cleaner, raw, code):
        with self.assertRaises(RuleError, msg=repr(raw)) as caught:
            cleaner(raw)
        self.assertEqual(caught.exception.code, code)
        self.assertIn(code, REASON_CODES)

    def test_dates_are_read_in_every_usual_form(self):
        for raw in (
            DAY, datetime.datetime(2026, 1, 5, 8, 30), "2026/1/5", "2026-01-05",
            "20260105", "2026年1月5日", "2026年01月05号", "2026.1.5", " 2026-1-5 ",
            "２０２６－０１－０５", "2026/1/5 8:30", "2026-01-05T08:30:00", 20260105,
            20260105.0, "2026 / 1 / 5", "2026/1/5 上午 8:30:00", "20260105083000",
        ):  # fmt: skip
            self.assertEqual(cleaning.clean_date(raw), (DAY, []), repr(raw))

    def test_excel_serial_numbers_are_dates_with_a_note(self):
        for raw in (46027, 46027.0, 46027.354, "46027"):
            expected = (DAY, ["date_from_serial"])
            self.assertEqual(cleaning.clean_date(raw), expected, repr(raw))

    def test_empty_dates_are_none(self):
        for raw in (None, False, "", "  ", "-", "/", "0000-00-00", "NULL"):
            self.assertEqual(cleaning.clean_date(raw), (None, []), repr(raw))

    def test_what_is_no_date_is_refused(self):
        for raw in (
            "待定", "2026-13-45", "2026-02-30", "26/1/5", "2026-01", "1949-12-31",
            "2101-01-01", 12, 1000000, True, datetime.time(8), "2026-01-05x", 46027.5e9,
            float("nan"), "明天", "2026-01-05 25:00", "01/05/2026",
        ):  # fmt: skip
            self.assertRefused(cleaning.clean_date, raw, "date")

    def test_times_of_day_are_kept(self):
        stamp = datetime.datetime(2026, 1, 5, 14, 9, 30)
        for raw in (
            stamp, "2026-01-05 14:09:30", "2026/1/5 14:09:30", "20260105140930",
            "2026年1月5日14时09分30秒", "2026/1/5 下午 2:09:30", "2026-1-5 2:09:30 PM",
            "2026-01-05T14:09:30.000+08:00", "２０２６/1/5　14：09：30",
        ):  # fmt: skip
            self.assertEqual(cleaning.clean_datetime(raw), (stamp, []), repr(raw))

    def test_serial_number_has_a_time_to_the_second(self):
        stamp = datetime.datetime(2026, 1, 5, 14, 9, 30)
        serial = (stamp - datetime.datetime(1899, 12, 30)).total_seconds() / 86400
        expected = (stamp, ["date_from_serial"])
        self.assertEqual(cleaning.clean_datetime(serial), expected)

    def test_every_day_survives_every_form(self):
        rng = random.Random(1)
        for _number in range(1000):
            day = DAY + datetime.timedelta(days=rng.randrange(-25000, 25000))
            forms = [
                f"{day.year}/{day.month}/{day.day}", day.isoformat(), f"{day:%Y%m%d}",
                f"{day.year}年{day.month}月{day.day}日",
                (day - datetime.date(1899, 12, 30)).days,
            ]  # fmt: skip
            self.assertEqual({cleaning.clean_date(form)[0] for form in forms}, {day})

    def test_amounts_lose_their_dress(self):
        for raw in (
            1234.5, "1,234.50", "¥1234.50", "￥1,234.5", "1234.5元", "１２３４．５",
            "RMB 1,234.50", " 1 234.50 ", "1234.50元整", Decimal("1234.5"), "CNY1234.5",
        ):  # fmt: skip
            self.assertEqual(cleaning.clean_money(raw), (Decimal("1234.50"), []), raw)

    def test_amounts_may_be_negative(self):
        for raw in (-100, "-100", "-¥100", "¥-100", "(100.00)", "（100）", "-100元"):
            self.assertEqual(cleaning.clean_money(raw), (Decimal("-100.00"), []), raw)

    def test_ten_thousands_are_multiplied_with_a_note(self):
        expected = (Decimal("125000.00"), ["amount_ten_thousand"])
        for raw in ("12.5万", "12.5万元", "¥12.5万"):
            self.assertEqual(cleaning.clean_money(raw), expected)

    def test_parts_of_a_cent_are_rounded_with_a_note(self):
        expected = (Decimal("1.24"), ["amount_rounded"])
        self.assertEqual(cleaning.clean_money("1.235"), expected)
        self.assertEqual(cleaning.clean_money(0.1 + 0.2), (Decimal("0.30"), []))

    def test_empty_amounts_are_none(self):
        for raw in (None, False, "", " ", "-", "无"):
            self.assertEqual(cleaning.clean_money(raw), (None, []))

    def test_what_is_no_amount_is_refused(self):
        for raw in ("面议", "1,23", "12.3.4", "1-2", "100美元", float("inf"), True, "1e5",
                    10**14, DAY):  # fmt: skip
            self.assertRefused(cleaning.clean_money, raw, "amount")

    def test_every_amount_survives_every_form(self):
        rng = random.Random(2)
        for _number in range(1000):
            amount = Decimal(rng.randrange(-(10**9), 10**9)) / 100
            forms = [str(amount), f"{amount:,.2f}", f"{amount:.2f}元", float(amount)]
            found = {cleaning.clean_money(form)[0] for form in forms}
            self.assertEqual(found, {amount})

    def test_odometer_readings_are_whole_kilometres(self):
        for raw in (
            12345,
            12345.0,
            "12,345",
            "12345km",
            "12345 KM",
            "12345公里",
            "约12345",
        ):
            self.assertEqual(cleaning.clean_odometer(raw), (12345, []), repr(raw))
        expected = (12000, ["odometer_ten_thousand"])
        self.assertEqual(cleaning.clean_odometer("1.2万公里"), expected)
        self.assertEqual(cleaning.clean_odometer(""), (None, []))
        self.assertEqual(cleaning.clean_odometer("0"), (0, []))

    def test_unreadable_odometer_never_refuses_a_row(self):
        for raw in (
            "看不清",
            "12345/12350",
            -5,
            3_000_000,
            True,
            float("nan"),
            DAY,
            "-5",
        ):
            expected = (None, ["odometer_unreadable"])
            self.assertEqual(cleaning.clean_odometer(raw), expected, repr(raw))

    def test_text_is_folded_but_keeps_chinese_punctuation(self):
        self.assertEqual(
            cleaning.clean_text("　ＡＢＣ　１２ 、（左）。 "), "ABC 12 、（左）。"
        )
        self.assertEqual(cleaning.clean_text("a\n b\t c\u200b"), "a b c")

    def test_whole_numbers_become_text_without_a_point(self):
        self.assertEqual(cleaning.clean_text(13812345678.0), "13812345678")
        self.assertEqual(cleaning.clean_text(12), "12")
        self.assertEqual(cleaning.clean_text(1.5), "1.5")
        self.assertEqual(cleaning.clean_text(DAY), "2026-01-05")
        for raw in (None, False, "", " 　"):
            self.assertIsNone(cleaning.clean_text(raw))

    def test_yes_and_no_are_read_in_both_languages(self):
        for raw in ("是", "有", "Y", "yes", "1", 1, "√", True, "TRUE", "Ｙ"):
            self.assertEqual(cleaning.clean_boolean(raw), (True, []), repr(raw))
        for raw in ("否", "无", "N", "no", "0", 0, "×", False, "x", "没有"):
            self.assertEqual(cleaning.clean_boolean(raw), (False, []), repr(raw))
        for raw in (None, "", " ", "-"):
            self.assertEqual(cleaning.clean_boolean(raw), (None, []), repr(raw))
        expected = (None, ["boolean_unreadable"])
        self.assertEqual(cleaning.clean_boolean("也许"), expected)

    def test_any_cell_gives_a_value_or_a_known_code(self):
        rng = random.Random(3)
        letters = "0123456789.,-/年月日元万km¥ :"
        for _number in range(3000):
            raw = "".join(rng.choices(letters, k=rng.randrange(14)))
            for cleaner in (
                cleaning.clean_date, cleaning.clean_money, cleaning.clean_odometer,
            ):  # fmt: skip
                try:
                    _value, notes = cleaner(raw)
                except RuleError as error:
                    self.assertIn(error.code, REASON_CODES)
                else:
                    self.assertLessEqual(set(notes), set(NOTE_CODES))
