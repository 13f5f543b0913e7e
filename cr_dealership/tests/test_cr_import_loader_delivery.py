from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .import_common import NOW, ImportCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderDelivery(ImportCommon):
    """Deliveries become cars, buyers and the call after delivery (VEH-12)."""

    def test_a_row_becomes_a_car_that_was_sold(self):
        consultant = self.make_employee("Brother Luo")
        self.bring("delivery", self.delivery("XS-1"))
        self.assertRecordValues(
            self.find_car(1),
            [
                {
                    "company_id": self.store.id,
                    "contract_number": "XS-1",
                    "delivered_on": date(2025, 10, 8),
                    "price": 189800,
                    "plate": "赣D00001",
                    "variant": "2.0G",
                    "usage": "family",
                    "consultant_id": consultant.id,
                    "callback_pending": True,
                }
            ],
        )

    def test_the_buyer_becomes_its_owner_and_a_customer(self):
        self.bring("delivery", self.delivery("XS-1"))
        car = self.find_car(1)
        self.assertRecordValues(
            car.role_ids,
            [
                {
                    "role": "owner",
                    "is_purchase": True,
                    "date_from": date(2025, 10, 8),
                    "date_to": False,
                }
            ],
        )
        owner = car.owner_id
        self.assertEqual((owner.name, owner.mobile), ("Owner 00001", "13700015566"))
        self.assertTrue(owner.cr_is_customer)
        self.assertEqual(owner.street, "8 River Road")
        self.assertEqual(owner.cr_source_id, car.source_id)

    def test_organisations_are_told_from_people(self):
        self.bring(
            "delivery",
            self.delivery("XS-1", 1, name="吉安市顺达物流有限公司"),
            self.delivery("XS-2", 2, name="吉安县公安局"),
            self.delivery("XS-3", 3, name="曾晓燕"),
        )
        owners = [self.find_car(car).owner_id for car in (1, 2, 3)]
        kinds = [owner.cr_organization_type for owner in owners]
        self.assertEqual(kinds, ["company", "government", False])
        self.assertEqual([owner.is_company for owner in owners], [True, True, False])

    def test_an_unknown_source_is_created_and_told(self):
        batch = self.bring("delivery", self.delivery("XS-1", source="Balloon trip"))
        self.assertIn("source_created", self.note_codes(batch, "XS-1"))
        self.assertEqual(self.find_car(1).source_id.name, "Balloon trip")

    def test_one_number_with_two_id_numbers_are_two_people(self):
        phone = "13979600001"
        ids = ("11010519491231002X", "440524188001010014")
        self.bring(
            "delivery",
            self.delivery("XS-1", 1, name="Li Na", id_number=ids[0], phone=phone),
            self.delivery("XS-2", 2, name="Li Qiang", id_number=ids[1], phone=phone),
        )
        self.assertEqual(len(self.find_customers(phone)), 2)

    def test_queries_do_not_depend_on_the_number_of_rows(self):
        self.bring("delivery", self.delivery("warm-up"))
        few = self.count_import_queries("delivery", 100, 10)
        self.assertEqual(self.count_import_queries("delivery", 200, 100), few)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportLoaderDeliveryAgain(ImportCommon):
    """A car that is known already: corrected, sold again, or sold before."""

    BUYER = {"name": "Fang Min", "phone": "13888880000"}

    def test_a_correction_changes_the_sale_and_leaves_its_trace(self):
        self.bring("delivery", self.delivery("XS-1"))
        batch = self.bring("delivery", self.delivery("XS-1", price=180000))
        car = self.find_car(1)
        self.assertEqual((batch.changed_count, car.price), (1, 180000))
        values, sentence = self.traces(car)
        self.assertEqual(values["price"], (189800, 180000))
        self.assertIn("Import “delivery.xlsx”, row 4", sentence)

    def test_a_delivery_to_another_person_is_a_resale(self):
        self.bring("delivery", self.delivery("XS-1"))
        car = self.find_car(1)
        seller = car.owner_id
        row = self.delivery("XS-2", delivered_on="2026-10-01", **self.BUYER)
        batch = self.bring("delivery", row)
        self.assertIn("owner_changed", self.note_codes(batch, "XS-2"))
        self.assertEqual(car.owner_id.name, "Fang Min")
        roles = car.role_ids.filtered(lambda role: role.role == "owner")
        former = roles.filtered(lambda role: role.partner_id == seller)
        self.assertTrue(former.date_to)
        self.assertFalse((roles - former).date_to)
        self.assertEqual(car.contract_number, "XS-2")

    def test_an_earlier_delivery_comes_late(self):
        self.bring("delivery", self.delivery("XS-2", **self.BUYER))
        batch = self.bring("delivery", self.delivery("XS-1", delivered_on="2021-05-04"))
        car = self.find_car(1)
        self.assertIn("owner_former", self.note_codes(batch, "XS-1"))
        self.assertEqual(car.owner_id.name, "Fang Min")
        self.assertEqual(car.contract_number, "XS-2")
        self.assertEqual(car.delivered_on, date(2025, 10, 8))
        names = set(car.role_ids.partner_id.mapped("name"))
        self.assertEqual(names, {"Owner 00001", "Fang Min"})

    def test_an_order_came_before_the_delivery(self):
        self.bring("order", self.order("RO-1"))
        car = self.find_car(1)
        self.bring("delivery", self.delivery("XS-1"))
        self.assertEqual(len(car.role_ids), 1)
        role = car.role_ids
        self.assertEqual((role.is_purchase, role.date_from), (True, date(2025, 10, 8)))

    def test_a_contract_that_was_another_cars_moves(self):
        self.bring("delivery", self.delivery("XS-1", 1))
        batch = self.bring("delivery", self.delivery("XS-1", 2))
        self.assertIn("vin_moved", self.note_codes(batch, "XS-1"))
        self.assertRecordValues(
            self.find_car(1),
            [{"contract_number": False, "delivered_on": False, "price": 0}],
        )
        self.assertEqual(self.find_car(2).contract_number, "XS-1")

    def test_what_the_file_of_the_customer_lacks_is_filled(self):
        self.bring("order", self.order("RO-1"))
        owner = self.find_car(1).owner_id
        self.assertFalse(owner.street)
        number = "11010519491231002X"
        self.bring("delivery", self.delivery("XS-1", id_number=number))
        self.assertEqual(owner.street, "8 River Road")
        self.assertEqual(owner.sudo().cr_id_number, number)
        values, sentence = self.traces(owner)
        self.assertEqual(values["street"][1], "8 River Road")
        self.assertNotIn(number, f"{values} {sentence}")

    def test_a_newer_plate_replaces_the_older(self):
        self.bring("delivery", self.delivery("XS-1"))
        self.bring("order", self.order("RO-1", plate="赣dF12345"))
        self.assertEqual(self.find_car(1).plate, "赣DF12345")
        self.bring("delivery", self.delivery("XS-1", price=1))
        self.assertEqual(self.find_car(1).plate, "赣DF12345")
