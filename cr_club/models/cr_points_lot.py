from odoo import fields, models


class CrPointsLot(models.Model):
    """Points of one entry, until they are spent or expire (anchor 30).

    The earliest to expire is spent first. What is left is stored beside its uses.
    """

    _name = "cr.points.lot"
    _description = "Points of one entry"
    _order = "expires_on NULLS LAST, available_on, id"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        "cr.points.entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        "cr.points.account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="account_id.company_id", string="Store")
    points = fields.Integer(required=True, readonly=True)
    open_points = fields.Integer(string="Left", required=True, readonly=True)
    available_on = fields.Date(
        string="May be spent from", required=True, readonly=True
    )
    expires_on = fields.Date(string="Hold until", readonly=True)
    use_ids = fields.One2many("cr.points.use", "lot_id", string="Uses")

    _entry_unique = models.UniqueIndex("(entry_id)", "An entry brings points once.")
    _left_in_range = models.Constraint(
        "CHECK (open_points BETWEEN 0 AND points AND points > 0)",
        "More points cannot be taken than there are.",
    )
    _open_index = models.Index("(account_id) WHERE open_points > 0")
    _expiry_index = models.Index(
        "(expires_on) WHERE open_points > 0 AND expires_on IS NOT NULL"
    )
