from odoo.tests import HttpCase, new_test_user, tagged

from .event_common import EventCommon

_EVIL = "<script>alert('club')</script>"


@tagged("post_install", "-at_install")
class TestCrClubPages(HttpCase, EventCommon):
    """What somebody typed is text on the pages of customers, never markup."""

    def assert_text(self, url, *marks):
        """A page shows what was typed after each mark, and nothing runs."""
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200, url)
        self.assertNotIn("<script>alert(", page.text)
        for mark in marks:
            with self.subTest(url=url, mark=mark):
                self.assertIn(f"{mark}&lt;script&gt;", page.text)

    def test_markup_on_the_card_stays_text(self):
        self.owner.name = f"Owner{_EVIL}"
        self.program.write({"news": f"News{_EVIL}", "name": f"Club{_EVIL}"})
        self.assert_text(f"/cr/card/{self.member.token}", "Owner", "News", "Club")

    def test_markup_behind_the_login_stays_text(self):
        login = "cr_club_markup"
        user = new_test_user(self.env, login=login, groups="base.group_portal")
        self.make_member(user.partner_id)
        self.award(500, user.partner_id, note=f"Note{_EVIL}")
        self.env["cr.club.merchant"].create(
            {
                "name": f"Shop{_EVIL}",
                "program_id": self.program.id,
                "offer": f"Offer{_EVIL}",
                "address": f"Address{_EVIL}",
            }
        )
        self.env["cr.club.reward"].create(
            {
                "name": f"Reward{_EVIL}",
                "description": f"Words{_EVIL}",
                "program_id": self.program.id,
                "kind": "labour",
                "points": 100,
            }
        )
        self.authenticate(login, login)
        self.assert_text("/my/club", "Note")
        self.assert_text(
            "/my/club/rewards", "Shop", "Offer", "Address", "Reward", "Words"
        )

    def test_markup_on_the_page_of_an_event_stays_text(self):
        self.event.write({"name": f"Event{_EVIL}", "cr_place": f"Place{_EVIL}"})
        guest = self.make_guest(self.owner)
        self.begin_inviting()
        url = guest.sudo()._get_url().split("/", 3)[-1]
        self.assert_text(f"/{url}", "Event", "Place")
