import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cr_club.tools.tiers import best_level

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubTier(ClubCommon):
    """Every tier rule of table 5.2 in the database, and what the daily look does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Test brand"})
        cls.model = cls.env["fleet.vehicle.model"].create(
            {"name": "Test model", "brand_id": brand.id}
        )
        cls.car.model_id = cls.model

    # === BUILDERS === #

    def add_car(self, partner=None, model=None):
        return self.make_vehicle(
            owner=partner or self.owner,
            model_id=(model or self.model).id,
            delivered_on=date(2026, 3, 1),
            company_id=self.store.id,
        )

    def bring(self, count, member=None):
        """Let a member bring buyers, whose cars are delivered."""
        referrals = self.env["cr.referral"].create(
            [
                {
                    "member_id": (member or self.member).id,
                    "name": f"Buyer {number}",
                    "vehicle_id": self.add_car(self.make_partner()).id,
                }
                for number in range(count)
            ]
        )
        referrals.action_verify()
        return referrals

    def review(self, members=None):
        return self.program._review_tiers(self.TODAY, members)

    def assert_tier(self, code, member=None):
        self.assertEqual((member or self.member).tier_id, self.tier(code))

    # === TABLE 5.2 === #

    def test_an_owner_begins_with_green_and_a_prospect_with_ordinary(self):
        self.assert_tier("green")
        prospect = self.make_member(self.guest, is_prospect=True)
        self.assert_tier("ordinary", prospect)
        self.review()
        self.assert_tier("ordinary", prospect)
        self.add_car(self.guest)
        change = self.review()
        self.assertEqual(change.state, "proposed")
        self.assertEqual(change.to_tier_id, self.tier("green"))

    def test_three_buyers_bring_a_star_and_five_two(self):
        self.bring(2)
        self.review()
        self.assert_tier("green")
        self.bring(1)
        change = self.review()
        self.assert_tier("green_1")
        self.assertEqual((change.kind, change.state), ("up", "done"))
        lang = self.program.company_id.partner_id.lang
        rules = self.tier("green_1").rule_ids.with_context(lang=lang)
        self.assertIn(change.reason, rules.mapped("name"))
        self.bring(2)
        self.review()
        self.assert_tier("green_2")

    def test_a_former_vip_is_confirmed_by_a_person(self):
        self.member.write({"is_legacy_vip": True, "legacy_on": "2014-12-31"})
        self.assertFalse(self.review())
        self.member.legacy_on = "2016-05-01"
        change = self.review()
        self.assertEqual(change.state, "proposed")
        self.assert_tier("green")
        change.with_user(self.persona("head")).action_agree()
        self.assert_tier("green_2")
        self.assertEqual(change.decided_by_id, self.persona("head"))

    def test_confirmation_is_a_switch(self):
        self.env.ref("cr_club.cr_club_tier_rule_legacy").needs_confirmation = False
        self.member.write({"is_legacy_vip": True, "legacy_on": "2016-05-01"})
        self.review()
        self.assert_tier("green_2")

    def test_a_second_car_of_the_brand_brings_gold(self):
        other = self.env["fleet.vehicle.model"].create(
            {
                "name": "Other model",
                "brand_id": self.env["fleet.vehicle.model.brand"]
                .create({"name": "Other brand"})
                .id,
            }
        )
        self.add_car(model=other)
        self.review()
        self.assert_tier("green")
        self.add_car()
        self.review()
        self.assert_tier("gold")

    def test_the_brand_is_a_switch(self):
        other = self.model.copy({"brand_id": self.model.brand_id.copy().id})
        self.add_car(model=other)
        self.review()
        self.assert_tier("green")
        self.env.ref("cr_club.cr_club_tier_rule_second_car").same_brand = False
        self.review()
        self.assert_tier("gold")

    def test_only_brands_of_the_club_count(self):
        self.program.brand_ids = self.model.brand_id.copy()
        self.add_car()
        self.review()
        self.assert_tier("green")

    def test_points_in_the_window_with_material_bring_gold(self):
        self.award(20001, material=9999)
        self.award(9999, material=0, day=date(2024, 11, 21))
        self.review()
        self.assert_tier("green")
        self.award(1, material=1, day=date(2024, 11, 20))
        self.review()
        self.assert_tier("green")
        self.award(1, material=1)
        self.spend(20000)
        self.review()
        self.assert_tier("gold")
        self.assertEqual(
            (self.member.window_points, self.member.window_material), (30001, 10000)
        )

    def test_more_than_three_is_a_switch(self):
        self.program.is_inclusive = False
        self.bring(3)
        self.review()
        self.assert_tier("green")
        self.bring(1)
        self.review()
        self.assert_tier("green_1")

    def test_the_loyalty_scheme_follows_the_score(self):
        self.program.scheme_id = self.env.ref("cr_club.cr_club_scheme_loyalty")
        member = self.make_member()
        self.assert_tier("loyal_gold", member)
        for score, code in ((59, "loyal_gold"), (60, "loyal_platinum")):
            member._settle(loyalty_score=score)
            self.review()
            self.assert_tier(code, member)
        member._settle(loyalty_score=80)
        self.review()
        self.assert_tier("loyal_diamond", member)

    def test_the_database_says_what_the_tool_says(self):
        rng = random.Random(7)
        rules = self.program._get_rules()
        plain = [
            rule._prepare_rule()
            for rule in rules
            if not rule.needs_confirmation and rule.tier_id.level
        ]
        for _number in range(12):
            member = self.make_member()
            for _car in range(rng.choice((0, 1, 2))):
                self.add_car(member.partner_id)
            self.bring(rng.choice((0, 2, 3, 5)), member)
            points = rng.choice((0, 29999, 30000))
            self.award(points, member.partner_id, material=min(points, 10000))
        members = self.program.member_ids
        facts = self.program._get_facts(self.TODAY, members)
        self.review()
        for member in members:
            expected = max(1, best_level(facts[member.id], plain)[0])
            self.assertEqual(member.tier_id.level, expected, facts[member.id])

    # === THE LOOK === #

    def test_the_dry_run_lists_and_changes_nothing(self):
        self.bring(3)
        action = self.program.action_try_tiers()
        lines = self.env["cr.club.tier.trial.line"].search(action["domain"])
        self.assertEqual(lines.member_id, self.member)
        self.assertEqual(
            (lines.from_tier_id, lines.to_tier_id, lines.state),
            (self.tier("green"), self.tier("green_1"), "done"),
        )
        self.assert_tier("green")
        self.assertEqual(self.member.change_ids.mapped("kind"), ["join"])

    def test_the_job_does_the_same_once(self):
        self.bring(3)
        with self.enter_registry_test_mode():
            self.env.ref("cr_club.ir_cron_club_review_tiers").method_direct_trigger()
            self.env.ref("cr_club.ir_cron_club_review_tiers").method_direct_trigger()
        self.assert_tier("green_1")
        self.assertEqual(sorted(self.member.change_ids.mapped("kind")), ["join", "up"])
        self.assertEqual(self.member.tier_since, self.TODAY)

    def test_nobody_falls_unless_the_club_wants_it(self):
        self.member._give_tier(self.tier("gold"), "Test")
        self.member.review_on = self.TODAY
        self.assertFalse(self.review())
        self.program.use_downgrades = True
        change = self.review()
        self.assertEqual(
            (change.kind, change.state, change.to_tier_id),
            ("down", "proposed", self.tier("green")),
        )
        self.assert_tier("gold")
        self.assertFalse(self.review())
        change.with_user(self.persona("director")).action_agree()
        self.assert_tier("green")

    def test_a_refused_proposal_waits_for_the_next_review(self):
        self.program.use_downgrades = True
        self.member._give_tier(self.tier("gold"), "Test")
        self.member.review_on = self.TODAY
        self.review().action_refuse()
        self.assertFalse(self.review())
        self.assert_tier("gold")
        self.program.member_ids.review_on = self.TODAY
        later = self.program._review_tiers(self.TODAY + timedelta(days=400))
        self.assertEqual(later.kind, "down")

    def test_a_tier_that_a_person_fixed_stays(self):
        self.program.use_downgrades = True
        wizard = self.env["cr.club.tier.set"].create(
            {
                "member_id": self.member.id,
                "tier_id": self.tier("gold").id,
                "reason": "Guest of honour",
                "is_fixed": True,
            }
        )
        wizard.action_set()
        self.member.review_on = self.TODAY
        self.assertFalse(self.review())
        self.assertEqual(self.member.change_ids[0].reason, "Guest of honour")

    def test_a_proposal_without_ground_lapses(self):
        self.member.write({"is_legacy_vip": True, "legacy_on": "2016-05-01"})
        change = self.review()
        self.member.is_legacy_vip = False
        self.review()
        self.assertEqual(change.state, "lapsed")

    def test_only_who_runs_the_club_decides(self):
        self.member.write({"is_legacy_vip": True, "legacy_on": "2016-05-01"})
        change = self.review()
        for role in ("agent", "specialist", "finance", "advisor"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.as_persona(change, role).action_agree()

    def test_a_tier_in_use_cannot_go(self):
        with self.assertRaisesRegex(UserError, "1 members have the tier"):
            self.tier("green").active = False
        with self.assertRaisesRegex(UserError, "Give them another tier"):
            self.tier("green").unlink()

    def test_what_is_missing_stands_in_words(self):
        self.bring(2)
        self.assertEqual(self.member.next_tier_id, self.tier("green_1"))
        self.assertEqual(self.member.next_text, "bring 1 more buyer(s)")
        self.assertAlmostEqual(self.member.next_percent, 66.7, delta=0.1)
        self.member._give_tier(self.tier("green_2"), "Test")
        self.award(12000, material=2000)
        self.member.invalidate_recordset()
        self.assertEqual(
            self.member.next_text,
            "buy 1 more car(s) or collect 18000 more points within 24 months"
            " and 8000 more points from material",
        )
        self.member._give_tier(self.tier("gold"), "Test")
        self.member.invalidate_recordset()
        self.assertFalse(self.member.next_tier_id)

    def test_a_club_costs_as_many_statements_as_a_member(self):
        self.bring(3, self.member)
        self.env["cr.club.tier.change"].flush_model()
        one = self.count_queries(self.review, self.member)
        for _number in range(60):
            self.bring(3, self.make_member())
        self.env["cr.club.tier.change"].flush_model()
        many = self.count_queries(self.review)
        self.assertLessEqual(many, one)
        self.assertEqual(
            len(self.program.member_ids.filtered(lambda m: m.tier_id.level == 2)), 61
        )
