import datetime
import random

from odoo.tests import BaseCase, tagged

from ..tools import identity, pinyin
from ..tools.errors import NOTE_CODES, RuleError

VIN = "LVGH4BJ30SMA4LVD8"


@tagged("post_install", "-at_install")
class TestIdentityPhone(BaseCase):
    """A telephone cell becomes one mobile and one landline, however it is written."""

    def assertPhone(self, raw, mobile, landline=None, notes=()):
        self.assertEqual(
            identity.clean_phone(raw), (mobile, landline, list(notes)), repr(raw)
        )

    def test_ordinary_mobile_is_left_alone(self):
        self.assertPhone("13812345678", "13812345678")

    def test_blanks_and_dashes_are_removed_with_a_note(self):
        for raw in (
            "138 1234 5678",
            "138-1234-5678",
            " 138.1234.5678 ",
            "1381234 5678",
        ):
            self.assertPhone(raw, "13812345678", notes=["phone_separators"])

    def test_country_code_is_removed_with_a_note(self):
        for raw in (
            "+86-13812345678",
            "+8613812345678",
            "008613812345678",
            "8613812345678",
        ):
            self.assertPhone(raw, "13812345678", notes=["phone_country_code"])

    def test_digits_of_a_number_are_no_country_code(self):
        self.assertPhone("138-0086-5547", "13800865547", notes=["phone_separators"])

    def test_trunk_zero_before_a_mobile_is_removed(self):
        self.assertPhone("013812345678", "13812345678", notes=["phone_trunk_zero"])

    def test_number_cells_are_read_as_digits(self):
        for raw in (13812345678, 13812345678.0):
            self.assertPhone(raw, "13812345678", notes=["phone_from_number"])
        self.assertPhone("1.3812345678E+10", "13812345678", notes=["phone_from_number"])

    def test_number_cell_gets_back_the_zero_of_its_area_code(self):
        self.assertPhone(7968212345, None, "0796-8212345", ["phone_from_number"])

    def test_full_width_digits_are_folded(self):
        self.assertPhone("１３８１２３４５６７８", "13812345678", notes=["full_width"])

    def test_mobile_and_landline_share_a_cell(self):
        for separator in "/,;、，；|\n":
            raw = f"13812345678{separator}0796-8212345"
            self.assertPhone(raw, "13812345678", "0796-8212345", ["phone_two_numbers"])

    def test_two_numbers_may_be_parted_by_a_blank_alone(self):
        raw = "0796-8212345 13812345678"
        self.assertPhone(raw, "13812345678", "0796-8212345", ["phone_two_numbers"])

    def test_second_mobile_is_reported_as_dropped(self):
        notes = ["phone_two_numbers", "phone_extra_dropped"]
        self.assertPhone("13812345678/13912345678", "13812345678", notes=notes)

    def test_invalid_second_number_does_not_spoil_the_first(self):
        notes = ["phone_part_invalid"]
        self.assertPhone("13812345678/8212345", "13812345678", notes=notes)

    def test_landline_has_area_code_dash_number(self):
        self.assertPhone("0796-8212345", None, "0796-8212345")
        self.assertPhone("07968212345", None, "0796-8212345", ["phone_separators"])
        self.assertPhone("(010)62345678", None, "010-62345678", ["phone_separators"])

    def test_extension_follows_the_landline(self):
        self.assertPhone("0796-8212345-801", None, "0796-8212345-801")
        self.assertPhone("0796-8212345转801", None, "0796-8212345-801")

    def test_words_around_a_number_are_ignored_with_a_note(self):
        for raw in ("张三13812345678", "13812345678（妻子）"):
            self.assertPhone(raw, "13812345678", notes=["phone_text"])

    def test_foreign_number_is_kept_in_full(self):
        self.assertPhone("+852 9123 4567", None, "+85291234567", [
            "phone_foreign", "phone_separators",
        ])  # fmt: skip

    def test_what_is_no_number_is_invalid(self):
        for raw in (
            "12345",
            "138****5678",
            "1381234567",
            "电话",
            "10012345678",
            True,
            "11912345678",
        ):
            self.assertPhone(raw, None, notes=["phone_invalid"])

    def test_empty_cells_say_nothing(self):
        for raw in (None, False, "", "  ", "-", "无"):
            self.assertPhone(raw, None)

    def test_every_messy_form_gives_the_same_mobile(self):
        rng = random.Random(4)
        for _number in range(500):
            phone = (
                rng.choice(["138", "187", "177", "199"]) + f"{rng.randrange(10**8):08d}"
            )
            head, middle, tail = phone[:3], phone[3:7], phone[7:]
            forms = [
                phone, f"{head} {middle} {tail}", f"+86-{phone}", f" {phone}\t",
                f"+86 {head}-{middle}-{tail}",
                f"{phone}/0796-8212345", int(phone), float(phone),
            ]  # fmt: skip
            self.assertEqual({identity.clean_phone(form)[0] for form in forms}, {phone})

    def test_any_text_gives_known_notes_and_never_an_error(self):
        rng = random.Random(5)
        for _number in range(2000):
            raw = "".join(
                rng.choices("0123456789138+- /()转张x*.", k=rng.randrange(25))
            )
            mobile, landline, notes = identity.clean_phone(raw)
            self.assertLessEqual(set(notes), set(NOTE_CODES), raw)
            self.assertTrue(mobile is None or len(mobile) == 11 and mobile.isdigit())
            again = identity.clean_phone(mobile or landline)
            self.assertEqual(again[0] or again[1], mobile or landline, raw)


@tagged("post_install", "-at_install")
class TestIdentityCar(BaseCase):
    """Plates and VINs."""

    def test_plate_loses_dots_blanks_and_lower_case(self):
        for raw in (
            "赣D·12345",
            "赣 D 12345",
            "赣d12345",
            " 赣D．１２３４５ ",
            "赣D•12345",
        ):
            self.assertEqual(identity.clean_plate(raw), ("赣D12345", ["plate_format"]))
        self.assertEqual(identity.clean_plate("赣D12345"), ("赣D12345", []))

    def test_special_and_green_plates_are_usual(self):
        for raw in ("赣DF12345", "赣D12345F", "粤Z1234港", "粤Z1234澳", "赣D1234学",
                    "京A1234警", "赣D1234挂", "使014578"):  # fmt: skip
            self.assertEqual(identity.clean_plate(raw), (raw, []))

    def test_unusual_plate_is_kept_with_a_note(self):
        for raw in ("12345", "D12345赣", "赣D1234", "赣DI2345", "LVGH4BJ"):
            self.assertEqual(identity.clean_plate(raw), (raw, ["plate_unusual"]))

    def test_words_for_no_plate_give_none(self):
        for raw in ("未上牌", "无", "新车"):
            self.assertEqual(identity.clean_plate(raw), (None, ["plate_none"]))
        for raw in (None, "", False, "  "):
            self.assertEqual(identity.clean_plate(raw), (None, []))

    def test_vin_is_upper_case_without_blanks(self):
        self.assertEqual(
            identity.clean_vin("LFMAP22C0F0000001")[0], "LFMAP22C0F0000001"
        )
        vin = "1M8GDM9AXKP042788"
        self.assertEqual(identity.clean_vin(vin), (vin, []))
        for raw in (vin.lower(), f" {vin}", f"{vin[:8]} {vin[8:]}"):
            self.assertEqual(identity.clean_vin(raw), (vin, ["vin_format"]))

    def test_wrong_check_digit_is_only_noted(self):
        vin = "1M8GDM9A0KP042788"
        self.assertEqual(identity.clean_vin(vin), (vin, ["vin_check_digit"]))

    def test_length_is_checked_before_characters(self):
        for raw in ("LVGH4BJ30SMA4LVD", "O" * 16, VIN + "1"):
            with self.assertRaises(RuleError) as caught:
                identity.clean_vin(raw)
            self.assertEqual(caught.exception.code, "vin_length")

    def test_letters_that_no_vin_has_are_refused(self):
        for letter in "IOQ-*车":
            with self.assertRaises(RuleError) as caught:
                identity.clean_vin(VIN[:4] + letter + VIN[5:])
            self.assertEqual(caught.exception.code, "vin_characters")

    def test_empty_vin_is_no_error(self):
        for raw in (None, False, "", "  "):
            self.assertEqual(identity.clean_vin(raw), (None, []))

    def test_any_well_formed_vin_is_accepted(self):
        rng = random.Random(6)
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
        for _number in range(2000):
            vin = "".join(rng.choices(letters, k=17))
            self.assertEqual(identity.clean_vin(vin)[0], vin)


@tagged("post_install", "-at_install")
class TestIdentityPerson(BaseCase):
    """ID numbers, masks, search keys."""

    def test_right_id_numbers_have_no_note(self):
        for raw in ("11010519491231002X", "440524188001010014", "91350100M000100Y43"):
            self.assertEqual(identity.clean_id_number(raw), (raw, []))
        lower = identity.clean_id_number(" 11010519491231002x ")
        self.assertEqual(lower, ("11010519491231002X", []))

    def test_wrong_id_number_is_kept_with_a_note(self):
        for raw in ("110105194912310021", "110105194913310029", "123", "3.62401E+17"):
            notes = ["id_number_invalid"]
            self.assertEqual(identity.clean_id_number(raw), (raw, notes))

    def test_old_id_number_is_noted(self):
        expected = ("110105491231002", ["id_number_old"])
        self.assertEqual(identity.clean_id_number("110105491231002"), expected)

    def test_empty_id_number_says_nothing(self):
        for raw in (None, False, "", "-"):
            self.assertEqual(identity.clean_id_number(raw), (None, []))

    def test_birth_date_and_gender_come_from_the_id_number(self):
        birth = identity.birthdate_of_id("362401199001011234")
        self.assertEqual(birth, datetime.date(1990, 1, 1))
        self.assertEqual(identity.gender_of_id("362401199001011234"), "male")
        self.assertEqual(identity.gender_of_id("36240119900101122X"), "female")
        self.assertEqual(identity.gender_of_id("110105491231002"), "female")
        for number in ("91350100M000100Y43", "362401199013011234", "", None):
            self.assertIsNone(identity.birthdate_of_id(number))
            self.assertIsNone(identity.gender_of_id(number))

    def test_masks_hide_the_middle(self):
        masked = identity.mask_id_number("362401199001011234")
        self.assertEqual(masked, "362401********1234")
        self.assertEqual(identity.mask_phone("13812345678"), "138****5678")
        self.assertEqual(identity.mask_phone("0796-8212345"), "0796-***2345")
        self.assertEqual(identity.mask_phone("12345"), "*****")
        self.assertEqual(identity.mask_phone(None), "")
        self.assertEqual(identity.mask_id_number(False), "")

    def test_mask_never_shows_a_short_number_in_full(self):
        for length in range(1, 25):
            number = "1" * length
            self.assertEqual(len(identity.mask_id_number(number)), length)
            self.assertIn("*", identity.mask_id_number(number))
            self.assertIn("*", identity.mask_phone(number))

    def test_digits_keeps_only_digits(self):
        self.assertEqual(identity.digits("１３８-1234 5678"), "13812345678")
        self.assertEqual(identity.digits("赣D·12345"), "12345")
        self.assertEqual(identity.digits(None), "")

    def test_pinyin_uses_the_reading_of_the_surname(self):
        for name, keys in (
            ("曾晓燕", "zxy zengxiaoyan"),
            ("单田芳", "stf shantianfang"),
            ("仇英", "qy qiuying"),
            ("解放", "xf xiefang"),
            ("区小敏", "oxm ouxiaomin"),
            ("欧阳修", "oyx ouyangxiu"),
            ("尉迟恭", "ycg yuchigong"),
            ("吕布", "lb lvbu"),
            ("张单", "zd zhangdan"),
        ):
            self.assertEqual(pinyin.pinyin_keys(name), keys)

    def test_words_decide_the_reading_in_an_organisation(self):
        keys = pinyin.pinyin_keys("重庆朝阳银行")
        self.assertEqual(keys, "cqzyyh chongqingzhaoyangyinhang")

    def test_latin_and_mixed_names_have_keys(self):
        self.assertEqual(pinyin.pinyin_keys("John Smith"), "js john smith")
        self.assertEqual(pinyin.pinyin_keys("Tony陈"), "tc tonychen")
        self.assertEqual(pinyin.pinyin_keys("陈建(3部)"), "cj3b chenjian3bu")
        for name in ("", None, False, "（）", "·"):
            self.assertEqual(pinyin.pinyin_keys(name), "")
