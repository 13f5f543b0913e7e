from odoo import fields, models
from odoo.exceptions import UserError


class CrPointsAccountAdjust(models.TransientModel):
    """A person corrects points, with the reason; an entry of its own (PTS-01)."""

    _name = "cr.points.account.adjust"
    _description = "Correct points"

    account_id = fields.Many2one("cr.points.account", required=True)
    points = fields.Integer(required=True, help="Negative takes points away.")
    is_qualifying = fields.Boolean(string="Counts for the tier")
    reason = fields.Char(required=True)

    def action_adjust(self):
        """Post the correction."""
        for wizard in self:
            if not wizard.points:
                raise UserError(self.env._("A correction needs a number of points."))
            account = wizard.account_id
            # sudo: only who runs the club has this dialogue; nobody writes the ledger.
            self.env["cr.points.account"].sudo()._award(
                [
                    {
                        "program": account.program_id,
                        "partner": account.partner_id,
                        "kind": "adjust",
                        "points": wizard.points,
                        "qualifying": wizard.points if wizard.is_qualifying else 0,
                        "key": f"adjust:{wizard._name}:{wizard.id}",
                        "note": f"{wizard.reason} ({self.env.user.name})",
                        "available_on": account.company_id._cr_today(),
                    }
                ]
            )
