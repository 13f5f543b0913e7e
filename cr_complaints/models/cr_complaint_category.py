from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrComplaintCategory(models.Model):
    """What a complaint is about, apart from how grave it is (CPL-13)."""

    _name = "cr.complaint.category"
    _description = "Complaint category"
    _parent_store = True
    _order = "parent_path, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    parent_id = fields.Many2one(
        "cr.complaint.category", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    role_id = fields.Many2one(
        "cr.role",
        string="Responsible department",
        help="Whose manager a complaint of this kind is passed to.",
    )
    is_against_advisor = fields.Boolean(
        string="Counts against the service advisor",
        help="A closed complaint of this kind proposes a deduction for the advisor of"
        " the work order; somebody decides about it.",
    )

    display_name = fields.Char(recursive=True)

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for category in self:
            parts = (category.parent_id.display_name, category.name)
            category.display_name = " / ".join(part for part in parts if part)

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A category cannot be a part of itself; choose another one.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Raised rights: a hidden complaint uses it all the same.
        used = self.env["cr.complaint"].sudo().search_count(
            [("category_id", "child_of", self.ids)]
        )
        if used:
            raise UserError(
                self.env._(
                    "%(count)s complaints are of the category “%(category)s”; switch it"
                    " off instead of deleting it.",
                    count=used,
                    category=self[:1].display_name,
                )
            )

    def _get_role(self):
        """Return the responsible role, of the category or of what it is a part of."""
        self.ensure_one()
        category = self
        while category and not category.role_id:
            category = category.parent_id
        return category.role_id
