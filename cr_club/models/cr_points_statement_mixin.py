from odoo import fields, models
from odoo.tools import SQL

_FATES = """
SELECT lot.id, entry.day, entry.kind, entry.note, entry.points, lot.open_points,
       lot.available_on, lot.expires_on,
       COALESCE(json_agg(json_build_array(spent.day, spent.kind, net.points)
                         ORDER BY spent.id)
                FILTER (WHERE net.points != 0), '[]') AS uses
  FROM cr_points_lot lot
  JOIN cr_points_entry entry ON entry.id = lot.entry_id
  JOIN cr_points_account account ON account.id = lot.account_id
  LEFT JOIN LATERAL (
       SELECT spent_id, SUM(points)::int AS points FROM cr_points_use
        WHERE lot_id = lot.id GROUP BY spent_id) AS net ON TRUE
  LEFT JOIN cr_points_entry spent ON spent.id = net.spent_id
 WHERE account.id = %(account)s OR account.merged_into_id = %(account)s
 GROUP BY lot.id, entry.id ORDER BY entry.day DESC, lot.id DESC
"""


class CrPointsStatementMixin(models.AbstractModel):
    """The statement: what became of every point (PTS-07, anchor 30)."""

    _name = "cr.points.statement.mixin"
    _description = "Points account: statement"

    statement_html = fields.Html(
        string="Statement", compute="_compute_statement_html", sanitize=False
    )

    def _compute_statement_html(self):
        for account in self:
            account.statement_html = self.env["ir.qweb"]._render(
                "cr_club.points_statement", {"lines": account._get_statement()}
            )

    def _get_statement(self):
        """Return what became of each lot of points, the newest first.

        :return: [{`day`, `what`, `points`, `left`, `fate`}], texts in the reader's
            language
        :rtype: list[dict]
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query_dict(SQL(_FATES, account=self.id))
        return [
            {
                "day": row["day"],
                "what": self._name_kind(row["kind"]),
                "note": row["note"] or "",
                "points": row["points"],
                "left": row["open_points"],
                "fate": self._describe_fate(row),
            }
            for row in rows
        ]

    def _get_last_redeemed(self):
        """Return the day on which points were last redeemed, or None (CLB-17)."""
        entries = self.env["cr.points.entry"]
        last = entries.search(
            [("account_id", "in", self.ids), ("kind", "=", "redeem")], limit=1
        )
        return last.day or None

    def _describe_fate(self, row):
        """Return in words what became of one lot: spent, expired, left, waiting."""
        parts = [
            self.env._(
                "%(points)s %(what)s on %(day)s",
                points=points,
                what=self._name_kind(kind),
                day=day,
            )
            for day, kind, points in row["uses"]
        ]
        if row["open_points"]:
            parts.append(self._describe_left(row))
        return "; ".join(parts)

    def _describe_left(self, row):
        """Return in words what is left of one lot, and until when."""
        today = self.company_id._cr_today()
        if row["available_on"] > today:
            return self.env._(
                "%(points)s wait until %(day)s",
                points=row["open_points"],
                day=fields.Date.to_string(row["available_on"]),
            )
        if row["expires_on"]:
            return self.env._(
                "%(points)s left, hold until %(day)s",
                points=row["open_points"],
                day=fields.Date.to_string(row["expires_on"]),
            )
        return self.env._("%s left", row["open_points"])

    def _name_kind(self, kind):
        """Return the label of a kind of entry in the reader's language."""
        labels = self.env["cr.points.entry"]._fields["kind"]
        return dict(labels._description_selection(self.env))[kind]

    def action_open_entries(self):
        """Open the entries of the account, with those of merged files."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_points_entry_action"
        )
        domain = [
            "|",
            ("account_id", "=", self.id),
            ("account_id.merged_into_id", "=", self.id),
        ]
        return {**action, "domain": domain, "context": {}}
