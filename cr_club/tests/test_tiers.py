from odoo.tests import BaseCase

from odoo.addons.cr_club.tools.tiers import Facts, Rule, best_level, lacking

# Table 5.2: 普卡 0, 绿卡 1, 绿卡1星 2, 绿卡2星 3, 金卡 4.
TABLE = (
    Rule(1, level=2, kind="referrals", minimum=3, from_level=1),
    Rule(2, level=3, kind="referrals", minimum=5, from_level=1),
    Rule(3, level=3, kind="legacy", minimum=2015, from_level=1),
    Rule(4, level=4, kind="vehicles", minimum=2, from_level=1, same_brand=True),
    Rule(
        5,
        level=4,
        kind="points",
        minimum=30000,
        material=10000,
        months=24,
        from_level=1,
    ),
)


def points(total, material):
    return {24: (total, material)}


class TestTiers(BaseCase):
    """Every condition of table 5.2, just short of it, at it and beyond."""

    def assert_level(self, expected, inclusive=True, **facts):
        facts.setdefault("level", 1)
        found, _why = best_level(Facts(**facts), TABLE, inclusive)
        self.assertEqual(found, expected, facts)

    def test_table_of_cards(self):
        for expected, facts in (
            (0, {}),
            (0, {"referrals": 2}),
            (2, {"referrals": 3}),
            (2, {"referrals": 4}),
            (3, {"referrals": 5}),
            (3, {"referrals": 50}),
            (0, {"vehicles": 1, "brand_vehicles": 1}),
            (0, {"vehicles": 2, "brand_vehicles": 1}),
            (4, {"vehicles": 2, "brand_vehicles": 2}),
            (0, {"legacy": 2014, "vehicles": 1}),
            (0, {"legacy": 2016}),
            (3, {"legacy": 2015, "vehicles": 1}),
            (0, {"windows": points(30000, 9999)}),
            (0, {"windows": points(29999, 29999)}),
            (4, {"windows": points(30000, 10000)}),
            (0, {"windows": {12: (90000, 90000)}}),
        ):
            with self.subTest(**facts):
                self.assert_level(expected, **facts)

    def test_prospects_climb_no_further(self):
        self.assert_level(0, level=0, referrals=9, vehicles=3, brand_vehicles=3)

    def test_more_than_is_a_switch(self):
        self.assert_level(0, inclusive=False, referrals=3)
        self.assert_level(2, inclusive=False, referrals=4)
        self.assert_level(2, inclusive=False, referrals=5)
        self.assert_level(3, inclusive=False, referrals=6)

    def test_conditions_of_a_group_hold_together(self):
        both = (
            Rule(1, level=5, kind="referrals", minimum=1, group=1),
            Rule(2, level=5, kind="vehicles", minimum=2, group=1),
        )
        self.assertEqual(best_level(Facts(referrals=1), both), (0, []))
        self.assertEqual(best_level(Facts(vehicles=2), both), (0, []))
        found = best_level(Facts(referrals=1, vehicles=2), both)
        self.assertEqual(found, (5, [1, 2]))

    def test_a_person_alone_decides_what_is_manual(self):
        rule = Rule(1, level=5, kind="manual")
        self.assertEqual(best_level(Facts(level=1, vehicles=9), [rule]), (0, []))

    def test_a_score_leads_to_a_grade(self):
        rules = (
            Rule(1, level=2, kind="score", minimum=60),
            Rule(2, level=3, kind="score", minimum=80),
        )
        for score, level in ((59.9, 0), (60, 2), (79.9, 2), (80, 3)):
            self.assertEqual(best_level(Facts(score=score), rules)[0], level)

    def test_what_is_missing_is_named(self):
        facts = Facts(level=1, referrals=1, windows=points(12000, 2000))
        self.assertEqual(lacking(facts, TABLE[0]), {"referrals": 2})
        self.assertEqual(lacking(facts, TABLE[2]), {"legacy": 1})
        self.assertEqual(lacking(facts, TABLE[4]), {"points": 18000, "material": 8000})
        self.assertEqual(lacking(facts, TABLE[0], inclusive=False), {"referrals": 3})
