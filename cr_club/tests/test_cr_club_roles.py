from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_cr_redemption import RedemptionCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubRoles(RedemptionCommon):
    """What each post does for the club (ROL-12, ROL-14, ROL-15)."""

    def test_managers_keep_the_earning_rules(self):
        service = self.make_rule(name="Winter")
        referral = self.make_rule(name="Friend", source="referral", points=2000)
        for rule, values in ((service, {"rate": 2}), (referral, {"points": 3000})):
            self.as_persona(rule, "manager").write(values)
            for role in ("advisor", "sales", "agent", "finance", "director"):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self.as_persona(rule, role).write(values)
        self.assertEqual((service.rate, referral.points), (2, 3000))

    def test_managers_see_that_courtesies_are_given(self):
        privilege = self.env["cr.club.privilege"].create(
            {"name": "Car wash", "tier_ids": self.member.tier_id.ids}
        )
        self.as_persona(self.env["cr.club.privilege.use"], "advisor").create(
            {"member_id": self.member.id, "privilege_id": privilege.id}
        )
        self.program._score_members(self.TODAY)
        for model in ("cr.club.privilege.use", "cr.loyalty.score"):
            rows = self.as_persona(self.env[model], "manager").search(
                [("member_id", "=", self.member.id)]
            )
            self.assertEqual(len(rows), 1, model)

    def test_the_club_is_run_by_its_head_and_watched_by_the_director(self):
        head = self.as_persona(self.program, "head")
        head.write({"redeem_days": 20, "news": "Winter check"})
        self.as_persona(self.goods, "head").write({"points": 1500})
        director = self.as_persona(self.program, "director")
        self.assertEqual(director.board_members, 1)
        for record, values in (
            (director, {"redeem_days": 5}),
            (self.as_persona(self.goods, "director"), {"points": 1}),
            (self.as_persona(self.goods, "finance"), {"points": 1}),
            (self.as_persona(self.goods, "manager"), {"points": 1}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)

    def test_the_gift_register_is_the_managers(self):
        gift = self.as_persona(self.env["cr.club.gift"], "manager").create(
            {"name": "Pen", "design": "Green, with the logo"}
        )
        gift.reorder_at = 10
        with self.assertRaises(AccessError):
            self.as_persona(gift, "sales").write({"reorder_at": 1})
