from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCarePlan(CareCommon):
    """Plans are data: days, texts, versions; what is wrong is said in words."""

    def policy(self, end):
        car = self.make_vehicle(
            self.make_partner(),
            delivered_on=date(2026, 1, 9),
            company_id=self.store.id,
        )
        return self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": car.id,
                "number": f"P{next(self._numbers)}",
                "date_start": end - timedelta(days=364),
                "date_end": end,
            }
        )

    def test_first_service_steps_fall_on_their_days(self):
        plan = self.plan("first_service")
        days = plan._get_versions(self.TODAY)[plan.id].step_ids.mapped("offset_days")
        self.assertEqual(days, [-40, -30, -25, -15, -7, 7])

    def test_a_late_first_service_says_by_how_many_days(self):
        self.make_vehicle(
            self.make_partner(),
            delivered_on=date(2026, 8, 10),
            company_id=self.store.id,
        )
        case = self.open_cases(self.plan("first_service"))
        self.assertIn("10 days late", case.due_text)

    def test_the_list_of_a_month_is_confirmed_two_months_before(self):
        plan = self.plan("insurance")
        self.policy(date(2027, 1, 15))
        with freeze_time("2027-02-10 02:00:00"):
            self.policy(date(2027, 4, 15))
        lists = self.env["cr.care.list"]
        for today in (self.TODAY, date(2027, 2, 10)):
            self.open_cases(plan, today)
            self.run_steps(today)
        lists = lists.search([("plan_id", "=", plan.id)], order="month")
        self.assertEqual(
            lists.mapped("deadline_on"), [date(2026, 11, 30), date(2027, 2, 28)]
        )

    def test_the_list_is_printed_with_its_customers(self):
        policy = self.policy(date(2027, 1, 15))
        case = self.open_cases(self.plan("insurance"))
        self.run_steps()
        own = self.as_user(case.list_id, self.insurer)
        action = own.action_print()
        html, _kind = own.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], own.ids
        )
        self.assertIn(policy.vehicle_id.plate, html.decode())
        self.assertTrue(own.printed_at)

    def test_whoever_confirms_is_reminded_once_when_the_day_has_come(self):
        plan = self.plan("insurance")
        self.policy(date(2027, 1, 15))
        case = self.open_cases(plan)
        self.run_steps()
        Lists = self.env["cr.care.list"]
        self.assertEqual(Lists._remind_deadlines(date(2026, 11, 29)), 0)
        self.assertEqual(Lists._remind_deadlines(date(2026, 11, 30)), 1)
        self.assertEqual(Lists._remind_deadlines(date(2026, 11, 30)), 0)
        self.assertEqual(case.list_id.activity_ids.user_id, self.insurer)

    def test_a_renewal_case_satisfies_the_yearly_insurance_contact(self):
        policy = self.policy(date(2026, 12, 31))
        policy.vehicle_id.role_ids.is_purchase = True
        insurance, year = self.plan("insurance"), self.plan("year")
        self.open_cases(insurance)
        case = self.open_cases(year, date(2027, 1, 9))
        self.run_steps(date(2027, 1, 9))
        self.assertEqual(case.task_ids.reason, "satisfied")

    def test_birthday_gift_and_wishes_fall_on_their_days(self):
        partner = self.make_partner(birthdate_date=date(1980, 12, 5))
        case = self.open_cases(self.plan("birthday")).filtered(
            lambda case: case.partner_id == partner
        )
        self.assertEqual(case.anchor_on, date(2026, 12, 5))
        self.assert_days(case, [-15, 0])

    def test_a_passed_birthday_moves_to_the_next_year(self):
        partner = self.make_partner(birthdate_date=date(1980, 12, 5))
        self.env["res.partner"]._cr_advance_birthdays(date(2026, 12, 6))
        self.assertEqual(partner.cr_birthday_on, date(2027, 12, 5))

    def test_a_plan_without_steps_is_not_put_in_force(self):
        version = self.env["cr.care.plan.version"].create(
            {"plan_id": self.plan("recall").id}
        )
        with self.assertRaisesRegex(UserError, "has no steps"):
            version.action_put_in_force()

    def test_steps_in_use_do_not_change_and_a_new_version_takes_over(self):
        plan = self.plan("recall")
        version = plan._get_versions(self.TODAY)[plan.id]
        with self.assertRaisesRegex(UserError, "make a new version"):
            version.step_ids[0].offset_days = 3
        draft = version.browse(version.action_new_version()["res_id"])
        draft.step_ids[0].offset_days = 3
        draft.action_put_in_force()
        self.assertEqual(version.state, "retired")
        self.assertEqual(plan._get_versions(self.TODAY)[plan.id], draft)

    def test_a_case_keeps_the_version_it_began_under(self):
        plan = self.plan("recall")
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(plan)
        old = case.version_id
        draft = old.browse(old.action_new_version()["res_id"])
        draft.action_put_in_force()
        self.assertEqual(case.version_id, old)
        self.assertEqual(case.task_ids.step_id.version_id, old)

    def test_a_condition_that_cannot_be_read_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose the customers anew"):
            self.plan("recall").domain = "[('no_such_field', '=', 1)]"

    def test_a_message_step_needs_its_text(self):
        version = self.env["cr.care.plan.version"].create(
            {"plan_id": self.plan("recall").id}
        )
        with self.assertRaisesRegex(ValidationError, "has no text"):
            self.env["cr.care.step"].create(
                {
                    "version_id": version.id,
                    "offset_days": 0,
                    "name": "SMS",
                    "channel": "sms",
                }
            )

    def test_a_plan_of_the_store_stands_in_for_the_general_one(self):
        own = self.plan("recall")
        general = own.copy({"company_id": False, "code": own.code})
        version = own._get_versions(self.TODAY)[own.id]
        twin = version.copy({"plan_id": general.id})
        twin.action_put_in_force()
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        self.assertFalse(self.open_cases(general))
        self.assertEqual(len(self.open_cases(own)), 1)
