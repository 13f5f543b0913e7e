from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubCard(ClubCommon):
    """The 13 items, the code, the charter, and what reception sees."""

    def make_charter(self):
        charter = self.env["cr.club.charter"].create(
            {"name": "Charter", "program_id": self.program.id}
        )
        return self.env["cr.club.charter.version"].create(
            {
                "charter_id": charter.id,
                "text": "<p>Rights and duties</p>",
                "valid_from": "2026-11-01",
            }
        )

    def test_the_card_has_its_13_items(self):
        self.program.write({"news": "Winter check", "hotline": "400 800 1234"})
        self.member.card_type_id = self.env.ref("cr_club.cr_club_card_type_fee")
        self.award(120, expires_on="2027-01-31")
        self.spend(20)
        card = self.member._get_card()
        self.assertEqual(len(card["items"]), 13)
        items = dict(card["items"])
        expected = {
            "Card type": "Green card · Card with a fee",
            "Member number": "000001",
            "Member's name": "Test owner",
            "Plates": self.car.plate,
            "Joined on": "2026-11-20",
            "Points moved on": "2026-11-20",
            "Points": "100",
            "Points redeemed on": "2026-11-20",
            "In the shop these days": "Winter check",
        }
        self.assertEqual({name: items[name] for name in expected}, expected)
        self.assertTrue(items["Annual inspection"])
        self.assertEqual(card["expiry_on"], "2027-01-31")
        self.assertEqual(card["expiry_points"], 100)
        for text in ("000001", "400 800 1234", "Winter check"):
            html = self.member.card_html + self.print_card()
            self.assertIn(text, html)

    def print_card(self):
        report = self.env["ir.actions.report"]
        html, __ = report._render_qweb_html(
            "cr_club.report_member_card", self.member.ids
        )
        return html.decode()

    def test_a_code_leads_to_its_member_only(self):
        find = self.env["cr.club.member"]._find_by_code
        self.assertEqual(find(self.member._get_card_code()), self.member)
        self.assertEqual(find("000001"), self.member)
        with self.assertRaisesRegex(UserError, "no card of a member"):
            find("https://example.com/other")
        self.make_program(self.other_store)
        with self.assertRaisesRegex(UserError, "belongs to “Club of Test store A”"):
            find(self.member._get_card_code(), self.other_store)

    def test_a_charter_is_accepted_once_a_version(self):
        version = self.make_charter()
        self.assertFalse(self.member.is_charter_open)
        version.action_put_in_force()
        self.member.invalidate_recordset()
        self.assertTrue(self.member.is_charter_open)
        for _turn in range(2):
            self.member.action_accept_charter()
        self.assertEqual(self.member.acceptance_ids.version_id, version)
        self.assertEqual(version.acceptance_count, 1)
        with self.assertRaisesRegex(UserError, "what members accepted"):
            version.text = "<p>Other duties</p>"
        newer = version.browse(version.action_new_version()["res_id"])
        newer.text = "<p>Other duties</p>"
        newer.action_put_in_force()
        self.member.invalidate_recordset()
        self.assertTrue(self.member.is_charter_open)

    def test_reception_sees_what_the_customer_is_entitled_to(self):
        order = self.make_order(self.car, self.TODAY, state="open")
        expected = "Green card · 000001 · Car wash as a gift"
        for role in ("advisor", "insurance", "agent"):
            self.assertEqual(self.as_persona(order, role).club_text, expected)
        self.assertEqual(self.as_persona(self.owner, "lounge").cr_club_text, expected)
        self.assertFalse(self.guest.cr_club_text)
        self.member.action_leave()
        self.owner.invalidate_recordset()
        self.assertFalse(self.owner.cr_club_text)

    def test_the_file_leads_to_the_membership(self):
        self.assertEqual(self.owner.action_cr_open_club()["res_id"], self.member.id)
        action = self.guest.action_cr_open_club()
        self.assertEqual(action["context"], {"default_partner_id": self.guest.id})

    def test_who_looks_may_see_the_card_of_whom_he_may_not_open(self):
        member = self.as_persona(self.member, "lounge")
        self.assertIn("000001", member.card_html)

    def test_corrections_and_prepaid_money_go_through_dialogues(self):
        self.award(10)
        adjust = self.as_persona(self.env["cr.points.account.adjust"], "head")
        adjust.create(
            {"account_id": self.account().id, "points": -4, "reason": "Typing error"}
        ).action_adjust()
        self.assert_points(self.owner, 6)
        book = self.as_persona(self.env["cr.prepaid.entry.book"], "finance")
        values = {"member_id": self.member.id, "amount": 300}
        book.create(values).action_book()
        order = self.make_order(self.car, self.TODAY)
        with self.assertRaisesRegex(UserError, "Choose the work order"):
            book.create({**values, "kind": "use"}).action_book()
        book.create({**values, "kind": "use", "order_id": order.id}).action_book()
        self.assertEqual(self.member.prepaid_balance, 0)
        with self.assertRaisesRegex(UserError, "must be positive"):
            book.create({**values, "amount": -5}).action_book()


@tagged("post_install", "-at_install")
class TestCrClubCardPage(HttpCase, ClubCommon):
    """The card on the telephone: by its link, and behind the login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.award(120)
        cls.url = f"/cr/card/{cls.member.token}"

    def test_the_link_shows_the_card(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for text in ("000001", "Test owner", "120"):
            self.assertIn(text, page.text)

    def test_a_link_to_nothing_is_friendly(self):
        self.assertEqual(self.url_open("/cr/card/nothing").status_code, 404)
        self.member.action_leave()
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_the_charter_is_accepted_on_the_page(self):
        charter = self.env["cr.club.charter"].create(
            {"name": "Charter", "program_id": self.program.id}
        )
        self.env["cr.club.charter.version"].create(
            {"charter_id": charter.id, "text": "<p>Duties</p>"}
        ).action_put_in_force()
        self.assertIn("Duties", self.url_open(self.url).text)
        # A page without login has a token of its own; the test takes it from there.
        text = self.url_open(self.url).text
        token = text.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(self.url, data={"csrf_token": token})
        self.assertEqual(self.member.acceptance_ids.channel, "page")

    def test_a_member_sees_himself_only(self):
        login = "cr_club_portal"
        user = new_test_user(self.env, login=login, groups="base.group_portal")
        self.authenticate(login, login)
        self.assertNotIn("<progress", self.url_open("/my/club").text)
        own = self.make_member(user.partner_id)
        page = self.url_open("/my/club").text
        self.assertIn(own.card_number, page)
        self.assertNotIn("Test owner", page)
