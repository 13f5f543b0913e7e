from odoo import api, fields, models


class CrCourtesyCheckLine(models.Model):
    """Whether one standard of courtesy was kept (COM-10)."""

    _name = "cr.courtesy.check.line"
    _description = "Line of a courtesy check"
    _order = "sequence, id"

    check_id = fields.Many2one(
        "cr.courtesy.check", required=True, index=True, ondelete="cascade"
    )
    standard_id = fields.Many2one(
        "cr.courtesy.standard",
        required=True,
        index=True,
        ondelete="restrict",
    )
    example = fields.Text(related="standard_id.example")
    sequence = fields.Integer(default=10, aggregator=None)
    verdict = fields.Selection(
        [("kept", "Kept"), ("missed", "Not kept"), ("none", "Did not arise")],
        required=True,
        default="none",
    )
    note = fields.Char(string="What was seen")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Add standards to checks that were not shown yet."""
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        """Judge standards of checks that were not shown yet."""
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        self._check_draft()

    # === BUSINESS === #

    def _check_draft(self):
        """Raise if the colleague has read the check already."""
        shown = self.check_id.filtered(lambda check: check.state == "shown")
        if shown and not self.env.su:
            shown._refuse_change()
