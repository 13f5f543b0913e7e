from odoo import api, fields, models
from odoo.tools import SQL

from ..const import CALLBACK_KINDS


class CrScript(models.Model):
    """What an agent reads in a kind of call; its wording lives in versions (CB-08)."""

    _name = "cr.script"
    _description = "Call script"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(CALLBACK_KINDS, required=True, default="csi")
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    questionnaire_id = fields.Many2one(
        "cr.questionnaire",
        string="Asks",
        index="btree_not_null",
        ondelete="set null",
        help="Its questions stand beside the script and are answered in the call.",
    )
    version_ids = fields.One2many("cr.script.version", "script_id", string="Versions")
    version_id = fields.Many2one(
        "cr.script.version", string="In force", compute="_compute_version_id"
    )

    @api.depends("version_ids.state", "version_ids.valid_from")
    def _compute_version_id(self):
        found = self._get_versions_in_force(fields.Date.context_today(self))
        for script in self:
            script.version_id = found.get(script.id, False)

    def _get_versions_in_force(self, day):
        """Return {script id: version id} for a day, in one query."""
        self.env["cr.script.version"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT script_id, id FROM (%s) version WHERE script_id IN %s",
                    self._versions_in_force_sql(day),
                    tuple(self.ids) or (0,),
                )
            )
        )

    @api.model
    def _versions_in_force_sql(self, day):
        """Return the query for (script_id, id) of the versions in force on a day."""
        return SQL(
            """SELECT DISTINCT ON (script_id) script_id, id FROM cr_script_version
                WHERE state = 'in_force' AND valid_from <= %s
                ORDER BY script_id, valid_from DESC, number DESC""",
            day,
        )

    def action_view_versions(self):
        """Open the versions of this script."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cr.script.version",
            "view_mode": "list,form",
            "domain": [("script_id", "=", self.id)],
            "context": {"default_script_id": self.id},
        }
