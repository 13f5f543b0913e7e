from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What is left of the points of accounts goes on as points of others, lot by lot, with
# the dates they had.
_PASS = """
SELECT %(account)s AS account_id, %(day)s::date AS day, %(kind)s AS kind,
       %(sign)s * used.points AS points, 0 AS qualifying, 0 AS material,
       %(key)s || ':' || used.lot_id AS key, %(company)s AS company_id,
       NULL AS origin_model, NULL::int AS origin_id, used.entry_id AS reverses_id,
       NULL::int AS taken_lot_id, used.available_on, used.expires_on, NULL AS basis,
       %(note)s AS note, used.lot_id AS ord
  FROM (SELECT used.lot_id, MAX(used.entry_id) AS entry_id, SUM(used.points)::int
               AS points, lot.available_on, lot.expires_on
          FROM cr_points_use used JOIN cr_points_lot lot ON lot.id = used.lot_id
         WHERE used.entry_id = ANY(%(entries)s)
         GROUP BY used.lot_id, lot.available_on, lot.expires_on) AS used
"""


class CrPointsMoveMixin(models.AbstractModel):
    """Points that go from one account to another: passed on, or of merged files."""

    _name = "cr.points.move.mixin"
    _description = "Points account: moves between accounts"

    def _get_root(self):
        """Return the account that goes on for each one, itself if none was merged."""
        return self.merged_into_id | self.filtered(lambda one: not one.merged_into_id)

    # === PASSING ON === #

    def _pass_on(self, target, points, key, note=None, day=None):
        """Pass points on to another account of the club, by the rule of the club.

        They keep their dates, and do not count for a tier again.

        :param target: account of somebody else
        :param int points: how many
        :param str key: what caused it
        :param str note: reason, for both statements
        :return: the new entries of both accounts
        """
        self.ensure_one()
        day = day or self.company_id._cr_today()
        self._lock((self | target).ids)
        self._check_pass_on(target, points, day)
        out = self._spend(
            [
                {
                    "account": self,
                    "points": points,
                    "key": f"pass:{key}:out",
                    "note": note or target.partner_id.name,
                }
            ],
            kind="transfer_out",
            day=day,
        )
        if not out:
            return out
        return out | self._post_passed(
            target, out, f"pass:{key}:in", "transfer_in", day, note
        )

    @api.model
    def _post_passed(self, target, out, key, kind, day, note=None):
        """Post to an account what entries took from another one."""
        query = SQL(
            _PASS,
            account=target.id,
            day=day,
            kind=kind,
            sign=1,
            key=key,
            company=target.company_id.id,
            note=note,
            entries=out.ids,
        )
        return self._post(query, target.ids)

    def _check_pass_on(self, target, points, day):
        """Raise when the rule of the club does not let these points be passed on."""
        self.ensure_one()
        program = self.program_id
        if target == self or target.program_id != program or target.merged_into_id:
            raise UserError(
                self.env._(
                    "%(giver)s can pass points on to somebody else in “%(club)s” only.",
                    giver=self.partner_id.name,
                    club=program.name,
                )
            )
        near = self._is_household(target)
        if program.pass_on == "no" or (program.pass_on == "household" and not near):
            raise UserError(
                self.env._(
                    "“%(club)s” does not let %(giver)s pass points on to %(taker)s. If"
                    " they are one household, enter one in the family of the other.",
                    club=program.name,
                    giver=self.partner_id.name,
                    taker=target.partner_id.name,
                )
            )
        left = self._get_pass_on_left(day)
        if left is not None and points > left:
            raise UserError(
                self.env._(
                    "%(giver)s may pass on %(left)s more points this year; the club"
                    " allows %(limit)s a year.",
                    giver=self.partner_id.name,
                    left=left,
                    limit=program.pass_on_limit,
                )
            )

    def _is_household(self, target):
        """Say whether two people live together, by the family in their files."""
        self.ensure_one()
        one, other = self.partner_id, target.partner_id
        # sudo: the family is closed to some roles; only a yes or no comes out.
        return bool(
            self.env["cr.family.member"]
            .sudo()
            .search_count(
                [
                    ("relation", "in", ("spouse", "child", "parent")),
                    "|",
                    "&",
                    ("partner_id", "=", one.id),
                    ("related_partner_id", "=", other.id),
                    "&",
                    ("partner_id", "=", other.id),
                    ("related_partner_id", "=", one.id),
                ],
                1,
            )
        )

    def _get_pass_on_left(self, day):
        """Return how many points may still be passed on in the year, None: any."""
        self.ensure_one()
        limit = self.program_id.pass_on_limit
        if not limit:
            return None
        [[gone]] = self.env["cr.points.entry"]._read_group(
            [
                ("account_id", "=", self.id),
                ("kind", "=", "transfer_out"),
                ("day", ">=", day.replace(month=1, day=1)),
            ],
            [],
            ["points:sum"],
        )
        return limit + (gone or 0)

    # === MERGED FILES === #

    @api.model
    def _merge_accounts(self, sources, target):
        """Bring the points of merged files together before the files become one.

        Old entries stay where they are; what is left, or owed, moves by entries of its
        own. In each club one account goes on.

        :param sources: customers whose files vanish
        :param target: the customer that stays
        """
        accounts = self.search(
            [
                ("partner_id", "in", (sources | target).ids),
                ("merged_into_id", "=", False),
            ],
            order="id",
        )
        for alike in accounts.grouped("program_id").values():
            root = alike.filtered(lambda one: one.partner_id == target) or alike[0]
            for account in alike - root:
                account._merge_into(root)

    def _merge_into(self, root):
        """Move all that is left or owed to the account that goes on."""
        self.ensure_one()
        self._lock((self | root).ids)
        self.invalidate_recordset()
        day = self.company_id._cr_today()
        key = f"merge:{self.id}"
        if self.arrears:
            self._post_values(
                [
                    self._prepare_owed(self, "merge_out", self.arrears, key, day),
                    self._prepare_owed(root, "merge_in", -self.arrears, key, day),
                ]
            )
        elif self.open_points:
            out = self._post_values(
                [self._prepare_owed(self, "merge_out", -self.open_points, key, day)]
            )
            self._post_passed(root, out, f"{key}:in", "merge_in", day)
        gone = self | self.search([("merged_into_id", "=", self.id)])
        gone.merged_into_id = root
        self.env.flush_all()

    @api.model
    def _prepare_owed(self, account, kind, points, key, day):
        """Return the entry that moves a sum of points out of or into an account."""
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "day": day,
            "kind": kind,
            "points": points,
            "key": f"{key}:{kind}",
        }
