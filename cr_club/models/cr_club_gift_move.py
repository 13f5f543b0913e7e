from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import GIFT_MOVE_KINDS, GIFT_SIGNS

# The rows are locked in one order. What would fall below zero is left as it is, so that
# the caller can name it.
_APPLY = """
WITH change AS (
     SELECT gift_id, SUM(change)::int AS change FROM cr_club_gift_move
      WHERE id = ANY(%(ids)s) GROUP BY gift_id),
     locked AS (
     SELECT id FROM cr_club_gift WHERE id IN (SELECT gift_id FROM change)
      ORDER BY id FOR NO KEY UPDATE)
UPDATE cr_club_gift gift
   SET stock = gift.stock + change.change, write_uid = %(uid)s,
       write_date = NOW() AT TIME ZONE 'UTC'
  FROM change JOIN locked ON locked.id = change.gift_id
 WHERE gift.id = change.gift_id AND gift.stock + change.change >= 0
RETURNING gift.id
"""


class CrClubGiftMove(models.Model):
    """Gifts that came in or went out, to whom or at which event; never changed."""

    _name = "cr.club.gift.move"
    _description = "Movement of gifts"
    _inherit = ["cr.append.only.mixin"]
    _order = "day desc, id desc"
    _rec_name = "gift_id"
    # Two files of a person become one.
    _movable_columns = ("member_id", "write_uid", "write_date")

    gift_id = fields.Many2one(
        "cr.club.gift", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="gift_id.company_id", store=True, index=True, precompute=True
    )
    day = fields.Date(required=True, default=lambda self: self.env.company._cr_today())
    kind = fields.Selection(GIFT_MOVE_KINDS, required=True, default="issue")
    quantity = fields.Integer(
        required=True, default=1, help="Below zero only for “Counted anew”."
    )
    change = fields.Integer(string="Change of stock", readonly=True, required=True)
    member_id = fields.Many2one(
        "cr.club.member", index="btree_not_null", ondelete="restrict"
    )
    event_id = fields.Many2one(
        "event.event", index="btree_not_null", ondelete="restrict"
    )
    redemption_id = fields.Many2one(
        "cr.redemption", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    key = fields.Char(readonly=True, help="What caused it; moved once.")
    note = fields.Char()

    _key_unique = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "This was moved already."
    )
    _quantity_sane = models.Constraint(
        "CHECK (quantity != 0 AND (quantity > 0 OR kind = 'correct'))",
        "Enter how many as a number above zero; only a count may be below.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Move the stock with the rows; two at once do not get the same piece."""
        for vals in vals_list:
            kind = vals.get("kind", "issue")
            vals["change"] = GIFT_SIGNS.get(kind, 1) * vals.get("quantity", 1)
        moves = super().create(vals_list)
        moves._apply()
        moves._stamp_stickers()
        return moves

    def _apply(self):
        """Change the stock of the gifts in one statement, or refuse by name."""
        gifts = self.gift_id
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_APPLY, ids=self.ids, uid=self.env.uid))
        gifts.invalidate_recordset(["stock"])
        missing = gifts - gifts.browse(row_id for [row_id] in rows)
        for gift in missing:
            raise UserError(
                self.env._(
                    "Of “%(gift)s” %(stock)s are left in %(store)s, which is not"
                    " enough. Record what came in first, or give less.",
                    gift=gift.name,
                    stock=gift.stock,
                    store=gift.company_id.name,
                )
            )

    def _stamp_stickers(self):
        """Note on members that they have their car sticker (CLB-27)."""
        members = self.filtered(
            lambda move: move.kind == "issue" and move.gift_id.kind == "sticker"
        ).member_id
        for company, given in members.grouped("company_id").items():
            waiting = given.filtered(lambda member: not member.sticker_on)
            if waiting:
                waiting.write({"sticker_on": company._cr_today()})
