from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .callback_common import NOW
from .care_common import CareCommon

MEASURES = ("due", "contacted", "reached", "booked", "came", "renewed", "won", "effect")


class CareReportCommon(CareCommon):
    """Cars whose first service or insurance is due, and what became of them."""

    def new_car(self, **values):
        """Return a car delivered here whose first service is due soon."""
        return self.make_vehicle(
            self.make_partner(),
            delivered_on=date(2026, 9, 1),
            company_id=self.store.id,
            **values,
        )

    def row(self, case):
        """Return the row of a case, read anew."""
        self.env.flush_all()
        self.env["cr.care.report"].invalidate_model()
        return self.env["cr.care.report"].search([("case_id", "=", case.id)])

    def assert_counts(self, case, **counts):
        """Check the measures of a case; what is not named is 0."""
        row = self.row(case)
        self.assertEqual(
            {name: row[name] for name in MEASURES},
            {name: counts.get(name, 0) for name in MEASURES},
        )


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareReport(CareReportCommon):
    """A row per case says how far it came; rates are averages of it."""

    def first_service(self, **values):
        car = self.new_car(**values)
        cases = self.open_cases(self.plan("first_service"))
        return cases.filtered(lambda case: case.vehicle_id == car)

    def test_a_visit_after_the_contact_is_its_success(self):
        case = self.first_service()
        self.assert_counts(case, due=1)
        case._add_contact(self.TODAY, True, self.specialist)
        self.make_order(case.vehicle_id, self.TODAY + timedelta(days=2), "first")
        self.assert_counts(case, due=1, contacted=1, reached=1, came=1, won=1, effect=1)
        self.assertEqual(self.row(case).agent_id, self.specialist)

    def test_a_visit_before_the_contact_never_counts_as_its_success(self):
        case = self.first_service()
        self.make_order(case.vehicle_id, self.TODAY, "first")
        case._add_contact(self.TODAY + timedelta(days=1))
        self.assert_counts(case, due=1, contacted=1, came=1, won=1)

    def test_a_visit_beyond_the_success_window_is_no_success_of_the_call(self):
        case = self.first_service()
        case.plan_id.effect_days = 5
        case._add_contact(self.TODAY)
        self.make_order(case.vehicle_id, self.TODAY + timedelta(days=6), "first")
        self.assert_counts(case, due=1, contacted=1, came=1, won=1)

    def test_what_was_no_longer_due_is_not_counted(self):
        case = self.first_service()
        case.vehicle_id._set_owner(self.make_partner(), self.TODAY)
        self.assertEqual(case.state, "cancelled")
        self.assert_counts(case)

    def test_cancelling_by_hand_improves_no_rate(self):
        case = self.first_service()
        case.action_cancel()
        self.assert_counts(case, due=1)

    def test_a_case_is_in_the_rate_from_its_day_on(self):
        case = self.first_service()
        domain = [("case_id", "=", case.id), ("won_rate", "!=", False)]
        self.assertFalse(self.env["cr.care.report"].search(domain))
        with freeze_time(case.anchor_on):
            self.assertEqual(self.env["cr.care.report"].search(domain).won_rate, 0)

    def test_first_service_return_by_month_consultant_and_model(self):
        """FS-11: of two due in one month one came."""
        seller = self.make_employee("Luo")
        model = self.env["fleet.vehicle.model"].search([], limit=1)
        cases = self.first_service(consultant_id=seller.id, model_id=model.id)
        cases |= self.first_service(consultant_id=seller.id, model_id=model.id)
        day = max(cases.mapped("anchor_on"))
        self.make_order(cases[0].vehicle_id, self.TODAY, "first")
        with freeze_time(day):
            found = self.env["cr.care.report"]._read_group(
                [("case_id", "in", cases.ids)],
                ["anchor_on:month", "consultant_id", "model_id"],
                ["due:sum", "won:sum", "won_rate:avg"],
            )
        month = day.replace(day=1)
        self.assertEqual(found, [(month, seller, model, 2, 1, 0.5)])

    def test_renewals_refusals_and_premium_by_specialist(self):
        """INS-11: who wrote the new policy has renewal and premium."""
        wu, old = self.make_employee("Wu"), self.make_employee("Old")
        end = self.TODAY + timedelta(days=30)
        cars = [self.insured_car(end, specialist_id=old.id) for _number in range(2)]
        cases = self.open_cases(self.plan("insurance"))
        renewed = cases.filtered(lambda case: case.vehicle_id == cars[0])
        self.insure(
            cars[0],
            end + timedelta(days=365),
            is_bought_here=True,
            premium=4200,
            specialist_id=wu.id,
        )
        reason = self.env.ref("cr_dealership.cr_care_reason_price")
        (cases - renewed)._record_answer(reason, "300 less elsewhere")
        self.assert_counts(renewed, due=1, renewed=1, won=1)
        with freeze_time(end):
            found = self.env["cr.care.report"]._read_group(
                [("case_id", "in", cases.ids)],
                ["specialist_id", "reason_id"],
                ["won_rate:avg", "premium:sum"],
            )
        empty = self.env["cr.care.reason"]
        self.assertCountEqual(found, [(wu, empty, 1, 4200), (old, reason, 0, False)])

    def test_the_agents_own_file_names_him_as_specialist(self):
        employee = self.make_employee("Wu", user_id=self.insurer.id)
        self.insured_car(self.TODAY + timedelta(days=30))
        case = self.open_cases(self.plan("insurance"))
        case._add_contact(self.TODAY, True, self.insurer)
        self.assertEqual(self.row(case).specialist_id, employee)

    def test_who_was_invited_and_did_not_come_stands_with_his_reason(self):
        """RCL-07."""
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 8, 20))
        case = self.open_cases(self.plan("recruiting"))
        case._add_contact(self.TODAY, True, self.specialist)
        self.assertEqual(self.row(case).not_come, 0, "He may still come.")
        reason = self.env.ref("cr_dealership.cr_care_reason_other_shop")
        case._record_answer(reason, "nearer")
        row = self.row(case)
        self.assertEqual((row.not_come, row.reason_id), (1, reason))

    def test_the_last_step_before_the_visit_is_named(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(self.plan("recall"))
        task = self.task(case, 0)
        task._finish(True, self.specialist)
        row = self.row(case)
        self.assertEqual((row.step_id, row.channel), (task.step_id, "call"))

    def test_the_advisor_is_who_received_the_visit(self):
        advisor = self.make_employee("Xiao")
        case = self.first_service()
        self.make_order(case.vehicle_id, self.TODAY, "first", advisor_id=advisor.id)
        self.assertEqual(self.row(case).advisor_id, advisor)

    def test_the_picture_counts_what_the_table_counts(self):
        case = self.first_service()
        other = self.first_service()
        case._add_contact(self.TODAY)
        self.make_order(case.vehicle_id, self.TODAY, "first")
        stages = self.env["cr.care.report"].get_funnel(
            [("case_id", "in", (case | other).ids)]
        )
        self.assertEqual(
            [(stage["name"], stage["count"], stage["percent"]) for stage in stages],
            [
                ("due", 2, 100),
                ("contacted", 1, 50),
                ("reached", 0, 0),
                ("booked", 0, 0),
                ("won", 1, 50),
            ],
        )
        self.assertEqual(stages[-1]["after"], 1)

    def test_an_empty_time_gives_an_empty_picture(self):
        stages = self.env["cr.care.report"].get_funnel([("id", "=", 0)])
        self.assertEqual({stage["count"] for stage in stages}, {0})

    def test_default_filters_narrow_each_other(self):
        """Filters beside each other without a separator would add up instead."""
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "in", ("cr.care.report", "cr.care.effect"))]
        ) | self.env.ref("cr_dealership.cr_insurance_policy_action_sales")
        self.assertGreater(len(actions), 5)
        for action in actions:
            views = self.env[action.res_model].get_views([(False, "search")])
            arch = etree.fromstring(views["views"]["search"]["arch"])
            context = safe_eval(action.context)
            group, groups = 0, []
            for node in arch:
                group += node.tag != "filter"
                if context.get(f"search_default_{node.get('name')}"):
                    groups.append(group)
            with self.subTest(action=action.name):
                self.assertEqual(len(groups), len(set(groups)))

    def test_a_row_opens_its_case(self):
        case = self.first_service()
        action = self.row(case).action_open_case()
        self.assertEqual((action["res_model"], action["res_id"]), (case._name, case.id))

    def test_an_agent_reads_by_everything_and_only_his_store(self):
        case = self.first_service()
        report = self.as_user(self.env["cr.care.report"], self.agent)
        names = ("consultant_id", "advisor_id", "specialist_id", "agent_id", "step_id")
        for name in names:
            with self.subTest(by=name):
                groups = report._read_group([("case_id", "=", case.id)], [name])
                self.assertEqual(len(groups), 1)
        foreign = self.persona("agent", self.other_store)
        rows = report.with_user(foreign).with_context(
            allowed_company_ids=self.other_store.ids
        )
        self.assertFalse(rows.search([("case_id", "=", case.id)]))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareCaseGivenUp(CareReportCommon):
    """Who comes all the same has come, also after he said no."""

    def lost_case(self):
        car = self.make_vehicle(self.make_partner())
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(self.plan("recall"))
        case._add_contact(self.TODAY, True, self.specialist)
        reason = self.env.ref("cr_dealership.cr_care_reason_other_shop")
        case._record_answer(reason, "nearer")
        self.assertEqual(case.state, "lost")
        return case

    def test_a_lost_customer_who_comes_has_come(self):
        case = self.lost_case()
        self.make_order(case.vehicle_id, self.TODAY + timedelta(days=3))
        self.assertEqual((case.state, case.is_effect), ("won", True))
        self.assertEqual(case.reason_id.code, "other_shop", "What he said stays.")

    def test_a_visit_after_the_last_day_wins_nothing(self):
        case = self.lost_case()
        late = case.expires_on + timedelta(days=1)
        with freeze_time(late):
            self.make_order(case.vehicle_id, late)
        self.assertEqual(case.state, "lost")

    def test_a_visit_that_became_known_after_the_end_counts(self):
        case = self.lost_case()
        with freeze_time(case.expires_on + timedelta(days=2)):
            self.make_order(case.vehicle_id, case.expires_on)
        self.assertEqual(case.state, "won")

    def test_the_new_owners_visit_wins_nothing_for_the_old_one(self):
        case = self.lost_case()
        case.vehicle_id._set_owner(self.make_partner(), self.TODAY)
        self.make_order(case.vehicle_id, self.TODAY + timedelta(days=3))
        self.assertEqual(case.state, "lost")
