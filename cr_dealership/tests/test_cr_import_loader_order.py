from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import make_vin
from .import_common import NOW, ImportCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderOrder(ImportCommon):
    """Work orders become orders, cars, customers and readings (VEH-13)."""

    def test_a_row_becomes_an_order(self):
        self.bring("order", self.order("RO-1"))
        order = self.find_order("RO-1")
        self.assertRecordValues(
            order,
            [
                {
                    "system": "dms",
                    "vehicle_id": self.find_car(1).id,
                    "partner_id": self.find_customers("13700015566").id,
                    "type_id": self.service_type("maintenance").id,
                    "state": "settled",
                    "in_at": datetime(2026, 11, 10, 1, 5),
                    "out_at": datetime(2026, 11, 10, 3, 40),
                    "out_on": date(2026, 11, 10),
                    "odometer_km": 12400,
                    "amount_labour": 200,
                    "amount_material": 300.5,
                    "amount_total": 500.5,
                    "brought_by_name": "Brother Wu",
                    "callback_pending": True,
                }
            ],
        )

    def test_a_row_becomes_a_car_with_its_owner_and_reading(self):
        self.bring("order", self.order("RO-1"))
        car = self.find_car(1)
        self.assertEqual(car.plate, "赣D00001")
        self.assertIn("凯美瑞", car.model_id.name)
        self.assertEqual(car.owner_id.name, "Owner 00001")
        self.assertEqual(car.role_ids.mapped("role"), ["owner"])
        self.assertEqual(car.visit_count, 1)
        self.assertEqual(car.last_visit_on, date(2026, 11, 10))
        self.assertRecordValues(
            car.reading_ids, [{"km": 12400, "state": "confirmed", "source": "import"}]
        )

    def test_who_brought_the_car_is_no_customer(self):
        self.bring("order", self.order("RO-1", brought_by_name="Uncle Sixth"))
        found = self.env["res.partner"].search([("name", "=", "Uncle Sixth")])
        self.assertFalse(found)
        self.assertEqual(self.find_order("RO-1").brought_by_name, "Uncle Sixth")

    def test_a_mobile_number_stands_for_one_customer(self):
        same = {"name": "Zeng Xiaoyan", "phone": "13979600001"}
        rows = [self.order("RO-1", 1, **same), self.order("RO-2", 2, **same)]
        self.bring("order", *rows)
        self.bring("order", self.order("RO-3", 3, **{**same, "phone": 13979600001}))
        customer = self.find_customers("13979600001")
        self.assertEqual(len(customer), 1)
        cars = self.find_car(1) | self.find_car(2) | self.find_car(3)
        self.assertEqual(cars.owner_id, customer)

    def test_a_row_without_a_vin_finds_its_car_by_the_plate(self):
        self.bring("order", self.order("RO-1"))
        batch = self.bring("order", self.order("RO-2", vin=""))
        self.assertEqual(self.find_order("RO-2").vehicle_id, self.find_car(1))
        self.assertIn("vehicle_by_plate", self.note_codes(batch, "RO-2"))

    def test_a_cancelled_order_gives_no_reading_and_no_callback(self):
        self.bring("order", self.order("RO-1", state="作废"))
        order = self.find_order("RO-1")
        self.assertEqual((order.state, order.callback_pending), ("cancelled", False))
        self.assertFalse(self.find_car(1).reading_ids)

    def test_the_number_of_another_store_is_another_order(self):
        self.bring("order", self.order("RO-1", amount_total=600))
        self.bring(
            "order", self.order("RO-1", amount_total=800), store=self.other_store
        )
        self.assertEqual(self.find_order("RO-1").amount_total, 600)
        other = self.find_order("RO-1", self.other_store)
        self.assertEqual(other.amount_total, 800)
        self.assertEqual(other.vehicle_id, self.find_car(1))

    def test_queries_do_not_depend_on_the_number_of_rows(self):
        self.bring("order", self.order("warm-up"))
        few = self.count_import_queries("order", 100, 10)
        self.assertEqual(self.count_import_queries("order", 200, 100), few)
        # Each query more is one for every step of every file; addons that look at
        # orders may add a few of their own.
        reading, recording = few
        self.assertLessEqual(reading, 24)
        self.assertLessEqual(recording, 80)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderOrderChanged(ImportCommon):
    """What a later file says otherwise, changes the order and leaves its trace."""

    def test_a_change_names_old_and_new_and_where_it_comes_from(self):
        self.bring("order", self.order("RO-1"))
        batch = self.bring("order", self.order("RO-1", amount_total=650))
        self.assertEqual(batch.changed_count, 1)
        order = self.find_order("RO-1")
        self.assertEqual(order.amount_total, 650)
        values, sentence = self.traces(order)
        self.assertEqual(values["amount_total"], (500.5, 650))
        self.assertIn("Import “order.xlsx”, row 4", sentence)

    def test_an_empty_cell_erases_nothing(self):
        self.bring("order", self.order("RO-1"))
        self.bring("order", self.order("RO-1", odometer_km="", advisor="", name=""))
        order = self.find_order("RO-1")
        self.assertEqual(order.odometer_km, 12400)
        self.assertEqual(order.advisor_name, "Sister Peng")
        self.assertEqual(order.partner_id.name, "Owner 00001")

    def test_an_order_is_called_once_when_it_is_settled(self):
        self.bring("order", self.order("RO-1", state="未结算", out_at=""))
        order = self.find_order("RO-1")
        self.assertEqual((order.state, order.callback_pending), ("open", False))
        self.bring("order", self.order("RO-1"))
        self.assertEqual((order.state, order.callback_pending), ("settled", True))
        order.callback_pending = False
        self.bring("order", self.order("RO-1", amount_total=700))
        self.assertEqual((order.amount_total, order.callback_pending), (700, False))

    def test_a_corrected_mileage_corrects_the_reading(self):
        self.bring("order", self.order("RO-1"))
        self.bring("order", self.order("RO-1", odometer_km=12900))
        self.assertEqual(self.find_car(1).reading_ids.mapped("km"), [12900])

    def test_an_order_moved_to_another_car_leaves_the_first(self):
        self.bring("order", self.order("RO-1", 1))
        self.bring("order", self.order("RO-1", 2))
        self.assertEqual(self.find_order("RO-1").vehicle_id, self.find_car(2))
        cars = self.find_car(1) | self.find_car(2)
        self.assertEqual(cars.mapped("visit_count"), [0, 1])
        self.assertFalse(self.find_car(1).reading_ids)

    def test_a_wild_reading_is_held_back_and_moves_no_date(self):
        winter = {"in_at": "2026-01-10", "out_at": "2026-01-10", "odometer_km": 5000}
        summer = {"in_at": "2026-06-10", "out_at": "2026-06-10", "odometer_km": 9500}
        self.bring("order", self.order("RO-1", **winter), self.order("RO-2", **summer))
        car = self.find_car(1)
        before = (car.service_on, car.odometer_km, car.km_per_day)
        self.assertTrue(all(before))
        self.bring("order", self.order("RO-3", type="小修", odometer_km=134000))
        reading = car.reading_ids.filtered(lambda found: found.km == 134000)
        self.assertEqual(reading.state, "suspect")
        self.assertEqual((car.service_on, car.odometer_km, car.km_per_day), before)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderOrderDoubts(ImportCommon):
    """What a row says against what we know is told, and never guessed."""

    def test_another_owner_is_told_and_changes_nothing(self):
        self.bring("order", self.order("RO-1"))
        other = {"name": "Fang Min", "phone": "13888880000"}
        batch = self.bring("order", self.order("RO-2", **other))
        car, order = self.find_car(1), self.find_order("RO-2")
        self.assertEqual(car.owner_id.name, "Owner 00001")
        self.assertEqual(order.partner_id, car.owner_id)
        self.assertIn("owner_differs", self.note_codes(batch, "RO-2"))
        self.assertTrue(self.row_of(batch, "RO-2").is_doubtful)
        self.assertFalse(self.find_customers("13888880000"))

    def test_another_known_owner_stands_on_the_order(self):
        self.bring("order", self.order("RO-1", 1), self.order("RO-2", 2))
        row = self.order("RO-3", 1, name="Owner 00002", phone="13700025566")
        self.bring("order", row)
        self.assertEqual(self.find_order("RO-3").partner_id.name, "Owner 00002")
        self.assertEqual(self.find_car(1).owner_id.name, "Owner 00001")

    def test_the_owner_has_a_new_telephone_number(self):
        self.bring("order", self.order("RO-1"))
        owner = self.find_car(1).owner_id
        row = self.order("RO-2", phone="13888880000", in_at="2026-11-15 09:00")
        batch = self.bring("order", {**row, "out_at": "2026-11-15 11:00"})
        self.assertEqual(self.find_car(1).owner_id, owner)
        self.assertEqual(owner.mobile, "13888880000")
        values, sentence = self.traces(owner)
        self.assertEqual(values["mobile"], ("13700015566", "13888880000"))
        self.assertIn("Import “order.xlsx”, row 4", sentence)
        self.assertIn("phone_changed", self.note_codes(batch, "RO-2"))

    def test_an_old_order_does_not_bring_an_old_number_back(self):
        self.bring("order", self.order("RO-1"))
        days = {"in_at": "2025-11-10 09:00", "out_at": "2025-11-10 10:00"}
        self.bring("order", self.order("RO-0", phone="13888880000", **days))
        self.assertEqual(self.find_car(1).owner_id.mobile, "13700015566")

    def test_a_number_of_another_customer_is_not_taken_over(self):
        self.bring("order", self.order("RO-1", 1), self.order("RO-2", 2))
        batch = self.bring("order", self.order("RO-3", 1, phone="13700025566"))
        self.assertEqual(self.find_car(1).owner_id.mobile, "13700015566")
        self.assertIn("owner_phone_shared", self.note_codes(batch, "RO-3"))

    def test_a_known_number_under_another_name_is_told(self):
        self.bring("order", self.order("RO-1"))
        row = self.order("RO-2", 2, name="Madam Fang", phone="13700015566")
        batch = self.bring("order", row)
        self.assertEqual(self.find_car(2).owner_id, self.find_car(1).owner_id)
        self.assertIn("name_differs", self.note_codes(batch, "RO-2"))

    def test_unknown_names_are_noted_and_kept(self):
        known = self.make_employee("Sister Peng")
        batch = self.bring(
            "order",
            self.order("RO-1", 1),
            self.order("RO-2", 2, type="星空养护", model="Moon 9", advisor="Nobody"),
        )
        order = self.find_order("RO-2")
        self.assertEqual(order.type_id, self.service_type("other"))
        self.assertEqual((order.type_name, order.advisor_name), ("星空养护", "Nobody"))
        self.assertFalse(order.advisor_id)
        self.assertEqual(self.find_order("RO-1").advisor_id, known)
        self.assertEqual(batch.unknown_staff, ["Nobody"])
        self.assertLessEqual(
            {"type_unknown", "model_created"}, self.note_codes(batch, "RO-2")
        )
        brand = self.env.ref("cr_dealership.fleet_vehicle_model_brand_unknown")
        self.assertEqual(self.find_car(2).model_id.brand_id, brand)

    def test_the_head_makes_employees_of_unknown_names(self):
        batch = self.bring("order", self.order("RO-1"))
        self.assertEqual(batch.unknown_staff, ["Sister Peng"])
        batch.action_create_staff()
        employee = self.find_order("RO-1").advisor_id
        self.assertEqual(employee.name, "Sister Peng")
        self.assertEqual(employee.company_id, self.store)
        self.assertFalse(batch.unknown_staff)

    def test_amounts_and_days_that_do_not_fit_are_to_look_at(self):
        amounts = ("amount_total", "amount_labour", "amount_material")
        rows = {
            "leaves_before_arrival": {"out_at": "2026-11-09 08:00"},
            "in_future": {"in_at": "2027-03-01 08:00", "out_at": ""},
            "amount_missing": dict.fromkeys(amounts, ""),
            "state_unknown": {"state": "perhaps"},
            "phone_missing": {"phone": ""},
            "vin_check_digit": {"vin": make_vin(66)[:8] + "W" + make_vin(66)[9:]},
        }
        orders = [
            self.order(code, car, **row) for car, (code, row) in enumerate(rows.items())
        ]
        batch = self.bring("order", *orders)
        self.assertEqual(batch.new_count, len(rows))
        for code in rows:
            with self.subTest(code):
                self.assertIn(code, self.note_codes(batch, code))
                self.assertTrue(self.row_of(batch, code).is_doubtful)
