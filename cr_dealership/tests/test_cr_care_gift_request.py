from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


class GiftCommon(DealershipCommon):
    """A customer with a child, and a gift menu."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mats = cls.env.ref("cr_dealership.cr_care_gift_floor_mats")
        cls.coupon = cls.env.ref("cr_dealership.cr_care_gift_maintenance_coupon")
        cls.toy = cls.env.ref("cr_dealership.cr_care_gift_toy")
        cls.customer = cls.make_partner("Zeng Xiaoyan", birthdate_date="1985-12-05")
        cls.child = cls.env["cr.family.member"].create(
            {
                "partner_id": cls.customer.id,
                "name": "Zeng Le",
                "relation": "child",
                "birthday": "2020-12-01",
            }
        )
        cls.specialist = cls.persona("specialist")

    def request(self, gift=None, **values):
        """Return a draft of the specialist."""
        requests = self.as_persona(self.env["cr.care.gift.request"], "specialist")
        return requests.create(
            {
                "partner_id": self.customer.id,
                "gift_id": (gift or self.mats).id,
                "occasion": "other",
                "day": self.TODAY,
                "company_id": self.store.id,
                **values,
            }
        )

    def by(self, role, records):
        return self.as_persona(records, role)

    def approved(self, gift=None, **values):
        request = self.request(gift, **values)
        request.action_ask()
        self.by("director", request).action_approve()
        return request


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrCareGiftRequest(GiftCommon):
    """Asked, signed by the general manager, handed over (REL-11)."""

    def test_from_draft_to_handed_over(self):
        request = self.request()
        self.assertEqual((request.state, request.value), ("draft", 80))
        request.action_ask()
        director = self.by("director", request)
        director.action_approve()
        request.action_send()
        self.assertRecordValues(
            request,
            [
                {
                    "state": "sent",
                    "approved_by_id": director.env.uid,
                    "approved_on": self.TODAY,
                    "sent_on": self.TODAY,
                    "sent_by_id": self.specialist.id,
                }
            ],
        )

    def test_only_the_general_manager_signs(self):
        request = self.request()
        request.action_ask()
        for role in ("specialist", "head"):
            with self.assertRaisesRegex(AccessError, "general manager"):
                self.by(role, request).action_approve()
        with self.assertRaisesRegex(AccessError, "buttons"):
            request.state = "approved"
        with self.assertRaisesRegex(AccessError, "buttons"):
            self.request(state="approved")

    def test_refusing_needs_a_reason(self):
        request = self.request()
        request.action_ask()
        director = self.by("director", request)
        with self.assertRaisesRegex(UserError, "write why"):
            director.action_refuse()
        director.refuse_reason = "He had a gift at the festival."
        director.action_refuse()
        self.assertEqual(request.state, "refused")
        with self.assertRaisesRegex(UserError, "is “Refused”"):
            request.action_send()

    def test_what_was_signed_stays(self):
        request = self.approved()
        with self.assertRaisesRegex(UserError, "take the request back"):
            request.value = 5
        with self.assertRaisesRegex(UserError, "cancel it instead"):
            request.sudo().unlink()
        request.action_cancel()
        request.action_draft()
        request.value = 5
        self.assertFalse(request.approved_by_id)

    def test_a_gift_must_be_chosen(self):
        with self.assertRaisesRegex(UserError, "choose a gift"):
            self.request(gift_id=False).action_ask()

    def test_the_form_proposes_what_the_customer_picked(self):
        """REL-12."""
        self.customer.cr_birthday_gift_id = self.coupon
        self.child.gift_id = self.toy
        requests = self.by("specialist", self.env["cr.care.gift.request"])
        with Form(requests) as form:
            form.partner_id = self.customer
            self.assertEqual(form.gift_id, self.coupon)
        with Form(requests) as form:
            form.partner_id = self.customer
            form.gift_id = self.env["cr.care.gift"]
            form.member_id = self.child
            self.assertEqual(form.gift_id, self.toy)

    def test_a_voucher_gift_issues_its_voucher_once(self):
        request = self.approved(self.coupon, occasion="birthday")
        request.action_send()
        request._issue_vouchers()
        voucher = self.env["cr.voucher"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertRecordValues(
            voucher,
            [
                {
                    "kind": "maintenance_coupon",
                    "source": "birthday",
                    "origin_id": request.id,
                    "valid_until": date(2027, 11, 20),
                    "state": "issued",
                }
            ],
        )

    def test_the_list_can_be_printed(self):
        request = self.approved()
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "cr_dealership.report_care_gift_list", request.ids
        )
        self.assertIn("Zeng Xiaoyan", html.decode())

    def test_other_stores_do_not_see_the_request(self):
        request = self.request()
        other = self.as_persona(request, "specialist", self.other_store)
        self.assertFalse(other.search([("id", "=", request.id)]))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrCareGiftQuota(GiftCommon):
    """Over the limits: blocked with a sentence, or signed twice (REL-13)."""

    def test_used_and_left_are_shown(self):
        self.approved(value=100)
        self.approved(self.toy, member_id=self.child.id)
        request = self.request()
        self.assertEqual((request.quota_used, request.quota_left), (100, 200))
        self.assertEqual(self.request(member_id=self.child.id).quota_used, 60)

    def test_gifts_before_the_period_do_not_count(self):
        self.approved(value=100, day=date(2025, 11, 20))
        self.assertEqual(self.request().quota_used, 0)

    def test_over_the_limits_is_blocked_where_the_store_says_so(self):
        self.store.cr_gift_over = "block"
        with self.assertRaisesRegex(UserError, "more than one gift may cost"):
            self.request(value=101).action_ask()
        for _number in range(3):
            self.approved(value=90)
        with self.assertRaisesRegex(UserError, "270.0 of 300.0 in 12 months"):
            self.request(value=90).action_ask()

    def test_over_the_limits_the_head_signs_first(self):
        request = self.request(value=101)
        request.action_ask()
        self.assertEqual(request.hold_code, "over_limit")
        director = self.by("director", request)
        with self.assertRaisesRegex(UserError, "CR head has to sign it first"):
            director.action_approve()
        with self.assertRaises(AccessError):
            request.action_approve_second()
        self.by("head", request).action_approve_second()
        director.action_approve()
        self.assertEqual(request.state, "approved")

    def test_nobody_signs_twice(self):
        request = self.request(value=101)
        request.action_ask()
        admin = self.by("admin", request)
        admin.action_approve_second()
        with self.assertRaisesRegex(UserError, "somebody else"):
            admin.action_approve()

    def test_one_birthday_gift_per_person_and_year_in_the_database(self):
        self.request(occasion="birthday", day=date(2026, 12, 5))
        self.request(occasion="birthday", day=date(2027, 12, 5))
        self.request(occasion="birthday", member_id=self.child.id)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.request(occasion="birthday", day=date(2026, 3, 1))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrCareGiftNightly(GiftCommon):
    """The nightly care run asks for many gifts at once, and once only (REL-10)."""

    BIRTHDAY = date(2026, 12, 5)

    def ask(self, partners=None, **values):
        partners = self.customer if partners is None else partners
        return self.env["cr.care.gift.request"]._request_for(
            partners, "birthday", self.BIRTHDAY, self.store, **values
        )

    def test_own_choice_goes_to_the_general_manager_at_once(self):
        self.customer.cr_birthday_gift_id = self.mats
        self.assertRecordValues(
            self.ask(),
            [
                {
                    "gift_id": self.mats.id,
                    "value": 80,
                    "state": "asked",
                    "asked_on": self.TODAY,
                    "year": 2026,
                    "hold_code": False,
                }
            ],
        )

    def test_a_child_gets_what_suits_its_age(self):
        requests = self.ask(self.env["res.partner"], members=self.child)
        self.assertRecordValues(
            requests, [{"member_id": self.child.id, "gift_id": self.toy.id}]
        )

    def test_asking_again_makes_nothing_twice(self):
        first = self.ask(members=self.child)
        self.assertEqual(len(first), 2)
        self.assertEqual(self.ask(members=self.child), first)
        first[0].sudo().write({"state": "refused", "refuse_reason": "No"})
        self.assertEqual(self.ask(members=self.child), first)

    def test_what_does_not_fit_waits_as_a_draft_that_says_why(self):
        dear = self.env["cr.care.gift"].create({"name": "Trip", "value": 900})
        wisher = self.make_partner(cr_birthday_gift_id=dear.id)
        spoilt = self.make_partner()
        for _number in range(3):
            self.approved(partner_id=spoilt.id, value=90)
        quiet = self.make_partner()
        quiet.action_cr_do_not_call()
        baby = self.env["cr.family.member"].create(
            {
                "partner_id": quiet.id,
                "name": "Baby",
                "relation": "child",
                "birthday": "2026-01-01",
            }
        )
        self.env.ref("cr_dealership.cr_care_gift_cake").active = False
        found = self.ask(wisher | spoilt | quiet)
        codes = {request.partner_id: request.hold_code for request in found}
        self.assertEqual(
            codes, {wisher: "over_limit", spoilt: "over_quota", quiet: "opt_out"}
        )
        self.assertEqual(set(found.mapped("state")), {"draft"})
        baby.partner_id = self.customer
        self.assertEqual(
            self.ask(self.env["res.partner"], members=baby).hold_code, "no_gift"
        )

    def test_as_many_queries_for_many(self):
        people = self.env["res.partner"]
        for _number in range(9):
            people |= self.make_partner()
        few = self.count_queries(self.ask, self.customer)
        many = self.count_queries(self.ask, people)
        self.assertEqual(few, many)

    def test_campaign_keeps_its_origin(self):
        found = self.env["cr.care.gift.request"]._request_for(
            self.customer, "campaign", self.TODAY, self.store, origin=self.store
        )
        self.assertEqual(
            (found.origin_model, found.origin_id), ("res.company", self.store.id)
        )
