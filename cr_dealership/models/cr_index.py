from odoo import api, fields, models
from odoo.tools import SQL

from ..const_interview import INDEX_OWNERS, INTERVIEW_KINDS


class CrIndex(models.Model):
    """A satisfaction index on 1,000 points (SUR-05, KPI-01).

    Factor mean = mean of the answered questions by their weight. Points of an
    interview = 100 × mean of its factors by the weights of a version, so that all tens
    are 1,000. What was not answered is left out and the other weights stand for it; an
    interview of which less than the version's least share was answered does not count.
    The index of a group is the mean of its interviews. Several indices may read the
    same interview: the maker's and our own.
    """

    _name = "cr.index"
    _description = "Satisfaction index"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(INTERVIEW_KINDS, required=True, default="csi")
    owner = fields.Selection(INDEX_OWNERS, required=True, default="store")
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    version_ids = fields.One2many("cr.index.version", "index_id", string="Weights")
    version_id = fields.Many2one(
        "cr.index.version", string="In force", compute="_compute_version_id"
    )

    @api.depends("version_ids.state", "version_ids.valid_from")
    def _compute_version_id(self):
        today = fields.Date.context_today(self)
        versions = self.env["cr.index.version"].search(
            [
                ("index_id", "in", self.ids),
                ("state", "=", "in_force"),
                ("valid_from", "<=", today),
            ],
            order="valid_from, number",
        )
        found = {version.index_id: version for version in versions}
        for index in self:
            index.version_id = found.get(index)

    @api.model
    def _periods_sql(self):
        """Return the query for the days (valid_from, until) of versions in force.

        A version that was replaced was in force until then.
        """
        return SQL("""
            SELECT id, valid_from, LEAD(valid_from) OVER (
                       PARTITION BY index_id ORDER BY valid_from, number) AS until
              FROM cr_index_version WHERE state <> 'draft'
            """)

    def action_view_versions(self):
        """Open the versions of the weights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cr.index.version",
            "view_mode": "list,form",
            "domain": [("index_id", "=", self.id)],
            "context": {"default_index_id": self.id},
        }
