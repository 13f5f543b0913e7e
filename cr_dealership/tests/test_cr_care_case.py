from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon

INSURANCE_DAYS = [-65, -65, -60, -50, -30, 3, 7]


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareCase(CareCommon):
    """Cases are opened by the nightly run and ended by what happened."""

    def test_insurance_steps_fall_on_their_days(self):
        end = self.TODAY + timedelta(days=65)
        car = self.insured_car(end)
        case = self.open_cases(self.plan("insurance"))
        self.assertEqual(case.vehicle_id, car)
        self.assertEqual((case.anchor_on, case.opened_on), (end, self.TODAY))
        self.assert_days(case, INSURANCE_DAYS)

    def test_a_day_too_far_away_opens_nothing(self):
        self.insured_car(self.TODAY + timedelta(days=66))
        plan = self.plan("insurance")
        self.assertFalse(self.open_cases(plan))
        self.assertEqual(len(self.open_cases(plan, self.TODAY + timedelta(days=1))), 1)

    def test_a_second_run_opens_nothing_twice(self):
        self.insured_car(self.TODAY + timedelta(days=30))
        plan = self.plan("insurance")
        first = self.open_cases(plan)
        plan.opened_until = False
        self.assertEqual(self.open_cases(plan), first)
        self.assertEqual(len(first.task_ids), len(INSURANCE_DAYS))

    def test_a_policy_that_became_known_later_is_not_missed(self):
        plan = self.plan("insurance")
        self.assertFalse(self.open_cases(plan))
        self.insured_car(self.TODAY + timedelta(days=20))
        case = self.open_cases(plan)
        self.assertEqual(len(case), 1)
        skipped = case.task_ids.filtered(lambda task: task.state == "skipped")
        self.assertEqual(set(skipped.mapped("reason")), {"too_late"})

    def test_a_renewal_here_wins_and_stops_the_steps(self):
        car = self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        self.insure(car, self.TODAY + timedelta(days=395), is_bought_here=True)
        self.assertEqual(case.state, "won")
        self.assertTrue(case.won_policy_id)
        self.assertFalse(case.is_effect, "nobody had contacted him")
        self.assertFalse(case.task_ids.filtered(lambda t: t.state in ("todo", "held")))

    def test_a_policy_bought_elsewhere_loses_with_its_reason(self):
        car = self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        self.insure(car, self.TODAY + timedelta(days=395))
        self.assertEqual(case.state, "lost")
        self.assertEqual(case.reason_id.code, "insured_elsewhere")

    def test_a_resale_ends_the_old_owners_case(self):
        car = self.insured_car(self.TODAY + timedelta(days=30))
        plan = self.plan("insurance")
        case = self.open_cases(plan)
        buyer = self.make_partner()
        car._set_owner(buyer, self.TODAY)
        self.assertEqual((case.state, case.cancel_reason), ("cancelled", "owner"))
        self.assertEqual(
            self.open_cases(plan).filtered(lambda c: c.state == "open").partner_id,
            buyer,
        )

    def test_a_visit_wins_only_from_the_day_the_case_was_opened(self):
        car = self.make_vehicle(
            self.make_partner(), delivered_on=date(2026, 9, 1), company_id=self.store.id
        )
        case = self.open_cases(self.plan("first_service"))
        self.assertEqual(case.vehicle_id, car)
        case._add_contact(self.TODAY)
        self.make_order(car, self.TODAY + timedelta(days=2), "first")
        self.assertEqual(case.state, "won")
        self.assertEqual(case.won_on, self.TODAY + timedelta(days=2))
        self.assertTrue(case.is_effect)

    def test_an_ended_case_says_the_day_it_was_about(self):
        car = self.make_vehicle(
            self.make_partner(), delivered_on=date(2026, 9, 1), company_id=self.store.id
        )
        case = self.open_cases(self.plan("first_service"))
        self.assertIn("months after delivery", case.reason_text)
        self.make_order(car, self.TODAY, "first")
        self.assertFalse(car.first_service_on)
        self.assertEqual(case.reason_text, f"First service, {case.anchor_on}")

    def test_who_came_is_not_said_to_stay_away(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(self.plan("recall"))
        self.assertEqual(case.reason_text, "No visit since 2026-05-20")
        self.make_order(car, self.TODAY)
        self.assertNotIn("No visit", case.reason_text)

    def test_a_visit_known_too_late_cancels_and_is_no_success(self):
        car = self.make_vehicle(
            self.make_partner(), delivered_on=date(2026, 9, 1), company_id=self.store.id
        )
        case = self.open_cases(self.plan("first_service"))
        case._add_contact(self.TODAY)
        with freeze_time("2026-11-21 02:00:00"):
            self.make_order(car, self.TODAY - timedelta(days=3), "first")
        self.assertEqual((case.state, case.cancel_reason), ("cancelled", "served"))
        self.assertFalse(case.is_effect)

    def test_a_new_reading_moves_the_case_and_its_steps(self):
        car = self.make_vehicle(
            self.make_partner(), delivered_on=date(2026, 9, 1), company_id=self.store.id
        )
        case = self.open_cases(self.plan("first_service"))
        before, first_on = case.anchor_on, self.task(case, -1).due_on
        for day, km in ((date(2026, 10, 1), 1000), (date(2026, 11, 15), 4500)):
            self.env["cr.odometer.reading"].create(
                {"vehicle_id": car.id, "read_on": day, "km": km}
            )
        self.assertLess(car.first_service_on, before)
        self.assertEqual(case.anchor_on, car.first_service_on)
        self.assertEqual(
            self.task(case, -1).due_on - case.anchor_on, first_on - before
        )

    def test_recruiting_begins_three_months_after_the_last_visit(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 8, 20))
        case = self.open_cases(self.plan("recruiting"))
        self.assertEqual(case.anchor_on, self.TODAY)
        self.assert_days(case, [0, 3, 7])

    def test_calendar_repeats_and_ends_of_months_are_kept(self):
        owner = self.make_partner()
        car = self.make_vehicle(
            owner, delivered_on=date(2026, 5, 31), company_id=self.store.id
        )
        car.role_ids.is_purchase = True
        plan = self.plan("half_year", look_back_days=0)
        case = self.open_cases(plan, date(2026, 11, 30))
        self.assertEqual(case.anchor_on, date(2026, 11, 30))
        self.open_cases(plan, date(2027, 11, 30))
        self.assertEqual(
            self.env["cr.care.case"].search([("plan_id", "=", plan.id)]).mapped(
                "anchor_on"
            ),
            [date(2026, 11, 30), date(2027, 11, 30)],
        )

    def test_who_is_set_aside_by_lot_is_measured_and_not_contacted(self):
        for _number in range(40):
            self.insured_car(self.TODAY + timedelta(days=30))
        cases = self.open_cases(self.plan("insurance", holdout_percent=50))
        aside = cases.filtered("is_holdout")
        self.assertTrue(0 < len(aside) < 40)
        self.assertFalse(aside.task_ids)

    def test_a_refusal_keeps_its_reason_and_is_lost_in_the_end(self):
        self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        reason = self.env.ref("cr_dealership.cr_care_reason_price")
        with self.assertRaisesRegex(UserError, "own words"):
            case._record_answer(reason)
        self.as_user(case, self.insurer)._record_answer(reason, "300 less elsewhere")
        self.assertEqual((case.state, case.answer), ("open", "refused"))
        self.env["cr.care.case"]._expire(case.expires_on + timedelta(days=1))
        self.assertEqual(case.state, "lost")

    def test_a_sold_car_leaves_our_area(self):
        car = self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        case._record_answer(self.env.ref("cr_dealership.cr_care_reason_sold_car"))
        self.assertEqual((case.state, car.state), ("lost", "gone"))

    def test_states_are_not_written_by_hand(self):
        self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        own = self.as_user(case, self.insurer)
        own.note = "prefers mornings"
        with self.assertRaises(AccessError):
            own.state = "won"

    def test_opening_takes_as_many_queries_for_one_as_for_many(self):
        plan = self.plan("insurance")
        version = plan._get_versions(self.TODAY)[plan.id]
        self.insured_car(self.TODAY + timedelta(days=30))
        few = self.count_queries(plan._open_slice, version, self.TODAY)
        for _number in range(30):
            self.insured_car(self.TODAY + timedelta(days=30))
        many = self.count_queries(plan._open_slice, version, self.TODAY)
        self.assertEqual(few, many)
