from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.periods import span_before

from ..const import CUT_STATES

_FINANCE = "cr_dealership.group_cr_dealership_finance"
_COLLECT = """
INSERT INTO %(table)s (cut_id, entry_id)
SELECT %(cut)s, entry.id
  FROM cr_points_entry entry
  JOIN cr_points_account account ON account.id = entry.account_id
 WHERE entry.day <= %(date_to)s AND %(condition)s
   AND NOT EXISTS (SELECT FROM %(table)s taken WHERE taken.entry_id = entry.id)
"""


class CrPointsCutMixin(models.AbstractModel):
    """A period of the ledger that finance signs off.

    It names its entries: all up to its last day that no earlier period has. So an
    entry that is posted late goes into the next one, and none into two; the database
    sees to that. A host names its table of entries and says which are its own.
    """

    _name = "cr.points.cut.mixin"
    _description = "Period of the points ledger"
    _inherit = ["cr.settled.mixin"]

    _cut_table = None
    _settled_columns = frozenset(("state", "signed_on", "signed_by_id"))

    date_to = fields.Date(
        string="Up to",
        required=True,
        default=lambda self: self._get_last_month_end(),
    )
    state = fields.Selection(
        CUT_STATES, required=True, default="draft", copy=False, tracking=True
    )
    signed_on = fields.Date(readonly=True, copy=False)
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    def init(self):
        """Let no entry stand in two periods."""
        result = super().init()
        if self._cut_table:
            self.env.cr.execute(
                SQL(
                    "CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (entry_id)",
                    SQL.identifier(f"{self._cut_table}_once"),
                    SQL.identifier(self._cut_table),
                )
            )
        return result

    # === CRUD === #

    def write(self, vals):
        """What was signed off stays as it is."""
        if not self.env.su:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_draft()

    def _check_draft(self):
        """Raise for the first period that was signed off."""
        for cut in self.filtered(lambda cut: cut.state == "signed"):
            raise UserError(
                self.env._(
                    "%(name)s was signed off by %(user)s on %(day)s and stays; what"
                    " comes later goes into the next one.",
                    name=cut.display_name,
                    user=cut.signed_by_id.name,
                    day=fields.Date.to_string(cut.signed_on),
                )
            )

    # === ACTIONS === #

    def action_work_out(self):
        """Take in the entries up to the last day and work the figures out."""
        self.check_access("write")
        self._check_draft()
        for cut in self:
            cut._work_out()

    def action_sign(self):
        """Finance signs off: the figures stay from now on (ROL-13)."""
        self.check_access("write")
        if not self.env.user.has_group(_FINANCE):
            raise AccessError(
                self.env._("Finance signs off, nobody else; ask the finance manager.")
            )
        self._check_draft()
        for cut in self:
            cut._check_over()
            cut._work_out()
            cut._settle(
                state="signed",
                signed_on=cut.company_id._cr_today(),
                signed_by_id=self.env.uid,
            )
        # The next one may be begun in the same breath; the index allows one draft.
        self.flush_recordset(["state"])

    # === BUSINESS === #

    @api.model
    def _get_last_month_end(self):
        """Return the last day of the month before this one."""
        return span_before("month", self.env.company._cr_today())[1]

    def _check_over(self):
        """Raise while the period still runs."""
        self.ensure_one()
        if self.date_to >= self.company_id._cr_today():
            raise UserError(
                self.env._(
                    "%(name)s runs until %(day)s; sign it off afterwards.",
                    name=self.display_name,
                    day=fields.Date.to_string(self.date_to),
                )
            )

    def _collect_entries(self):
        """Take in the entries of the period, in two statements."""
        self.ensure_one()
        self.env.flush_all()
        table = SQL.identifier(self._cut_table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE cut_id = %s", table, self.id))
        self.env.cr.execute(
            SQL(
                _COLLECT,
                table=table,
                cut=self.id,
                date_to=self.date_to,
                condition=self._get_entry_sql(),
            )
        )
        self.invalidate_model(flush=False)

    # === HOOKS === #

    def _get_entry_sql(self):
        """Return which entries are the host's, over `entry` and `account`.

        :rtype: SQL
        """
        raise NotImplementedError

    def _work_out(self):
        """Take in the entries and write the figures; the host says how."""
        raise NotImplementedError
