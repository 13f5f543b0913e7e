from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import PromotionCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareProgram(PromotionCommon):
    """A care programme is made, approved, carried out, reviewed and adjusted."""

    def program(self, **line):
        self.plan("grade_card")
        return self.env["cr.care.program"].create(
            {
                "name": "Care 2026/27",
                "company_id": self.store.id,
                "date_from": date(2026, 11, 1),
                "date_to": date(2027, 10, 31),
                "line_ids": [
                    Command.create(
                        {
                            "name": "A card each quarter",
                            "form": "card",
                            "plan_id": self.plan("grade_card").id,
                            "content": "Warm wishes.",
                            "first_on": date(2026, 11, 25),
                            "frequency_months": 3,
                            "value_class": "high",
                            "domain": str(self.mine),
                            **line,
                        }
                    )
                ],
            }
        )

    def carry_out(self, program):
        mine = self.as_user(program, self.head)
        mine.action_ask()
        mine.action_approve()
        mine.action_execute()
        return program.line_ids.campaign_ids.sorted("day")

    def test_a_line_yields_care_for_each_day_of_its_grade(self):
        program = self.program(region_id=self.region.id)
        self.assertEqual(program.line_ids.round_count, 4)
        planned = self.carry_out(program)
        self.assertEqual(
            planned.mapped("day"),
            [date(2026, 11, 25), *(date(2027, month, 25) for month in (2, 5, 8))],
        )
        self.assertEqual(set(planned.mapped("audience_count")), {1})

    def test_the_care_starts_by_itself_and_reaches_its_grade_only(self):
        first = self.carry_out(self.program())[0]
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        self.assertEqual(first.state, "launched")
        self.assertEqual(self.reached(first), self.people["high"])
        self.run_steps()
        self.assertIn("Warm wishes.", self.messages(first).body)
        self.assertEqual(self.messages(first).channel, "letter")

    def test_a_gift_is_asked_for_each_customer_of_the_grade(self):
        first = self.carry_out(self.program(value_class="medium", gives_gift=True))[0]
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        gifts = self.env["cr.care.gift.request"].search(
            [("origin_model", "=", "cr.care.campaign"), ("origin_id", "=", first.id)]
        )
        self.assertEqual(gifts.partner_id, self.people["medium"])
        self.assertEqual((gifts.occasion, gifts.day), ("campaign", first.day))

    def test_days_that_have_passed_are_not_planned(self):
        planned = self.carry_out(self.program(first_on=date(2026, 11, 1)))
        self.assertEqual(planned[0].day, date(2027, 2, 1))

    def test_only_the_head_or_the_manager_approves(self):
        program = self.program()
        mine = self.as_user(program, self.specialist)
        mine.action_ask()
        with self.assertRaisesRegex(UserError, "CR head or the general manager"):
            mine.action_approve()
        self.as_user(program, self.persona("director")).action_approve()
        self.assertEqual(program.approved_by_id, self.persona("director"))
        mine.action_execute()
        self.assertEqual(program.state, "running")

    def test_nothing_is_carried_out_before_it_is_approved(self):
        program = self.program()
        with self.assertRaisesRegex(UserError, "is Draft now"):
            program.action_execute()
        with self.assertRaisesRegex(UserError, "with its buttons"):
            self.as_user(program, self.head).state = "approved"

    def test_what_was_handed_in_stays_as_it_is(self):
        program = self.program()
        program.action_ask()
        with self.assertRaisesRegex(UserError, "handed in"):
            program.line_ids.frequency_months = 1
        with self.assertRaisesRegex(UserError, "handed in"):
            self.as_user(program, self.head).unlink()
        program.action_draft()
        program.line_ids.frequency_months = 1

    def test_a_programme_without_lines_is_not_handed_in(self):
        program = self.program()
        program.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no lines"):
            program.action_ask()

    def test_a_line_lies_within_its_programme(self):
        with self.assertRaisesRegex(ValidationError, "outside of Care 2026/27"):
            self.program(first_on=date(2028, 1, 1))

    def test_the_review_asks_for_the_customers_feedback(self):
        program = self.program()
        first = self.carry_out(program)[0]
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        first.case_ids._add_contact(self.TODAY)
        with self.assertRaisesRegex(UserError, "what customers said"):
            program.action_review()
        program.feedback = "They were glad about the cards."
        program.action_review()
        self.assertEqual(program.state, "reviewed")
        self.assertEqual((program.case_count, program.contacted_count), (1, 1))

    def test_an_adjusted_programme_stops_what_is_left_of_the_old_one(self):
        program = self.program()
        planned = self.carry_out(program)
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        adjusted = program.browse(program.action_adjust()["res_id"])
        adjusted.line_ids.first_on = date(2026, 12, 25)
        again = self.carry_out(adjusted)
        self.assertEqual(planned.mapped("state"), ["launched", *["closed"] * 3])
        self.assertEqual(again[0].day, date(2026, 12, 25))

    def test_an_old_programme_is_not_carried_out_beside_the_new_one(self):
        program = self.program()
        self.as_user(program, self.head).action_ask()
        self.as_user(program, self.head).action_approve()
        adjusted = program.browse(program.action_adjust()["res_id"])
        self.carry_out(adjusted)
        with self.assertRaisesRegex(UserError, "stands in for"):
            program.action_execute()

    def test_the_shipped_grades_get_trip_gift_and_card(self):
        program = self.env.ref("cr_dealership.cr_care_program_grades")
        self.assertTrue(program.is_assumed)
        self.assertEqual(
            [(line.value_class, line.form) for line in program.line_ids],
            [("high", "trip"), ("medium", "gift"), ("low", "card")],
        )
        self.assertTrue(all(program.line_ids.mapped("is_assumed")))
        self.assertEqual(program.line_ids.mapped("round_count"), [1, 1, 1])

    def test_birthday_cards_of_gold_customers_are_printed_in_one_go(self):
        for number, value in enumerate(("high", "low"), 1):
            self.people[value].birthdate_date = date(1980, 11, 20 + number)
        cases = self.open_cases(self.plan("birthday_card"))
        self.assertEqual(cases.partner_id, self.people["high"])
        self.run_steps()
        letter = self.env["cr.message"].search(
            [("partner_id", "=", self.people["high"].id)]
        )
        self.assertIn("happy birthday", letter.body)
        action = self.as_user(letter, self.specialist).action_print_letters()
        self.assertEqual(action["type"], "ir.actions.report")
