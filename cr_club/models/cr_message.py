from odoo import models


class CrMessage(models.Model):
    """A member who got the message about his tier was told (CLB-11)."""

    _inherit = "cr.message"

    def _after_state_changed(self):
        """Note on the change of tier that the member heard of it."""
        result = super()._after_state_changed()
        changes = self.env["cr.club.tier.change"]
        told = self.filtered(
            lambda one: one.origin_model == changes._name
            and one.state in ("sent", "delivered")
        )
        # sudo: a job or the gateway moved the message.
        changes.sudo().browse(told.mapped("origin_id")).exists().action_told()
        return result
