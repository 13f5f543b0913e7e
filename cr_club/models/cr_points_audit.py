from odoo import api, fields, models
from odoo.tools import SQL

from ..const import AUDIT_KINDS
from .cr_points_post_mixin import PAYLOAD

# Everything that could disagree, derived anew from the entries.
_FAULTS = """
SELECT 'balance' AS kind, account.id AS account_id, account.balance::text AS found,
       COALESCE(sum.points, 0)::text AS expected
  FROM cr_points_account account
  LEFT JOIN (SELECT account_id, SUM(points) AS points, MAX(sequence) AS sequence
               FROM cr_points_entry GROUP BY account_id) AS sum
    ON sum.account_id = account.id
 WHERE account.balance != COALESCE(sum.points, 0)
    OR account.last_sequence != COALESCE(sum.sequence, 0)
 UNION ALL
SELECT 'lots', account.id, account.balance::text,
       (COALESCE(lot.points, 0) - account.arrears)::text
  FROM cr_points_account account
  LEFT JOIN (SELECT account_id, SUM(open_points) AS points FROM cr_points_lot
              GROUP BY account_id) AS lot ON lot.account_id = account.id
 WHERE account.open_points != COALESCE(lot.points, 0)
    OR account.balance != COALESCE(lot.points, 0) - account.arrears
 UNION ALL
SELECT 'lot', lot.account_id, lot.open_points::text,
       (entry.points - COALESCE(used.points, 0))::text
  FROM cr_points_lot lot
  JOIN cr_points_entry entry ON entry.id = lot.entry_id
  LEFT JOIN (SELECT lot_id, SUM(points) AS points FROM cr_points_use
              GROUP BY lot_id) AS used ON used.lot_id = lot.id
 WHERE lot.open_points != entry.points - COALESCE(used.points, 0)
 UNION ALL
SELECT 'chain', account_id, MIN(sequence)::text, NULL
  FROM (SELECT account_id, sequence, hash,
               cr_points_chain(%(payload)s, NULL) OVER (
                   PARTITION BY account_id ORDER BY sequence
                   ROWS UNBOUNDED PRECEDING) AS due,
               ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY sequence) AS place
          FROM cr_points_entry) AS link
 WHERE hash != due OR sequence != place GROUP BY account_id
 UNION ALL
SELECT 'chain', account.id, last.sequence::text, NULL
  FROM cr_points_account account
  JOIN cr_points_entry last ON last.account_id = account.id
                           AND last.sequence = account.last_sequence
 WHERE last.hash IS DISTINCT FROM account.last_hash
"""


class CrPointsAudit(models.Model):
    """The nightly proof: every balance derived anew, every link hashed anew.

    Expected is a drift of 0; what is found stands in the faults (new feature 12).
    """

    _name = "cr.points.audit"
    _description = "Proof of the points"
    _order = "id desc"
    _rec_name = "run_at"

    run_at = fields.Datetime(required=True, readonly=True)
    account_count = fields.Integer(string="Accounts", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    drift = fields.Integer(
        string="Faults", readonly=True, help="0 is the only good figure."
    )
    fault_ids = fields.One2many(
        "cr.points.audit.fault", "audit_id", string="What disagrees", readonly=True
    )

    @api.model
    def _prove(self):
        """Derive all balances anew and hash all entries anew, without committing.

        :return: the record of the proof
        """
        self.env.flush_all()
        faults = self.env.execute_query_dict(SQL(_FAULTS, payload=PAYLOAD))
        [[accounts, entries]] = self.env.execute_query(
            SQL(
                "SELECT (SELECT COUNT(*) FROM cr_points_account),"
                " (SELECT COUNT(*) FROM cr_points_entry)"
            )
        )
        return self.create(
            {
                "run_at": fields.Datetime.now(),
                "account_count": accounts,
                "entry_count": entries,
                "drift": len(faults),
                "fault_ids": [(0, 0, fault) for fault in faults],
            }
        )

    @api.model
    def _cron_prove(self):
        """Prove the points and commit the result."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        self._prove()
        cron._commit_progress(1)


class CrPointsAuditFault(models.Model):
    """One thing that disagrees."""

    _name = "cr.points.audit.fault"
    _description = "Fault of the points"
    _order = "id"
    _rec_name = "kind"

    audit_id = fields.Many2one(
        "cr.points.audit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(AUDIT_KINDS, required=True, readonly=True)
    account_id = fields.Many2one(
        "cr.points.account", readonly=True, index=True, ondelete="cascade"
    )
    found = fields.Char(readonly=True)
    expected = fields.Char(readonly=True)
