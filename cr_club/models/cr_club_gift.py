from odoo import fields, models
from odoo.tools import SQL

from ..const import GIFT_KINDS


class CrClubGift(models.Model):
    """A thing with the club's logo, a car sticker or goods for points (CLB-26, CLB-27).

    The stock follows from the movements; the database lets none of it below zero.
    """

    _name = "cr.club.gift"
    _description = "Gift of the club"
    _inherit = ["cr.settled.mixin"]
    _order = "kind, sequence, id"

    _settled_columns = frozenset(("stock",))

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(GIFT_KINDS, required=True, default="gift")
    design = fields.Char(help="What it looks like: logo, colour, size.")
    image = fields.Image(max_width=512, max_height=512)
    unit_cost = fields.Monetary(string="Costs us", aggregator=None)
    stock = fields.Integer(readonly=True, required=True, default=0, copy=False)
    reorder_at = fields.Integer(
        string="Order anew at", aggregator=None, help="Listed when no more are left."
    )
    is_short = fields.Boolean(
        string="Running out",
        compute="_compute_is_short",
        search="_search_is_short",
    )
    move_ids = fields.One2many("cr.club.gift.move", "gift_id", string="Movements")

    _stock_left = models.Constraint(
        "CHECK (stock >= 0)", "More cannot be given out than there is."
    )
    _cost_positive = models.Constraint(
        "CHECK (COALESCE(unit_cost, 0) >= 0)", "A gift does not cost less than nothing."
    )

    def _compute_is_short(self):
        for gift in self:
            gift.is_short = gift.stock <= gift.reorder_at

    def _search_is_short(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["stock", "reorder_at"])
        short = SQL(
            "(SELECT id FROM cr_club_gift WHERE stock <= COALESCE(reorder_at, 0))"
        )
        return [("id", "in" if True in value else "not in", short)]

    def action_open_moves(self):
        """Open what came in and went out."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_club_gift_move_action"
        )
        return {
            **action,
            "domain": [("gift_id", "=", self.id)],
            "context": {"default_gift_id": self.id},
        }
