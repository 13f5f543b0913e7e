from odoo import api, fields, models


class CrRoleDuty(models.TransientModel):
    """Who is on duty: the answer for every role of a store on a day (ROL-07)."""

    _name = "cr.role.duty"
    _description = "Who is on duty"

    day = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        default=lambda self: self.env.company,
    )
    line_ids = fields.One2many(
        "cr.role.duty.line", "duty_id", compute="_compute_line_ids"
    )
    vacant_count = fields.Integer(
        string="Roles without holder", compute="_compute_line_ids"
    )

    @api.depends("day", "company_id")
    def _compute_display_name(self):
        for duty in self:
            duty.display_name = self.env._("Who is on duty")

    @api.depends("day", "company_id")
    def _compute_line_ids(self):
        """Answer for every role who is on duty that day in that store."""
        roles = self.env["cr.role"].search([("active", "=", True)])
        for duty in self:
            lines = self.env["cr.role.duty.line"]
            found = {}
            if duty.day and duty.company_id:
                found = roles._get_duties(duty.company_id, [duty.day])
            for role in roles if found else ():
                duties = found[role.id, duty.company_id.id, duty.day]
                lines += lines.new(role._prepare_duty_line(duties))
            duty.line_ids = lines
            duty.vacant_count = len(lines.filtered("is_vacant"))


class CrRoleDutyLine(models.TransientModel):
    """Who answers for one role."""

    _name = "cr.role.duty.line"
    _description = "Who is on duty, one role"

    duty_id = fields.Many2one("cr.role.duty")
    role_id = fields.Many2one("cr.role", string="Post")
    department = fields.Char(related="role_id.department")
    user_ids = fields.Many2many("res.users", string="On duty")
    is_vacant = fields.Boolean()
    note = fields.Char()
