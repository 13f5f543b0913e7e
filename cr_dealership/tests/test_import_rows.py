import datetime

from odoo.tests import BaseCase, tagged

from ..const_import import FIELD_LABELS, NOTES, NUMBER_LABELS, REASONS, ROW_REASONS
from ..tools import import_rows
from .common import make_vin

TODAY = datetime.date(2026, 11, 20)
VIN = make_vin(1)


@tagged("post_install", "-at_install")
class TestImportRows(BaseCase):
    """A row of cells is understood, or refused with its reason."""

    def clean(self, kind, **cells):
        return import_rows.clean_row(kind, cells, TODAY)

    def order(self, **cells):
        given = {"number": "RO1", "vin": VIN, "name": "王伟", "phone": "13800000001"}
        return self.clean("order", **{**given, "in_at": "2026-11-17 09:00", **cells})

    def codes(self, notes):
        return [code for code, __, __ in notes]

    def test_every_field_has_a_label_and_every_code_its_words(self):
        names = {name for names in import_rows.TARGET_NAMES.values() for name in names}
        self.assertEqual(names, set(FIELD_LABELS))
        self.assertEqual(set(import_rows.TARGETS), set(NUMBER_LABELS))
        self.assertEqual(set(REASONS), {code for code, __ in ROW_REASONS})
        self.assertLessEqual(import_rows.DOUBTS, set(NOTES))

    def test_a_car_is_known_by_its_vin_or_its_plate(self):
        needed = import_rows.missing_columns("order", {"number": 0, "in_at": 1})
        self.assertEqual(needed, [("vin", "plate")])
        by_plate = {"number": 0, "in_at": 1, "plate": 2}
        self.assertEqual(import_rows.missing_columns("order", by_plate), [])
        self.assertEqual(
            self.codes(self.order(vin="").reasons), ["vin_missing"], "neither of them"
        )
        self.assertFalse(self.order(vin="", plate="赣D12345").reasons)

    def test_what_a_row_can_not_do_without_refuses_it(self):
        for cells, code in (
            ({"number": " "}, "key_missing"),
            ({"in_at": ""}, "date_missing"),
            ({"in_at": "2026-13-45"}, "date"),
            ({"vin": VIN[:16]}, "vin_length"),
            ({"vin": "O" + VIN[1:]}, "vin_characters"),
            ({"amount_total": "面议"}, "amount"),
        ):
            row = self.order(**cells)
            self.assertEqual(self.codes(row.reasons), [code], cells)
        days = {"date_start": "2026-05-01", "date_end": "2026-04-30"}
        policy = self.clean("policy", number="P1", vin=VIN, **days)
        self.assertEqual(self.codes(policy.reasons), ["date_order"])

    def test_what_a_row_can_do_without_is_left_empty_and_told(self):
        row = self.order(next_on="soon", amount_labour="gratis", odometer_km="many")
        self.assertFalse(row.reasons)
        self.assertTrue(row.is_doubtful)
        self.assertFalse({"next_on", "amount_labour", "odometer_km"} & set(row.values))
        self.assertEqual(
            [note for note in row.notes if note[0] == "unreadable"],
            [
                ["unreadable", "amount_labour", "gratis"],
                ["unreadable", "next_on", "soon"],
            ],
        )

    def test_what_was_only_tidied_up_is_no_doubt(self):
        row = self.order(
            vin=VIN.lower(), plate="赣D·12345", phone="+86 138-0000-0001", amount_total=9
        )
        self.assertFalse(row.is_doubtful)
        self.assertEqual(row.values["plate"], "赣D12345")
        self.assertEqual(row.values["mobile"], "13800000001")
        self.assertIn("phone_country_code", self.codes(row.notes))

    def test_the_parts_and_the_total_agree(self):
        for cells, expected in (
            ({"amount_labour": 200, "amount_material": 326}, (200, 326, 0, 526)),
            ({"amount_labour": 526, "amount_total": 526}, (526, 0, 0, 526)),
            ({"amount_labour": 200, "amount_total": "¥300.00"}, (200, 0, 100, 300)),
            ({"amount_total": 300}, (None, None, None, 300)),
            ({}, (None, None, None, 0)),
        ):
            values = self.order(**cells).values
            found = tuple(
                values.get(f"amount_{part}")
                for part in ("labour", "material", "other", "total")
            )
            self.assertEqual(found, expected, cells)

    def test_the_state_is_told_by_its_column_or_by_the_leaving_day(self):
        for cells, state in (
            ({"state": "已结算"}, "settled"),
            ({"state": "未结算", "out_at": "2026-11-17 11:00"}, "open"),
            ({"state": "作废"}, "cancelled"),
            ({"out_at": "2026-11-17 11:00"}, "settled"),
            ({}, "open"),
            ({"state": "?", "out_at": "2026-11-17 11:00"}, "settled"),
        ):
            self.assertEqual(self.order(**cells).values["state"], state, cells)

    def test_a_car_can_not_leave_on_a_day_before_it_came(self):
        row = self.order(out_at="2026-11-16 18:00")
        self.assertIn("leaves_before_arrival", self.codes(row.notes))
        self.assertNotIn("out_on", row.values)
        same_day = self.order(out_at="2026-11-17 08:00")
        self.assertEqual(same_day.values["out_on"], "2026-11-17")

    def test_what_lies_ahead_is_doubtful_but_for_policies(self):
        self.assertIn("in_future", self.codes(self.order(in_at="2027-01-01").notes))
        policy = self.clean(
            "policy", number="P1", vin=VIN, name="王伟", phone="13800000001",
            date_start="2027-01-01", date_end="2027-12-31",
        )  # fmt: skip
        self.assertFalse(policy.notes)

    def test_who_has_no_telephone_can_not_be_called(self):
        self.assertIn("phone_missing", self.codes(self.order(phone="").notes))
        notes = self.codes(self.order(phone="12345").notes)
        self.assertIn("phone_invalid", notes)
        self.assertNotIn("phone_missing", notes)

    def test_organisations_are_told_from_people(self):
        for name, expected in (
            ("曾晓燕", None),
            ("欧阳娜娜", None),
            ("吉安市顺达物流有限公司(12部)", "company"),
            ("吉安市中心人民医院", "company"),
            ("吉安县公安局（77部）", "government"),
            ("青原区教育局", "government"),
            ("吉安市商会", "association"),
            ("Jinggang Trading Co., Ltd", "company"),
        ):
            self.assertEqual(import_rows.organization_type(name), expected, name)
        row = self.clean("delivery", name="张行", id_number="110101199003070011")
        self.assertNotIn("organization", row.values)

    def test_names_are_compared_without_case_blanks_and_width(self):
        key = import_rows.name_key
        self.assertEqual(key("ＲＡＶ4 荣放 "), key("rav4荣放"))
        self.assertEqual(key(None), "")

    def test_kinds_of_insurance_and_use_are_understood(self):
        for text, kind in (
            ("交强+商业", "both"), ("商业险", "commercial"), ("交强险", "compulsory"),
            ("全险", "both"), ("驾意险", "other"),
        ):  # fmt: skip
            row = self.clean("policy", policy_kind=text)
            self.assertEqual(row.values["policy_kind"], kind, text)
        row = self.clean("delivery", usage="公务")
        self.assertEqual(row.values["usage"], "special")
        row = self.clean("delivery", usage="月球")
        self.assertIn("usage_unknown", self.codes(row.notes))
