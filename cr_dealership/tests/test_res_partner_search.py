from odoo.tests import tagged
from odoo.tools import SQL

from .common import DealershipCommon, make_vin


@tagged("post_install", "-at_install")
class TestResPartnerSearch(DealershipCommon):
    """One box finds a customer by whatever somebody remembers (CUS-38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zeng = cls.make_partner(
            "曾晓燕", mobile="13507960042", phone="0796-8212345", ref="KH-00871"
        )
        cls.other = cls.make_partner("彭建华", mobile="13907965678")
        cls.vin = make_vin(4711)
        cls.vehicle = cls.make_vehicle(owner=cls.zeng, vin=cls.vin, plate="赣D7X42Q")

    def find(self, term, role="agent"):
        partners = self.as_persona(self.env["res.partner"], role)
        ids = [id_ for id_, __ in partners.name_search(term)]
        return (self.zeng | self.other).filtered(lambda partner: partner.id in ids)

    def test_name_and_reference_still_find(self):
        for term in ("曾晓燕", "晓燕", "KH-00871"):
            self.assertEqual(self.find(term), self.zeng, term)

    def test_pinyin_and_initials_find(self):
        for term in ("zxy", "zengxiaoyan", "Zeng Xiaoyan", "zengx", "ZX"):
            self.assertEqual(self.find(term), self.zeng, term)
        self.assertFalse(self.find("xiaoyan"))

    def test_last_digits_of_any_number_find(self):
        for term in ("0042", "60042", "12345", "0796-8212345", "135 0796 0042"):
            self.assertEqual(self.find(term), self.zeng, term)

    def test_digits_within_a_number_find_only_if_they_are_many(self):
        self.assertFalse(self.find("5079"))
        self.assertEqual(self.find("3507960"), self.zeng)

    def test_plate_and_its_parts_find(self):
        for term in ("赣D7X42Q", "赣d·7x42q", "D7X42Q", "7X42"):
            self.assertEqual(self.find(term), self.zeng, term)

    def test_vin_and_its_end_find(self):
        for term in (self.vin, self.vin[-6:], self.vin.lower()):
            self.assertEqual(self.find(term), self.zeng, term)

    def test_former_owner_is_not_found_by_the_car(self):
        self.vehicle._set_owner(self.other, self.TODAY)
        self.assertEqual(self.find("赣D7X42Q"), self.other)

    def test_people_outside_the_suite_find_as_well(self):
        user = self.env["res.users"].search([("login", "=", "cr_plain")]) or self.env[
            "res.users"
        ].create(
            {
                "login": "cr_plain",
                "name": "Plain",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        partners = self.env["res.partner"].with_user(user)
        self.assertIn(self.zeng.id, [id_ for id_, __ in partners.name_search("zxy")])

    def test_keys_follow_the_file(self):
        self.zeng.write({"name": "单 强", "mobile": False})
        self.assertEqual(self.zeng.cr_pinyin, "sq shanqiang")
        self.assertEqual(self.zeng.cr_phone_digits, "07968212345")

    def test_creating_many_files_takes_no_extra_queries_each(self):
        Partner = self.env["res.partner"]
        make = [{"name": f"曾{number}", "mobile": "13800138000"} for number in range(40)]
        Partner.create(make[:1])
        one = self.count_queries(Partner.create, make[:1])
        many = self.count_queries(Partner.create, make)
        self.assertLessEqual(many, one + 3)

    def test_keys_written_past_the_orm_are_filled_in_two_statements(self):
        partners = self.zeng | self.other
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET cr_pinyin = NULL, cr_phone_digits = NULL"
            " WHERE id = ANY(%s)",
            [partners.ids],
        )
        partners.invalidate_recordset()
        with self.assertQueryCount(2):
            partners._cr_fill_search_keys()
        self.assertEqual(self.other.cr_pinyin, "pjh pengjianhua")
        self.assertEqual(self.zeng.cr_phone_digits, "13507960042 07968212345")

    def test_every_part_of_the_question_has_an_index(self):
        """With sequential scans made dear, the plan combines indexes only."""
        partners = self.env["res.partner"]
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        for term in ("zengxiaoyan", "60042", "D7X42Q"):
            query = partners.sudo()._search([("display_name", "ilike", term)])
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(row[0] for row in rows)
            self.assertNotIn("Seq Scan on res_partner", plan, term)
            self.assertIn("BitmapOr", plan, term)
