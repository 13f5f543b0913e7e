from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestComplaintOwners(ComplaintCommon):
    """Each complaint has one owner who knows of it (ROL-11)."""

    def test_each_grade_is_owned_by_its_role(self):
        cases = (
            ({}, "minor", "reception"),
            ({"is_guarantee": True}, "complaint", "service_director"),
            ({"channel": "consumer"}, "major", "general_manager"),
            ({"is_media": True}, "crisis", "general_manager"),
        )
        for values, code, role in cases:
            with self.subTest(grade=code):
                self.assertEqual(self.grade(code).role_id.code, role)
                partner = self.make_partner()
                complaint = self.make(partner_id=partner.id, **values)
                company, today = complaint.company_id, self.TODAY
                on_duty = complaint._get_owner_role()._on_duty(company, today)
                self.assertEqual(complaint.owner_id, on_duty[:1])
                self.assertIn(complaint.owner_id, complaint.reader_ids)
                todo = complaint.activity_ids.filtered(
                    lambda one, owner=complaint.owner_id: one.user_id == owner
                )
                self.assertTrue(todo)
        self.assertEqual(self.grade("grievance").role_id.code, "service_manager")

    def test_the_five_levels_of_the_source_ship_in_its_words(self):
        scheme = self.env.ref("cr_complaints.cr_complaint_scheme_five")
        grades = scheme.grade_ids.with_context(lang="zh_CN").sorted("level")
        expected = (
            (1, "轻微抱怨", "渴望得到合理解释", "reception"),
            (2, "抱怨", "需要部门经理进行解释安抚", "service_manager"),
            (3, "投诉", "精神上及物质上均需要补偿", "service_director"),
            (4, "重大投诉", "消费者协会转交", "general_manager"),
            (5, "危机", "媒体负面传播", "general_manager"),
        )
        self.assertEqual(len(grades), len(expected))
        for grade, (level, name, words, role) in zip(grades, expected, strict=True):
            with self.subTest(grade=name):
                self.assertEqual((grade.level, grade.name), (level, name))
                self.assertIn(words, grade.definition)
                self.assertEqual(grade.role_id.code, role)
                self.assertTrue(grade.rung_ids)

    def test_categories_have_levels_and_a_department(self):
        category = self.env.ref("cr_complaints.cr_complaint_category_repair_3")
        self.assertTrue(category.parent_id)
        own = category.create({"name": "Gearbox", "parent_id": category.id})
        self.assertIn(category.name, own.display_name)
        self.assertEqual(own._get_role(), category._get_role())
        complaint = self.make(category_id=own.id)
        self.assertEqual(complaint.role_id, category._get_role())
        self.assertEqual(complaint.grade_id, self.grade("minor"))

    def test_the_same_part_links_complaints_of_others_and_shows_on_the_case(self):
        part = {"part": "Gearbox mount"}
        first = self.make(**part)
        case = self.env["cr.complaint.case"].create(
            {**first._prepare_case(), "cause": "Torque", "complaint_id": first.id}
        )
        case.action_improved()
        self.assertEqual(case.repeat_count, 0)
        with freeze_time("2026-11-24 02:00:00"):
            again = self.make(partner_id=self.make_partner().id, **part)
            self.make(partner_id=self.make_partner().id, part="Door")
        self.assertEqual(again.earlier_ids, first)
        case.invalidate_recordset()
        self.assertEqual(case.repeat_count, 1)

    def test_sales_complaints_go_to_the_sales_side(self):
        seller = self.second_agent(5)
        self.hold(self.env.ref("cr_dealership.cr_role_sales_manager"), seller)
        category = self.env.ref("cr_complaints.cr_complaint_category_sales")
        complaint = self.make(category_id=category.id)
        complaint.with_user(self.head)._set_grade(self.grade("complaint"), "Upset")
        self.assertEqual(complaint._get_owner_role().code, "sales_director")
        self.assertEqual(complaint.owner_id, seller, "nobody is director: his manager")

    def test_the_head_hears_of_every_new_complaint(self):
        self.head.lang = "en_US"
        complaint = self.make(is_media=True)
        summaries = complaint.activity_ids.filtered(
            lambda one: one.user_id == self.head
        ).mapped("summary")
        self.assertEqual(summaries, ["New complaint: Gearbox still knocks"])

    def test_a_home_visit_needs_its_result(self):
        complaint = self.make()
        visit = self.env["cr.complaint.measure"].create(
            {
                "complaint_id": complaint.id,
                "kind": "visit",
                "name": "Apologise at home",
                "user_id": self.manager.id,
                "due_on": date(2026, 11, 22),
                "visitors": "Manager and advisor",
            }
        )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                visit.action_done()
                visit.flush_recordset()
        visit.result = "He accepts the apology"
        visit.action_done()
        self.assertEqual(visit.done_on, self.TODAY)

    def test_an_improvement_is_agreed_and_carried_out(self):
        complaint = self.make(result="Explained")
        complaint.action_on_the_spot()
        action = complaint.action_make_case()
        values = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        case = self.env["cr.complaint.case"].create(
            {**values, "cause": "No torque wrench", "improvement": "Buy one"}
        )
        self.assertEqual(case.opinion, complaint.content)
        case.with_user(self.head).action_approve()
        self.assertEqual(case.approved_by_id, self.head)
        case.action_improved()
        self.assertEqual(case.improved_on, self.TODAY)

    def test_explanation_and_listening_are_kept(self):
        complaint = self.make().with_user(self.agent)
        complaint.write(
            {"heard_appeal": True, "explanation": "The maker gives no other colour"}
        )
        self.assertTrue(complaint.heard_appeal)
        self.assertEqual(complaint.explanation, "The maker gives no other colour")

    def test_who_stays_away_unhappy_has_a_complaint(self):
        self.make_order(self.car, date(2026, 5, 20))
        plan = self.env.ref("cr_dealership.cr_care_plan_recall")
        case = self.env["cr.care.case"].create(
            {
                "company_id": self.store.id,
                "plan_id": plan.id,
                "version_id": plan._get_versions(self.TODAY)[plan.id].id,
                "subject": "recall",
                "partner_id": self.customer.id,
                "vehicle_id": self.car.id,
                "anchor_on": self.TODAY,
                "first_anchor_on": self.TODAY,
                "opened_on": self.TODAY,
                "expires_on": date(2026, 12, 20),
            }
        )
        reason = self.env.ref("cr_dealership.cr_care_reason_dissatisfied")
        case._record_answer(reason, "Waited for three hours")
        made = self.env["cr.complaint"].search([("origin_model", "=", case._name)])
        self.assertEqual(made.partner_id, self.customer)
        self.assertEqual(made.content, "Waited for three hours")
