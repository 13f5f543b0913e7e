from odoo import fields, models
from odoo.exceptions import UserError


class CrClubTierSet(models.TransientModel):
    """A person gives a member a tier, with the reason (CLB-11)."""

    _name = "cr.club.tier.set"
    _description = "Give a tier"

    member_id = fields.Many2one("cr.club.member", required=True)
    scheme_id = fields.Many2one(related="member_id.program_id.scheme_id")
    tier_id = fields.Many2one(
        "cr.club.tier", required=True, domain="[('scheme_id', '=', scheme_id)]"
    )
    reason = fields.Char(required=True)
    is_fixed = fields.Boolean(string="Tier stays", help="No downgrade is proposed.")

    def action_set(self):
        """Give the tier and write the history."""
        for wizard in self:
            # sudo: only who runs the club has this dialogue; the tier follows from it.
            member = wizard.member_id.sudo()
            if member.state != "active":
                raise UserError(
                    self.env._(
                        "%s is not a member yet; finish the joining first.",
                        member.display_name,
                    )
                )
            member.is_tier_fixed = wizard.is_fixed
            member._give_tier(wizard.tier_id, wizard.reason)
