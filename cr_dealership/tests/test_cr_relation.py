from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .callback_common import NOW
from .care_common import CareCommon, PromotionCommon
from .common import ROLES


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrRelationScreens(CareCommon):
    """Whoever may read what is kept about relations opens its screens."""

    def test_every_post_opens_what_it_may_read(self):
        for name, kinds in (
            ("cr.customer.wish", ("list", "form", "search", "kanban", "pivot")),
            ("cr.celebration", ("list", "form", "search", "kanban", "calendar")),
            ("cr.relation.goal", ("list", "form", "search", "kanban")),
            ("cr.consultation", ("list", "form", "search", "kanban", "pivot")),
            ("cr.courtesy.standard", ("list", "search")),
            ("cr.courtesy.check", ("list", "form", "search", "kanban", "pivot")),
        ):
            for role in ROLES[1:]:
                model = self.as_user(self.env[name], self.persona(role))
                if model.has_access("read"):
                    with self.subTest(model=name, role=role):
                        found = model.get_views([(False, kind) for kind in kinds])
                        self.assertEqual(set(found["views"]), set(kinds))

    def test_forms_fill_in_what_the_file_knows(self):
        firm = self.make_partner("Firm", is_company=True, mobile="13907960055")
        firm.cr_founded_on = date(2006, 12, 1)
        celebration = Form(self.as_user(self.env["cr.celebration"], self.specialist))
        celebration.partner_id = firm
        self.assertEqual(celebration.day, date(2026, 12, 1))
        celebration.save()
        consultation = Form(self.as_user(self.env["cr.consultation"], self.agent))
        consultation.partner_id = firm
        self.assertEqual((consultation.name, consultation.phone[-4:]), ("Firm", "0055"))
        consultation.question = "Fleet prices?"
        consultation.save()
        wish = Form(self.as_user(self.env["cr.customer.wish"], self.agent))
        wish.name, wish.text = "Later closing", "Could you close later?"
        wish.save()
        goal = Form(self.as_user(self.env["cr.relation.goal"], self.specialist))
        goal.name, goal.partner_id = "All cars", firm
        self.assertEqual(goal.save().user_id, self.specialist)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCelebration(CareCommon):
    """Founding days are found, and somebody represents the house (REL-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.make_partner(
            "Jiangxi Logistics", is_company=True, cr_founded_on=date(2006, 11, 25)
        )
        cls.make_order(cls.make_vehicle(cls.firm), date(2026, 10, 1))

    def celebration(self, **values):
        return self.env["cr.celebration"].create(
            {
                "partner_id": self.firm.id,
                "delegate_ids": self.head.ids,
                **values,
            }
        )

    def test_the_file_tells_the_next_founding_day(self):
        self.assertEqual(self.firm.cr_anniversary_on, date(2026, 11, 25))
        self.firm.cr_founded_on = date(2020, 2, 29)
        self.assertEqual(self.firm.cr_anniversary_on, date(2027, 2, 28))

    def test_a_case_of_the_founding_day_brings_one_delegation(self):
        case = self.open_cases(self.plan("founded"))
        self.assertEqual(case.partner_id, self.firm)
        self.run_steps()
        task = case.task_ids
        self.assertEqual(task.state, "ready")
        action = self.env["cr.celebration"]._plan_for(case)
        celebration = self.env["cr.celebration"].search(action["domain"])
        self.assertEqual(celebration.day, date(2026, 11, 25))
        self.assertEqual(
            self.env["cr.celebration"]._plan_for(case)["domain"], action["domain"]
        )
        celebration.delegate_ids = self.head
        with freeze_time("2026-11-25 08:00:00"):
            celebration.action_attended()
        self.assertEqual(task.state, "done")

    def test_cases_of_other_plans_bring_none(self):
        with self.assertRaisesRegex(UserError, "Founding day of a company"):
            self.env["cr.celebration"]._plan_for(self.env["cr.care.case"])

    def test_the_delegate_has_a_task_and_the_ledger_tells_of_him(self):
        celebration = self.celebration(report="Met the owner.")
        self.assertEqual(celebration.activity_ids.user_id, self.head)
        self.assertEqual(celebration.activity_ids.date_deadline, date(2026, 11, 25))
        celebration.delegate_ids = self.specialist
        self.assertEqual(celebration.activity_ids.user_id, self.specialist)
        with self.assertRaisesRegex(UserError, "mark it when it was"):
            celebration.action_attended()
        with freeze_time("2026-11-25 08:00:00"):
            celebration.action_attended()
            celebration.action_attended()
        touch = self.env["cr.care.touch"].search([("partner_id", "=", self.firm.id)])
        self.assertEqual((touch.channel, touch.content), ("visit", "Met the owner."))
        self.assertFalse(touch.is_counted)
        self.assertFalse(celebration.activity_ids)

    def test_nobody_goes_only_with_a_reason(self):
        celebration = self.celebration(delegate_ids=False, day=self.TODAY)
        with self.assertRaisesRegex(UserError, "name the delegates"):
            celebration.action_attended()
        with self.assertRaisesRegex(UserError, "why nobody went"):
            celebration.action_missed()
        celebration.report = "Snow; a flower basket was sent."
        celebration.action_missed()
        self.assertEqual(celebration.state, "missed")
        with self.assertRaisesRegex(AccessError, "follows from its buttons"):
            self.as_user(celebration, self.head).state = "attended"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrRelationGoal(CareCommon):
    """Accounts whose relation is to be extended (REL-21)."""

    def goal(self, **values):
        return self.env["cr.relation.goal"].create(
            {
                "name": "All company cars",
                "partner_id": self.customer.id,
                "user_id": self.specialist.id,
                **values,
            }
        )

    def test_an_aim_has_a_next_step_that_is_a_task(self):
        goal = self.goal()
        with self.assertRaisesRegex(UserError, "name the next step"):
            goal.action_start()
        goal.write({"next_step": "Invite", "next_on": self.TODAY})
        self.assertFalse(goal.activity_ids)
        goal.action_start()
        self.assertEqual(goal.activity_ids.user_id, self.specialist)
        tomorrow = self.TODAY + timedelta(days=1)
        goal.write({"next_step": "Offer", "next_on": tomorrow})
        self.assertEqual(goal.activity_ids.mapped("summary"), ["Offer"])
        self.assertEqual(goal.activity_ids.date_deadline, tomorrow)
        self.assertEqual(goal.cars_now, 1)

    def test_it_ends_with_words(self):
        goal = self.goal(next_step="Invite", next_on=self.TODAY)
        goal.action_start()
        with self.assertRaisesRegex(UserError, "how it ended"):
            goal.action_reached()
        goal.result = "Twelve cars."
        goal.action_reached()
        self.assertEqual((goal.state, goal.closed_on), ("reached", self.TODAY))
        self.assertFalse(goal.activity_ids)

    def test_a_consultant_sees_his_own_aims(self):
        goal = self.goal()
        sales = self.persona("sales")
        mine = self.as_user(self.env["cr.relation.goal"], sales)
        self.assertFalse(mine.search([("id", "=", goal.id)]))
        goal.user_id = sales
        self.assertTrue(mine.search([("id", "=", goal.id)]))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrConsultation(CareCommon):
    """What was said and promised before a purchase (COM-09)."""

    def consultation(self, **values):
        return self.env["cr.consultation"].create(
            {
                "name": "Mr Hu",
                "phone": "13907960011",
                "question": "How long is the wait?",
                "user_id": self.specialist.id,
                **values,
            }
        )

    def test_a_promise_is_a_task_until_it_is_kept(self):
        asked = self.consultation(promise="An offer", promise_on=date(2026, 11, 19))
        self.assertEqual(asked.activity_ids.user_id, self.specialist)
        self.assertEqual(asked.activity_ids.date_deadline, date(2026, 11, 19))
        self.assertTrue(asked.is_late)
        asked.action_bought()
        self.assertTrue(asked.activity_ids, "A promise outlives the purchase.")
        asked.action_keep()
        self.assertEqual(asked.kept_on, self.TODAY)
        self.assertFalse(asked.activity_ids or asked.is_late)

    def test_a_known_customer_has_it_in_his_ledger(self):
        asked = self.env["cr.consultation"].create(
            {"partner_id": self.customer.id, "question": "Is there a new model?"}
        )
        self.assertEqual(asked.name, self.customer.name)
        touch = self.env["cr.care.touch"].search(
            [("origin_model", "=", "cr.consultation")]
        )
        self.assertEqual((touch.partner_id, touch.about), (self.customer, "sales"))

    def test_a_stranger_is_told_to_the_department_once(self):
        asked = self.consultation(user_id=self.persona("sales").id)
        self.as_user(asked, self.persona("sales")).action_capture()
        self.assertEqual(asked.capture_id.phone, "13907960011")
        with self.assertRaisesRegex(UserError, "with the CR department already"):
            asked.action_capture()

    def test_who_does_not_buy_says_why_from_the_one_list(self):
        asked = self.consultation()
        with self.assertRaisesRegex(UserError, "choose why"):
            asked.action_lost()
        asked.reason_id = self.env.ref("cr_dealership.cr_care_reason_other_brand")
        self.assertIn("three years", asked.next_step)
        asked.action_lost()
        self.assertEqual(asked.state, "lost")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareRecommendation(PromotionCommon):
    """A product recommended to a group, and what they answered (REL-20)."""

    def test_an_analysis_becomes_a_recommendation_to_those_found(self):
        found = self.people["high"] | self.people["low"]
        action = self.as_user(found, self.specialist).action_cr_recommend()
        self.plan("promotion")
        campaign = (
            self.env["cr.care.campaign"]
            .with_context(**action["context"])
            .create(
                {
                    "name": "Winter tyres",
                    "product": "Winter tyres 205/55",
                    "day": self.TODAY,
                    "text": "Winter tyres are in.",
                }
            )
        )
        self.assertEqual(campaign.kind, "offer")
        campaign.action_launch()
        self.assertEqual(self.reached(campaign), found)

    def test_answers_are_counted_and_open_their_customers(self):
        campaign = self.campaign(kind="offer", product="Winter tyres")
        campaign.action_launch()
        self.assertEqual(campaign.told_count, 0)
        cases = campaign.case_ids
        cases._add_contact(self.TODAY)
        cases[0]._record_answer(self.env.ref("cr_dealership.cr_care_reason_will_come"))
        cases[1]._record_answer(
            self.env.ref("cr_dealership.cr_care_reason_price"), "Too dear"
        )
        campaign.invalidate_recordset()
        self.assertEqual(
            (campaign.told_count, campaign.interested_count, campaign.refused_count),
            (3, 1, 1),
        )
        self.assertAlmostEqual(campaign.response_rate, 100 / 3, 1)
        action = campaign.with_context(cr_answers=["refused"]).action_view_responses()
        self.assertEqual(cases.search(action["domain"]), cases[1])
        self.assertEqual(
            cases.search(campaign.action_view_responses()["domain"]), cases
        )
