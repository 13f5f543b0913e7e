from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon


class HouseholdCommon(CareCommon):
    """A customer on the telephone and a wife whose insurance ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wife = cls.make_partner("Luo Meihua")
        cls.join(cls.wife)
        # The list has a step of its own; here everybody may be spoken to.
        cls.renewals = cls.plan("insurance", needs_confirmation=False)

    @classmethod
    def join(cls, partner, relation="spouse"):
        """Have a person with a file of his own belong to the customer."""
        cls.customer.cr_family_ids = [
            Command.create(
                {
                    "name": partner.name,
                    "relation": relation,
                    "related_partner_id": partner.id,
                }
            )
        ]

    def renewal(self, owner, days=30):
        """Return the case of a car of a person whose insurance ends soon."""
        car = self.insured_car(self.TODAY + timedelta(days=days), owner)
        cases = self.open_cases(self.renewals)
        return cases.filtered(lambda case: case.vehicle_id == car)

    def talk(self):
        """Return a conversation with the customer and its card."""
        card = self.make_callback()
        return self.take(card), card

    def lines(self, session):
        lines = session.get_workplace()["household_lines"]
        return {line["case_id"]: line for line in lines}

    def reason(self, code):
        return self.env.ref(f"cr_dealership.cr_care_reason_{code}")

    def say(self, case, code="price", note="300 less elsewhere"):
        return {case.id: {"reason_id": self.reason(code).id, "note": note}}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCallHousehold(HouseholdCommon):
    """One conversation, many due items, each closed by itself (REL-26)."""

    def test_lines_of_the_customer_come_first_and_members_are_named(self):
        hers, own = self.renewal(self.wife, 10), self.renewal(self.customer, 40)
        session, _card = self.talk()
        lines = session.get_workplace()["household_lines"]
        self.assertEqual(
            [(line["case_id"], line["who"]) for line in lines],
            [(own.id, ""), (hers.id, "Luo Meihua")],
        )
        self.assertIn(self.reason("price").id, [a["id"] for a in lines[0]["answers"]])

    def test_it_does_not_matter_in_whose_file_the_relation_stands(self):
        own = self.renewal(self.customer)
        card = self.make_callback(self.wife)
        self.assertIn(own.id, self.lines(self.take(card)))

    def test_friends_and_colleagues_are_no_household(self):
        for relation in ("friend", "colleague"):
            other = self.make_partner()
            self.join(other, relation)
            case = self.renewal(other)
            session, _card = self.talk()
            self.assertNotIn(case.id, self.lines(session))
            session.release()

    def test_what_is_far_away_is_not_listed(self):
        case = self.renewal(self.wife, 61)
        session, _card = self.talk()
        self.assertNotIn(case.id, self.lines(session))

    def test_who_is_set_aside_is_not_reminded_in_another_call(self):
        case = self.renewal(self.wife)
        case.is_holdout = True
        session, _card = self.talk()
        answer = session.get_workplace()
        self.assertFalse(answer["household_lines"])
        cars = [line["res_id"] for line in answer["household_due"]]
        self.assertNotIn(case.vehicle_id.id, cars)

    def test_who_waits_for_the_list_is_not_spoken_about(self):
        case = self.renewal(self.wife)
        self.renewals.needs_confirmation = True
        session, _card = self.talk()
        self.assertNotIn(case.id, self.lines(session))
        case.action_confirm()
        self.assertIn(case.id, self.lines(session))

    def test_who_wants_no_calls_is_shown_with_the_reason_and_no_answers(self):
        case = self.renewal(self.wife)
        self.wife._cr_record_wish("refused")
        session, card = self.talk()
        line = self.lines(session)[case.id]
        self.assertIn("does not want", line["block"])
        self.assertFalse(line["answers"])
        with self.assertRaisesRegex(UserError, "load the page"):
            self.finish(session, "reached", card, case_answers=self.say(case))

    def test_a_member_without_a_telephone_is_spoken_about(self):
        case = self.renewal(self.wife)
        self.wife.mobile = False
        session, _card = self.talk()
        self.assertFalse(self.lines(session)[case.id]["block"])

    def test_each_line_is_answered_by_itself(self):
        hers, own = self.renewal(self.wife), self.renewal(self.customer)
        session, card = self.talk()
        self.finish(session, "reached", card, case_answers=self.say(hers))
        said = ("refused", self.reason("price"))
        self.assertEqual((hers.answer, hers.reason_id), said)
        self.assertEqual((hers.reached_on, hers.agent_id), (self.TODAY, self.agent))
        self.assertEqual((own.answer, own.contact_count), (False, 0))
        self.assertEqual(card.state, "done")

    def test_the_members_own_card_is_settled_with_the_line(self):
        car = self.make_vehicle(self.wife)
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        her_card = self.env["cr.callback"].search([("partner_id", "=", self.wife.id)])
        self.assertEqual(len(her_card), 1)
        session, card = self.talk()
        self.finish(
            session, "reached", card, case_answers=self.say(case, "later", "in spring")
        )
        self.assertEqual((her_card.state, self.task(case, 0).state), ("done", "done"))
        self.assertEqual(case.contact_count, 1)
        self.assertEqual(session.attempt_ids.callback_ids, card | her_card)

    def test_a_card_in_a_colleagues_hands_stays_with_him(self):
        car = self.make_vehicle(self.wife)
        self.make_order(car, date(2026, 5, 20))
        case = self.open_cases(self.plan("recall"))
        self.run_steps()
        her_card = self.env["cr.callback"].search([("partner_id", "=", self.wife.id)])
        self.take(her_card, self.specialist)
        session, card = self.talk()
        self.finish(
            session, "reached", card, case_answers=self.say(case, "later", "in spring")
        )
        self.assertEqual((her_card.state, case.answer), ("todo", "later"))

    def test_the_ledger_counts_each_person_spoken_to_once(self):
        cases = self.renewal(self.wife) | self.renewal(self.wife)
        session, card = self.talk()
        said = self.say(cases[0]) | self.say(cases[1])
        self.finish(
            session, "reached", card, case_answers=said, spoken_ids=self.wife.ids
        )
        touches = self.env["cr.care.touch"].search(
            [("partner_id", "in", (self.wife | self.customer).ids)]
        )
        self.assertEqual(len(touches), 2)
        self.assertEqual(touches.partner_id, self.wife | self.customer)

    def test_who_was_only_spoken_about_has_no_contact_in_the_ledger(self):
        case = self.renewal(self.wife)
        session, card = self.talk()
        self.finish(session, "reached", card, case_answers=self.say(case))
        domain = [("partner_id", "=", self.wife.id)]
        self.assertFalse(self.env["cr.care.touch"].search(domain))

    def test_a_correction_corrects_the_row_of_the_member_too(self):
        session, card = self.talk()
        self.finish(session, "reached", card, spoken_ids=self.wife.ids)
        session.attempt_ids.sudo()._correct(self.outcome("busy"), "wrong key")
        touches = self.env["cr.care.touch"].search(
            [("partner_id", "=", self.wife.id)], order="id"
        )
        self.assertEqual(touches[1].corrects_id, touches[0])
        self.assertFalse(touches[1].is_counted)

    def test_an_answer_needs_somebody_who_gave_it(self):
        case = self.renewal(self.wife)
        session, _card = self.talk()
        with self.assertRaisesRegex(UserError, "nobody was spoken to"):
            self.finish(session, "busy", case_answers=self.say(case))

    def test_a_large_household_takes_no_more_queries(self):
        self.renewal(self.wife)
        session, _card = self.talk()
        few = self.count_queries(session.get_workplace)
        for _number in range(4):
            member = self.make_partner()
            self.join(member, "child")
            self.renewal(member)
        many = self.count_queries(session.get_workplace)
        self.assertEqual(len(self.lines(session)), 5)
        self.assertLessEqual(many, few)

    def test_the_customers_form_shows_the_household_in_one_list(self):
        cases = self.renewal(self.wife) | self.renewal(self.customer)
        own = self.as_user(self.customer, self.insurer)
        self.assertEqual(own.cr_household_case_ids, cases)
        hers = self.as_user(self.wife, self.insurer)
        self.assertEqual(hers.cr_household_case_ids, cases)
