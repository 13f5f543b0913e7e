from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubMember(ClubCommon):
    """Joining, numbers, money, privileges."""

    def apply(self, partner=None, **values):
        return self.env["cr.club.member"].create(
            {
                "program_id": self.program.id,
                "partner_id": (partner or self.guest).id,
                **values,
            }
        )

    def card_type(self, code):
        return self.env.ref(f"cr_club.cr_club_card_type_{code}")

    def refused(self, message, method, *args):
        with self.assertRaisesRegex(UserError, message):
            method(*args)

    # === JOINING === #

    def test_joining_step_by_step(self):
        sales, agent = self.persona("sales"), self.persona("agent")
        member = self.env["cr.club.member"].with_user(sales)
        member = member.with_context(allowed_company_ids=self.store.ids).create(
            {
                "partner_id": self.guest.id,
                "card_type_id": self.card_type("fee").id,
            }
        )
        self.assertEqual(
            (member.program_id, member.state, member.recruiter_id, member.applied_on),
            (self.program, "applied", sales, self.TODAY),
        )
        self.refused("does not lead to “Member”", member.action_activate)
        member.with_user(agent).action_verify()
        self.assertEqual(
            (member.verifier_id, member.verified_on), (agent, self.TODAY)
        )
        self.refused("record the fee of 200", member.action_activate)
        member.write({"fee_paid": 200, "fee_paid_on": "2026-11-20"})
        member.action_activate()
        self.assertEqual(
            (member.state, member.card_number, member.number, member.joined_on),
            ("active", "000002", "000002", self.TODAY),
        )
        member.action_card_handed()
        member.action_sticker_handed()
        member.action_welcomed()
        self.assertEqual(
            {member.card_issued_on, member.sticker_on, member.welcomed_on},
            {self.TODAY},
        )
        self.assertEqual(member.change_ids.mapped("kind"), ["join"])

    def test_a_refusal_has_a_reason(self):
        member = self.apply()
        self.refused("why it is refused", member.action_refuse)
        member.decision_note = "Not an owner"
        member.action_refuse()
        self.assertEqual(member.state, "refused")
        self.assertTrue(self.apply())

    def test_a_deposit_waives_the_fee(self):
        member = self.apply(card_type_id=self.card_type("prepaid").id)
        member.action_verify()
        self.refused("the deposit of 3000", member.action_activate)
        member._book_prepaid(3000, "deposit")
        member.action_activate()
        self.assertEqual((member.state, member.prepaid_balance), ("active", 3000))

    def test_prospects_are_a_switch(self):
        self.program.use_prospects = False
        member = self.apply(is_prospect=True)
        self.refused("admits owners only", member.action_verify)

    def test_a_person_has_one_card(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            with self.env.cr.savepoint():
                self.apply(self.owner)
        self.member.action_leave()
        again = self.make_member(self.owner)
        self.assertEqual(again.card_number, "000002")
        self.assertEqual(self.member.card_number, "000001")

    def test_a_card_that_was_given_out_stays_in_the_books(self):
        self.refused("stays in the books", self.member.unlink)
        self.apply().unlink()

    def test_a_card_ends_where_the_club_says_so(self):
        self.program.membership_months = 12
        self.assertEqual(self.make_member().expires_on, date(2027, 11, 20))

    def test_expired_cards_are_marked_once(self):
        self.program.membership_months = 1
        member = self.make_member()
        members = self.env["cr.club.member"]
        self.assertEqual(members._expire_cards(date(2026, 12, 20)), 0)
        self.assertEqual(members._expire_cards(date(2026, 12, 21)), 1)
        self.assertEqual(member.state, "expired")
        member.action_renew()
        self.assertEqual(member.state, "active")
        self.assertEqual(member.expires_on, date(2027, 1, 20))

    # === NUMBERS === #

    def test_numbers_run_per_club(self):
        numbers = [self.make_member().card_number for _turn in range(3)]
        self.assertEqual(numbers, ["000002", "000003", "000004"])
        other = self.make_program(self.other_store)
        self.assertEqual(other._take_numbers(2), ["000001", "000002"])

    def test_a_member_number_of_its_own_is_a_switch(self):
        self.program.has_own_member_number = True
        member = self.make_member()
        self.assertEqual((member.card_number, member.number), ("000002", "000001"))

    def test_numbers_do_not_run_over(self):
        self.program.card_next = 999999
        self.assertEqual(self.program._take_numbers(1), ["999999"])
        self.refused("all numbers up to 999999", self.program._take_numbers, 1)

    def test_every_buyer_joins_at_once_where_the_club_wants_it(self):
        buyers = [self.make_partner() for _number in range(5)]
        for buyer in buyers:
            car = self.make_vehicle(delivered_on=self.TODAY, company_id=self.store.id)
            car._set_owner(buyer, self.TODAY, is_purchase=True)
        self.assertFalse(self.program._enrol_buyers(self.TODAY))
        self.program.enrolment = "auto"
        members = self.program._enrol_buyers(self.TODAY)
        self.assertEqual(
            sorted(members.mapped("card_number")),
            ["000002", "000003", "000004", "000005", "000006"],
        )
        self.assertEqual(set(members.mapped("tier_id.level")), {1})
        self.assertEqual(members.change_ids.mapped("kind"), ["join"] * 5)
        self.assertFalse(self.program._enrol_buyers(self.TODAY))
        members[0].action_leave()
        self.assertFalse(self.program._enrol_buyers(self.TODAY))

    # === PREPAID === #

    def test_prepaid_money_has_no_overdraft(self):
        self.member._book_prepaid(3000, "deposit")
        order = self.make_order(self.car, self.TODAY)
        key = f"order:{order.id}"
        for _turn in range(2):
            self.member._book_prepaid(-1200, "use", key, order_id=order.id)
        self.assertEqual(self.member.prepaid_balance, 1800)
        self.refused("less than 1800.01", self.member._book_prepaid, -1800.01, "use")
        self.member._book_prepaid(-1800, "refund")
        self.assertEqual(self.member.prepaid_ids.mapped("balance"), [0, 1800, 3000])
        self.assertFalse(self.member._find_prepaid_drift())

    def test_the_database_refuses_changes_of_prepaid_money(self):
        self.member._book_prepaid(100, "deposit")
        self.env.flush_all()
        for query in (
            "UPDATE cr_prepaid_entry SET amount = 1",
            "DELETE FROM cr_prepaid_entry",
            "UPDATE cr_club_member SET prepaid_balance = -1",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query)

    # === PRIVILEGES === #

    def test_privileges_go_with_the_tier_and_are_counted(self):
        wash = self.env.ref("cr_club.cr_club_privilege_wash")
        car = self.env.ref("cr_club.cr_club_privilege_replacement")
        use = {"member_id": self.member.id, "privilege_id": wash.id}
        uses = self.env["cr.club.privilege.use"]
        self.assertIn(wash, self.member.privilege_ids)
        uses.create([use] * 4)
        self.refused("4 times in 2026", uses.create, use)
        uses.create({**use, "used_on": "2027-01-02"})
        self.refused("not entitled", uses.create, {**use, "privilege_id": car.id})

    # === REFERRALS === #

    def test_a_buyer_counts_once_and_when_his_car_is_delivered(self):
        self.make_rule(source="referral", points=2000)
        buyer = self.make_partner("Buyer")
        car = self.make_vehicle(owner=buyer)
        referral = self.env["cr.referral"].create(
            {
                "member_id": self.member.id,
                "name": "Buyer",
                "partner_id": buyer.id,
                "vehicle_id": car.id,
            }
        )
        self.refused("delivered to him", referral.action_verify)
        car.write({"delivered_on": self.TODAY, "company_id": self.store.id})
        referral.action_verify()
        self.assertEqual(
            (referral.state, self.member.referral_count), ("verified", 1)
        )
        self.assert_points(self.owner, 2000)
        second = self.make_member()
        again = referral.copy({"member_id": second.id})
        self.refused("already counts for 000001", again.action_verify)
        self.env["cr.points.rule"]._award_referrals(referral)
        self.assert_points(self.owner, 2000)

    def test_nobody_brings_himself(self):
        referral = self.env["cr.referral"].create(
            {
                "member_id": self.member.id,
                "name": "Himself",
                "vehicle_id": self.car.id,
            }
        )
        self.refused("cannot bring himself", referral.action_verify)
        self.refused("why it does not count", referral.action_refuse)

    # === CLUBS === #

    def test_a_store_has_one_club(self):
        with self.assertRaisesRegex(ValidationError, "a store has one club"):
            self.make_program(self.other_store, store_ids=self.store.ids)

    def test_a_points_condition_needs_a_window(self):
        rule = self.env.ref("cr_club.cr_club_tier_rule_points")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            with self.env.cr.savepoint():
                rule.window_months = 0
                rule.flush_recordset()
