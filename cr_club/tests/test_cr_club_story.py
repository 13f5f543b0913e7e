from freezegun import freeze_time

from odoo.tests import tagged

from .event_common import EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubStory(EventCommon):
    """Points, rewards, tiers and events stand in the customer's story (CUS-22)."""

    def story(self, partner, **options):
        stories = self.as_persona(self.env["cr.story"], "head")
        return stories.get_story("res.partner", partner.id, **options)

    def test_the_club_stands_in_the_story(self):
        self.award(420, note="Tour")
        self.member._give_tier(self.tier("gold"), "Second car")
        reward = self.env["cr.club.reward"].create(
            {
                "name": "Coupon",
                "program_id": self.program.id,
                "kind": "labour",
                "points": 100,
            }
        )
        redemption = self.env["cr.redemption"].create(
            {"partner_id": self.owner.id, "reward_id": reward.id}
        )
        redemption.action_request()
        entries = self.story(self.owner)["entries"]
        found = {}
        for entry in entries:
            found.setdefault(entry["kind"], []).append(entry)
        self.assertEqual(len(found["points"]), 1)
        self.assertIn("+420", found["points"][0]["title"])
        self.assertEqual(found["points"][0]["text"], "Tour")
        self.assertEqual(found["redeemed"][0]["title"], "Coupon")
        self.assertIn("-100", found["redeemed"][0]["text"])
        self.assertIn(self.tier("gold").name, found["tier"][0]["title"])

    def test_who_came_to_an_event_has_it_in_his_story(self):
        guest = self.make_guest(self.owner)
        guest.attended_at = "2026-11-19 02:00:00"
        [entry] = self.story(self.owner, kinds=["attended"])["entries"]
        self.assertEqual(entry["title"], self.event.name)
        self.assertEqual(entry["day"], "2026-11-19")
        self.assertFalse(self.story(self.guest, kinds=["attended"])["entries"])

    def test_a_car_has_no_points(self):
        story = self.as_persona(self.env["cr.story"], "head")
        kinds = [
            kind for kind, _label in story.get_story("cr.vehicle", self.car.id)["kinds"]
        ]
        self.assertNotIn("points", kinds)
