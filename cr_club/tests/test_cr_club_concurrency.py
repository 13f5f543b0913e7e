import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

_TRIGGERS = ("cr_points_entry", "cr_points_use", "cr_prepaid_entry")


@tagged("post_install", "-at_install")
class TestCrClubConcurrency(BaseCase):
    """Two at once, each on his own connection: numbers, points and money stay right.

    The data is committed, for only then other connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            program = env.ref("cr_club.cr_club_program_main")
            partner = env["res.partner"].create({"name": "Race customer"})
            self.ids = {"program": program.id, "partner": partner.id}
            self.known = {name: program[name] for name in ("card_next", "hold_days")}
            program.hold_days = 0
        self.addCleanup(self.remove_data)

    def remove_data(self):
        """Remove what was committed, the ledgers too, which nobody else may."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partners = env["res.partner"].search([("name", "=like", "Race %")])
            self.switch_triggers(cr, "DISABLE")
            for query in (
                "DELETE FROM cr_message WHERE partner_id = ANY(%s)",
                "DELETE FROM cr_points_use WHERE lot_id IN (SELECT id FROM"
                " cr_points_lot WHERE account_id IN (SELECT id FROM"
                " cr_points_account WHERE partner_id = ANY(%s)))",
                "DELETE FROM cr_points_lot WHERE account_id IN (SELECT id FROM"
                " cr_points_account WHERE partner_id = ANY(%s))",
                "DELETE FROM cr_points_entry WHERE account_id IN (SELECT id FROM"
                " cr_points_account WHERE partner_id = ANY(%s))",
                "DELETE FROM cr_points_account WHERE partner_id = ANY(%s)",
                "DELETE FROM cr_prepaid_entry WHERE member_id IN (SELECT id FROM"
                " cr_club_member WHERE partner_id = ANY(%s))",
                "DELETE FROM cr_club_member WHERE partner_id = ANY(%s)",
            ):
                cr.execute(query, [partners.ids])
            self.switch_triggers(cr, "ENABLE")
            env["cr.club.program"].browse(self.ids["program"]).write(self.known)
            partners.unlink()

    def switch_triggers(self, cr, verb):
        for table in _TRIGGERS:
            cr.execute(f"ALTER TABLE {table} {verb} TRIGGER {table}_append_only")

    def run_work(self, barrier, work, count, failed):
        """Do a piece of work some times, each in a transaction that may start over."""
        barrier.wait(timeout=60)
        for turn in range(count):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    retrying(lambda env=env, turn=turn: work(env, turn), env)
            except Exception as error:  # the test tells what was refused
                failed.append(str(error))

    def race(self, *works, count=10):
        """Return what was refused when all kinds of work run side by side."""
        barrier, failed = threading.Barrier(len(works)), []
        threads = [
            threading.Thread(target=self.run_work, args=(barrier, work, count, failed))
            for work in works
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
            self.assertFalse(thread.is_alive())
        return failed

    def records(self, env):
        program = env["cr.club.program"].browse(self.ids["program"])
        return program, env["res.partner"].browse(self.ids["partner"])

    # === NUMBERS === #

    def test_card_numbers_have_no_gaps_and_no_doubles(self):
        def join(env, turn):
            program, __ = self.records(env)
            partner = env["res.partner"].create({"name": "Race member"})
            member = env["cr.club.member"].create(
                {"program_id": program.id, "partner_id": partner.id}
            )
            member.action_verify()
            member.action_activate()
            if turn % 4 == 3:
                raise ValueError("the till fails after the number was given")

        failed = self.race(join, join, count=8)
        self.assertEqual(len(failed), 4)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            members = env["cr.club.member"].search(
                [("partner_id.name", "=", "Race member")]
            )
            numbers = sorted(map(int, members.mapped("card_number")))
        first = self.known["card_next"]
        self.assertEqual(numbers, list(range(first, first + 12)))

    # === POINTS === #

    def award(self, env, points, key):
        program, partner = self.records(env)
        return env["cr.points.account"]._award(
            [
                {
                    "program": program,
                    "partner": partner,
                    "kind": "event",
                    "points": points,
                    "key": key,
                }
            ]
        )

    def spend(self, env, points, key):
        program, partner = self.records(env)
        account = env["cr.points.account"]._get_account(partner, program)
        return account._spend([{"account": account, "points": points, "key": key}])

    def assert_balance(self, expected):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            program, partner = self.records(env)
            account = env["cr.points.account"]._get_account(partner, program)
            self.assertEqual((account.balance, account.arrears), (expected, 0))
            self.assertEqual(sum(account.lot_ids.mapped("open_points")), expected)
            audit = env["cr.points.audit"]._prove()
            self.assertNotIn(account, audit.fault_ids.account_id)
            audit.unlink()

    def test_the_same_points_are_spent_once(self):
        with self.registry.cursor() as cr:
            self.award(api.Environment(cr, SUPERUSER_ID, {}), 100, "race:start")
        failed = self.race(
            lambda env, turn: self.spend(env, 30, f"race:a{turn}"),
            lambda env, turn: self.spend(env, 30, f"race:b{turn}"),
            count=3,
        )
        self.assertEqual(len(failed), 3)
        self.assertTrue(all("less than 30" in text for text in failed), failed)
        self.assert_balance(10)

    def test_a_replay_beside_the_first_posts_nothing_twice(self):
        failed = self.race(
            *[lambda env, turn: self.award(env, 10, f"race:{turn}")] * 3, count=6
        )
        self.assertEqual(failed, [])
        self.assert_balance(60)

    # === MONEY === #

    def test_two_tills_cannot_spend_the_same_money(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            program, partner = self.records(env)
            member = env["cr.club.member"].create(
                {"program_id": program.id, "partner_id": partner.id}
            )
            member._book_prepaid(100, "deposit")
            member_id = member.id

        def pay(env, _turn):
            env["cr.club.member"].browse(member_id)._book_prepaid(-30, "use")

        failed = self.race(pay, pay, count=3)
        self.assertEqual(len(failed), 3)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            member = env["cr.club.member"].browse(member_id)
            self.assertEqual(member.prepaid_balance, 10)
            self.assertFalse(member._find_prepaid_drift() & member)
