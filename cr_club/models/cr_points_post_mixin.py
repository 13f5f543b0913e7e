import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import ARREARS_KINDS

# What an entry says, in a form that no setting of the database changes.
PAYLOAD = SQL(
    "concat_ws('|', account_id, sequence, day - DATE '2000-01-01', kind, points,"
    " qualifying, material, balance, COALESCE(available_on - DATE '2000-01-01', 0),"
    " COALESCE(expires_on - DATE '2000-01-01', 0), COALESCE(reverses_id, 0),"
    " COALESCE(taken_lot_id, 0), company_id, COALESCE(origin_model, ''),"
    " COALESCE(origin_id, 0), quote_literal(key), COALESCE(basis, ''))"
)
_TYPES = SQL(
    "account_id int, day date, kind varchar, points int, qualifying int, material int,"
    " key varchar, company_id int, origin_model varchar, origin_id int,"
    " reverses_id int, taken_lot_id int, available_on date, expires_on date,"
    " basis varchar, note varchar"
)
_INSERT = """
WITH source AS (%(rows)s),
     fresh AS (
     SELECT DISTINCT ON (key) source.* FROM source
      WHERE (SELECT known.id FROM cr_points_entry known
              WHERE known.key = source.key LIMIT 1) IS NULL
      ORDER BY key, ord),
     entry AS (
     SELECT fresh.*, account.last_hash,
            account.last_sequence + ROW_NUMBER() OVER w AS sequence,
            account.balance + SUM(points) OVER w AS balance
       FROM fresh JOIN cr_points_account account ON account.id = fresh.account_id
     WINDOW w AS (PARTITION BY account_id ORDER BY ord, key
                  ROWS UNBOUNDED PRECEDING))
INSERT INTO cr_points_entry (account_id, company_id, sequence, day, kind, points,
       qualifying, material, balance, available_on, expires_on, key, origin_model,
       origin_id, reverses_id, taken_lot_id, basis, note, hash, create_uid, write_uid,
       create_date, write_date)
SELECT account_id, company_id, sequence, day, kind, points, qualifying, material,
       balance, available_on, expires_on, key, origin_model, origin_id, reverses_id,
       taken_lot_id, basis, note,
       cr_points_chain(%(payload)s, last_hash) OVER (
           PARTITION BY account_id ORDER BY sequence ROWS UNBOUNDED PRECEDING),
       %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM entry ORDER BY account_id, sequence
RETURNING id, account_id
"""
_LOTS = """
INSERT INTO cr_points_lot (entry_id, account_id, points, open_points, available_on,
       expires_on, create_uid, write_uid, create_date, write_date)
SELECT id, account_id, points, points, COALESCE(available_on, day), expires_on,
       create_uid, write_uid, create_date, write_date
  FROM cr_points_entry
 WHERE id = ANY(%(ids)s) AND points > 0 AND kind != 'return' ORDER BY id
"""
# Uses go with the change of the lots in one statement.
_USE = """
WITH taken AS (%(taken)s),
     used AS (
     INSERT INTO cr_points_use (entry_id, spent_id, lot_id, points, create_uid,
            write_uid, create_date, write_date)
     SELECT entry_id, spent_id, lot_id, points, %(uid)s, %(uid)s,
            NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
       FROM taken WHERE points != 0 ORDER BY entry_id, lot_id
  RETURNING lot_id, points)
UPDATE cr_points_lot lot SET open_points = lot.open_points - change.points
  FROM (SELECT lot_id, SUM(points) AS points FROM used GROUP BY lot_id) AS change
 WHERE lot.id = change.lot_id
"""
# An entry that names its points, or the entry that brought them, takes those first.
# LATERAL makes PostgreSQL look each account up by its index, whatever it believes about
# tables that grew a moment ago.
_OWN = """
SELECT entry.id AS entry_id, entry.id AS spent_id, lot.id AS lot_id,
       LEAST(lot.open_points, -entry.points) AS points
  FROM cr_points_entry entry
 CROSS JOIN LATERAL (
       SELECT named.* FROM cr_points_lot named WHERE named.id = entry.taken_lot_id
        UNION ALL
       SELECT own.* FROM cr_points_lot own
        WHERE entry.taken_lot_id IS NULL AND own.entry_id = entry.reverses_id) AS lot
 WHERE entry.id = ANY(%(ids)s) AND entry.points < 0 AND lot.open_points > 0
   AND lot.account_id = entry.account_id
"""
# Two rows of numbers laid beside each other: what is asked for, oldest first, and what
# is there, earliest expiry first. Where they overlap, one takes from the other.
_FIFO = """
WITH entry AS MATERIALIZED (
     SELECT id, account_id, points FROM cr_points_entry
      WHERE id = ANY(%(ids)s) AND points < 0
      UNION
     SELECT owed.id, owed.account_id, owed.points
       FROM cr_points_account account
       JOIN cr_points_entry owed ON owed.account_id = account.id
      WHERE account.id = ANY(%(accounts)s) AND account.arrears > 0
        AND owed.kind = ANY(%(arrears)s) AND owed.points < 0),
     demand AS MATERIALIZED (
     SELECT id, account_id, -points - COALESCE((
            SELECT SUM(used.points) FROM cr_points_use used
             WHERE used.spent_id = entry.id), 0) AS missing
       FROM entry),
     asked AS MATERIALIZED (
     SELECT id, account_id, SUM(missing) OVER w AS upto,
            SUM(missing) OVER w - missing AS since
       FROM demand WHERE missing > 0 WINDOW w AS (PARTITION BY account_id ORDER BY id))
SELECT asked.id AS entry_id, asked.id AS spent_id, there.id AS lot_id,
       LEAST(asked.upto, there.upto) - GREATEST(asked.since, there.since) AS points
  FROM asked
 CROSS JOIN LATERAL (
       SELECT lot.id, SUM(lot.open_points) OVER w AS upto,
              SUM(lot.open_points) OVER w - lot.open_points AS since
         FROM cr_points_lot lot
        WHERE lot.account_id = asked.account_id AND lot.open_points > 0 AND %(ready)s
       WINDOW w AS (ORDER BY expires_on NULLS LAST, available_on, id)) AS there
 WHERE there.since < asked.upto AND asked.since < there.upto
"""
# What is given back goes to the points it came from, those that hold longest first; two
# that give back of the same redemption lie against them one after the other.
_RETURN = """
WITH asked AS MATERIALIZED (
     SELECT id, reverses_id, SUM(points) OVER w AS upto,
            SUM(points) OVER w - points AS since
       FROM cr_points_entry WHERE id = ANY(%(ids)s) AND kind = 'return'
     WINDOW w AS (PARTITION BY reverses_id ORDER BY id))
SELECT asked.id AS entry_id, asked.reverses_id AS spent_id, taken.lot_id,
       GREATEST(asked.since, taken.since) - LEAST(asked.upto, taken.upto) AS points
  FROM asked
 CROSS JOIN LATERAL (
       SELECT net.lot_id, SUM(net.points) OVER w AS upto,
              SUM(net.points) OVER w - net.points AS since
         FROM (SELECT lot_id, SUM(points) AS points FROM cr_points_use
                WHERE spent_id = asked.reverses_id
                GROUP BY lot_id HAVING SUM(points) > 0) AS net
         JOIN cr_points_lot lot ON lot.id = net.lot_id
       WINDOW w AS (ORDER BY lot.expires_on DESC NULLS FIRST, lot.available_on DESC,
                             lot.id DESC)) AS taken
 WHERE taken.since < asked.upto AND asked.since < taken.upto
"""
_SUM = """
WITH new AS MATERIALIZED (
     SELECT account_id, SUM(points) AS points, MAX(sequence) AS sequence,
            MAX(day) AS day, (array_agg(hash ORDER BY sequence DESC))[1] AS hash
       FROM cr_points_entry WHERE id = ANY(%(ids)s) GROUP BY account_id),
     rest AS MATERIALIZED (
     SELECT new.*, COALESCE((
            SELECT SUM(lot.open_points) FROM cr_points_lot lot
             WHERE lot.account_id = new.account_id AND lot.open_points > 0), 0) AS there
       FROM new)
UPDATE cr_points_account account
   SET balance = account.balance + rest.points, open_points = rest.there,
       arrears = rest.there - account.balance - rest.points,
       last_sequence = rest.sequence, last_hash = rest.hash,
       last_day = GREATEST(account.last_day, rest.day),
       write_date = NOW() AT TIME ZONE 'UTC', write_uid = %(uid)s
  FROM rest WHERE account.id = rest.account_id
"""


class CrPointsPostMixin(models.AbstractModel):
    """The one way that points move, in a fixed number of statements.

    Lock the accounts, insert the entries that are not there yet, bring points into
    being, take and give back, sum up. The database checks the result.
    """

    _name = "cr.points.post.mixin"
    _description = "Points account: posting"

    @api.model
    def _lock(self, account_ids):
        """Lock accounts until the transaction ends, always in the same order.

        :param account_ids: ids; whoever comes second waits, and starts over when the
            first one moved points
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM cr_points_account WHERE id = ANY(%s) ORDER BY id"
                " FOR NO KEY UPDATE",
                list(account_ids),
            )
        )

    @api.model
    def _post(self, rows, account_ids, ready_on=None):
        """Post rows to accounts; what was posted already is left out.

        :param SQL rows: query with the columns of an entry and `ord`, their order
        :param account_ids: all accounts the rows are about
        :param datetime.date ready_on: only points free on that day are taken; the
            caller has made sure that they suffice
        :return: the new entries
        """
        self._lock(account_ids)
        entries = self.env["cr.points.entry"]
        found = self.env.execute_query(
            SQL(_INSERT, rows=rows, payload=PAYLOAD, uid=self.env.uid)
        )
        if not found:
            return entries
        ids = [row_id for row_id, _account in found]
        accounts = list({account for _id, account in found})
        self.env.cr.execute(SQL(_LOTS, ids=ids))
        for taken in (
            SQL(_OWN, ids=ids),
            SQL(_RETURN, ids=ids),
            self._get_fifo_sql(ids, accounts, ready_on),
        ):
            self.env.cr.execute(SQL(_USE, taken=taken, uid=self.env.uid))
        self.env.cr.execute(SQL(_SUM, ids=ids, uid=self.env.uid))
        for model in ("entry", "lot", "use", "account"):
            self.env[f"cr.points.{model}"].invalidate_model(flush=False)
        posted = entries.browse(ids)
        self.browse(accounts)._after_points_moved(posted)
        return posted

    @api.model
    def _get_fifo_sql(self, ids, accounts, ready_on):
        """Return what entries take from the points of their accounts, in order."""
        ready = SQL("TRUE")
        if ready_on:
            ready = SQL(
                "available_on <= %(day)s"
                " AND (expires_on IS NULL OR expires_on >= %(day)s)",
                day=ready_on,
            )
        return SQL(
            _FIFO,
            ids=ids,
            accounts=accounts,
            arrears=list(ARREARS_KINDS),
            ready=ready,
        )

    @api.model
    def _post_values(self, vals_list, ready_on=None):
        """Post rows given as values; see `_post`.

        :param vals_list: [{column of an entry: value}]; `account_id`, `day`, `kind`,
            `points`, `key` and `company_id` are asked for
        """
        if not vals_list:
            return self.env["cr.points.entry"]
        rows = SQL(
            "SELECT account_id, day, kind, points,"
            " COALESCE(qualifying, 0) AS qualifying,"
            " COALESCE(material, 0) AS material, key, company_id, origin_model,"
            " origin_id, reverses_id, taken_lot_id, available_on, expires_on, basis,"
            " note, ordinality AS ord FROM ROWS FROM ("
            " jsonb_to_recordset(%s) AS (%s)) WITH ORDINALITY",
            json.dumps([_to_plain(vals) for vals in vals_list]),
            _TYPES,
        )
        return self._post(rows, {vals["account_id"] for vals in vals_list}, ready_on)

    # === HOOKS === #

    def _after_points_moved(self, entries):
        """React to moved points; runs once for the whole set.

        :param entries: the new entries of the accounts in `self`; take care that the
            number of queries does not depend on their number
        """


def _to_plain(vals):
    """Return values as JSON knows them; what is empty stays away."""
    plain = {}
    for name, value in vals.items():
        if value is False or value is None:
            continue
        plain[name] = fields.Date.to_string(value) if hasattr(value, "year") else value
    return plain
