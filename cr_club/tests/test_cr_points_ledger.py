from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.cr_club.models.cr_points_post_mixin import PAYLOAD

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsLedger(ClubCommon):
    """The ledger itself: append-only, chained, first in first out, never negative."""

    def refused(self, query):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            with self.env.cr.savepoint():
                self.env.cr.execute(query)

    def test_the_database_refuses_update_and_delete(self):
        entry = self.award(100)
        self.spend(40)
        for table in ("cr_points_entry", "cr_points_use"):
            self.refused(f"UPDATE {table} SET points = points + 1")
            self.refused(f"DELETE FROM {table}")
        self.refused(f"UPDATE cr_points_entry SET note = 'x' WHERE id = {entry.id}")
        self.assert_proven()

    def test_the_database_refuses_a_balance_that_is_not_its_points(self):
        account = self.award(100).account_id
        for change in ("balance = 101", "open_points = 99", "arrears = 1"):
            self.refused(
                f"UPDATE cr_points_account SET {change} WHERE id = {account.id}"
            )

    def test_the_same_cause_is_posted_once(self):
        self.assertEqual(len(self.award(100, key="class:1")), 1)
        self.assertFalse(self.award(100, key="class:1"))
        self.assert_points(self.owner, 100)
        self.assertEqual(len(self.spend(30, key="gift:1")), 1)
        self.assertFalse(self.spend(30, key="gift:1"))
        self.assert_points(self.owner, 70)
        self.assert_proven()

    def test_the_earliest_to_expire_is_spent_first(self):
        late = self.award(50, expires_on="2027-12-31")
        never = self.award(50)
        soon = self.award(50, expires_on="2026-12-31")
        self.spend(60)
        left = [entry.lot_ids.open_points for entry in (soon, late, never)]
        self.assertEqual(left, [0, 40, 50])
        self.spend(90)
        self.assert_points(self.owner, 0)
        self.assert_proven()

    def test_points_that_wait_or_are_over_cannot_be_spent(self):
        self.award(50, available_on=self.TODAY + timedelta(days=1))
        self.award(50, expires_on=self.TODAY - timedelta(days=1))
        self.award(30)
        self.assertEqual(self.account().available, 30)
        with self.assertRaisesRegex(UserError, "may spend 30 points"):
            self.spend(31)
        self.spend(30)
        self.assert_points(self.owner, 100)

    def test_who_asks_for_too_much_gets_nothing(self):
        self.award(50)
        self.award(50, partner=self.guest)
        accounts = self.env["cr.points.account"]
        with self.assertRaisesRegex(UserError, "Test guest"):
            accounts._spend(
                [
                    {"account": self.account(), "points": 50, "key": "a"},
                    {"account": self.account(self.guest), "points": 51, "key": "b"},
                ],
                day=self.TODAY,
            )
        self.assert_points(self.owner, 50)
        with self.assertRaisesRegex(UserError, "must be positive"):
            self.spend(-5)

    def test_a_return_goes_to_the_points_it_came_from(self):
        soon = self.award(50, expires_on="2026-12-31").lot_ids
        late = self.award(50, expires_on="2027-12-31").lot_ids
        spent = self.spend(70)
        accounts = self.env["cr.points.account"]
        accounts._give_back([{"entry": spent, "points": 30, "key": "back:1"}])
        self.assertEqual((soon.open_points, late.open_points), (10, 50))
        accounts._give_back([{"entry": spent, "points": 30, "key": "back:1"}])
        accounts._give_back([{"entry": spent, "key": "back:2"}])
        self.assertEqual((soon.open_points, late.open_points), (50, 50))
        self.assert_points(self.owner, 100)
        with self.assertRaisesRegex(UserError, "cannot be given back"):
            accounts._give_back([{"entry": spent, "points": 1, "key": "back:3"}])
        self.assert_proven()

    def test_points_taken_back_after_they_were_spent_are_owed(self):
        entry = self.award(100)
        self.award(20)
        self.spend(110)
        self.env["cr.points.account"]._take_back(entry, "Refund")
        self.assert_points(self.owner, -90, arrears=90)
        self.assertEqual(self.account().available, 0)
        self.award(60)
        self.assert_points(self.owner, -30, arrears=30)
        new = self.award(100)
        self.assert_points(self.owner, 70)
        self.assertEqual(new.lot_ids.open_points, 70)
        self.assertFalse(self.env["cr.points.account"]._take_back(entry))
        self.assert_proven()

    def test_what_was_owed_is_paid_by_points_given_back(self):
        entry = self.award(100)
        spent = self.spend(100)
        accounts = self.env["cr.points.account"]
        accounts._take_back(entry)
        self.assert_points(self.owner, -100, arrears=100)
        accounts._give_back([{"entry": spent, "points": 60, "key": "back"}])
        self.assert_points(self.owner, -40, arrears=40)
        accounts._give_back([{"entry": spent, "key": "rest"}])
        self.assert_points(self.owner, 0)
        self.assert_proven()

    def test_two_parts_of_a_redemption_are_given_back_at_once(self):
        lots = [
            self.award(50, expires_on=f"2027-{month}-28").lot_ids for month in (3, 1, 2)
        ]
        spent = self.spend(120)
        self.env["cr.points.account"]._give_back(
            [
                {"entry": spent, "points": points, "key": f"part:{points}"}
                for points in (30, 50)
            ]
        )
        # The one that holds longest had its 30 left and gets the other 20 back.
        self.assertEqual([lot.open_points for lot in lots], [50, 10, 50])
        self.assert_points(self.owner, 110)
        self.assert_proven()

    def test_what_is_given_back_holds_as_long_as_it_can(self):
        late = self.award(50, expires_on="2027-12-31").lot_ids
        soon = self.award(50, expires_on="2026-12-31").lot_ids
        spent = self.spend(100)
        self.env["cr.points.account"]._give_back(
            [{"entry": spent, "points": 30, "key": "back"}]
        )
        self.assertEqual((soon.open_points, late.open_points), (0, 30))

    def test_one_cause_twice_in_a_call_counts_once(self):
        self.award(50)
        account = self.account()
        vals = {"account": account, "points": 30, "key": "receipt:1"}
        spent = account._spend([vals, vals], day=self.TODAY)
        self.assert_points(self.owner, 20)
        back = {"entry": spent, "points": 20, "key": "back:1"}
        account._give_back([back, back], day=self.TODAY)
        self.assert_points(self.owner, 40)
        self.assert_proven()

    def test_points_that_expired_are_not_taken_back_once_more(self):
        entry = self.award(100, expires_on="2026-11-25")
        self.award(500)
        self.spend(40)
        accounts = self.env["cr.points.account"]
        accounts._expire(self.TODAY + timedelta(days=9))
        self.assert_points(self.owner, 500)
        undone = accounts._take_back(entry)
        self.assertEqual((undone.points, undone.qualifying), (-40, -100))
        self.assert_points(self.owner, 460)
        self.assert_proven()

    def test_a_gift_that_expired_leaves_nothing_to_take_back(self):
        entry = self.award(100, expires_on="2026-11-25", qualifying=0)
        accounts = self.env["cr.points.account"]
        accounts._expire(self.TODAY + timedelta(days=9))
        self.assertFalse(accounts._take_back(entry))
        self.assert_points(self.owner, 0)

    def test_points_for_the_tier_alone_are_posted(self):
        entry = self.award(0, qualifying=70)
        self.assertEqual((entry.points, entry.qualifying), (0, 70))
        self.assert_proven()

    def test_a_late_entry_does_not_turn_back_the_last_day(self):
        account = self.award(10).account_id
        self.award(10, day=self.TODAY - timedelta(days=300))
        self.assertEqual(account.last_day, self.TODAY)

    def test_points_expire_once_and_in_batches(self):
        before = self.TODAY - timedelta(days=20)
        self.award(50, day=before, expires_on="2026-11-19")
        self.award(30, day=before, expires_on="2026-11-20")
        self.award(20, partner=self.guest, day=before, expires_on="2026-11-01")
        self.spend(10, day=self.TODAY - timedelta(days=2))
        with self.enter_registry_test_mode():
            self.env.ref("cr_club.ir_cron_points_expire").method_direct_trigger()
            self.env.ref("cr_club.ir_cron_points_expire").method_direct_trigger()
        self.assert_points(self.owner, 30)
        self.assert_points(self.guest, 0)
        self.assert_proven()

    def test_points_given_back_late_expire_again(self):
        self.award(50, expires_on="2026-11-21")
        spent = self.spend(50)
        accounts = self.env["cr.points.account"]
        later = self.TODAY + timedelta(days=9)
        self.assertEqual(accounts._expire(later), 0)
        accounts._give_back([{"entry": spent, "points": 20, "key": "one"}], day=later)
        self.assertEqual(accounts._expire(later), 1)
        accounts._give_back([{"entry": spent, "points": 30, "key": "two"}], day=later)
        self.assertEqual(accounts._expire(later), 1)
        self.assert_points(self.owner, 0)
        self.assert_proven()

    def test_the_chain_notices_a_changed_entry(self):
        for points in (10, 20, 30):
            entry = self.award(points)
        self.assert_proven()
        trigger = "TRIGGER cr_points_entry_append_only"
        self.env.cr.execute(f"ALTER TABLE cr_points_entry DISABLE {trigger}")
        self.env.cr.execute(
            "UPDATE cr_points_entry SET day = day - 1 WHERE id = %s", [entry.id]
        )
        self.env.cr.execute(f"ALTER TABLE cr_points_entry ENABLE {trigger}")
        audit = self.env["cr.points.audit"]._prove()
        self.assertEqual(audit.fault_ids.mapped("kind"), ["chain"])
        self.assertEqual(audit.fault_ids.found, "3")
        self.assertEqual(audit.drift, 1)

    def test_the_chain_notices_a_changed_entry_that_was_hashed_anew(self):
        entry = self.award(10)
        trigger = "TRIGGER cr_points_entry_append_only"
        self.env.cr.execute(f"ALTER TABLE cr_points_entry DISABLE {trigger}")
        for change in (
            SQL("day = day - 1"),
            SQL(
                "hash = (SELECT cr_points_chain(%s, NULL) FROM cr_points_entry"
                " WHERE id = %s)",
                PAYLOAD,
                entry.id,
            ),
        ):
            self.env.cr.execute(
                SQL("UPDATE cr_points_entry SET %s WHERE id = %s", change, entry.id)
            )
        self.env.cr.execute(f"ALTER TABLE cr_points_entry ENABLE {trigger}")
        audit = self.env["cr.points.audit"]._prove()
        self.assertEqual(audit.fault_ids.mapped("kind"), ["chain"])

    def test_the_proof_runs_every_night(self):
        self.award(10)
        before = self.env["cr.points.audit"].search_count([])
        with self.enter_registry_test_mode():
            self.env.ref("cr_club.ir_cron_points_prove").method_direct_trigger()
        audits = self.env["cr.points.audit"].search([])
        self.assertEqual(len(audits), before + 1)
        self.assertEqual(audits[0].drift, 0)

    def test_many_cost_as_many_statements_as_one(self):
        accounts = self.env["cr.points.account"]
        partners = [self.make_partner() for _number in range(102)]

        def work(some, word):
            awards = [
                {
                    "program": self.program,
                    "partner": partner,
                    "kind": "event",
                    "points": 100,
                    "key": f"{word}:{partner.id}",
                }
                for partner in some
            ]
            entries = accounts._award(awards)
            spent = accounts._spend(
                [
                    {"account": e.account_id, "points": 60, "key": f"{word}:s{e.id}"}
                    for e in entries
                ]
            )
            accounts._give_back(
                [{"entry": e, "points": 10, "key": f"{word}:b{e.id}"} for e in spent]
            )
            accounts._take_back(entries)

        self.env.registry.clear_cache()
        work(partners[:1], "warm")
        one = self.count_queries(work, partners[1:2], "one")
        many = self.count_queries(work, partners[2:], "many")
        self.assertEqual(one, many)
        self.assert_proven()
