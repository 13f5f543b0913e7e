from datetime import date

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import DealershipCommon

_READERS = (
    "agent",
    "specialist",
    "insurance",
    "lounge",
    "sales",
    "advisor",
    "manager",
    "finance",
    "head",
    "director",
    "admin",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVehicleScreens(DealershipCommon):
    """Every post opens what its menus offer, and prints the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.make_vehicle(
            owner=cls.make_partner(name="曾晓燕"),
            delivered_on=date(2025, 11, 20),
            consultant_id=cls.make_employee(user_id=cls.persona("sales").id).id,
        )
        cls.order = cls.make_order(
            cls.car,
            date(2026, 2, 18),
            "first",
            odometer_km=3690,
            line_ids=[
                Command.create({"kind": "material", "name": "机油", "amount": 300})
            ],
        )
        cls.env["cr.declined.work"].create(
            {"order_id": cls.order.id, "name": "刹车片更换", "safety": "safety"}
        )
        cls.env["cr.insurance.policy"].create(
            {"vehicle_id": cls.car.id, "number": "PDAA77"}
        )

    def test_every_post_opens_the_car(self):
        for role in _READERS:
            with self.subTest(role=role):
                form = Form(self.as_persona(self.car, role))
                self.assertEqual(form.plate, self.car.plate)

    def test_every_post_opens_the_actions_of_its_menus(self):
        root = self.env.ref("cr_dealership.cr_dealership_menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        models = {"cr.vehicle", "cr.service.order", "cr.insurance.policy"}
        models |= {"cr.inspection", "cr.declined.work", "cr.odometer.reading"}
        for role in _READERS:
            visible = menus.with_user(self.persona(role))._filter_visible_menus()
            for menu in visible.sudo().filtered("action"):
                action = menu.action
                if action._name != "ir.actions.act_window":
                    continue
                if action.res_model not in models:
                    continue
                with self.subTest(role=role, menu=menu.complete_name):
                    records = self.as_persona(self.env[action.res_model], role)
                    arch = records.get_view(False, "list")["arch"]
                    names = etree.fromstring(arch).xpath("//list/field/@name")
                    records.search([], limit=5).read(names)

    def test_order_opens_for_its_readers(self):
        for role in ("agent", "advisor", "finance", "director"):
            with self.subTest(role=role):
                form = Form(self.as_persona(self.order, role))
                self.assertEqual(form.number, self.order.number)

    def test_history_prints_visits_and_what_is_still_to_do(self):
        report = self.env["ir.actions.report"].with_user(self.persona("agent"))
        html = report._render_qweb_html(
            "cr_dealership.cr_vehicle_history_report", self.car.ids
        )[0].decode()
        for text in (self.order.number, "机油", "刹车片更换", "曾晓燕", self.car.vin):
            with self.subTest(text=text):
                self.assertIn(text, html)

    def test_history_of_a_car_never_seen_says_so(self):
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cr_dealership.cr_vehicle_history_report", self.make_vehicle().ids
        )[0].decode()
        self.assertIn("has not been here yet", html)
