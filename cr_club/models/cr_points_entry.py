from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import ENTRY_KINDS

# One link of the chain: what the entry says, hashed together with the link before.
_LINK = """
CREATE OR REPLACE FUNCTION cr_points_link(state text, payload text, start text)
RETURNS text AS $$
    SELECT encode(
        sha256(convert_to(COALESCE(state, start, '') || payload, 'UTF8')), 'hex')
$$ LANGUAGE sql IMMUTABLE
"""
_CHAIN = """
CREATE OR REPLACE AGGREGATE cr_points_chain(text, text) (
    SFUNC = cr_points_link, STYPE = text)
"""


class CrPointsEntry(models.Model):
    """One movement of points; never changed, chained to the one before (PTS-01).

    Written by `cr.points.account._post` only. What an entry says of spendable points is
    `points`; `qualifying` and `material` are what counts for tiers (PTS-13).
    """

    _name = "cr.points.entry"
    _description = "Points entry"
    _inherit = ["cr.append.only.mixin"]
    _order = "id desc"
    _rec_names_search = ["key", "note"]

    account_id = fields.Many2one(
        "cr.points.account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Where it happened.",
    )
    sequence = fields.Integer(
        string="Number in the account", required=True, readonly=True, aggregator=None
    )
    day = fields.Date(required=True, readonly=True)
    kind = fields.Selection(ENTRY_KINDS, required=True, readonly=True)
    points = fields.Integer(required=True, readonly=True)
    qualifying = fields.Integer(
        string="Count for the tier", required=True, readonly=True
    )
    material = fields.Integer(
        string="Of which from material", required=True, readonly=True
    )
    balance = fields.Integer(
        string="Balance afterwards", required=True, readonly=True, aggregator=None
    )
    available_on = fields.Date(string="May be spent from", readonly=True)
    expires_on = fields.Date(string="Hold until", readonly=True)
    key = fields.Char(
        required=True, readonly=True, help="What caused it; posted once."
    )
    origin_model = fields.Char(readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(
        string="Record", model_field="origin_model", readonly=True
    )
    reverses_id = fields.Many2one(
        "cr.points.entry",
        string="Belongs to",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that this one takes back or gives back.",
    )
    taken_lot_id = fields.Many2one(
        "cr.points.lot",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The points that this entry takes, when they are no others.",
    )
    basis = fields.Char(
        readonly=True, help="What the points were worked out from, to notice a change."
    )
    note = fields.Char(string="In words", readonly=True)
    hash = fields.Char(readonly=True, required=True)
    lot_ids = fields.One2many("cr.points.lot", "entry_id", string="Points brought")
    use_ids = fields.One2many("cr.points.use", "entry_id", string="Taken from")

    _key_unique = models.UniqueIndex("(key)", "This was posted already.")
    _sequence_unique = models.UniqueIndex(
        "(account_id, sequence)", "Entries of an account are numbered."
    )
    _reversed_once = models.UniqueIndex(
        "(reverses_id) WHERE kind = 'reverse'",
        "This entry was taken back already.",
    )
    _origin_index = models.Index("(origin_model, origin_id)")
    _day_index = models.Index("(account_id, day) WHERE qualifying != 0")
    _says_something = models.Constraint(
        "CHECK (points != 0 OR qualifying != 0)", "An entry moves points."
    )

    def init(self):
        """Put the functions that chain the entries into the database."""
        result = super().init()
        self.env.cr.execute(_LINK)
        self.env.cr.execute(_CHAIN)
        return result

    @api.depends("day", "kind", "points")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            day = fields.Date.to_string(entry.day) or ""
            entry.display_name = (
                f"{day} {labels.get(entry.kind, '')} {entry.points:+d}"
            )

    def _refuse_give_back(self, points, left):
        """Raise: an entry gives back no more than it took."""
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(member)s: %(points)s points cannot be given back; %(left)s of those"
                " taken on %(day)s are not given back yet.",
                member=self.account_id.partner_id.name,
                points=points,
                left=left,
                day=fields.Date.to_string(self.day),
            )
        )

    def action_open_origin(self):
        """Open the document that moved the points."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "views": [(False, "form")],
        }
