from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DealershipCommon
from .rights_common import RightsCases


@tagged("post_install", "-at_install")
class TestRights(RightsCases, DealershipCommon):
    """The running system is held against the one table of rights (SEC-01, SEC-02)."""

    NO_STORE_RULE = {
        "cr.vehicle",  # its company is who sold it; the car belongs to the group
        "cr.capture",  # employees see their own, CR the store's: two group rules
        "cr.import.batch",  # people see their own, the head the store's
    }

    def test_portal_users_and_strangers_see_nothing_of_the_suite(self):
        for name, row in self.rows.items():
            if name.startswith("cr.") and name != "cr.capture":
                self.assertEqual((row["internal"], row["portal"]), ("-", "-"), name)

    def test_hidden_fields_are_closed_by_group(self):
        closed = {
            ("res.partner", "cr_id_masked"): ("lounge", "internal", "portal"),
            ("res.partner", "cr_spend"): ("agent", "lounge", "advisor", "internal"),
            ("res.partner", "cr_family_ids"): ("lounge", "finance", "insurance"),
            ("res.partner", "cr_gender"): ("internal", "portal"),
            ("cr.vehicle", "price"): ("agent", "lounge", "advisor", "specialist"),
            ("cr.vehicle", "discount"): ("agent", "lounge", "advisor", "specialist"),
        }
        for (name, field), roles in closed.items():
            for role in roles:
                with self.subTest(field=field, role=role):
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(self.users[role]).search(
                            [(field, "!=", False)]
                        )
        open_to = self.env["cr.vehicle"].with_user(self.users["sales"])
        self.assertIn("price", open_to.fields_get())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestRightsSales(DealershipCommon):
    """A sales consultant sees his own customers and who is none of ours (ROL-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls.persona("sales")
        employee = cls.make_employee(user_id=cls.sales.id)
        cls.customer, cls.stranger, cls.assigned = (
            cls.make_partner(name) for name in ("Own", "Stranger", "Assigned")
        )
        cls.own_car = cls.make_vehicle(owner=cls.customer, consultant_id=employee.id)
        cls.other_car = cls.make_vehicle(owner=cls.stranger)
        cls.assigned.cr_consultant_id = cls.sales
        cls.assigned_car = cls.make_vehicle(owner=cls.assigned)

    def visible(self, records, role="sales"):
        found = self.as_persona(records, role).search([("id", "in", records.ids)])
        return found.with_env(records.env)

    def test_customers_and_cars_of_others_are_hidden(self):
        partners = self.customer | self.stranger | self.assigned
        self.assertEqual(self.visible(partners), self.customer | self.assigned)
        cars = self.own_car | self.other_car | self.assigned_car
        self.assertEqual(self.visible(cars), self.own_car | self.assigned_car)
        self.assertEqual(self.visible(partners, "advisor"), partners)
        self.assertEqual(self.visible(cars, "advisor"), cars)

    def test_orders_follow_the_car(self):
        own = self.make_order(self.own_car, self.TODAY)
        other = self.make_order(self.other_car, self.TODAY)
        self.assertEqual(self.visible(own | other), own)
        with self.assertRaises(AccessError):
            self.as_persona(other, "sales").read(["number"])

    def test_what_hangs_on_the_customer_follows_him(self):
        wishes = (self.stranger | self.customer).action_cr_do_not_call()
        self.assertEqual(self.visible(wishes).partner_id, self.customer)
        members = self.env["cr.family.member"].create(
            [
                {"partner_id": partner.id, "name": "Child", "relation": "child"}
                for partner in self.stranger | self.customer
            ]
        )
        self.assertEqual(self.visible(members).partner_id, self.customer)

    def test_contacts_and_colleagues_stay_visible(self):
        supplier = self.make_partner("Supplier")
        colleague = self.persona("agent").partner_id
        self.make_vehicle(owner=colleague)
        self.assertTrue(colleague.cr_is_customer)
        self.assertEqual(
            self.visible(supplier | colleague | self.sales.partner_id),
            supplier | colleague | self.sales.partner_id,
        )

    def test_he_enters_a_sale_from_customer_to_car(self):
        """Customer, car and owner, as after a delivery (ROL-09)."""
        partner = self.as_persona(self.env["res.partner"], "sales").create(
            {"name": "New customer", "mobile": "13907960000"}
        )
        vehicle = partner.env["cr.vehicle"].create(
            {"vin": self.own_car.vin[:-1] + "Z", "plate": "赣D7777A"}
        )
        partner.env["cr.vehicle.role"].create(
            {"vehicle_id": vehicle.id, "partner_id": partner.id, "role": "owner"}
        )
        self.assertTrue(partner.sudo().cr_is_customer)
        self.assertEqual(self.visible(partner.sudo()), partner)
        partner.mobile = "13907960001"

    def test_a_second_post_opens_the_rest(self):
        self.sales.group_ids += self.env.ref("cr_dealership.group_cr_dealership_agent")
        self.assertEqual(self.visible(self.stranger), self.stranger)
