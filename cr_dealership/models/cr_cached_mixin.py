from odoo import api, models


class CrCachedMixin(models.AbstractModel):
    """Settings that are read through `ormcache`: a change forgets what was read."""

    _name = "cr.cached.mixin"
    _description = "Cached settings"

    @api.model_create_multi
    def create(self, vals_list):
        """Forget what was read before."""
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Forget what was read before."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Forget what was read before."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
