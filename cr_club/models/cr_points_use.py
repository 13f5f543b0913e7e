from odoo import fields, models


class CrPointsUse(models.Model):
    """Which points an entry took, or gave back (negative); never changed."""

    _name = "cr.points.use"
    _description = "Use of points"
    _inherit = ["cr.append.only.mixin"]
    _order = "id desc"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        "cr.points.entry",
        string="By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    spent_id = fields.Many2one(
        "cr.points.entry",
        string="For",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The entry whose points these are; when given back, the one that took.",
    )
    lot_id = fields.Many2one(
        "cr.points.lot",
        string="From",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    points = fields.Integer(required=True, readonly=True)

    _moves = models.Constraint("CHECK (points != 0)", "A use moves points.")
