from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareTaskCron(CareCommon):
    """The nightly run takes due steps: sends, hands over, holds back, leaves out."""

    def lapsed_car(self, partner=None):
        car = self.make_vehicle(partner or self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        return car

    def calls(self, case):
        return self.env["cr.callback"].search(
            [
                ("origin_model", "=", "cr.care.task"),
                ("origin_id", "in", case.task_ids.ids),
            ]
        )

    def test_a_call_step_becomes_one_card_with_its_script(self):
        self.lapsed_car()
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        self.run_steps()
        call = self.calls(case)
        self.assertEqual(len(call), 1)
        self.assertEqual((call.kind, call.state), ("care", "todo"))
        self.assertEqual(
            call.script_version_id.script_id,
            self.env.ref("cr_dealership.cr_script_recall"),
        )

    def test_reaching_the_customer_ends_the_step_and_keeps_his_answer(self):
        self.lapsed_car()
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        call = self.calls(case)
        session = self.take(call)
        [answers] = [
            line["answers"] for line in session.get_workplace()["callbacks"]
        ]
        reason = self.env.ref("cr_dealership.cr_care_reason_other_shop")
        self.assertIn(reason.id, [answer["id"] for answer in answers])
        self.finish(
            session,
            "reached",
            call,
            answers={call.id: {"reason_id": reason.id, "note": "nearer to home"}},
        )
        self.assertEqual(self.task(case, 0).state, "done")
        self.assertEqual((case.state, case.reason_id), ("lost", reason))
        self.assertEqual((case.reached_on, case.agent_id), (self.TODAY, self.agent))

    def test_a_visit_takes_the_card_away(self):
        car = self.lapsed_car()
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        self.make_order(car, self.TODAY)
        self.assertEqual(case.state, "won")
        self.assertEqual(self.calls(case).state, "cancelled")

    def test_a_missed_card_leaves_the_step_out_with_its_reason(self):
        self.lapsed_car()
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        self.env["cr.callback"]._expire(self.TODAY + timedelta(days=30))
        self.assertEqual(self.task(case, 0).reason, "missed")

    def test_consent_is_asked_and_its_answer_kept(self):
        car = self.lapsed_car()
        car.owner_id._cr_record_wish("refused")
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        self.assertFalse(self.calls(case))
        task = self.task(case, 0)
        self.assertEqual((task.state, task.reason), ("skipped", "do_not_call"))

    def test_the_cap_counts_over_all_and_lets_the_step_come_back(self):
        self.store.cr_contact_cap, self.store.cr_contact_cap_days = 1, 7
        car = self.lapsed_car()
        self.env["cr.care.touch"]._log(
            [
                {
                    "partner_id": car.owner_id.id,
                    "company_id": self.other_store.id,
                    "channel": "phone",
                    "direction": "out",
                }
            ]
        )
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        task = self.task(case, 0)
        self.assertEqual((task.state, task.reason), ("held", "cap"))
        self.assertEqual(task.next_on, self.TODAY + timedelta(days=7))
        self.run_steps(task.next_on)
        self.assertEqual(task.state, "ready")

    def test_a_call_not_made_yet_takes_further_lines(self):
        self.store.cr_contact_cap, self.store.cr_contact_cap_days = 1, 7
        owner = self.make_partner()
        self.lapsed_car(owner)
        plan = self.plan("recall")
        self.open_cases(plan)
        self.run_steps()
        self.lapsed_car(owner)
        cases = self.open_cases(plan)
        self.run_steps()
        first = cases.mapped(lambda case: self.task(case, 0))
        self.assertEqual(first.mapped("state"), ["ready", "ready"])

    def test_a_corrected_contact_does_not_count_for_the_cap(self):
        self.store.cr_contact_cap, self.store.cr_contact_cap_days = 1, 7
        car = self.lapsed_car()
        values = {"partner_id": car.owner_id.id, "company_id": self.store.id}
        values |= {"channel": "sms", "direction": "out"}
        wrong = self.env["cr.care.touch"]._log([values])
        self.env["cr.care.touch"]._log(
            [{**values, "direction": "in", "corrects_id": wrong.id}]
        )
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        self.assertEqual(self.task(case, 0).state, "ready")

    def test_a_cancelled_message_says_why_in_words(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 8, 20))
        case = self.open_cases(self.plan("recruiting"))
        self.run_steps()
        case.action_cancel()
        message = self.env["cr.message"].search(
            [("partner_id", "=", car.owner_id.id)]
        )
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(message.cancel_reason, "The case ended")

    def test_messages_speak_the_language_of_the_store_and_name_a_person(self):
        owner = self.make_partner(lang="en_US")
        car = self.make_vehicle(
            owner,
            delivered_on=date(2026, 11, 19),
            company_id=self.store.id,
            consultant_name="罗春明",
        )
        car.role_ids.is_purchase = True
        self.store.cr_message_lang = "zh_CN"
        self.open_cases(self.plan("thanks"))
        self.run_steps(date(2026, 11, 23))
        sms = self.env["cr.message"].search(
            [("partner_id", "=", owner.id), ("channel", "=", "sms")]
        )
        self.assertIn("罗春明", sms.body)
        self.assertIn("感谢", sms.body)

    def test_a_message_is_queued_once_in_the_customers_words(self):
        car = self.make_vehicle(self.make_partner("Peng"))
        self.make_order(car, date(2026, 8, 17))
        case = self.open_cases(self.plan("recruiting"))
        self.run_steps()
        self.run_steps()
        messages = self.env["cr.message"].search(
            [
                ("origin_model", "=", "cr.care.task"),
                ("origin_id", "in", case.task_ids.ids),
            ]
        )
        self.assertEqual(sorted(messages.mapped("channel")), ["letter", "sms"])
        self.assertIn("Peng", messages[0].body)

    def test_nobody_is_contacted_before_the_list_is_confirmed(self):
        owner, day = self.make_partner(), date(2026, 9, 10)
        car = self.make_vehicle(owner, delivered_on=day, company_id=self.store.id)
        case = self.open_cases(self.plan("first_service"))
        self.run_steps()
        self.assertTrue(case.list_id)
        sms = case.task_ids.filtered(lambda task: task.channel == "sms")
        self.assertEqual((sms.state, sms.reason), ("held", "unconfirmed"))
        self.as_user(case.list_id, self.specialist).action_confirm()
        self.run_steps()
        self.assertEqual(sms.state, "ready")
        self.assertEqual(case.confirmed_by_id, self.specialist)
        self.assertEqual(case.vehicle_id, car)

    def test_who_falls_due_late_joins_the_list_all_the_same(self):
        owner, day = self.make_partner(), date(2026, 8, 25)
        self.make_vehicle(owner, delivered_on=day, company_id=self.store.id)
        case = self.open_cases(self.plan("first_service"))
        self.run_steps()
        self.assertTrue(case.list_id)
        self.as_user(case.list_id, self.specialist).action_confirm()
        self.assertEqual(case.confirmed_on, self.TODAY)

    def test_two_nights_through_the_jobs_make_nothing_twice(self):
        self.lapsed_car()
        plan = self.plan("recall")
        counts = []
        for _night in range(2):
            with self.enter_registry_test_mode():
                for job in ("open", "take", "list", "campaign", "birthday"):
                    cron = self.env.ref(f"cr_dealership.ir_cron_care_{job}")
                    cron.method_direct_trigger()
            counts.append(
                (
                    self.env["cr.care.case"].search_count([("plan_id", "=", plan.id)]),
                    self.env["cr.callback"].search_count(
                        [("origin_model", "=", "cr.care.task")]
                    ),
                )
            )
        self.assertEqual(counts, [(1, 1), (1, 1)])

    def test_a_night_without_time_goes_on_until_all_is_opened_and_taken(self):
        for _number in range(3):
            self.lapsed_car()
        # Each run of a job has time for one batch, which is one step.
        self.patch(ir_cron, "MIN_TIME_PER_JOB", 0)
        tasks = self.env.registry["cr.care.task"]
        take = tasks._take_due
        self.patch(tasks, "_take_due", lambda model, today: take(model, today, 1))
        plans = self.plan("recall") | self.plan("insurance")
        ends = self.get_ends(plans)
        for plan in plans:
            plan.opened_until = ends[plan] - timedelta(days=3)
        with self.enter_registry_test_mode():
            for job in ("open", "take"):
                cron = self.env.ref(f"cr_dealership.ir_cron_care_{job}")
                cron.method_direct_trigger()
        self.assertEqual(len(plans.case_ids), 3)
        self.assertEqual({plan: plan.opened_until for plan in plans}, ends)
        self.assertFalse(
            plans.case_ids.task_ids.filtered(
                lambda task: task.state == "todo" and task.next_on <= self.TODAY
            )
        )

    def get_ends(self, plans):
        """Return up to which day N each plan has opened cases when all is done."""
        versions = plans._get_versions(self.TODAY)
        return {
            plan: plan._get_until(versions[plan.id], self.TODAY) for plan in plans
        }

    def test_a_plan_that_breaks_says_so_and_stops_no_other(self):
        self.lapsed_car()
        broken = self.plan("licence")
        self.cr.execute(
            "UPDATE cr_care_plan SET domain = %s WHERE id = %s", ("[('nope'", broken.id)
        )
        broken.invalidate_recordset()
        good = self.plan("recall")
        with self.enter_registry_test_mode(), self.assertLogs(
            "odoo.addons.cr_dealership", "WARNING"
        ):
            self.env.ref("cr_dealership.ir_cron_care_open").method_direct_trigger()
        self.assertIn("cannot be read", broken.error)
        self.assertTrue(good.case_ids)

    def test_taking_needs_as_many_queries_for_one_as_for_many(self):
        self.lapsed_car()
        plan = self.plan("recall")
        self.open_cases(plan)
        few = self.count_queries(self.run_steps)
        for _number in range(30):
            self.lapsed_car()
        self.open_cases(plan)
        self.assertLessEqual(self.count_queries(self.run_steps), few)
