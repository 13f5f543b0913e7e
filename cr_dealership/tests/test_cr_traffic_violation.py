from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const_care import ANCHOR_COLUMNS
from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrTrafficViolation(CareCommon):
    """A notice reminds whoever drives until it is settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car.company_id = cls.store
        cls.speak_english()

    def notice(self, days=8, **values):
        return self.env["cr.traffic.violation"].create(
            {
                "vehicle_id": self.car.id,
                "name": f"Speeding {next(self._numbers)}",
                "happened_on": self.TODAY - timedelta(days=5),
                "deadline_on": self.TODAY + timedelta(days=days),
                **values,
            }
        )

    def messages(self):
        return self.env["cr.message"].search([("partner_id", "=", self.customer.id)])

    def test_the_owner_is_reminded_once_of_the_day(self):
        self.notice()
        plan = self.plan("violation")
        case = self.open_cases(plan)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(self.open_cases(plan), case)
        self.run_steps()
        self.run_steps()
        self.assertEqual(len(self.messages()), 1)
        self.assertIn("traffic violation", self.messages().body)

    def test_each_violation_has_its_reminder(self):
        plan = self.plan("violation")
        self.notice()
        self.open_cases(plan)
        self.notice(days=9)
        cases = self.open_cases(plan)
        days = [self.TODAY + timedelta(days=number) for number in (8, 9)]
        self.assertEqual(sorted(cases.mapped("anchor_on")), days)

    def test_settling_ends_the_reminder(self):
        ours, theirs = self.notice(), self.notice(days=9)
        cases = self.open_cases(self.plan("violation")).sorted("anchor_on")
        ours.action_settle()
        theirs.settled_on = self.TODAY
        self.assertEqual(cases.mapped("state"), ["won", "cancelled"])
        self.assertFalse((ours | theirs).filtered("active"))

    def test_a_moved_day_moves_the_reminder(self):
        plan = self.plan("violation")
        notice = self.notice()
        first = self.open_cases(plan)
        notice.deadline_on = self.TODAY + timedelta(days=10)
        second = self.open_cases(plan) - first
        self.assertEqual((first.state, first.cancel_reason), ("cancelled", "not_due"))
        self.assertEqual(second.anchor_on, notice.deadline_on)

    def test_a_notice_recorded_by_mistake_takes_its_reminder_with_it(self):
        notice = self.notice()
        case = self.open_cases(self.plan("violation"))
        notice.unlink()
        self.assertEqual(case.state, "cancelled")

    @mute_logger("odoo.sql_db")
    def test_the_same_notice_is_not_recorded_twice(self):
        notice = self.notice()
        with self.assertRaises(errors.UniqueViolation):
            self.notice(name=notice.name, happened_on=notice.happened_on)

    def test_every_kind_of_reminder_has_its_day_and_its_plan(self):
        dated = ("maintenance", "insurance", "licence", "inspection", "violation")
        for anchor in dated:
            model, column = ANCHOR_COLUMNS[anchor]
            self.assertTrue(self.env[model]._fields[column].store, anchor)
            plan = self.env.ref(f"cr_dealership.cr_care_plan_{anchor}")
            self.assertTrue(plan._get_versions(self.TODAY), anchor)
        weather = self.env.ref("cr_dealership.cr_care_plan_weather")
        self.assertTrue(weather._get_versions(self.TODAY))

    def test_a_driving_licence_is_reminded_of_before_its_day(self):
        self.customer.cr_licence_on = date(2026, 12, 20)
        case = self.open_cases(self.plan("licence"))
        self.run_steps()
        self.assertEqual(case.partner_id, self.customer)
        self.assertIn("driving licence", self.messages().body)

    def test_the_number_of_queries_does_not_grow_with_the_notices(self):
        plan = self.plan("violation")
        version = plan._get_versions(self.TODAY)[plan.id]
        self.notice()
        few = self.count_queries(plan._open_slice, version, self.TODAY)
        for number in range(10):
            self.notice(days=number)
        many = self.count_queries(plan._open_slice, version, self.TODAY)
        self.assertLessEqual(many, few)
