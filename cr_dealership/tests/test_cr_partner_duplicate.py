from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DealershipCommon

ID_NUMBER = "36242219880315002X"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrPartnerDuplicate(DealershipCommon):
    """Possible duplicates are found, shown, dismissed or archived (CUS-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Duplicate = cls.env["cr.partner.duplicate"]
        cls.first = cls.make_partner("曾晓燕", cr_stage="prospect")
        cls.second = cls.make_partner("曾 晓燕", cr_stage="prospect")

    def pairs(self, kind=None):
        """Look again and return the pairs of the two files of the test."""
        self.Duplicate._refresh()
        domain = [("partner_id", "in", (self.first | self.second).ids)]
        if kind:
            domain += [("kind", "=", kind)]
        return self.Duplicate.search(domain)

    # === FINDING === #

    def test_different_files_are_no_pair(self):
        self.assertFalse(self.pairs())
        self.assertFalse(self.first.cr_duplicate_count)

    def test_same_number_is_found_in_either_field(self):
        self.second.phone = "+86 " + self.first.mobile
        pair = self.pairs("phone")
        self.assertRecordValues(
            pair,
            [
                {
                    "partner_id": self.first.id,
                    "other_id": self.second.id,
                    "key": self.first.mobile,
                    "state": "open",
                }
            ],
        )
        files = self.first | self.second
        self.assertEqual(files.mapped("cr_duplicate_count"), [1, 1])

    def test_same_id_number_is_found_and_shown_masked(self):
        self.first.cr_id_masked = self.second.cr_id_masked = ID_NUMBER
        self.assertEqual(self.pairs("id_number").key, "362422…002X")

    def test_same_name_and_plate_is_found(self):
        for partner in self.first | self.second:
            self.make_vehicle(owner=partner, plate="赣D88888")
        self.assertTrue(self.pairs("name_plate"))

    def test_two_owners_of_a_car_at_one_time_are_found(self):
        vehicle = self.make_vehicle(owner=self.first, owner_from="2020-01-01")
        self.assertFalse(self.pairs("vehicle"))
        self.env["cr.vehicle.role"].create(
            {
                "vehicle_id": vehicle.id,
                "partner_id": self.second.id,
                "date_from": "2021-01-01",
                "date_to": "2022-01-01",
            }
        )
        self.assertEqual(self.pairs("vehicle").key, vehicle.vin)

    def test_a_car_handed_over_is_no_duplicate(self):
        vehicle = self.make_vehicle(owner=self.first, owner_from="2020-01-01")
        vehicle._set_owner(self.second, self.TODAY)
        self.assertFalse(self.pairs("vehicle"))

    def test_people_of_one_company_may_share_its_number(self):
        company = self.make_partner("吉安运输公司", is_company=True, phone="0796-8212345")
        (self.first | self.second).write({"parent_id": company.id})
        (self.first | self.second).write({"phone": "0796-8212345"})
        self.assertFalse(self.pairs())
        self.assertFalse(self.first.cr_duplicate_count)

    def test_files_of_no_use_are_found(self):
        self.first.write({"mobile": False, "phone": False})
        self.second.name = "123"
        self.assertEqual(self.pairs("invalid").partner_id, self.first | self.second)

    def test_looking_again_keeps_decisions_and_makes_no_twins(self):
        self.second.phone = self.first.mobile
        pair = self.pairs()
        self.as_persona(pair, "agent").action_dismiss()
        self.assertEqual(self.pairs(), pair)
        self.assertEqual(pair.state, "dismissed")
        self.assertEqual(pair.decided_by_id, self.persona("agent"))
        self.assertFalse(self.first.cr_duplicate_count)
        pair.action_reopen()
        self.second.phone = False
        self.assertFalse(self.pairs(), "what no longer holds disappears")

    def test_the_nightly_job_finds_them(self):
        self.second.phone = self.first.mobile
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_cr_partner_duplicate_refresh"
            ).method_direct_trigger()
        self.assertTrue(self.Duplicate.search([("partner_id", "=", self.first.id)]))

    # === WARNING === #

    def test_typing_a_known_number_warns_without_blocking(self):
        form = Form(self.as_persona(self.env["res.partner"], "agent"))
        form.name = "曾女士"
        result = (
            self.as_persona(self.env["res.partner"], "agent")
            .new({"name": "曾女士", "mobile": self.first.mobile})
            ._onchange_cr_duplicate()
        )
        self.assertIn("曾晓燕", result["warning"]["message"])
        self.assertEqual(result["warning"]["type"], "notification")
        form.mobile = self.first.mobile
        self.assertTrue(form.save())

    def test_files_like_this_one_are_opened(self):
        self.second.phone = self.first.mobile
        action = self.as_persona(self.first, "agent").action_cr_open_duplicates()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.first | self.second)

    def test_counting_for_many_files_takes_one_question(self):
        partners = self.first | self.second | self.make_partner()
        one = self.count_queries(self.first.mapped, "cr_duplicate_count")
        many = self.count_queries(partners.mapped, "cr_duplicate_count")
        self.assertEqual(one, many)

    # === DECIDING === #

    def test_only_the_head_merges_and_archives(self):
        self.second.phone = self.first.mobile
        pair = self.pairs()
        for action in ("action_merge", "action_merge_other", "action_archive_file"):
            with self.assertRaises(AccessError):
                getattr(self.as_persona(pair, "agent"), action)()
        self.as_persona(pair, "head").action_archive_file()
        self.assertTrue(self.first.active)
        self.assertFalse(self.second.active)
        self.assertFalse(pair.exists())

    def test_a_single_file_cannot_be_merged(self):
        self.first.write({"mobile": False})
        pair = self.pairs("invalid")
        with self.assertRaisesRegex(UserError, "曾晓燕"):
            self.as_persona(pair, "head").action_merge()
