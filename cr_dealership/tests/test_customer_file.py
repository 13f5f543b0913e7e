from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DealershipCommon

ID_NUMBER = "36242219880315002X"
REPORT = "cr_dealership.customer_file"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCustomerFile(DealershipCommon):
    """The printed customer file shows no more than the screen (SEC-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner("曾晓燕", cr_id_masked=ID_NUMBER)
        cls.vehicle = cls.make_vehicle(
            owner=cls.customer,
            delivered_on=date(2026, 5, 1),
            price=181234,
            company_id=cls.store.id,
        )
        cls.vehicle.role_ids.is_purchase = True
        cls.env["cr.family.member"].create(
            {"partner_id": cls.customer.id, "name": "彭小宝", "relation": "child"}
        )

    def html(self, role, partners=None):
        reports = self.as_persona(self.env["ir.actions.report"], role)
        content = reports._render_qweb_html(REPORT, (partners or self.customer).ids)[0]
        return content.decode()

    def test_file_shows_person_car_and_family(self):
        html = self.html("head")
        for text in (
            "曾晓燕",
            self.customer.mobile,
            self.vehicle.plate,
            self.vehicle.vin,
            "彭小宝",
        ):
            self.assertIn(text, html)

    def test_id_number_is_masked_for_everybody(self):
        for role in ("head", "admin", "agent", "lounge"):
            self.assertNotIn(ID_NUMBER, self.html(role))
        self.assertIn("362422********002X", self.html("head"))
        self.assertNotIn("362422", self.html("lounge"))

    def test_prices_and_family_only_for_who_may_see_them(self):
        self.assertIn("181,234", self.html("head"))
        self.assertNotIn("181,234", self.html("agent"))
        self.assertNotIn("彭小宝", self.html("lounge"))

    def test_several_files_are_printed_at_once(self):
        company = self.make_partner(
            "吉安运输公司", is_company=True, cr_organization_type="company"
        )
        html = self.html("head", self.customer | company)
        self.assertIn("吉安运输公司", html)
        self.assertIn("曾晓燕", html)
