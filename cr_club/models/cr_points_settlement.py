from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.settlement import Movement, breakage, journal, liability

# What came and went, by the kind of entry that had brought the points. A use counts as
# soon as both its entry and its points stand in a period: points that pay what was owed
# before lie in this one.
_MOVES = """
SELECT kind, SUM(brought)::int AS brought, SUM(redeemed)::int AS redeemed,
       SUM(expired)::int AS expired, SUM(other)::int AS other
  FROM (SELECT entry.kind, lot.points AS brought, 0 AS redeemed, 0 AS expired,
               0 AS other
          FROM cr_points_settlement_entry_rel rel
          JOIN cr_points_lot lot ON lot.entry_id = rel.entry_id
          JOIN cr_points_entry entry ON entry.id = rel.entry_id
         WHERE rel.cut_id = %(cut)s
         UNION ALL
        SELECT source.kind, 0,
               CASE WHEN spent.kind = 'redeem' THEN used.points ELSE 0 END,
               CASE WHEN spent.kind = 'expire' THEN used.points ELSE 0 END,
               CASE WHEN spent.kind IN ('redeem', 'expire') THEN 0
                    ELSE used.points END
          FROM cr_points_use used
          JOIN cr_points_settlement_entry_rel mine ON mine.entry_id = used.entry_id
          JOIN cr_points_lot lot ON lot.id = used.lot_id
          JOIN cr_points_settlement_entry_rel theirs
            ON theirs.entry_id = lot.entry_id
          JOIN cr_points_entry source ON source.id = lot.entry_id
          JOIN cr_points_entry spent ON spent.id = used.spent_id
         WHERE %(cut)s IN (mine.cut_id, theirs.cut_id)) AS move
 GROUP BY kind
"""
_LEDGER = """
SELECT COALESCE(SUM(entry.points), 0)::int
  FROM cr_points_settlement_entry_rel rel
  JOIN cr_points_settlement cut ON cut.id = rel.cut_id
  JOIN cr_points_entry entry ON entry.id = rel.entry_id
 WHERE cut.program_id = %s
"""
# Months that the estimate of what nobody redeems looks back.
_HISTORY = 12


class CrPointsSettlement(models.Model):
    """A month of points for finance: earned, redeemed, outstanding (PTS-12)."""

    _name = "cr.points.settlement"
    _description = "Month-end of points"
    _inherit = [
        "mail.thread",
        "cr.points.cut.mixin",
        "cr.points.sheet.mixin",
        "cr.points.books.mixin",
    ]
    _order = "date_to desc, id desc"

    _cut_table = "cr_points_settlement_entry_rel"
    _settled_columns = frozenset(("state", "signed_on", "signed_by_id", "move_id"))

    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cr.club.program"]._get_program(self.env.company),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="Since", readonly=True)
    entry_ids = fields.Many2many(
        "cr.points.entry",
        "cr_points_settlement_entry_rel",
        "cut_id",
        "entry_id",
        string="Entries",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "cr.points.settlement.line",
        "settlement_id",
        string="By category",
        readonly=True,
        copy=False,
    )
    opening = fields.Integer(string="At the beginning", readonly=True)
    brought = fields.Integer(string="Earned", readonly=True)
    redeemed = fields.Integer(readonly=True)
    expired = fields.Integer(readonly=True)
    other = fields.Integer(string="Taken back or passed on", readonly=True)
    closing = fields.Integer(string="Outstanding", readonly=True)
    owed = fields.Integer(
        string="Owed by customers",
        readonly=True,
        help="Points taken back that had been spent. Outstanding less owed is the sum"
        " of all balances.",
    )
    late_count = fields.Integer(
        string="Entries of earlier months",
        readonly=True,
        help="Posted after their month was signed off.",
    )
    reward_cost = fields.Monetary(string="Cost of rewards settled", readonly=True)
    # --- money ---
    point_cost = fields.Float(
        string="A point costs", digits=(16, 4), required=True, aggregator="avg"
    )
    breakage_percent = fields.Float(
        string="Never redeemed (%)",
        aggregator="avg",
        help="The part of the outstanding points for which nothing is set aside.",
    )
    breakage_estimate = fields.Float(
        string="By the last 12 months (%)",
        readonly=True,
        aggregator="avg",
        help="Expired ÷ (expired + redeemed).",
    )
    opening_liability = fields.Monetary(readonly=True)
    liability = fields.Monetary(
        compute="_compute_liability",
        store=True,
        help="Outstanding points × cost of a point, less what nobody redeems.",
    )

    _one_each_day = models.UniqueIndex(
        "(program_id, date_to)", "This club has a month-end of that day already."
    )
    _one_draft = models.UniqueIndex(
        "(program_id) WHERE state = 'draft'",
        "Sign the month-end that is being worked out off first.",
    )
    _booked_once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL",
        "An entry of the books belongs to one month-end.",
    )
    _cost_sane = models.Constraint(
        "CHECK (point_cost >= 0 AND breakage_percent BETWEEN 0 AND 100)",
        "A point costs nothing or more; what nobody redeems is between 0 and 100 %.",
    )

    # === COMPUTE === #

    @api.depends("program_id.name", "date_to")
    def _compute_display_name(self):
        for cut in self:
            day = fields.Date.to_string(cut.date_to) or ""
            cut.display_name = f"{cut.program_id.name} {day}"

    @api.depends("closing", "point_cost", "breakage_percent")
    def _compute_liability(self):
        for cut in self:
            cut.liability = liability(cut.closing, cut.point_cost, cut.breakage_percent)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with what a point costs in the club."""
        for vals in vals_list:
            program = self.env["cr.club.program"].browse(
                vals.get("program_id")
                or self.default_get(["program_id"]).get("program_id")
            )
            vals.setdefault("point_cost", program.point_cost)
            vals.setdefault("breakage_percent", program.breakage_percent)
        return super().create(vals_list)

    # === BUSINESS === #

    def _get_entry_sql(self):
        return SQL("account.program_id = %s", self.program_id.id)

    def _get_previous(self):
        """Return the month-end before, empty for the first one."""
        self.ensure_one()
        return self.search(
            [("program_id", "=", self.program_id.id), ("state", "=", "signed")],
            limit=1,
        )

    def _work_out(self):
        """Take in the entries and write the figures of the month (PTS-12)."""
        before = self._get_previous()
        self._check_follows(before)
        self._collect_entries()
        categories = self._get_categories(before)
        total = Movement(*map(sum, zip(*categories.values(), strict=True)))
        [[ledger]] = self.env.execute_query(SQL(_LEDGER, self.program_id.id))
        date_from = before and fields.Date.add(before.date_to, days=1)
        date_from = date_from or self.program_id.points_from
        # sudo: figures are worked out, nobody writes them.
        self.sudo().write(
            {
                "date_from": date_from,
                **total._asdict(),
                "closing": total.closing,
                "owed": total.closing - ledger,
                "opening_liability": before.liability,
                "reward_cost": self._get_reward_cost(date_from),
                "breakage_estimate": self._estimate_breakage(total),
                "late_count": self._count_late(before),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "kind": kind,
                                **move._asdict(),
                                "closing": move.closing,
                            }
                        )
                        for kind, move in sorted(categories.items())
                    ),
                ],
            }
        )

    def _check_follows(self, before):
        """Raise when the month does not come after the one signed off last."""
        if before and self.date_to <= before.date_to:
            raise UserError(
                self.env._(
                    "%(club)s is signed off up to %(day)s already; choose a later day.",
                    club=self.program_id.name,
                    day=fields.Date.to_string(before.date_to),
                )
            )

    def _get_categories(self, before):
        """Return {kind that brought the points: Movement}."""
        found = {
            line.kind: Movement(line.closing, 0, 0, 0, 0) for line in before.line_ids
        }
        for row in self.env.execute_query_dict(SQL(_MOVES, cut=self.id)):
            kind = row.pop("kind")
            opening = found[kind].opening if kind in found else 0
            found[kind] = Movement(opening=opening, **row)
        return found or {"order": Movement(0, 0, 0, 0, 0)}

    def _get_reward_cost(self, date_from):
        """Return what the rewards cost that finance settled in the month."""
        [[cost]] = self.env["cr.redemption"]._read_group(
            [
                ("program_id", "=", self.program_id.id),
                ("settled_on", ">=", date_from),
                ("settled_on", "<=", self.date_to),
                ("state", "in", ("settled", "handed")),
            ],
            [],
            ["cost:sum"],
        )
        return cost or 0

    def _count_late(self, before):
        """Return how many entries are of months that were signed off already."""
        if not before:
            return 0
        [[count]] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM cr_points_settlement_entry_rel rel"
                " JOIN cr_points_entry entry ON entry.id = rel.entry_id"
                " WHERE rel.cut_id = %s AND entry.day <= %s",
                self.id,
                before.date_to,
            )
        )
        return count

    def _estimate_breakage(self, total):
        """Return which part of the points that went in a year had expired."""
        since = fields.Date.subtract(self.date_to, months=_HISTORY)
        earlier = self.search(
            [
                ("program_id", "=", self.program_id.id),
                ("state", "=", "signed"),
                ("date_to", ">", since),
            ]
        )
        return breakage(
            total.redeemed + sum(earlier.mapped("redeemed")),
            total.expired + sum(earlier.mapped("expired")),
        )

    def _get_journal(self):
        """Return the proposal for the books: see `tools.settlement.journal`."""
        self.ensure_one()
        money = [
            liability(points, self.point_cost, self.breakage_percent)
            for points in (self.brought, self.redeemed)
        ]
        return journal(self.opening_liability, self.liability, *money)

    # === ACTIONS === #

    def action_open_entries(self):
        """Open the entries of the month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_points_entry_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.entry_ids.ids)],
            "context": {},
        }
