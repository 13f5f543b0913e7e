from odoo import api, models


class CrVersionLineMixin(models.AbstractModel):
    """A line of a `cr.version.mixin`: it changes only while its version is a draft.

    The host declares `version_id`.
    """

    _name = "cr.version.line.mixin"
    _description = "Line of a version"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new lines in a version that something was begun under."""
        lines = super().create(vals_list)
        lines.version_id._check_draft()
        return lines

    def write(self, vals):
        """Refuse to change a line that something was begun under."""
        self.version_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to take a line out of what something was begun under."""
        self.version_id._check_draft()
