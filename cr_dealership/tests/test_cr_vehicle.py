from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon, make_vin


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleIdentity(DealershipCommon):
    """VIN and plate: how they are stored, refused, doubted and found."""

    def test_vin_and_plate_are_stored_clean(self):
        vin = make_vin(990001)
        car = self.make_vehicle(vin=f" {vin.lower()} ", plate="赣d·a12 3b")
        self.assertEqual((car.vin, car.plate), (vin, "赣DA123B"))
        car.write({"plate": "赣 D 54321"})
        self.assertEqual(car.plate, "赣D54321")

    def test_vin_of_wrong_length_is_refused_with_the_way_out(self):
        with self.assertRaisesRegex(ValidationError, "LFM123.*6 characters.*17"):
            self.make_vehicle(vin="LFM123")

    def test_vin_with_letter_o_is_refused_with_the_way_out(self):
        vin = "O" + make_vin(990002)[1:]
        with self.assertRaisesRegex(ValidationError, f"{vin}.*never I, O or Q"):
            self.make_vehicle(vin=vin)

    def test_wrong_check_digit_is_kept_with_a_warning_and_a_note(self):
        right = make_vin(990003)
        wrong = right[:8] + ("1" if right[8] == "0" else "0") + right[9:]
        car = self.make_vehicle(vin=wrong)
        self.assertEqual(car.vin, wrong)
        self.assertIn(wrong, car.vin_warning)
        self.assertIn(wrong, car.message_ids[0].body)
        car.vin = right
        self.assertFalse(car.vin_warning)

    def test_typing_a_doubtful_vin_warns_at_once(self):
        right = make_vin(990004)
        wrong = right[:8] + ("1" if right[8] == "0" else "0") + right[9:]
        car = self.env["cr.vehicle"].new({"vin": wrong})
        self.assertIn(wrong, car._onchange_vin()["warning"]["message"])
        self.assertIsNone(self.env["cr.vehicle"].new({"vin": right})._onchange_vin())

    @mute_logger("odoo.sql_db")
    def test_a_vin_exists_once(self):
        car = self.make_vehicle()
        with self.assertRaises(IntegrityError):
            self.make_vehicle(vin=car.vin.lower())

    def test_car_is_called_by_plate_and_model(self):
        model = self.env.ref("cr_dealership.fleet_vehicle_model_camry")
        car = self.make_vehicle(plate="赣D0001A", model_id=model.id)
        self.assertEqual(car.display_name, f"赣D0001A · {model.name}")
        car.plate = False
        self.assertEqual(car.display_name, f"…{car.vin[-6:]} · {model.name}")

    def test_car_is_found_by_part_of_plate_vin_and_owner(self):
        owner = self.make_partner(name="曾晓燕", mobile="13807961234")
        car = self.make_vehicle(owner=owner, plate="赣DX12Y9")
        found = self.env["cr.vehicle"]._search_display_name
        terms = ("X12Y9", "赣D·X12", car.vin[-6:].lower(), "曾晓", "zxy", "07961234")
        for text in terms:
            with self.subTest(text=text):
                domain = found("ilike", text)
                self.assertIn(car, self.env["cr.vehicle"].search(domain))
        self.assertEqual(
            self.env["cr.vehicle"].name_search("X12Y9"), [(car.id, car.display_name)]
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehiclePeople(DealershipCommon):
    """Owners and drivers, their order in time, and what a delivery sets off."""

    def test_open_roles_make_owner_and_driver(self):
        owner, driver = self.make_partner(), self.make_partner()
        car = self.make_vehicle(owner=owner)
        car.role_ids = [Command.create({"partner_id": driver.id, "role": "driver"})]
        self.assertEqual((car.owner_id, car.driver_id), (owner, driver))
        car.role_ids.filtered(lambda role: role.role == "driver").unlink()
        self.assertFalse(car.driver_id)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_two_open_owners(self):
        car = self.make_vehicle(owner=self.make_partner())
        with self.assertRaises(IntegrityError):
            self.env["cr.vehicle.role"].create(
                {"vehicle_id": car.id, "partner_id": self.make_partner().id}
            )

    @mute_logger("odoo.sql_db")
    def test_role_cannot_end_before_it_begins(self):
        car = self.make_vehicle(owner=self.make_partner())
        with self.assertRaises(IntegrityError):
            car.role_ids.date_to = date(2019, 12, 31)
            car.role_ids.flush_recordset()

    def test_delivery_by_a_store_waits_for_its_callback(self):
        own = self.make_vehicle(
            company_id=self.store.id, delivered_on=date(2026, 11, 19)
        )
        foreign = self.make_vehicle(delivered_on=date(2026, 11, 19))
        self.assertTrue(own.callback_pending)
        self.assertFalse(foreign.callback_pending)
        foreign.company_id = self.store
        self.assertTrue(foreign.callback_pending)

    def test_corrected_delivery_day_calls_nobody_twice(self):
        car = self.make_vehicle(
            company_id=self.store.id, delivered_on=date(2026, 11, 19)
        )
        car.callback_pending = False
        car.delivered_on = date(2026, 11, 18)
        self.assertFalse(car.callback_pending)

    def test_warranty_follows_model_and_delivery(self):
        model = self.env.ref("cr_dealership.fleet_vehicle_model_camry")
        model.write({"cr_warranty_months": 36, "cr_warranty_km": 100000})
        car = self.make_vehicle(model_id=model.id, delivered_on=date(2026, 2, 28))
        self.assertEqual(car.warranty_start_on, date(2026, 2, 28))
        self.assertEqual(car.warranty_end_on, date(2029, 2, 28))
        self.assertEqual(car.warranty_km, 100000)
        car.delivered_on = date(2026, 3, 31)
        self.assertEqual(car.warranty_end_on, date(2029, 3, 31))

    def test_warranty_set_by_hand_stays(self):
        model = self.env.ref("cr_dealership.fleet_vehicle_model_camry")
        car = self.make_vehicle(
            model_id=model.id,
            delivered_on=date(2026, 2, 28),
            warranty_end_on=date(2031, 2, 28),
        )
        self.assertEqual(car.warranty_end_on, date(2031, 2, 28))

    def test_prices_show_only_to_those_who_may_see_them(self):
        seller = self.make_employee(user_id=self.persona("sales").id)
        car = self.make_vehicle(price=199800, consultant_id=seller.id)
        with self.assertRaises(AccessError):
            self.as_persona(car, "advisor").read(["price"])
        self.assertEqual(self.as_persona(car, "sales").price, 199800)

    def test_form_opens_and_saves_for_a_specialist(self):
        specialist = self.as_persona(self.env["cr.vehicle"], "specialist")
        with Form(specialist) as form:
            form.vin = make_vin(990050)
            form.plate = "赣D·90050"
        self.assertEqual(form.record.plate, "赣D90050")
