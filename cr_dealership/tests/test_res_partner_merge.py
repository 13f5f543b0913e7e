from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealershipCommon

ID_NUMBER = "36242219880315002X"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestResPartnerMerge(DealershipCommon):
    """A merge moves all that hangs on a file, whatever the database guards (CUS-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keep = cls.make_partner("曾晓燕", email="a@example.com")
        cls.lose = cls.make_partner("曾小燕", email="b@example.com")
        cls.lose.write({"cr_id_masked": ID_NUMBER, "phone": cls.keep.mobile})
        cls.vehicle = cls.make_vehicle(
            owner=cls.lose, delivered_on=date(2025, 1, 1), company_id=cls.store.id
        )
        cls.order = cls.make_order(cls.vehicle, cls.TODAY - timedelta(9))

    def merge(self, role="head"):
        """Merge the two files by the screen of duplicates."""
        self.env["cr.partner.duplicate"]._refresh()
        pair = self.env["cr.partner.duplicate"].search(
            [("partner_id", "=", self.keep.id), ("other_id", "=", self.lose.id)]
        )
        self.as_persona(pair[0], role).action_merge()
        self.assertFalse(self.lose.exists())

    def test_cars_orders_and_facts_move(self):
        self.merge()
        self.assertEqual(self.vehicle.owner_id, self.keep)
        self.assertEqual(self.vehicle.role_ids.partner_id, self.keep)
        self.assertEqual(self.order.partner_id, self.keep)
        self.assertRecordValues(
            self.keep,
            [
                {
                    "cr_is_customer": True,
                    "cr_vehicle_count": 1,
                    "cr_main_vehicle_id": self.vehicle.id,
                    "cr_last_visit_on": self.TODAY - timedelta(9),
                    "cr_stage": "active",
                }
            ],
        )

    def test_what_only_the_other_file_knew_is_kept(self):
        self.merge()
        self.assertEqual(self.keep.sudo().cr_id_number, ID_NUMBER)
        self.assertEqual(self.keep.cr_gender, "female")
        self.assertEqual(self.keep.email, "a@example.com")

    def test_two_open_wishes_become_the_stricter_one(self):
        self.keep.action_cr_allow_calls()
        refusal = self.lose.action_cr_do_not_call()
        self.lose._cr_record_wish("refused", purpose="care", channel="sms")
        self.merge()
        wishes = self.keep.cr_preference_ids
        self.assertEqual(len(wishes), 3)
        still_open = wishes.filtered(lambda wish: not wish.date_to)
        self.assertIn(refusal, still_open)
        self.assertEqual(len(still_open), 2)
        blocks = self.env["cr.contact.preference"]._get_blocks(
            self.keep.ids, "satisfaction"
        )
        self.assertEqual(blocks, {self.keep.id: "do_not_call"})

    def test_roles_of_both_files_for_one_car_stand_together(self):
        self.env["cr.vehicle.role"].create(
            {
                "vehicle_id": self.vehicle.id,
                "partner_id": self.keep.id,
                "role": "driver",
            }
        )
        self.merge()
        self.assertEqual(
            set(self.keep.cr_role_ids.mapped("role")), {"owner", "driver"}
        )
        self.assertEqual(self.keep.cr_vehicle_count, 1)

    def test_calls_move_though_their_table_refuses_changes(self):
        outcome = self.env["cr.call.outcome"].search([], limit=1)
        call = self.env["cr.call.attempt"].create(
            {
                "company_id": self.store.id,
                "agent_id": self.env.uid,
                "partner_id": self.lose.id,
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
            }
        )
        callback = self.env["cr.callback"].create({"partner_id": self.lose.id})
        self.merge()
        self.assertEqual(call.partner_id, self.keep)
        self.assertEqual(callback.partner_id, self.keep)

    def test_lost_contacts_of_both_files_become_one(self):
        reason = self.env["cr.call.outcome"].search([], limit=1)
        cases = self.env["cr.lost.contact"].create(
            [
                {
                    "company_id": self.store.id,
                    "partner_id": partner.id,
                    "reason_id": reason.id,
                    "opened_on": self.TODAY,
                }
                for partner in self.keep | self.lose
            ]
        )
        self.merge()
        self.assertEqual(cases.partner_id, self.keep)
        self.assertEqual(sorted(cases.mapped("state")), ["given_up", "open"])

    def test_no_merge_while_somebody_talks_with_the_customer(self):
        self.env["cr.call.session"].create(
            {
                "company_id": self.store.id,
                "partner_id": self.lose.id,
                "agent_id": self.persona("agent").id,
            }
        )
        with self.assertRaisesRegex(UserError, "曾小燕"):
            self.merge()

    def test_cores_own_screen_keeps_to_the_same_rules(self):
        self.keep.action_cr_allow_calls()
        self.lose.action_cr_do_not_call()
        user = self.persona("specialist")
        user.group_ids += self.env.ref("base.group_partner_manager")
        self.lose.email = self.keep.email
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user)
            .create({"partner_ids": [(6, 0, (self.keep | self.lose).ids)]})
        )
        wizard.dst_partner_id = self.keep
        wizard.action_merge()
        self.assertEqual(self.keep.sudo().cr_id_number, ID_NUMBER)
        self.assertEqual(self.vehicle.owner_id, self.keep)

    def test_dismissed_pairs_of_the_lost_file_do_not_stop_the_merge(self):
        third = self.make_partner("曾", phone=self.keep.mobile)
        self.env["cr.partner.duplicate"]._refresh()
        self.env["cr.partner.duplicate"].search(
            [("other_id", "=", third.id)]
        ).action_dismiss()
        self.merge()
        self.assertTrue(third.exists())

    def test_birthday_gifts_of_both_files_are_kept(self):
        requests = self.env["cr.care.gift.request"].create(
            [
                {"partner_id": partner.id, "company_id": self.store.id}
                for partner in self.lose | self.keep
            ]
        )
        self.merge()
        self.assertEqual(requests.partner_id, self.keep)
        self.assertEqual(requests.mapped("occasion"), ["other", "birthday"])
