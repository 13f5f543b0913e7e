from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubGift(ClubCommon):
    """Gifts and stickers with stock, given to members and at events; display boards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cup, cls.sticker = cls.env["cr.club.gift"].create(
            [
                {"name": "Cup", "design": "White, logo in green", "reorder_at": 2},
                {"name": "Sticker", "kind": "sticker"},
            ]
        )

    def move(self, gift, kind, quantity, role="specialist", **values):
        return self.as_persona(self.env["cr.club.gift.move"], role).create(
            {"gift_id": gift.id, "kind": kind, "quantity": quantity, **values}
        )

    def test_the_stock_follows_from_the_movements(self):
        self.move(self.cup, "receive", 10)
        event = self.env["event.event"].create(
            {
                "name": "Car care class",
                "date_begin": "2026-11-21 01:00:00",
                "date_end": "2026-11-21 03:00:00",
            }
        )
        self.move(self.cup, "issue", 5, event_id=event.id)
        self.move(self.cup, "issue", 1, member_id=self.member.id)
        self.move(self.cup, "correct", -2, note="Two broken")
        self.assertEqual(self.cup.stock, 2)
        self.assertEqual(self.member.gift_move_ids.gift_id, self.cup)
        self.assertTrue(self.cup.is_short)
        gifts = self.env["cr.club.gift"]
        self.assertIn(self.cup, gifts.search([("is_short", "=", True)]))
        self.assertNotIn(self.cup, gifts.search([("is_short", "=", False)]))

    def test_more_than_there_is_cannot_be_given(self):
        self.move(self.cup, "receive", 1)
        with self.assertRaisesRegex(UserError, "1 are left"):
            self.move(self.cup, "issue", 2)

    def test_bad_movements_are_refused(self):
        with mute_logger("odoo.sql_db"):
            for kind, quantity in (("issue", 0), ("receive", -3)):
                with self.subTest(kind=kind), self.assertRaises(psycopg2.Error):
                    with self.env.cr.savepoint():
                        self.move(self.cup, kind, quantity)
            moved = self.move(self.cup, "receive", 1)
            with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                self.env.cr.execute("DELETE FROM cr_club_gift_move")
        with self.assertRaises(AccessError):
            moved.write({"quantity": 5})
        with self.assertRaises(AccessError):
            self.as_persona(self.cup, "head").write({"stock": 50})

    def test_members_without_a_sticker_get_one_from_the_stock(self):
        other = self.make_member(self.guest)
        members = self.member | other
        self.move(self.sticker, "receive", 3)
        self.move(self.sticker, "issue", 1, member_id=self.member.id)
        self.assertEqual(self.member.sticker_on, self.TODAY)
        domain = [
            ("program_id", "=", self.program.id),
            ("state", "=", "active"),
            ("sticker_on", "=", False),
        ]
        self.assertEqual(self.env["cr.club.member"].search(domain), other)
        self.as_persona(members, "agent").action_sticker_handed()
        self.assertEqual(other.sticker_on, self.TODAY)
        self.assertEqual(self.sticker.stock, 1)
        members.action_sticker_handed()
        self.assertEqual(self.sticker.stock, 1)

    def test_a_sticker_that_is_not_there_cannot_be_handed_over(self):
        with self.assertRaisesRegex(UserError, "0 are left"):
            self.member.action_sticker_handed()
        self.sticker.active = False
        self.member.action_sticker_handed()
        self.assertEqual(self.member.sticker_on, self.TODAY)

    def test_queries_do_not_depend_on_how_many_stickers(self):
        self.move(self.sticker, "receive", 100)
        members = self.env["cr.club.member"].union(
            *(self.make_member() for _number in range(31))
        )
        one = self.count_queries(members[:1].action_sticker_handed)
        many = self.count_queries(members[1:].action_sticker_handed)
        self.assertLessEqual(many, one + 3)
        self.assertEqual(self.sticker.stock, 69)

    def test_a_board_says_when_it_is_renewed(self):
        board = self.as_persona(self.env["cr.club.board"], "specialist").create(
            {"name": "By the door", "renewed_on": "2026-10-01", "renew_days": 30}
        )
        self.assertEqual(board.due_on, date(2026, 10, 31))
        board.action_renewed()
        self.assertEqual(board.due_on, date(2026, 12, 20))
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            board.renew_days = 0
            board.flush_recordset()
