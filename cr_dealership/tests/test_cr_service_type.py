from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestCrServiceType(DealershipCommon):
    """Service types and the spellings under which files know them."""

    def test_spellings_of_the_shop_system_are_known(self):
        found = self.env["cr.service.type"]._get_type_by_key()
        expected = {
            "first": ("首保", "首次保养", "first"),
            "maintenance": ("定保", "定期保养", "保养"),
            "repair": ("一般维修", "小修"),
            "body": ("事故", "钣喷"),
            "rework": ("返修",),
        }
        for code, spellings in expected.items():
            for text in spellings:
                with self.subTest(text=text):
                    self.assertEqual(found[text], self.service_type(code).id)

    def test_flags_of_the_catalogue(self):
        self.assertTrue(self.service_type("first").is_first_service)
        self.assertTrue(self.service_type("first").is_maintenance)
        self.assertTrue(self.service_type("maintenance").is_maintenance)
        self.assertTrue(self.service_type("rework").is_rework)
        self.assertFalse(self.service_type("repair").is_maintenance)

    @mute_logger("odoo.sql_db")
    def test_code_exists_once(self):
        with self.assertRaises(IntegrityError):
            self.env["cr.service.type"].create({"name": "Again", "code": "first"})
