from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import errors

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW
from .care_common import CareCommon


class BadInputCommon(CareCommon):
    """A car that has not come for half a year, and its messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()
        cls.owner = cls.make_partner("Peng Jianhua")
        cls.lapsed = cls.make_vehicle(cls.owner, company_id=cls.store.id)
        cls.make_order(cls.lapsed, date(2026, 8, 20))

    def messages(self):
        return self.env["cr.message"].search([("partner_id", "=", self.owner.id)])

    def mine(self, cases):
        return cases.filtered(lambda case: case.partner_id == self.owner)

    def night(self, *jobs):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            for job in jobs or ("open", "take"):
                cron = self.env.ref(f"cr_dealership.ir_cron_care_{job}")
                cron.method_direct_trigger()
        self.env.invalidate_all()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareBadPlan(BadInputCommon):
    """Plans that make no sense: nothing is sent twice, nothing lost, and it is said."""

    def test_a_plan_without_a_version_contacts_nobody_and_stops_no_other(self):
        empty = self.plan("recruiting").copy({"code": "empty", "company_id": False})
        self.assertFalse(empty._get_versions(self.TODAY))
        self.night()
        self.assertFalse(empty.case_ids)
        self.assertIn("No steps are in force today", empty.idle_text)
        recruiting = self.env.ref("cr_dealership.cr_care_plan_recruiting")
        self.assertTrue(self.mine(recruiting.case_ids))
        self.assertFalse(recruiting.idle_text)

    def test_a_campaign_of_a_plan_without_steps_says_so(self):
        plan = self.plan("weather").copy({"code": "w2", "company_id": self.store.id})
        campaign = self.env["cr.care.campaign"].create(
            {"name": "Rain", "plan_id": plan.id, "day": self.TODAY, "text": "Rain."}
        )
        with self.assertRaisesRegex(UserError, "no version in force"):
            campaign.action_launch()

    @mute_logger("odoo.sql_db")
    def test_two_plans_with_one_code_are_refused(self):
        plan = self.plan("recruiting")
        with self.assertRaises(errors.UniqueViolation):
            plan.copy({"code": plan.code, "company_id": plan.company_id.id})

    def test_overlapping_plans_do_not_contact_twice(self):
        self.store.cr_contact_cap, self.store.cr_contact_cap_days = 1, 7
        first = self.plan("recruiting")
        twin = first.copy(
            {"code": "twin", "company_id": self.store.id, "sequence": 90}
        )
        first._get_versions(self.TODAY)[first.id].copy(
            {"plan_id": twin.id}
        ).action_put_in_force()
        self.open_cases(first)
        self.open_cases(twin)
        self.run_steps()
        cases = self.mine(first.case_ids | twin.case_ids)
        self.assertEqual(len(cases), 2)
        letters = cases.task_ids.filtered(lambda task: task.channel == "letter")
        self.assertEqual(sorted(letters.mapped("state")), ["ready", "skipped"])
        self.assertEqual(letters[1].reason, "repeated")
        self.assertEqual(len(self.messages()), 1)
        self.run_steps(self.TODAY + timedelta(days=3))
        texts = cases.task_ids.filtered(lambda task: task.channel == "sms")
        self.assertEqual(texts.mapped("reason"), ["cap", "cap"])
        self.assertIn("held back until", texts[0]._get_text())

    def test_a_new_version_in_the_middle_neither_repeats_nor_loses_a_step(self):
        plan = self.plan("recruiting")
        case = self.mine(self.open_cases(plan))
        self.run_steps(case.anchor_on)
        sent = self.messages()
        self.assertEqual(len(sent), 1)
        old = case.version_id
        draft = old.browse(old.action_new_version()["res_id"])
        draft.step_ids[0].name = "Another letter"
        draft.action_put_in_force()
        self.open_cases(plan)
        self.run_steps(case.anchor_on + timedelta(days=3))
        self.assertEqual(self.mine(plan.case_ids), case)
        self.assertEqual(sorted(self.messages().mapped("channel")), ["letter", "sms"])

    @mute_logger("odoo.sql_db")
    def test_a_text_in_use_is_not_deleted(self):
        text = self.env.ref("cr_dealership.cr_message_template_recruiting")
        with self.assertRaises(errors.ForeignKeyViolation):
            text.unlink()

    def test_a_plan_that_broke_loses_nobody_when_it_is_mended(self):
        plan = self.plan("recruiting")
        self.night()
        self.assertFalse(plan.error)
        self.cr.execute(
            "UPDATE cr_care_plan SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [plan.id],
        )
        plan.invalidate_recordset()
        late = self.make_vehicle(self.make_partner("Late"), company_id=self.store.id)
        self.make_order(late, date(2026, 8, 10))
        with mute_logger("odoo.addons.cr_dealership.models.cr_care_plan_open_mixin"):
            self.night()
        self.assertIn("cannot be read", plan.error)
        plan.domain = "[]"
        self.night()
        self.assertFalse(plan.error)
        self.assertIn(late, plan.case_ids.vehicle_id)
        self.assertEqual(len(self.mine(plan.case_ids)), 1)

    def test_a_condition_over_another_table_finds_its_cars(self):
        whom = "[('owner_id.name', '=', 'Peng Jianhua')]"
        plan = self.plan("recruiting", domain=whom)
        self.assertEqual(self.open_cases(plan).partner_id, self.owner)

    def test_a_step_must_lie_near_day_n(self):
        draft = self.env["cr.care.plan.version"].create(
            {"plan_id": self.plan("recruiting").id}
        )
        role = self.env.ref("cr_dealership.cr_role_cr_specialist")
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.CheckViolation):
            draft.step_ids = [
                Command.create(
                    {"offset_days": 99999, "name": "Call", "role_id": role.id}
                )
            ]
            self.env.flush_all()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareBadDay(BadInputCommon):
    """Days that make no sense or move: nobody is contacted for them twice."""

    def test_a_car_delivered_in_1900_gets_nothing(self):
        for code in ("quarter", "half_year", "year", "two_years", "thanks"):
            car = self.make_vehicle(
                self.make_partner(),
                delivered_on=date(1900, 1, 1),
                company_id=self.store.id,
            )
            car.role_ids.is_purchase = True
            cases = self.open_cases(self.plan(code))
            self.assertNotIn(car, cases.vehicle_id, code)

    def test_people_and_licences_of_1900_break_nothing(self):
        old = self.make_partner(
            "Old", birthdate_date=date(1900, 2, 28), cr_licence_on=date(1900, 1, 1)
        )
        self.plan("birthday")
        self.plan("licence")
        self.night("birthday", "open", "take")
        licence = self.env.ref("cr_dealership.cr_care_plan_licence")
        self.assertNotIn(old, licence.case_ids.partner_id)
        self.assertFalse(licence.error)

    def test_a_campaign_of_1900_is_refused_with_the_way_out(self):
        campaign = self.env["cr.care.campaign"].create(
            {
                "name": "Old rain",
                "plan_id": self.plan("weather").id,
                "day": date(1900, 1, 1),
                "text": "Rain.",
            }
        )
        with self.assertRaisesRegex(UserError, "choose a later day"):
            campaign.action_launch()
        campaign.launch_by_date = True
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        self.assertEqual((campaign.state, campaign.case_count), ("closed", 0))

    def test_a_campaign_without_its_text_is_refused(self):
        campaign = self.env["cr.care.campaign"].create(
            {"name": "Rain", "plan_id": self.plan("weather").id, "day": self.TODAY}
        )
        with self.assertRaisesRegex(UserError, "write what is to be said"):
            campaign.action_launch()

    def test_a_moved_day_does_not_bring_back_who_refused(self):
        plan = self.plan("insurance")
        policy = self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": self.lapsed.id,
                "number": "P1",
                "date_start": date(2026, 1, 16),
                "date_end": date(2027, 1, 15),
            }
        )
        case = self.open_cases(plan)
        policy.date_end = date(2027, 1, 20)
        self.assertEqual(case.anchor_on, policy.date_end)
        case._end("lost")
        self.make_order(self.lapsed, date(2026, 11, 19), code="repair")
        self.assertEqual(self.open_cases(plan), case)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareBadText(BadInputCommon):
    """Texts that cannot be filled in, and messages that do not go out."""

    def text(self):
        return self.env.ref("cr_dealership.cr_message_template_recruiting")

    def test_braces_without_their_other_half_are_refused(self):
        for body in ("Dear {customer, come", "Dear customer}", "Dear { customer }"):
            with self.assertRaisesRegex(ValidationError, "without its other half"):
                self.text().body = body

    def test_a_broken_translation_reaches_nobody_until_it_is_mended(self):
        self.store.cr_message_lang = "zh_CN"
        self.cr.execute(
            "UPDATE cr_message_template SET body = body || %s WHERE id = %s",
            ['{"zh_CN": "{custmer}您好"}', self.text().id],
        )
        self.env.invalidate_all()
        case = self.mine(self.open_cases(self.plan("recruiting")))
        day = case.anchor_on + timedelta(days=3)
        with freeze_time(f"{day} 02:00:00"):
            self.run_steps(day)
        sms = case.task_ids.filtered(lambda task: task.channel == "sms")
        self.assertEqual((sms.state, sms.reason), ("held", "no_text"))
        self.assertIn("text cannot be filled in", sms._get_text())
        self.assertEqual(self.messages().mapped("channel"), ["letter"])
        self.cr.execute(
            "UPDATE cr_message_template SET body = body - 'zh_CN' WHERE id = %s",
            [self.text().id],
        )
        self.env.invalidate_all()
        for ahead in (1, 2):
            day += timedelta(days=ahead)
            with freeze_time(f"{day} 02:00:00"):
                self.run_steps(day)
        self.assertEqual(sms.state, "ready")
        self.assertEqual(sorted(self.messages().mapped("channel")), ["letter", "sms"])

    def test_a_text_that_nobody_mends_is_told_when_its_days_are_over(self):
        self.cr.execute(
            "UPDATE cr_message_template SET body = body || %s WHERE id = %s",
            ['{"en_US": "Dear {custmer}"}', self.text().id],
        )
        self.env.invalidate_all()
        case = self.mine(self.open_cases(self.plan("recruiting")))
        sms = case.task_ids.filtered(lambda task: task.channel == "sms")
        late = sms.due_on + timedelta(days=sms.step_id.tolerance_days + 1)
        for day in (sms.due_on, late):
            with freeze_time(f"{day} 02:00:00"):
                self.run_steps(day)
        self.assertEqual((sms.state, sms.reason), ("skipped", "too_late"))

    def test_a_gateway_that_fails_for_long_leaves_the_step_to_be_mended(self):
        case = self.mine(self.open_cases(self.plan("recruiting")))
        self.run_steps(case.anchor_on + timedelta(days=3))
        sms = case.task_ids.filtered(lambda task: task.channel == "sms")
        message = self.messages().filtered(lambda message: message.channel == "sms")
        self.assertEqual(sms.state, "ready", "while it is tried again")
        message.state = "sending"
        message._move("failed", failure_code="tries")
        self.assertEqual((sms.state, sms.reason), ("skipped", "failed"))
        self.assertIn("send it again", message.failure)
        self.run_steps(case.anchor_on + timedelta(days=4))
        self.assertEqual(len(self.messages()), 2, "not queued anew by the plan")
        message._move("queued")
        message._move("sent")
        self.assertEqual(sms.state, "done")
        self.assertEqual(case.contact_count, 1)
