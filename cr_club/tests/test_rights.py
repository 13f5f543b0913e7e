from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.cr_dealership.tests.rights_common import RightsCases

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestClubRights(RightsCases, ClubCommon):
    """Each role against each model (ROL-12, ROL-13)."""

    MODULE = "cr_club"

    def test_another_store_sees_no_member(self):
        stranger = self.persona("head", self.other_store)
        there = {"allowed_company_ids": self.other_store.ids}
        entry = self.award(10)
        for record in (self.member, self.program, entry, entry.account_id):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(stranger).with_context(**there).read(["id"])

    def test_a_store_that_takes_part_sees_the_members(self):
        self.program.store_ids = self.other_store
        colleague = self.persona("head", self.other_store)
        member = self.member.with_user(colleague)
        member = member.with_context(allowed_company_ids=self.other_store.ids)
        self.assertEqual(member.read(["card_number"])[0]["card_number"], "000001")

    def test_nobody_writes_the_ledger_by_hand(self):
        entry = self.award(10)
        for record in (entry, entry.account_id, entry.lot_ids):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.users["admin"]).write({"company_id": 1})

    def test_numbers_and_tiers_follow_from_the_buttons(self):
        member = self.member.with_user(self.users["head"])
        for values in (
            {"card_number": "000009"},
            {"tier_id": self.tier("gold").id},
            {"state": "cancelled"},
            {"prepaid_balance": 5000},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                member.write(values)
