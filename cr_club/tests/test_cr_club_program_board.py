from freezegun import freeze_time

from odoo.tests import tagged

from .test_cr_redemption import RedemptionCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubProgramBoard(RedemptionCommon):
    """The board: every figure opens what it counts (CLB-32)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_member(cls.guest, tier="gold")
        cls.old._settle(joined_on="2024-01-01")
        cls.ask(cls.goods)
        cls.env["cr.club.merchant"].create(
            [
                {"name": "Tea house", "program_id": cls.program.id},
                {
                    "name": "Gym",
                    "program_id": cls.program.id,
                    "opened_on": "2026-01-01",
                    "date_from": "2026-01-01",
                    "date_to": "2026-03-01",
                },
            ]
        )

    def test_the_figures(self):
        board = self.as_persona(self.program, "director")
        figures = {
            name: board[f"board_{name}"]
            for name in ("members", "new", "active", "points", "earned", "redeemed")
        }
        self.assertEqual(
            figures,
            {
                "members": 2,
                "new": 1,
                "active": 1,
                "points": 18000,
                "earned": 20000,
                "redeemed": 2000,
            },
        )
        self.assertEqual(board.board_tiers, "Green card 1 · Gold card 1")
        self.assertEqual((board.board_shops, board.board_new_shops), (1, 1))
        self.assertEqual((board.board_waiting, board.board_fallen), (1, 0))
        self.assertEqual(board.merchant_target, 2)

    def test_each_figure_opens_what_it_counts(self):
        board = self.as_persona(self.program, "director")
        for name in (
            "members",
            "new",
            "active",
            "waiting",
            "fallen",
            "shops",
            "new_shops",
        ):
            action = board.with_context(board=name).action_board_open()
            found = board.env[action["res_model"]].search_count(action["domain"])
            with self.subTest(figure=name):
                self.assertEqual(found, board[f"board_{name}"])
        for name, field in (
            ("points", "open_points"),
            ("earned", "points"),
            ("redeemed", "points"),
        ):
            action = board.with_context(board=name).action_board_open()
            found = board.env[action["res_model"]].search(action["domain"])
            with self.subTest(figure=name):
                self.assertEqual(abs(sum(found.mapped(field))), board[f"board_{name}"])

    def test_queries_do_not_depend_on_how_many_clubs(self):
        one = self.count_queries(self.program.mapped, "board_members")
        clubs = self.program
        for number in range(4):
            company = self.env["res.company"].create({"name": f"Store {number}"})
            clubs |= self.make_program(company)
        many = self.count_queries(clubs.mapped, "board_members")
        self.assertLessEqual(many, one + 2)
