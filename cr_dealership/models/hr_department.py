from odoo import api, fields, models

from ..const_problem import LANES


class HrDepartment(models.Model):
    """A department answers problems of customers through the post that it names."""

    _inherit = "hr.department"

    cr_role_id = fields.Many2one(
        "cr.role",
        string="Post that answers customers",
        help="Whoever holds it today owns new problems of the department. Empty: its"
        " manager; without one, the CR head.",
    )
    cr_lane = fields.Selection(
        LANES,
        string="Answers callbacks about",
        help="A problem found in such a call goes to this department by itself.",
    )

    @api.model
    def _cr_get_by_lane(self, companies):
        """Return {(store id, lane): department}; a store's own before a shared one."""
        # Raised rights: which department answers is no secret.
        found = self.sudo().search(
            [
                ("cr_lane", "!=", False),
                ("company_id", "in", [False, *companies.ids]),
            ],
        ).sorted(lambda department: not department.company_id)
        lanes = {}
        for company in companies:
            for department in found:
                if department.company_id in (company, company.browse()):
                    key = (company.id, department.cr_lane)
                    lanes.setdefault(key, department.sudo(False))
        return lanes
