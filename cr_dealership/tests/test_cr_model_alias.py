from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestCrModelAlias(DealershipCommon):
    """Spellings of car models in files of other systems."""

    def test_spellings_lead_to_the_model(self):
        found = self.env["cr.model.alias"]._get_model_by_key()
        make_key = self.env["cr.model.alias"]._make_key
        expected = {
            "camry": ("凯美瑞", "CAMRY", "全新凯美瑞"),
            "corolla": ("卡罗拉", "COROLLA", "卡罗拉 1.2T"),
            "rav4": ("RAV4荣放", "RAV4", "荣放"),
            "avalon": ("亚洲龙",),
            "granvia": ("格瑞维亚",),
            "highlander": ("汉兰达",),
            "levin": ("雷凌",),
            "sienna": ("赛那",),
            "wildlander": ("威兰达",),
        }
        for name, spellings in expected.items():
            model = self.env.ref(f"cr_dealership.fleet_vehicle_model_{name}")
            for text in spellings:
                with self.subTest(text=text):
                    self.assertEqual(found[make_key(text)], model.id)

    @mute_logger("odoo.sql_db")
    def test_spelling_stands_for_one_model(self):
        levin = self.env.ref("cr_dealership.fleet_vehicle_model_levin")
        with self.assertRaises(IntegrityError):
            self.env["cr.model.alias"].create(
                {"name": "ca m ry", "model_id": levin.id}
            )
