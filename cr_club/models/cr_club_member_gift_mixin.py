from odoo import fields, models


class CrClubMemberGiftMixin(models.AbstractModel):
    """What a member got: gifts, car sticker, rewards for points (CLB-26, CLB-27)."""

    _name = "cr.club.member.gift.mixin"
    _description = "Gifts of a member"

    gift_move_ids = fields.One2many(
        "cr.club.gift.move", "member_id", string="Gifts received"
    )

    def action_sticker_handed(self):
        """Take the stickers that are handed over out of the stock, too."""
        self.check_access("write")
        waiting = self.filtered(lambda member: not member.sticker_on)
        stickers = self._get_stickers()
        # sudo: who hands the sticker over moves the stock with it.
        self.env["cr.club.gift.move"].sudo().create(
            [
                {
                    "gift_id": stickers[member.company_id].id,
                    "kind": "issue",
                    "day": member.company_id._cr_today(),
                    "member_id": member.id,
                    "key": f"sticker:{member.id}",
                }
                for member in waiting
                if member.company_id in stickers
            ]
        )
        return super().action_sticker_handed()

    def _get_stickers(self):
        """Return {store: its car sticker}; a store that keeps none counts none."""
        # sudo: the stock of the member's store, whoever asks.
        stickers = (
            self.env["cr.club.gift"]
            .sudo()
            .search(
                [("kind", "=", "sticker"), ("company_id", "in", self.company_id.ids)]
            )
        )
        return {sticker.company_id: sticker for sticker in reversed(stickers)}

    def action_redeem(self):
        """Ask for a reward for the member."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reward for %s", self.partner_id.name),
            "res_model": "cr.redemption",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_program_id": self.program_id.id,
            },
        }
