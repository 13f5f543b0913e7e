from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.offsets import add_months

from ..const import REDEMPTION_OPEN

_POINTS = """
SELECT account.program_id,
       COALESCE(SUM(entry.points) FILTER (WHERE entry.points > 0
                AND entry.kind NOT IN ('return', 'transfer_in', 'merge_in')), 0)::int,
       COALESCE(-SUM(entry.points) FILTER (
                WHERE entry.kind IN ('redeem', 'return')), 0)::int
  FROM cr_points_entry entry
  JOIN cr_points_account account ON account.id = entry.account_id
 WHERE account.program_id = ANY(%s) AND entry.day BETWEEN %s AND %s
 GROUP BY account.program_id
"""
_MEMBERS = """
SELECT m.program_id, COUNT(*)::int, COUNT(*) FILTER (WHERE m.joined_on >= %s)::int,
       COUNT(*) FILTER (WHERE account.last_day > %s)::int
  FROM cr_club_member m
  LEFT JOIN cr_points_account account ON account.partner_id = m.partner_id
   AND account.program_id = m.program_id AND account.merged_into_id IS NULL
 WHERE m.program_id = ANY(%s) AND m.state = 'active'
 GROUP BY m.program_id
"""
# The same, as conditions.
_EARNED = [
    ("points", ">", 0),
    ("kind", "not in", ("return", "transfer_in", "merge_in")),
]
_REDEEMED = ("kind", "in", ("redeem", "return"))
# A member whose points moved within so many months is active.
_ACTIVE_MONTHS = 12
_FIGURES = (
    "board_members",
    "board_new",
    "board_active",
    "board_points",
    "board_earned",
    "board_redeemed",
    "board_waiting",
    "board_fallen",
    "board_shops",
    "board_new_shops",
)


class CrClubProgramBoardMixin(models.AbstractModel):
    """The club at a glance, for general manager and club manager (CLB-32).

    Every figure opens what it counts; the number of queries does not depend on the
    number of clubs.
    """

    _name = "cr.club.program.board.mixin"
    _description = "Club programme: board"

    board_members = fields.Integer(string="Members today", compute="_compute_board")
    board_new = fields.Integer(string="New this month", compute="_compute_board")
    board_active = fields.Integer(
        string="Active members",
        compute="_compute_board",
        help="Points moved within 12 months.",
    )
    board_points = fields.Integer(string="Points outstanding", compute="_compute_board")
    board_earned = fields.Integer(string="Earned this month", compute="_compute_board")
    board_redeemed = fields.Integer(
        string="Redeemed this month", compute="_compute_board"
    )
    board_waiting = fields.Integer(
        string="Redemptions that wait", compute="_compute_board"
    )
    board_fallen = fields.Integer(
        string="Fell, nothing done yet", compute="_compute_board"
    )
    board_shops = fields.Integer(string="Partner shops", compute="_compute_board")
    board_new_shops = fields.Integer(
        string="New shops this month", compute="_compute_board"
    )
    board_tiers = fields.Char(string="By tier", compute="_compute_board_tiers")

    # === COMPUTE === #

    def _compute_board(self):
        today = self.env.company._cr_today()
        month = today.replace(day=1)
        self.env.flush_all()
        figures = {program.id: dict.fromkeys(_FIGURES, 0) for program in self}
        for rows, names in (
            (self._count_members(month, today), _FIGURES[:3]),
            (self._count_points(month, today), _FIGURES[4:6]),
            (
                self._count_open("cr.points.account", [], "open_points:sum"),
                ["board_points"],
            ),
            (
                self._count_open("cr.redemption", [("state", "in", REDEMPTION_OPEN)]),
                ["board_waiting"],
            ),
            (
                self._count_open("cr.loyalty.score", self._get_fallen()),
                ["board_fallen"],
            ),
            (
                self._count_open("cr.club.merchant", [("is_running", "=", True)]),
                ["board_shops"],
            ),
            (
                self._count_open("cr.club.merchant", [("opened_on", ">=", month)]),
                ["board_new_shops"],
            ),
        ):
            for program_id, *values in rows:
                figures[program_id].update(zip(names, values, strict=True))
        for program in self:
            program.update(figures[program.id])

    def _compute_board_tiers(self):
        groups = self.env["cr.club.member"]._read_group(
            [("program_id", "in", self.ids), ("state", "=", "active")],
            ["program_id", "tier_id"],
            ["__count"],
        )
        texts = {}
        for program, tier, count in sorted(groups, key=lambda group: group[1].level):
            texts.setdefault(program.id, []).append(f"{tier.name} {count}")
        for program in self:
            program.board_tiers = " · ".join(texts.get(program.id, []))

    def _count_members(self, month, today):
        """Return (club id, members, new ones, active ones)."""
        since = add_months(today, -_ACTIVE_MONTHS)
        return self.env.execute_query(SQL(_MEMBERS, month, since, self.ids))

    def _count_points(self, month, today):
        """Return (club id, earned, redeemed) of the month up to today."""
        return self.env.execute_query(SQL(_POINTS, self.ids, month, today))

    def _count_open(self, model, domain, aggregate="__count"):
        """Return (club id, how many) of the rows of a model."""
        groups = self.env[model]._read_group(
            [("program_id", "in", self.ids), *domain], ["program_id"], [aggregate]
        )
        return [(program.id, count) for program, count in groups]

    def _get_fallen(self):
        """Return the condition of members who fell and nothing was done."""
        return [("direction", "=", "down"), ("handled_on", "=", False)]

    # === ACTIONS === #

    def action_board_open(self):
        """Open what a figure of the board counts; the button names it.

        The context holds `board`: one of the keys below.
        """
        self.ensure_one()
        xmlid, domain = self._get_board_target(self.env.context.get("board"))
        action = self.env["ir.actions.act_window"]._for_xml_id(f"cr_club.{xmlid}")
        owner = (
            "program_id"
            if "program_id" in self.env[action["res_model"]]._fields
            else ("account_id.program_id")
        )
        return {**action, "domain": [(owner, "=", self.id), *domain], "context": {}}

    def _get_board_target(self, name):
        """Return the action and the condition behind a figure."""
        today = self.env.company._cr_today()
        month = today.replace(day=1)
        running = [("state", "=", "active")]
        dates = [("day", ">=", month), ("day", "<=", today)]
        recent = [
            ("program_id", "=", self.id),
            ("last_day", ">", add_months(today, -_ACTIVE_MONTHS)),
            ("merged_into_id", "=", False),
        ]
        targets = {
            "new": ("cr_club_member_action", [*running, ("joined_on", ">=", month)]),
            "active": (
                "cr_club_member_action",
                [*running, ("partner_id.cr_points_account_ids", "any", recent)],
            ),
            "points": ("cr_points_account_action", [("open_points", ">", 0)]),
            "earned": ("cr_points_entry_action", [*dates, *_EARNED]),
            "redeemed": ("cr_points_entry_action", [*dates, _REDEEMED]),
            "waiting": ("cr_redemption_action", [("state", "in", REDEMPTION_OPEN)]),
            "fallen": ("cr_loyalty_score_action_fallen", self._get_fallen()),
            "shops": ("cr_club_merchant_action", [("is_running", "=", True)]),
            "new_shops": ("cr_club_merchant_action", [("opened_on", ">=", month)]),
        }
        return targets.get(name, ("cr_club_member_action", running))
