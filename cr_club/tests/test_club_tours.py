from datetime import date

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .club_common import ClubCommon

MORNING = "2026-11-20 02:00:00"
MEMBERS = "/odoo/action-cr_club.cr_club_member_action"
CARS = "/odoo/cars"
REDEMPTIONS = "/odoo/action-cr_club.cr_redemption_action"
ROLES = ("sales", "specialist", "advisor", "head", "finance")

# The page of the card loads no script of ours: the test reads it in a frame as wide as
# a telephone, and accepts the charter as its owner would.
_CARD = """
(() => {
    const frame = document.createElement("iframe");
    frame.addEventListener("load", () => {
        const page = frame.contentDocument;
        const wide = page.documentElement.scrollWidth;
        const button = page.querySelector("form button");
        if (wide > 390) {
            console.error(`the page is ${wide} px wide`);
        } else if (button) {
            page.querySelector("summary").click();
            button.click();
        } else if (/CARD[^]*POINTS/.test(page.body.textContent)) {
            console.log("test successful");
        } else {
            console.error(page.body.textContent);
        }
    });
    Object.assign(frame, { src: location.href, width: 390, height: 844 });
    document.body.replaceChildren(frame);
})();
"""


@tagged("post_install", "-at_install")
class TestClubTours(ClubCommon, HttpCase):
    """From the delivery of a car to an hour of labour for points (CLB-19, PTS-06)."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()
            cls.set_up_store()

    @classmethod
    def set_up_store(cls):
        """A customer whose car was delivered yesterday, a charter and a reward."""
        cls.env["res.lang"]._activate_lang("en_US")
        for role in ROLES:
            cls.persona(role).lang = "en_US"
        cls.buyer = cls.make_partner(
            "Zeng Xiaoyan", lang="en_US", cr_consultant_id=cls.persona("sales").id
        )
        cls.new_car = cls.make_vehicle(
            cls.buyer, delivered_on=date(2026, 11, 19), company_id=cls.store.id
        )
        charter = cls.env["cr.club.charter"].create(
            {
                "name": "Charter",
                "program_id": cls.program.id,
                "version_ids": [(0, 0, {"text": "Rules", "valid_from": "2026-01-01"})],
            }
        )
        charter.version_ids.action_put_in_force()
        cls.env["cr.club.reward"].create(
            {
                "name": "Test hour",
                "program_id": cls.program.id,
                "kind": "labour",
                "points": 1500,
                "labour_hours": 1,
                "value": 120,
            }
        )

    def run_tour(self, name, role, url):
        with freeze_time(MORNING, tick=True):
            self.start_tour(url, name, login=self.persona(role).login)
        self.env.invalidate_all()

    def look_at_card(self, member, points):
        """Open the member's link on his telephone; it shows number and points."""
        path = f"/cr/card/{member.sudo().token}"
        code = _CARD.replace("CARD", member.card_number).replace("POINTS", points)
        with freeze_time(MORNING, tick=True):
            self.browser_js(path, code, login=None, timeout=60)
        self.env.invalidate_all()

    def join(self):
        """Recruit the buyer, verify him and give him his card."""
        self.run_tour("cr_club_apply", "sales", f"{CARS}/{self.new_car.id}")
        member = self.env["cr.club.member"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(
            (member.state, member.recruiter_id), ("applied", self.persona("sales"))
        )
        self.run_tour("cr_club_give_card", "specialist", MEMBERS)
        self.assertEqual(member.verifier_id, self.persona("specialist"))
        self.assertEqual(str(member.card_issued_on), "2026-11-20")
        return member

    def visit(self):
        """Settle a work order of the new car."""
        with freeze_time(MORNING):
            return self.make_order(
                self.new_car,
                date(2026, 11, 20),
                number="RO-CLUB",
                amount_labour=400,
                amount_material=1600,
                amount_total=2000,
            )

    def test_from_delivery_to_a_labour_hour(self):
        member = self.join()
        self.look_at_card(member, "0 points may be spent")
        self.assertFalse(member.is_charter_open)
        order = self.visit()
        self.look_at_card(member, "2000 points may be spent")
        self.run_tour("cr_club_redeem", "advisor", MEMBERS)
        redemption = self.env["cr.redemption"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assert_points(self.buyer, 500)
        self.run_tour("cr_club_approve", "head", REDEMPTIONS)
        self.run_tour("cr_club_settle", "finance", REDEMPTIONS)
        self.assertEqual(redemption.settled_by_id, self.persona("finance"))
        self.run_tour("cr_club_hand_over", "advisor", REDEMPTIONS)
        self.assertEqual(
            (redemption.state, order.amount_by_points), ("handed", 120)
        )
        # What is paid with points brings none: 120 of 2000 are taken back.
        self.assert_points(self.buyer, 380)
        self.assert_proven()


@tagged("post_install", "-at_install")
class TestClubToursPhone(TestClubTours):
    """The same on a telephone of 390 pixels."""

    browser_size = "390x844"
    touch_enabled = True
