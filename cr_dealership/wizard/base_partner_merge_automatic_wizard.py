from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps to the suite's unique indexes and hidden fields."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let rows give way that could not stand beside those of the remaining file."""
        src_partners._cr_prepare_merge(dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Take over values that the merging user cannot see, like the ID number."""
        # sudo: a merge must lose nothing; nothing of it is shown to the user.
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Work out the facts of the remaining file anew."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: facts rest on cars and orders of every store.
        vehicles = (
            self.env["cr.vehicle.role"]
            .sudo()
            .search([("partner_id", "in", remaining.ids)])
            .vehicle_id
        )
        vehicles._refresh_facts(remaining.sudo())
        return result
