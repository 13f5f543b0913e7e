from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import make_vin
from .import_common import NOW, ImportCommon, make_xlsx


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportRowRefused(ImportCommon):
    """A row that would be wrong is refused with its reason; no other row is lost."""

    def assert_refused(self, kind, good, refused):
        """Import a good row among bad ones; check the reason of each bad one."""
        rows = list(refused.values())
        batch = self.bring(kind, *rows[:2], good, *rows[2:])
        expected = {number: number.split("-")[0] for number in refused}
        self.assertEqual(self.refusals(batch), expected)
        self.assertEqual((batch.new_count, batch.refused_count), (1, len(refused)))
        for number in refused:
            self.assertTrue(self.row_of(batch, number).reason_text.endswith("."))
        return batch

    def by_reason(self, build, **cells):
        """Return {number: row}, one for each reason, each with a car of its own."""
        return {
            f"{reason}-1": build(f"{reason}-1", car, **values)
            for car, (reason, values) in enumerate(cells.items(), 10)
        }

    def test_work_orders(self):
        rows = self.by_reason(
            self.order,
            vin_length={"vin": make_vin(10)[:16]},
            vin_characters={"vin": make_vin(11).replace("F", "O")},
            date={"in_at": "2026-13-45"},
            date_missing={"in_at": ""},
            amount={"amount_total": "to be agreed"},
            vin_missing={"vin": "", "plate": ""},
            vehicle_unknown={"vin": "", "plate": "赣D99999"},
        )
        self.assert_refused("order", self.order("good", 1), rows)
        self.assertEqual(self.find_order("good").vehicle_id, self.find_car(1))

    def test_deliveries(self):
        rows = self.by_reason(
            self.delivery,
            vin_length={"vin": make_vin(10)[:16]},
            vin_missing={"vin": ""},
            date={"delivered_on": "待定"},
            name_missing={"name": ""},
        )
        self.assert_refused("delivery", self.delivery("good", 1), rows)
        self.assertFalse(self.find_car(12) | self.find_car(13))

    def test_policies(self):
        rows = self.by_reason(
            self.policy,
            date={"date_end": "next year"},
            date_missing={"date_end": ""},
            date_order={"date_end": "2026-01-31"},
        )
        self.assert_refused("policy", self.policy("good", 1), rows)

    def test_a_row_without_its_number_is_refused(self):
        batch = self.bring("order", self.order(""), self.order("RO-1"))
        self.assertEqual((batch.new_count, batch.refused_count), (1, 1))
        refused = self.env["cr.import.row"].search(
            [("batch_id", "=", batch.id), ("state", "=", "refused")]
        )
        self.assertEqual(refused.reason, "key_missing")

    def test_a_plate_of_two_cars_tells_nobody(self):
        self.make_vehicle(plate="赣D77777")
        self.make_vehicle(plate="赣D77777")
        row = self.order("vehicle_ambiguous-1", vin="", plate="赣D·77777")
        self.assert_refused("order", self.order("good"), {"vehicle_ambiguous-1": row})

    def test_a_row_that_can_not_be_recorded_fails_alone(self):
        loader = self.env.registry["cr.import.loader.order"]
        prepare = loader._prepare

        def refuse_one(this, names, row):
            if row.number == "RO-3":
                raise UserError(this.env._("The shop is closed."))
            return prepare(this, names, row)

        self.patch(loader, "_prepare", refuse_one)
        batch = self.bring("order", *(self.order(f"RO-{n}", n) for n in range(1, 6)))
        self.assertEqual((batch.new_count, batch.ready_count), (4, 0))
        self.assertEqual(self.refusals(batch), {"RO-3": "row_failed"})
        self.assertIn("The shop is closed.", self.row_of(batch, "RO-3").reason_text)
        self.assertFalse(self.find_order("RO-3") or self.find_car(3))

    def test_what_is_wrong_is_told_in_words(self):
        batch = self.bring("order", self.order("RO-1", in_at="2026-13-45"))
        text = self.row_of(batch, "RO-1").reason_text
        self.assertEqual(
            text, "Came in: “2026-13-45” is no date; write it like 2026-01-31."
        )
        [reason] = batch.get_page()["reasons"]
        self.assertEqual((reason["code"], reason["count"]), ("date", 1))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportRowCleaned(ImportCommon):
    """What is merely untidy is tidied up, and the person is told (CUS-33)."""

    def test_a_messy_row_comes_out_clean(self):
        batch = self.check(
            self.receive(make_xlsx(self.sheet("order", self.order("RO-1"))))
        )
        data = self.row_of(batch, "RO-1").data
        expected = {
            "vin": make_vin(1),
            "plate": "赣D00001",
            "mobile": "13700015566",
            "in_at": "2026-11-10 09:05:00",
            "in_on": "2026-11-10",
            "odometer_km": 12400,
            "amount_labour": 200.0,
            "amount_material": 300.5,
            "amount_total": 500.5,
            "state": "settled",
        }
        self.assertEqual({name: data.get(name) for name in expected}, expected)

    def test_what_was_tidied_up_is_told(self):
        batch = self.bring("order", self.order("RO-1"))
        self.assertLessEqual(
            {"vin_format", "plate_format", "phone_separators"},
            self.note_codes(batch, "RO-1"),
        )
        self.assertFalse(batch.doubtful_count)
        note = self.row_of(batch, "RO-1").note_text
        self.assertIn("VIN: blanks and small letters made uniform", note)

    def test_a_cell_that_can_be_spared_is_left_empty(self):
        row = self.delivery("XS-1", phone="unknown", price="secret", usage="flying")
        batch = self.bring("delivery", row)
        self.assertLessEqual(
            {"phone_invalid", "unreadable", "usage_unknown"},
            self.note_codes(batch, "XS-1"),
        )
        car = self.find_car(1)
        self.assertFalse(car.price or car.usage or car.owner_id.mobile)

    def test_the_last_of_several_rows_with_a_number_counts(self):
        batch = self.bring(
            "order",
            self.order("RO-1", amount_total=100),
            self.order("RO-1", amount_total=900),
        )
        self.assertEqual((batch.superseded_count, batch.new_count), (1, 1))
        self.assertEqual(self.find_order("RO-1").amount_total, 900)
        told = batch.get_rows("superseded")["rows"]
        self.assertEqual([row["line"] for row in told], [4])
        self.assertIn("later row of the file has the same", " ".join(told[0]["notes"]))

    def test_a_refused_later_row_does_not_replace_the_good_one(self):
        batch = self.bring(
            "order", self.order("RO-1", amount_total=100), self.order("RO-1", vin="X")
        )
        self.assertEqual((batch.superseded_count, batch.refused_count), (0, 1))
        self.assertEqual(self.find_order("RO-1").amount_total, 100)

    def test_what_the_total_has_more_becomes_other(self):
        batch = self.bring("order", self.order("RO-1", amount_total="620.50"))
        order = self.find_order("RO-1")
        self.assertEqual((order.amount_other, order.amount_total), (120, 620.5))
        self.assertIn("amount_other_from_total", self.note_codes(batch, "RO-1"))

    def test_without_a_total_the_parts_are_added_up(self):
        self.bring("order", self.order("RO-1", amount_total=""))
        self.assertEqual(self.find_order("RO-1").amount_total, 500.5)

    def test_an_id_number_is_never_shown_in_full(self):
        number = "362401198503154217"
        batch = self.bring("delivery", self.delivery("XS-1", id_number=number))
        told = str(batch.get_rows("new"))
        self.assertNotIn(number, told)
        self.assertNotIn(number, self.row_of(batch, "XS-1").note_text or "")

    def test_rows_tell_which_record_they_became(self):
        batch = self.bring("order", self.order("RO-1"))
        row = self.row_of(batch, "RO-1")
        self.assertEqual(row.record_ref, self.find_order("RO-1"))
        action = row.action_open_record()
        self.assertEqual(action["res_model"], "cr.service.order")


@tagged("post_install", "-at_install")
class TestCrImportRowKept(ImportCommon):
    """Rows of finished imports go after a month; what was refused stays."""

    def bring_at(self, day):
        """Import a good and a bad row on a day."""
        with freeze_time(f"{day} 02:00:00"):
            return self.bring(
                "order", self.order(f"RO-{day}"), self.order(f"bad-{day}", vin="X")
            )

    def numbers(self, batch):
        """Return the numbers of the rows that an import still has."""
        rows = self.env["cr.import.row"].search([("batch_id", "=", batch.id)])
        return set(rows.mapped("number"))

    def test_old_rows_go_and_refused_ones_stay(self):
        old, young = self.bring_at("2026-09-15"), self.bring_at("2026-11-01")
        with freeze_time(NOW):
            self.env["cr.import.row"]._gc_rows()
        self.assertEqual(self.numbers(old), {"bad-2026-09-15"})
        self.assertEqual(self.numbers(young), {"RO-2026-11-01", "bad-2026-11-01"})
        self.assertTrue(self.find_order("RO-2026-09-15"))

    def test_rows_of_a_cancelled_import_go_at_once(self):
        content = make_xlsx(self.sheet("order", self.order("RO-1")))
        batch = self.check(self.receive(content))
        batch.action_cancel()
        self.env.flush_all()
        self.env["cr.import.row"]._gc_rows()
        self.assertFalse(self.numbers(batch))

    def test_rows_of_an_import_are_seen_by_its_author_and_the_head_alone(self):
        content = make_xlsx(self.sheet("policy", self.policy("P-1")))
        batch = self.load(self.receive(content, role="insurance"))
        rows = self.env["cr.import.row"].search([("batch_id", "=", batch.id)])
        for role, sees in (("insurance", True), ("head", True), ("sales", False)):
            with self.subTest(role):
                seen = self.as_persona(rows, role).search([("id", "in", rows.ids)])
                self.assertEqual(bool(seen), sees)
        with self.assertRaises(AccessError):
            self.as_persona(rows, "agent").read(["number"])
