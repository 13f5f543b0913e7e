from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import AWARD_KINDS

_EXPIRING = """
SELECT lot.account_id, %(today)s::date AS day, 'expire' AS kind,
       -lot.open_points AS points, 0 AS qualifying, 0 AS material,
       'expire:' || lot.id || ':' || (SELECT COUNT(*) FROM cr_points_entry gone
           WHERE gone.taken_lot_id = lot.id AND gone.kind = 'expire') AS key,
       account.company_id, NULL AS origin_model, NULL::int AS origin_id,
       lot.entry_id AS reverses_id, lot.id AS taken_lot_id, NULL::date AS available_on,
       NULL::date AS expires_on, NULL AS basis, NULL AS note, lot.id AS ord
  FROM cr_points_lot lot JOIN cr_points_account account ON account.id = lot.account_id
 WHERE lot.account_id = ANY(%(accounts)s) AND lot.open_points > 0
   AND lot.expires_on < %(today)s
"""
# What expired of the points that entries brought.
EXPIRED = """
SELECT lot.entry_id, SUM(used.points)::int AS points
  FROM cr_points_lot lot
  JOIN cr_points_use used ON used.lot_id = lot.id
  JOIN cr_points_entry gone ON gone.id = used.spent_id
 WHERE lot.entry_id = ANY(%(entries)s) AND gone.kind = 'expire'
 GROUP BY lot.entry_id
"""


class CrPointsSpendMixin(models.AbstractModel):
    """Earning, spending, giving back, taking back and expiry of points.

    Every method takes many at once, in a fixed number of statements, and does nothing
    for what it has done before: the `key` names the cause.
    """

    _name = "cr.points.spend.mixin"
    _description = "Points account: earning and spending"

    # === ASKING === #

    def _get_available(self, day=None):
        """Return how many points each account may spend.

        :param datetime.date day: default is today by the clock of the store
        :return: {account id: points}, accounts without any are left out
        """
        day = day or self.env.company._cr_today()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, SUM(open_points)::int FROM cr_points_lot"
                " WHERE account_id = ANY(%s) AND open_points > 0"
                " AND available_on <= %s AND (expires_on IS NULL OR expires_on >= %s)"
                " GROUP BY account_id",
                self.ids,
                day,
                day,
            )
        )
        return dict(rows)

    # === EARNING === #

    @api.model
    def _award(self, vals_list):
        """Bring points that no work order earns: purchase, referral, event, campaign.

        :param list vals_list: [{`program`: club, `partner`: customer, `points`: int,
            `kind`: one of `AWARD_KINDS`, `key`: what caused it}]; may hold `qualifying`
            (default: all of the points), `material`, `day`, `company`, `origin` (a
            record), `note`, `available_on`, `expires_on`
        :return: the new entries; what was awarded before is left out
        """
        rows = []
        for vals in vals_list:
            if vals["kind"] not in AWARD_KINDS:
                raise ValueError(f"{vals['kind']} is no kind of award")
        for program in {vals["program"] for vals in vals_list}:
            own = [vals for vals in vals_list if vals["program"] == program]
            partners = self.env["res.partner"].union(*(v["partner"] for v in own))
            accounts = self._ensure_accounts(partners, program)
            for vals in own:
                account_id = accounts[vals["partner"].id]
                rows.append(self._prepare_award(program, account_id, vals))
        return self._post_values(
            [row for row in rows if row["points"] or row["qualifying"]]
        )

    @api.model
    def _prepare_award(self, program, account_id, vals):
        """Return the entry of one award."""
        company = vals.get("company") or program.company_id
        day = vals.get("day") or company._cr_today()
        first, last = program._get_lot_dates(day)
        origin = vals.get("origin")
        return {
            "account_id": account_id,
            "company_id": company.id,
            "day": day,
            "kind": vals["kind"],
            "points": vals["points"],
            "qualifying": vals.get("qualifying", vals["points"]),
            "material": vals.get("material", 0),
            "key": vals["key"],
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
            "available_on": vals.get("available_on") or first,
            "expires_on": vals.get("expires_on") or last,
            "note": vals.get("note"),
        }

    # === SPENDING === #

    @api.model
    def _spend(self, vals_list, kind="redeem", day=None):
        """Take points from accounts, the earliest to expire first, or refuse them all.

        The accounts are locked first, so two requests cannot spend the same points. A
        key that was spent before is left out and costs nothing.

        :param list vals_list: [{`account`: account, `points`: positive, `key`: what
            caused it}]; may hold `origin` (a record), `company` (the store) and `note`
        :param str kind: kind of the entries
        :param datetime.date day: default is today by the clock of the store
        :return: the new entries, with negative points
        :raises UserError: one of the accounts has not enough points free; names it
        """
        day = day or self.env.company._cr_today()
        accounts = self.union(*(vals["account"] for vals in vals_list))
        self._lock(accounts.ids)
        known = self._get_known_keys([vals["key"] for vals in vals_list])
        fresh = [
            vals
            for key, vals in {vals["key"]: vals for vals in vals_list[::-1]}.items()
            if key not in known
        ][::-1]
        accounts._check_sufficient(fresh, day)
        return self._post_values(
            [self._prepare_spending(vals, kind, day) for vals in fresh], ready_on=day
        )

    @api.model
    def _prepare_spending(self, vals, kind, day):
        """Return the entry of one spending."""
        account, origin = vals["account"], vals.get("origin")
        return {
            "account_id": account.id,
            "company_id": (vals.get("company") or account.company_id).id,
            "day": day,
            "kind": kind,
            "points": -vals["points"],
            "key": vals["key"],
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
            "note": vals.get("note"),
        }

    @api.model
    def _get_known_keys(self, keys):
        """Return which of the keys were posted before."""
        rows = self.env.execute_query(
            SQL("SELECT key FROM cr_points_entry WHERE key = ANY(%s)", list(keys))
        )
        return {key for [key] in rows}

    def _check_sufficient(self, vals_list, day):
        """Raise for the first account that has not the points asked of it."""
        available = self._get_available(day)
        for vals in vals_list:
            account, points = vals["account"], vals["points"]
            left = available.get(account.id, 0)
            if points <= 0:
                raise UserError(
                    self.env._(
                        "%(member)s: the number of points must be positive, it is"
                        " %(points)s.",
                        member=account.partner_id.name,
                        points=points,
                    )
                )
            if points > left:
                raise UserError(
                    self.env._(
                        "%(member)s may spend %(available)s points on %(day)s, which is"
                        " less than %(points)s. Points that still wait are free later.",
                        member=account.partner_id.name,
                        available=left,
                        day=fields.Date.to_string(day),
                        points=points,
                    )
                )
            available[account.id] = left - points

    @api.model
    def _give_back(self, vals_list, day=None):
        """Give points back to the lots they came from: cancelled or expired redemption.

        :param list vals_list: [{`entry`: what took the points, `key`: what caused it}];
            may hold `points` (default: all that is not given back yet) and `note`
        :param datetime.date day: default is today by the clock of the store
        :return: the new entries, with positive points
        :raises UserError: more would be given back than was taken
        """
        day = day or self.env.company._cr_today()
        entries = self.env["cr.points.entry"].union(*(v["entry"] for v in vals_list))
        self._lock(entries.account_id.ids)
        known = self._get_known_keys([vals["key"] for vals in vals_list])
        taken = self._get_taken(entries)
        rows = []
        for vals in vals_list:
            entry = vals["entry"]
            left = taken.get(entry.id, 0)
            points = vals.get("points", left)
            if vals["key"] in known or not points:
                continue
            if points > left or points < 0:
                entry._refuse_give_back(points, left)
            taken[entry.id] = left - points
            known.add(vals["key"])
            rows.append(self._prepare_give_back(vals, points, day))
        return self._post_values(rows)

    @api.model
    def _prepare_give_back(self, vals, points, day):
        """Return the entry that gives points back.

        Points of a file that was merged since come as new ones: what they were taken
        from has moved.
        """
        entry = vals["entry"]
        root = entry.account_id._get_root()
        first, last = root.program_id._get_lot_dates(day)
        return {
            "account_id": root.id,
            "company_id": entry.company_id.id,
            "day": day,
            "kind": "return" if root == entry.account_id else "merge_in",
            "points": points,
            "key": vals["key"],
            "origin_model": entry.origin_model,
            "origin_id": entry.origin_id,
            "reverses_id": entry.id,
            "available_on": first,
            "expires_on": last,
            "note": vals.get("note"),
        }

    @api.model
    def _get_taken(self, entries):
        """Return {entry id: points it took and that were not given back}."""
        rows = self.env.execute_query(
            SQL(
                """SELECT entry.id, taken.points - COALESCE(moved.points, 0)
                     FROM cr_points_entry entry
                     JOIN (SELECT spent_id, SUM(points)::int AS points
                             FROM cr_points_use WHERE spent_id = ANY(%(ids)s)
                            GROUP BY spent_id) AS taken ON taken.spent_id = entry.id
                     LEFT JOIN (SELECT reverses_id, SUM(points)::int AS points
                             FROM cr_points_entry WHERE reverses_id = ANY(%(ids)s)
                              AND kind = 'merge_in'
                            GROUP BY reverses_id) AS moved
                       ON moved.reverses_id = entry.id""",
                ids=entries.ids,
            )
        )
        return dict(rows)

    @api.model
    def _take_back(self, entries, note=None, day=None):
        """Take back what entries brought, also when it is spent: the account owes then.

        What expired of it is gone already and not taken once more.

        :param entries: entries that brought points; taken back once each
        :param str note: why, for the statement
        :return: the new entries, with negative points
        """
        day = day or self.env.company._cr_today()
        self.env.flush_all()
        expired = dict(self.env.execute_query(SQL(EXPIRED, entries=entries.ids)))
        rows = [
            {
                "account_id": entry.account_id._get_root().id,
                "company_id": entry.company_id.id,
                "day": day,
                "kind": "reverse",
                "points": expired.get(entry.id, 0) - entry.points,
                "qualifying": -entry.qualifying,
                "material": -entry.material,
                "key": f"reverse:{entry.id}",
                "origin_model": entry.origin_model,
                "origin_id": entry.origin_id,
                "reverses_id": entry.id,
                "note": note,
            }
            for entry in entries
        ]
        return self._post_values(
            [row for row in rows if row["points"] or row["qualifying"]]
        )

    # === EXPIRY === #

    @api.model
    def _expire(self, today, limit=1000):
        """Let the points of one batch of accounts expire, without committing.

        :param datetime.date today: points that held until yesterday go
        :param int limit: how many lots are looked at
        :return: the number of lots that expired
        :rtype: int
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id FROM cr_points_lot WHERE open_points > 0"
                " AND expires_on < %s ORDER BY expires_on, id LIMIT %s",
                today,
                limit,
            )
        )
        accounts = list({account for [account] in rows})
        if not accounts:
            return 0
        self._lock(accounts)
        query = SQL(_EXPIRING, today=today, accounts=accounts)
        return len(self._post(query, accounts))

    @api.model
    def _cron_expire(self):
        """Let expire what is due; points that hold cost nothing."""
        cron = self.env["ir.cron"]
        today = self.env.company._cr_today()
        domain = [("open_points", ">", 0), ("expires_on", "<", today)]
        cron._commit_progress(
            remaining=self.env["cr.points.lot"].search_count(domain)
        )
        while done := self._expire(today):
            if not cron._commit_progress(done):
                break
