from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareCaseFollow(CareCommon):
    """Cases follow moved dates and resales; found by the simulated year."""

    def lapsed_car(self, owner=None):
        car = self.make_vehicle(owner or self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        return car

    def licence_case(self):
        owner = self.make_partner(cr_licence_on=self.TODAY + timedelta(days=30))
        car = self.lapsed_car(owner)
        return self.open_cases(self.plan("licence")), car

    def test_a_visit_does_not_take_the_reminder_of_the_licence_away(self):
        case, car = self.licence_case()
        self.make_order(car, self.TODAY)
        self.assertEqual(case.state, "open")

    def test_a_renewed_licence_is_reminded_of_no_more(self):
        case, _car = self.licence_case()
        case.partner_id.cr_licence_on = self.TODAY + timedelta(days=2000)
        self.assertEqual((case.state, case.cancel_reason), ("cancelled", "not_due"))

    def test_a_corrected_licence_moves_its_reminder(self):
        case, _car = self.licence_case()
        case.partner_id.cr_licence_on += timedelta(days=5)
        self.assertEqual(case.anchor_on, self.TODAY + timedelta(days=35))
        self.assertEqual(self.task(case, 0).due_on, self.TODAY + timedelta(days=5))

    def test_who_sold_his_car_is_wished_a_happy_birthday_all_the_same(self):
        owner = self.make_partner(birthdate_date=date(1980, 11, 30))
        car = self.lapsed_car(owner)
        cases = self.open_cases(self.plan("birthday"))
        case = cases.filtered(lambda case: case.partner_id == owner)
        car._set_owner(self.make_partner(), self.TODAY)
        self.assertEqual((len(case), case.state), (1, "open"))

    def test_a_birthday_is_one_even_if_another_car_is_the_main_one(self):
        owner = self.make_partner(birthdate_date=date(1980, 11, 30))
        self.lapsed_car(owner)
        plan = self.plan("birthday")
        self.open_cases(plan)
        self.make_order(self.lapsed_car(owner), self.TODAY)
        owner.cr_licence_on = self.TODAY
        cases = self.open_cases(plan)
        self.assertEqual(cases.partner_id.ids.count(owner.id), 1)
        self.assertEqual(len(cases.filtered(lambda c: c.partner_id == owner)), 1)

    def test_a_date_that_moves_a_little_begins_no_new_round(self):
        car = self.make_vehicle(
            self.make_partner(), delivered_on=date(2026, 9, 1), company_id=self.store.id
        )
        plan = self.plan("first_service")
        case = self.open_cases(plan)
        case._record_answer(self.env.ref("cr_dealership.cr_care_reason_done"))
        self.assertEqual(case.state, "lost")
        car.delivered_on += timedelta(days=2)
        self.assertEqual(self.open_cases(plan), case)
