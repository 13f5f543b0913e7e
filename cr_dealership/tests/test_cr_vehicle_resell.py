from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleResell(DealershipCommon):
    """A car changes hands in one step and keeps its history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.driver = cls.make_partner(), cls.make_partner()
        cls.car = cls.make_vehicle(owner=cls.seller, owner_from=date(2024, 5, 1))
        cls.car.role_ids = [
            Command.create(
                {
                    "partner_id": cls.driver.id,
                    "role": "driver",
                    "date_from": date(2024, 5, 1),
                }
            )
        ]

    def resell(self, **values):
        wizard = self.env["cr.vehicle.resell"].create(
            {"vehicle_id": self.car.id, "date": date(2026, 11, 10), **values}
        )
        return wizard.action_resell()

    def test_known_customer_becomes_owner_from_the_day(self):
        buyer = self.make_partner()
        self.resell(partner_id=buyer.id)
        self.assertEqual(self.car.owner_id, buyer)
        self.assertFalse(self.car.driver_id)
        old_role = self.car.role_ids.filtered(
            lambda role: role.partner_id == self.seller
        )
        self.assertEqual(old_role.date_to, date(2026, 11, 9))

    def test_new_customer_is_made_with_his_number(self):
        self.resell(new_name="彭建华", new_phone="137 0796 1234")
        self.assertRecordValues(
            self.car.owner_id, [{"name": "彭建华", "mobile": "13707961234"}]
        )

    def test_driver_stays_if_said_so(self):
        self.resell(partner_id=self.make_partner().id, keep_driver=True)
        self.assertEqual(self.car.driver_id, self.driver)

    def test_history_names_old_and_new_owner(self):
        buyer = self.make_partner(name="Li Wei")
        self.resell(partner_id=buyer.id)
        body = self.car.message_ids[0].body
        self.assertIn("Li Wei", body)
        self.assertIn(self.seller.name, body)

    def test_number_of_another_customer_is_refused(self):
        self.make_partner(name="Zhang San", mobile="13707969999")
        with self.assertRaisesRegex(UserError, "13707969999.*Zhang San"):
            self.resell(new_name="Li Si", new_phone="13707969999")

    def test_same_name_and_number_is_the_same_customer(self):
        known = self.make_partner(name="Zhang San", mobile="13707969998")
        self.resell(new_name="Zhang San", new_phone="13707969998")
        self.assertEqual(self.car.owner_id, known)

    def test_typed_number_offers_the_known_customer(self):
        known = self.make_partner(mobile="13707969997")
        context = {"active_id": self.car.id}
        with Form(self.env["cr.vehicle.resell"].with_context(**context)) as form:
            form.new_phone = "137-0796-9997"
            self.assertEqual(form.partner_id, known)

    def test_nobody_named_is_refused(self):
        with self.assertRaisesRegex(UserError, "needs a new owner"):
            self.resell()

    def test_resale_in_the_future_is_refused(self):
        with self.assertRaisesRegex(UserError, "still to come"):
            self.resell(partner_id=self.make_partner().id, date=date(2026, 11, 21))

    def test_resale_before_the_purchase_is_refused(self):
        with self.assertRaisesRegex(UserError, "only since 2024-05-01"):
            self.resell(partner_id=self.make_partner().id, date=date(2024, 4, 1))
        self.assertEqual(self.car.owner_id, self.seller)

    def test_two_resales_on_one_day_leave_the_last_buyer(self):
        dealer, buyer = self.make_partner(), self.make_partner()
        self.resell(partner_id=dealer.id)
        self.resell(partner_id=buyer.id)
        self.assertEqual(self.car.owner_id, buyer)
        dealers = self.car.role_ids.filtered(lambda role: role.partner_id == dealer)
        self.assertEqual(dealers.date_from, dealers.date_to)

    def test_reselling_to_the_owner_changes_nothing(self):
        before = self.car.role_ids.filtered(lambda role: role.role == "owner")
        self.car._set_owner(self.seller, date(2026, 11, 10))
        self.assertFalse(before.date_to)

    def test_lounge_attendant_may_not_resell(self):
        wizard = self.env["cr.vehicle.resell"].with_user(self.persona("lounge"))
        with self.assertRaises(AccessError):
            wizard.create({"vehicle_id": self.car.id})

    def test_specialist_may_resell(self):
        wizard = self.as_persona(self.env["cr.vehicle.resell"], "specialist")
        wizard.create(
            {"vehicle_id": self.car.id, "new_name": "李四", "new_phone": "13707960001"}
        ).action_resell()
        self.assertEqual(self.car.owner_id.name, "李四")
