from odoo import fields, models


class CrPointsAccountPass(models.TransientModel):
    """Points go to somebody else, by the rule of the club."""

    _name = "cr.points.account.pass"
    _description = "Pass points on"

    account_id = fields.Many2one("cr.points.account", string="From", required=True)
    available = fields.Integer(related="account_id.available")
    partner_id = fields.Many2one("res.partner", string="To", required=True)
    points = fields.Integer(required=True)
    reason = fields.Char()

    def action_pass(self):
        """Pass the points on; both statements tell of it."""
        for wizard in self:
            # sudo: nobody writes the ledger by hand; the rule of the club decides.
            account = wizard.account_id.sudo()
            target = account._get_account(wizard.partner_id, account.program_id)
            account._pass_on(target, wizard.points, f"{wizard.id}", wizard.reason)
