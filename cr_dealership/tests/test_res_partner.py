from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import DealershipCommon

ID_NUMBER = "36242219880315002X"
ID_MASKED = "362422********002X"


@tagged("post_install", "-at_install")
class TestResPartnerFile(DealershipCommon):
    """What a customer file holds and how it is kept right (CUS-01 … CUS-20)."""

    def test_mobile_is_stored_as_the_trade_writes_it(self):
        partner = self.make_partner(mobile="+86 138-0013 8000")
        self.assertEqual(partner.mobile, "13800138000")
        partner.mobile = "１３９ ００１３ ９０００"
        self.assertEqual(partner.mobile, "13900139000")

    def test_what_is_no_chinese_number_stays_as_typed(self):
        partner = self.make_partner(mobile="ask his wife")
        self.assertEqual(partner.mobile, "ask his wife")

    def test_completeness_names_what_is_missing(self):
        partner = self.make_partner("曾晓燕")
        self.assertEqual(partner.cr_completeness, 35)
        self.assertIn("Gender", partner.with_context(lang="en_US").cr_missing_fields)
        partner.write({"cr_gender": "female", "street": "Jinggangshan Avenue 1"})
        self.assertEqual(partner.cr_completeness, 50)

    def test_organisations_are_measured_by_their_own_fields(self):
        company = self.make_partner("吉安运输公司", is_company=True, mobile=False)
        self.assertEqual(company.cr_completeness, 15)
        company.write({"phone": "0796-8212345", "cr_organization_type": "company"})
        self.assertEqual(company.cr_completeness, 40)
        self.assertNotIn(
            "Gender", company.with_context(lang="en_US").cr_missing_fields
        )

    def test_files_of_a_third_party_wait_for_verification(self):
        third_party = self.env.ref("cr_dealership.cr_source_third_party")
        showroom = self.env.ref("cr_dealership.cr_source_showroom")
        bought = self.make_partner(cr_source_id=third_party.id)
        own = self.make_partner(cr_source_id=showroom.id)
        self.assertEqual(bought.cr_verification, "unverified")
        self.assertFalse(own.cr_verification)
        own.cr_source_id = third_party
        self.assertEqual(own.cr_verification, "unverified")

    @freeze_time("2026-11-20 04:00:00")
    def test_verification_is_stamped_with_day_and_user(self):
        partner = self.make_partner(cr_verification="unverified")
        agent = self.persona("agent")
        self.as_persona(partner, "agent").action_cr_verify()
        self.assertRecordValues(
            partner,
            [
                {
                    "cr_verification": "verified",
                    "cr_verified_on": self.TODAY,
                    "cr_verified_by_id": agent.id,
                }
            ],
        )

    def test_confirming_data_does_not_verify_a_third_party_file(self):
        partner = self.make_partner(cr_verification="unverified")
        partner._cr_stamp_verified()
        self.assertTrue(partner.cr_verified_on)
        self.assertEqual(partner.cr_verification, "unverified")

    def test_contact_changes_are_tracked_with_where_they_were_learnt(self):
        partner = self.make_partner().with_context(tracking_disable=False)
        self.env.flush_all()
        self.cr.precommit.run()
        before = partner.message_ids
        partner.with_context(cr_dealership_channel="phone").write(
            {"mobile": "13911112222", "cr_need_class": "commercial"}
        )
        self.env.flush_all()
        self.cr.precommit.run()
        message = partner.message_ids - before
        changed = message.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(changed), {"mobile", "cr_need_class"})
        self.assertIn(":", message.body)

    def test_changes_in_the_family_are_noted_in_the_file(self):
        partner = self.make_partner().with_context(tracking_disable=False)
        member = (
            self.env["cr.family.member"]
            .with_context(tracking_disable=False)
            .create({"partner_id": partner.id, "name": "彭小宝", "relation": "child"})
        )
        self.assertIn("彭小宝", partner.message_ids[0].body)
        member.birthday = "2018-06-01"
        self.assertIn("2018-06-01", partner.message_ids[0].body)
        member.unlink()
        self.assertIn("彭小宝", partner.message_ids[0].body)
        self.assertEqual(len(partner.message_ids), 3)

    def test_value_set_by_hand_needs_a_reason(self):
        partner = self.make_partner()
        with self.assertRaises(ValidationError):
            partner.cr_value_override = "high"
        partner.write(
            {"cr_value_override": "high", "cr_value_reason": "brings his company"}
        )
        self.assertEqual(partner.cr_value_class, "high")
        partner.cr_value_override = False
        self.assertFalse(partner.cr_value_class)

    def test_a_sales_consultants_new_customer_is_his(self):
        sales = self.persona("sales")
        partners = self.as_persona(self.env["res.partner"], "sales")
        self.assertEqual(partners.create({"name": "New"}).cr_consultant_id, sales)
        self.assertFalse(self.make_partner().cr_consultant_id)


@tagged("post_install", "-at_install")
class TestResPartnerIdentity(DealershipCommon):
    """ID numbers: masked for all, in full only by the logged way (SEC-02, SEC-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner("曾晓燕", cr_id_masked=ID_NUMBER)

    def test_number_is_masked_and_gives_birth_date_and_gender(self):
        self.assertEqual(self.partner.cr_id_masked, ID_MASKED)
        self.assertEqual(str(self.partner.birthdate_date), "1988-03-15")
        self.assertEqual(self.partner.cr_gender, "female")

    def test_what_is_known_is_not_overwritten(self):
        partner = self.make_partner(cr_gender="male", birthdate_date="1990-01-01")
        partner.cr_id_masked = ID_NUMBER.lower()
        self.assertEqual(partner.cr_gender, "male")
        self.assertEqual(str(partner.birthdate_date), "1990-01-01")

    def test_typing_a_number_offers_birth_date_and_gender(self):
        with Form(self.as_persona(self.env["res.partner"], "agent")) as form:
            form.name = "彭建华"
            form.cr_id_masked = ID_NUMBER
            self.assertEqual(str(form.birthdate_date), "1988-03-15")
            self.assertEqual(form.cr_gender, "female")

    def test_wrong_number_is_refused_in_words(self):
        for wrong in ("362422198803150021", "12345", "362422********002Xx"):
            with self.assertRaisesRegex(ValidationError, wrong[:5]):
                self.partner.cr_id_masked = wrong

    def test_saving_the_masked_number_changes_nothing(self):
        self.partner.cr_id_masked = ID_MASKED
        self.assertEqual(self.partner.sudo().cr_id_number, ID_NUMBER)

    def test_change_is_noted_masked(self):
        partner = self.partner.with_context(tracking_disable=False)
        partner.cr_id_masked = ""
        note = partner.message_ids[0].body
        self.assertIn(ID_MASKED, note)
        self.assertNotIn(ID_NUMBER, note)
        self.assertFalse(partner.sudo().cr_id_number)

    def test_raw_number_is_closed_to_every_reading_method(self):
        for role in ("agent", "head", "admin"):
            partner = self.as_persona(self.partner, role)
            calls = (
                lambda p=partner: p.read(["cr_id_number"]),
                lambda p=partner: p.web_read({"cr_id_number": {}}),
                lambda p=partner: p.export_data(["cr_id_number"]),
                lambda p=partner: p.search([("cr_id_number", "=", ID_NUMBER)]),
                lambda p=partner: p.search([("parent_id.cr_id_number", "!=", False)]),
                lambda p=partner: p.search([], order="cr_id_number"),
                lambda p=partner: p._read_group([], ["cr_id_number"]),
                lambda p=partner: p._read_group([], [], ["cr_id_number:array_agg"]),
                lambda p=partner: p.formatted_read_group([], ["cr_id_number"]),
                lambda p=partner: p.write({"cr_id_number": "1"}),
                lambda p=partner: p.filtered("cr_id_number"),
            )
            for number, call in enumerate(calls):
                # An AccessError is a UserError; refusing the export as such is one.
                with self.subTest(role=role, call=number):
                    with self.assertRaises(UserError):
                        call()

    def test_plain_read_does_not_contain_the_number(self):
        partner = self.as_persona(self.partner, "admin")
        texts = [
            name
            for name, field in partner.fields_get().items()
            if field["type"] in ("char", "text", "html", "json")
        ]
        self.assertNotIn("cr_id_number", texts)
        self.assertIn("cr_id_masked", texts)
        self.assertNotIn(ID_NUMBER, str(partner.read(texts)))

    def test_masked_number_is_closed_to_lounge_and_others(self):
        with self.assertRaises(AccessError):
            self.as_persona(self.partner, "lounge").read(["cr_id_masked"])
        with self.assertRaises(AccessError):
            self.as_persona(self.partner, "user").read(["cr_id_masked"])
        values = self.as_persona(self.partner, "advisor").read(["cr_id_masked"])
        self.assertEqual(values[0]["cr_id_masked"], ID_MASKED)

    def test_showing_in_full_is_logged(self):
        Log = self.env["cr.access.log"]
        before = Log.search([])
        action = self.as_persona(self.partner, "head").action_cr_unmask_id()
        self.assertEqual(action["params"]["message"], ID_NUMBER)
        self.assertRecordValues(
            Log.search([]) - before,
            [
                {
                    "user_id": self.persona("head").id,
                    "kind": "unmask",
                    "model": "res.partner",
                    "res_id": self.partner.id,
                }
            ],
        )

    def test_showing_in_full_is_refused_in_words(self):
        with self.assertRaisesRegex(AccessError, "曾晓燕"):
            self.as_persona(self.partner, "agent").action_cr_unmask_id()

    def test_copy_of_a_file_has_no_number(self):
        self.assertFalse(self.partner.copy().sudo().cr_id_number)
