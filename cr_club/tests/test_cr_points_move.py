from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsMove(ClubCommon):
    """Points that are passed on, and files that are merged."""

    def merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)

    def pass_on(self, points, key="1"):
        return self.account()._pass_on(self.account(self.guest), points, key)

    # === PASSING ON === #

    def test_a_household_shares_points_with_their_dates(self):
        self.award(50, expires_on="2026-12-31")
        self.award(50, expires_on="2027-12-31")
        with self.assertRaisesRegex(UserError, "one household"):
            self.pass_on(70)
        self.env["cr.family.member"].create(
            {
                "partner_id": self.owner.id,
                "name": "Wife",
                "relation": "spouse",
                "related_partner_id": self.guest.id,
            }
        )
        self.pass_on(70)
        self.pass_on(70)
        self.assert_points(self.owner, 30)
        self.assert_points(self.guest, 70)
        lots = self.account(self.guest).lot_ids
        self.assertEqual(
            [(str(lot.expires_on), lot.points) for lot in lots],
            [("2026-12-31", 50), ("2027-12-31", 20)],
        )
        self.assertFalse(any(self.account(self.guest).entry_ids.mapped("qualifying")))
        self.assert_proven()

    def test_passing_on_keeps_to_the_rule_of_the_club(self):
        self.award(500)
        self.program.pass_on = "no"
        with self.assertRaisesRegex(UserError, "does not let Test owner"):
            self.pass_on(70)
        self.program.write({"pass_on": "anybody", "pass_on_limit": 100})
        self.pass_on(70)
        with self.assertRaisesRegex(UserError, "30 more points this year"):
            self.pass_on(31, "2")
        self.pass_on(30, "2")
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.account()._pass_on(self.account(), 1, "3")

    # === MERGED FILES === #

    def test_what_is_left_moves_and_entries_stay(self):
        twin = self.make_partner()
        self.award(100, twin, expires_on="2027-06-30")
        self.spend(30, twin)
        self.award(10)
        old = self.account(twin)
        self.merge(twin, self.owner)
        self.assert_points(self.owner, 80)
        self.assertEqual((old.balance, old.merged_into_id), (0, self.account()))
        self.assertEqual(old.partner_id, self.owner)
        lot = self.account().lot_ids.filtered(lambda one: one.points == 70)
        self.assertEqual(str(lot.expires_on), "2027-06-30")
        facts = self.program._get_facts(self.TODAY, self.member)
        self.assertEqual(facts[self.member.id].windows[24][0], 110)
        self.assert_proven()

    def test_what_is_owed_moves_too(self):
        twin = self.make_partner()
        entry = self.award(100, twin)
        self.spend(100, twin)
        self.env["cr.points.account"]._take_back(entry)
        self.award(30)
        self.merge(twin, self.owner)
        self.assert_points(self.owner, -70, arrears=70)
        self.assert_proven()

    def test_files_without_account_of_the_remaining_one(self):
        twins = self.make_partner() | self.make_partner()
        for twin in twins:
            self.award(50, twin)
        self.merge(twins, self.guest)
        self.assert_points(self.guest, 100)
        self.assert_proven()

    def test_merged_again(self):
        one, two = self.make_partner(), self.make_partner()
        self.award(50, one)
        self.award(50, two)
        spent = self.spend(20, one)
        self.merge(one, two)
        self.award(5)
        self.merge(two, self.owner)
        self.assert_points(self.owner, 85)
        accounts = self.env["cr.points.account"]
        accounts._give_back([{"entry": spent, "key": "back"}])
        accounts._give_back([{"entry": spent, "key": "again"}])
        self.assert_points(self.owner, 105)
        self.assert_proven()

    def test_an_order_of_a_merged_file_is_taken_back_from_the_remaining(self):
        twin = self.make_partner()
        order = self.make_order(
            self.car, self.TODAY, amount_material=100, partner_id=twin.id
        )
        self.assert_points(twin, 100)
        self.merge(twin, self.owner)
        self.assert_points(self.owner, 100)
        order._after_orders_changed()
        self.assert_points(self.owner, 100)
        order.action_reopen()
        self.assert_points(self.owner, 0)
        self.assert_proven()

    def test_two_cards_become_one(self):
        twin = self.make_partner()
        gold = self.make_member(twin, tier="gold")
        self.member._book_prepaid(500, "deposit")
        referral = self.env["cr.referral"].create(
            {"member_id": self.member.id, "name": "Somebody"}
        )
        self.merge(twin, self.owner)
        self.assertEqual((gold.state, gold.partner_id), ("active", self.owner))
        self.assertEqual(self.member.state, "cancelled")
        self.assertEqual((gold.prepaid_balance, self.member.prepaid_balance), (500, 0))
        self.assertEqual(referral.member_id, gold)

    # === STATEMENT === #

    def test_the_statement_tells_the_fate_of_every_point(self):
        self.award(100, expires_on="2027-12-31", note="Class")
        self.award(40, available_on="2026-12-01")
        self.spend(30)
        lines = self.account()._get_statement()
        self.assertEqual([line["points"] for line in lines], [40, 100])
        self.assertIn("40 wait until 2026-12-01", lines[0]["fate"])
        self.assertEqual(
            lines[1]["fate"],
            "30 Redeemed on 2026-11-20; 70 left, hold until 2027-12-31",
        )
        self.assertIn("Class", self.account().statement_html)
