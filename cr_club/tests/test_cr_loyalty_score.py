from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cr_club.tools import loyalty

from .club_common import ClubCommon

NOW = "2026-11-20 02:00:00"
SUMMER = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestCrLoyaltyScore(ClubCommon):
    """Members are scored, graded and moved, and something comes of it."""

    @classmethod
    @freeze_time(NOW)
    def setUpClass(cls):
        super().setUpClass()
        cls.loyal, cls.steady, cls.loose = (
            cls.env.ref(f"cr_club.cr_loyalty_grade_{name}")
            for name in ("loyal", "steady", "loose")
        )

    def score(self, day=None):
        return self.program._score_members(day or self.TODAY)

    def visit(self, count, partner=None, day=SUMMER):
        """Give a customer visits; the money stands in his file."""
        partner = partner or self.owner
        car = self.car if partner == self.owner else self.make_vehicle(partner)
        for _number in range(count):
            self.make_order(car, day, amount_labour=100)

    def spend_money(self, amount, partner=None):
        (partner or self.owner).cr_spend = amount

    def make_loyal(self, partner=None):
        """Make a customer score 75: visits, money and no complaint."""
        self.visit(6, partner)
        self.spend_money(30000, partner)

    @freeze_time(NOW)
    def test_the_database_scores_as_the_tool_does(self):
        factors = {
            factor.code: factor._prepare_factor()
            for factor in self.program._get_own("cr.loyalty.factor")
        }
        partners = [self.make_partner() for _number in range(6)]
        for number, partner in enumerate(partners):
            member = self.make_member(partner)
            self.visit(number, partner)
            self.spend_money(9000.5 * number, partner)
            for _turn in range(number % 3):
                self.env["cr.referral"].create(
                    {"member_id": member.id, "name": "Friend"}
                )
        rows = {row.partner_id: row for row in self.score()}
        for number, partner in enumerate(partners):
            values = {
                "frequency": number,
                "amount": 9000.5 * number,
                "referral": number % 3,
                "complaint": 0,
            }
            expected = loyalty.score(
                (values[code], factor) for code, factor in factors.items()
            )
            with self.subTest(number=number):
                self.assertAlmostEqual(rows[partner].score, expected, 1)
                self.assertEqual(rows[partner].frequency, number)

    @freeze_time(NOW)
    def test_what_lies_outside_the_window_or_store_does_not_count(self):
        self.visit(2, day=date(2024, 11, 20))
        self.make_order(self.car, date(2026, 6, 1), company_id=self.other_store.id)
        self.visit(1)
        self.assertEqual(self.score().frequency, 1)

    @freeze_time(NOW)
    def test_history_is_written_once_and_once_a_month(self):
        self.make_loyal()
        first = self.score()
        self.assertEqual((first.direction, first.grade_id), ("new", self.loyal))
        member = self.member
        self.assertEqual(
            (member.loyalty_grade_id, member.care_grade, member.segment),
            (self.loyal, "A", member.segment),
        )
        self.assertEqual(member.loyalty_score, first.score)
        self.assertFalse(self.score())
        self.assertFalse(self.score(date(2026, 11, 30)))
        later = self.score(date(2026, 12, 1))
        self.assertEqual((later.direction, later.from_score), ("same", first.score))

    @freeze_time(NOW)
    def test_who_falls_stands_in_the_list_until_something_is_done(self):
        self.make_loyal()
        self.score()
        self.spend_money(0)
        fall = self.score(date(2026, 11, 21))
        self.assertEqual(
            (fall.direction, fall.from_grade_id, fall.grade_id),
            ("down", self.loyal, self.steady),
        )
        self.assertEqual(self.member.care_grade, "B")
        row = self.as_persona(fall, "agent")
        row.action_take()
        self.assertEqual(row.user_id, self.persona("agent"))
        with self.assertRaisesRegex(UserError, "write down what was done"):
            row.action_handled()
        row.note = "Called, comes on Monday"
        row.action_handled()
        self.assertEqual(row.handled_by_id, self.persona("agent"))
        self.assertEqual(row.action_open_member()["res_id"], self.member.id)

    @freeze_time(NOW)
    def test_a_falling_segment_is_a_fall(self):
        self.make_loyal()
        self.owner.cr_value_class = "high"
        self.score()
        self.assertEqual(self.member.segment, "high")
        self.owner.cr_value_class = "low"
        fall = self.score(date(2026, 11, 21))
        self.assertEqual((fall.direction, fall.segment), ("down", "low"))
        self.assertEqual(fall.grade_id, fall.from_grade_id)

    @freeze_time(NOW)
    def test_care_given_by_a_person_stays(self):
        self.member.write({"care_grade": "A", "is_care_fixed": True})
        self.score()
        self.assertEqual(self.member.loyalty_grade_id, self.loose)
        self.assertEqual(self.member.care_grade, "A")

    @freeze_time(NOW)
    def test_grades_bring_incentives_once_a_year(self):
        self.make_loyal()
        self.score()
        self.assert_points(self.owner, 600 + 500)
        entry = self.account().entry_ids.filtered(lambda one: one.kind == "campaign")
        self.assertEqual((entry.points, entry.qualifying), (500, 0))
        for day, money in (("2026-11-21", 0), ("2026-11-22", 30000)):
            self.spend_money(money)
            self.score(date.fromisoformat(day))
        self.assert_points(self.owner, 1100)
        grants = self.member.grant_ids
        self.assertEqual(grants.mapped("state"), ["given"])
        self.assert_proven()

    @freeze_time(NOW)
    def test_gifts_and_calls_wait_for_a_person(self):
        gift = self.env["cr.club.gift"].create({"name": "Cup"})
        self.env["cr.loyalty.incentive"].create(
            {
                "name": "A cup",
                "grade_id": self.loose.id,
                "kind": "gift",
                "gift_id": gift.id,
            }
        )
        other = self.make_member(self.guest)
        self.score()
        cups = self.env["cr.loyalty.grant"].search([("kind", "=", "gift")])
        cups = self.as_persona(cups, "advisor").sorted("member_id")
        self.assertEqual(cups.member_id, self.member | other)
        with self.assertRaisesRegex(UserError, "0 are left"), self.env.cr.savepoint():
            cups.action_give()
        with self.assertRaisesRegex(UserError, "why it is not given"):
            cups[0].action_drop()
        self.env["cr.club.gift.move"].create(
            {"gift_id": gift.id, "kind": "receive", "quantity": 5}
        )
        cups[0].note = "Moved away"
        cups[0].action_drop()
        cups.action_give()
        self.assertEqual(set(cups.mapped("state")), {"dropped", "given"})
        self.assertEqual(gift.stock, 4)

    @freeze_time(NOW)
    def test_complaints_cost_loyalty_where_they_are_recorded(self):
        self.visit(2)
        before = self.score().score
        if "cr.complaint" not in self.env:
            self.skipTest("cr_complaints is not installed")
        self.env["cr.complaint"].create(
            {"partner_id": self.owner.id, "subject": "Noise"}
        )
        after = self.score(date(2026, 12, 1))
        self.assertEqual(after.complaints, 1)
        self.assertAlmostEqual(before - after.score, 15, 1)

    @freeze_time(NOW)
    def test_a_club_may_weigh_on_its_own(self):
        self.visit(6)
        self.env["cr.loyalty.factor"].create(
            {
                "program_id": self.program.id,
                "code": "frequency",
                "weight": 1,
                "full_at": 12,
            }
        )
        self.assertEqual(self.score().score, 50)

    @freeze_time(NOW)
    def test_scores_are_not_written_by_hand(self):
        row = self.score()
        for values in (
            {"score": 100},
            {"direction": "up"},
            {"handled_on": "2026-01-01"},
        ):
            with self.subTest(**values), self.assertRaises(AccessError):
                self.as_persona(row, "head").write(values)
        with self.assertRaises(AccessError):
            self.as_persona(self.member, "head").write({"segment": "high"})
        self.as_persona(row, "head").write({"note": "Called"})
        with mute_logger("odoo.sql_db"):
            for model, values in (
                ("cr.loyalty.factor", {"code": "amount"}),
                ("cr.loyalty.factor", {"program_id": self.program.id, "full_at": 0}),
                ("cr.loyalty.grade", {"name": "Above", "minimum": 101}),
                (
                    "cr.loyalty.incentive",
                    {"name": "Empty", "grade_id": self.loose.id, "kind": "gift"},
                ),
            ):
                with self.subTest(model=model), self.assertRaises(psycopg2.Error):
                    with self.env.cr.savepoint():
                        self.env[model].create(values)

    @freeze_time(NOW)
    def test_queries_do_not_depend_on_how_many_members(self):
        one = self.count_queries(self.score)
        for _number in range(40):
            self.make_member()
        many = self.count_queries(self.score)
        self.assertEqual(len(self.program.member_ids.score_ids), 41)
        self.assertLessEqual(many, one + 2)

    @freeze_time(NOW)
    def test_the_job_run_twice_writes_once(self):
        for _turn in range(2):
            with self.enter_registry_test_mode():
                cron = self.env.ref("cr_club.ir_cron_club_score_members")
                cron.method_direct_trigger()
        self.assertEqual(len(self.member.score_ids), 1)
