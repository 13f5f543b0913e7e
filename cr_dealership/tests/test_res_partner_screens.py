from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, new_test_user, tagged

from .common import ROLES, DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestResPartnerScreens(DealershipCommon):
    """The screens of a customer open for every post, with what it may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner(
            "曾晓燕", cr_id_masked="36242219880315002X", cr_gender="female"
        )
        cls.customer.cr_consultant_id = cls.persona("sales")
        cls.vehicle = cls.make_vehicle(
            owner=cls.customer, delivered_on=date(2024, 5, 1), price=180000
        )
        cls.make_order(cls.vehicle, cls.TODAY - timedelta(5))
        cls.customer.action_cr_do_not_call()
        cls.env["cr.family.member"].create(
            {"partner_id": cls.customer.id, "name": "Child", "relation": "child"}
        )

    def fields_of(self, user, view_type):
        """Return the names in a view of the customers' action, as a user gets it."""
        action = self.env.ref("cr_dealership.res_partner_action")
        views = [(view_id, kind) for view_id, kind in action.views if kind == view_type]
        arch = (
            self.env["res.partner"]
            .with_user(user)
            .get_views(views)["views"][view_type]["arch"]
        )
        return {node.get("name") for node in etree.fromstring(arch).iter("field")}

    def test_form_opens_for_every_post(self):
        for role in ROLES:
            with self.subTest(role=role):
                form = Form(self.as_persona(self.customer, role))
                self.assertEqual(form.name, "曾晓燕")
                self.assertEqual(form.cr_main_vehicle_id, self.vehicle)

    def test_form_opens_for_people_outside_the_suite(self):
        user = new_test_user(
            self.env,
            login="cr_screens_plain",
            groups="base.group_user,base.group_partner_manager",
        )
        names = self.fields_of(user, "form")
        self.assertIn("mobile", names)
        self.assertFalse({name for name in names if name.startswith("cr_")})
        with Form(self.customer.with_user(user)) as form:
            form.street = "Jinggangshan Avenue 1"
        self.assertEqual(self.customer.street, "Jinggangshan Avenue 1")
        with Form(self.env["res.partner"].with_user(user)) as form:
            form.name = "Supplier"
            form.mobile = self.customer.mobile
        self.assertFalse(form.record.sudo().cr_stage)

    def test_list_and_kanban_open_for_every_post(self):
        for role in ROLES:
            user = self.persona(role)
            for view_type in ("list", "kanban"):
                with self.subTest(role=role, view=view_type):
                    names = self.fields_of(user, view_type)
                    found = self.as_persona(
                        self.env["res.partner"], role
                    ).web_search_read(
                        [("id", "=", self.customer.id)], {name: {} for name in names}
                    )
                    self.assertEqual(found["length"], 1)

    def test_each_post_sees_its_own_fields(self):
        self.assertNotIn("cr_id_masked", self.fields_of(self.persona("lounge"), "form"))
        self.assertNotIn("cr_spend", self.fields_of(self.persona("agent"), "form"))
        self.assertIn("cr_spend", self.fields_of(self.persona("head"), "form"))
        finance = self.fields_of(self.persona("finance"), "form")
        self.assertNotIn("cr_family_ids", finance)

    def test_list_of_eighty_takes_as_many_queries_as_one(self):
        partners = self.env["res.partner"]
        for __ in range(20):
            partner = self.make_partner()
            self.make_vehicle(owner=partner, delivered_on=date(2024, 5, 1))
            partner.action_cr_do_not_call()
            partners |= partner
        specification = {
            name: {} for name in self.fields_of(self.persona("head"), "list")
        }
        records = self.as_persona(partners, "head")
        one = self.count_queries(records[0].web_read, specification)
        many = self.count_queries(records.web_read, specification)
        self.assertLessEqual(many, one)

    def test_buttons_open_cars_orders_and_duplicates(self):
        customer = self.as_persona(self.customer, "advisor")
        cars = customer.action_cr_open_vehicles()
        self.assertEqual(self.env["cr.vehicle"].search(cars["domain"]), self.vehicle)
        orders = customer.action_cr_open_orders()
        found = self.env["cr.service.order"].search(orders["domain"])
        self.assertEqual(found, self.vehicle.order_ids)

    def test_new_customers_of_the_screen_are_prospects(self):
        action = self.env.ref("cr_dealership.res_partner_action")
        partner = (
            self.as_persona(self.env["res.partner"], "specialist")
            .with_context(default_cr_stage="prospect")
            .create({"name": "New"})
        )
        self.assertIn("default_cr_stage", action.context)
        self.assertEqual(partner.cr_stage, "prospect")
