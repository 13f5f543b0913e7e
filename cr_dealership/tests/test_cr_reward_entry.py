from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrRewardEntry(CallbackCommon):
    """Bonuses and deductions are proposed by what happens, and decided by a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.persona("head")
        cls.advisor = cls.persona("advisor")
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Zhao",
                "user_id": cls.advisor.id,
                "company_id": cls.store.id,
            }
        )
        cls.entries = cls.env["cr.reward.entry"]

    def line(self, key, **values):
        return {
            "company": self.store,
            "employee": self.employee,
            "key": key,
            "day": self.TODAY,
            "reason": "He was named with praise",
            "origin": self.customer,
            **values,
        }

    def enter(self, code, user=None, **values):
        rule = self.env["cr.reward.rule"].search([("code", "=", code)])
        return self.entries.with_user(user or self.head).create(
            {
                "employee_id": self.employee.id,
                "company_id": self.store.id,
                "rule_id": rule.id,
                "day": self.TODAY,
                "reason": "Seen at the reception",
                **values,
            }
        )

    def test_what_happens_is_proposed_once(self):
        lines = [self.line("a"), self.line("b"), self.line("a")]
        first = self.entries._propose("praise", lines)
        self.assertEqual(first.mapped("amount"), [50, 50])
        self.assertEqual(set(first.mapped("state")), {"proposed"})
        self.assertFalse(self.entries._propose("praise", lines))

    def test_queries_do_not_grow_with_the_number_of_cases(self):
        self.entries._propose("slack", [self.line("warm-up")])
        counts = []
        for size in (1, 100):
            lines = [self.line(f"{size}-{number}") for number in range(size)]
            counts.append(self.count_queries(self.entries._propose, "praise", lines))
        one, many = counts
        # Of more than one record Odoo reads the stores once more.
        self.assertLessEqual(many, one + 1)

    def test_without_a_valid_rule_nothing_is_proposed(self):
        rule = self.env.ref("cr_dealership.cr_reward_rule_praise")
        rule.date_to = self.TODAY - timedelta(days=1)
        self.assertFalse(self.entries._propose("praise", [self.line("a")]))
        rule.write({"date_to": False, "active": False})
        self.assertFalse(self.entries._propose("praise", [self.line("a")]))
        nobody = self.line("b", employee=self.env["hr.employee"])
        rule.active = True
        self.assertFalse(self.entries._propose("praise", [nobody]))

    def test_the_first_case_of_slackness_is_a_warning(self):
        first, second = self.entries._propose(
            "slack", [self.line("a"), self.line("b")]
        )
        self.assertEqual((first.is_warning, first.amount), (True, 0))
        self.assertEqual((second.is_warning, second.amount), (False, -50))
        later = self.enter("slack", day=date(2027, 10, 1))
        self.assertEqual(later.amount, -50)
        long_after = self.enter("slack", day=date(2029, 1, 1))
        self.assertTrue(long_after.is_warning)

    def test_somebody_else_decides(self):
        entry = self.enter("mood")
        self.assertEqual(entry.amount, -50)
        with self.assertRaises(AccessError):
            entry.with_user(self.persona("agent")).action_approve()
        entry.with_user(self.head).action_approve()
        self.assertEqual(entry.decided_by_id, self.head)
        self.assertEqual(entry.decided_on, self.TODAY)
        with self.assertRaisesRegex(UserError, "is decided; it stays"):
            entry.with_user(self.head).reason = "Not so bad"
        with self.assertRaisesRegex(UserError, "is kept"):
            entry.with_user(self.head).unlink()
        own = self.env["hr.employee"].create(
            {"name": "Head", "user_id": self.head.id, "company_id": self.store.id}
        )
        with self.assertRaisesRegex(UserError, "about himself"):
            self.enter("mood", employee_id=own.id).action_refuse()

    def test_a_later_amount_does_not_change_what_was_decided(self):
        entry = self.enter("mood")
        entry.action_approve()
        self.env.ref("cr_dealership.cr_reward_rule_mood").amount = 80
        self.assertEqual(entry.amount, -50)
        self.assertEqual(self.enter("mood").amount, -80)

    def test_a_colleague_reads_his_own_only(self):
        own = self.enter("mood")
        other = self.env["hr.employee"].create(
            {"name": "Qian", "company_id": self.store.id}
        )
        theirs = self.enter("mood", employee_id=other.id)
        seen = self.entries.with_user(self.advisor).search([])
        self.assertIn(own, seen)
        self.assertNotIn(theirs, seen)
        with self.assertRaises(AccessError):
            self.enter("praise", user=self.advisor)

    def test_a_state_is_not_written_by_hand(self):
        entry = self.enter("mood")
        with self.assertRaises(AccessError):
            entry.with_user(self.head).state = "approved"

    def test_rules_that_make_no_sense_are_refused(self):
        rule = self.env.ref("cr_dealership.cr_reward_rule_praise")
        with self.assertRaises(ValidationError):
            rule.write({"date_from": "2026-12-01", "date_to": "2026-11-01"})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                rule.amount = -1
                rule.flush_recordset()
        self.enter("praise")
        with self.assertRaisesRegex(UserError, "switch it off"):
            rule.unlink()
