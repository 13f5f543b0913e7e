from odoo import fields, models

from ..const import CHANGE_KINDS, CHANGE_STATES


class CrClubTierTrial(models.TransientModel):
    """Who would move and why, if the daily look took place now (CLB-11)."""

    _name = "cr.club.tier.trial"
    _description = "Dry run of the tiers"

    program_id = fields.Many2one("cr.club.program", required=True, readonly=True)
    line_ids = fields.One2many("cr.club.tier.trial.line", "trial_id", readonly=True)

    def _insert_lines(self, rows):
        """Keep what the look found, in one go."""
        self.ensure_one()
        self.env["cr.club.tier.trial.line"].create(
            [
                {
                    "trial_id": self.id,
                    **{name: row[name] for name in row if name != "partner_id"},
                }
                for row in rows
            ]
        )

    def _get_action(self):
        """Return the action that shows who would move."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who would move: %s", self.program_id.name),
            "res_model": "cr.club.tier.trial.line",
            "view_mode": "list",
            "domain": [("trial_id", "=", self.id)],
            "help": self.env._("Nobody would move."),
        }


class CrClubTierTrialLine(models.TransientModel):
    """One member who would move."""

    _name = "cr.club.tier.trial.line"
    _description = "Dry run of the tiers: member"
    _order = "state, kind, id"

    trial_id = fields.Many2one(
        "cr.club.tier.trial", required=True, index=True, ondelete="cascade"
    )
    member_id = fields.Many2one("cr.club.member", readonly=True)
    from_tier_id = fields.Many2one("cr.club.tier", string="From", readonly=True)
    to_tier_id = fields.Many2one("cr.club.tier", string="To", readonly=True)
    kind = fields.Selection(CHANGE_KINDS, readonly=True)
    state = fields.Selection(CHANGE_STATES, string="Would be", readonly=True)
    reason = fields.Char(readonly=True)
