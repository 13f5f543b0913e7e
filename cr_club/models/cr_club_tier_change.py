from odoo import fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_KINDS, CHANGE_STATES

_DECIDERS = (
    "cr_dealership.group_cr_dealership_head",
    "cr_dealership.group_cr_dealership_director",
    "cr_dealership.group_cr_dealership_admin",
)


class CrClubTierChange(models.Model):
    """When a member came to a tier, why, and who agreed (CLB-11, CLB-12)."""

    _name = "cr.club.tier.change"
    _description = "Change of tier"
    _inherit = ["cr.settled.mixin"]
    _order = "day desc, id desc"
    _rec_name = "member_id"

    _first_state = "proposed"
    _settled_columns = frozenset(("state", "decided_by_id", "decided_on"))

    member_id = fields.Many2one(
        "cr.club.member", required=True, index=True, ondelete="cascade", readonly=True
    )
    program_id = fields.Many2one(
        "cr.club.program", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(related="member_id.partner_id", string="Customer")
    phone = fields.Char(related="member_id.partner_id.mobile", string="Mobile")
    from_tier_id = fields.Many2one(
        "cr.club.tier", string="From", readonly=True, ondelete="restrict"
    )
    to_tier_id = fields.Many2one(
        "cr.club.tier", string="To", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(CHANGE_KINDS, required=True, readonly=True)
    state = fields.Selection(CHANGE_STATES, required=True, default="proposed")
    reason = fields.Char(readonly=True)
    day = fields.Date(required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Date(readonly=True)
    told_on = fields.Date(string="Member told on")

    _one_proposal = models.UniqueIndex(
        "(member_id) WHERE state = 'proposed'",
        "A change of this member waits for a decision already.",
    )
    _untold_index = models.Index("(day) WHERE state = 'done' AND told_on IS NULL")

    # === ACTIONS === #

    def action_agree(self):
        """The club's manager agrees: the member has the tier from today (C-06)."""
        self._check_decider()
        for change in self:
            today = change.company_id._cr_today()
            # sudo: the general manager decides, and writes no member by hand.
            change.member_id.sudo()._set_tier(change.to_tier_id, today)
            change._settle(
                state="done", day=today, decided_by_id=self.env.uid, decided_on=today
            )
        self._after_tier_changed()

    def action_refuse(self):
        """The club's manager refuses; it is not proposed again before the review."""
        self._check_decider()
        for change in self:
            today = change.company_id._cr_today()
            change._settle(
                state="refused", day=today, decided_by_id=self.env.uid, decided_on=today
            )

    def action_told(self):
        """The member heard of it."""
        for change in self.filtered(lambda change: not change.told_on):
            change.told_on = change.company_id._cr_today()

    # === BUSINESS === #

    def _check_decider(self):
        """Raise when somebody else decides, or it is decided already."""
        is_decider = any(self.env.user.has_group(group) for group in _DECIDERS)
        if not self.env.su and not is_decider:
            raise UserError(
                self.env._("Who runs the club decides about tiers; ask the CR head.")
            )
        for change in self.filtered(lambda change: change.state != "proposed"):
            raise UserError(
                self.env._(
                    "The change of %(member)s to %(tier)s is decided already.",
                    member=change.member_id.display_name,
                    tier=change.to_tier_id.name,
                )
            )

    # === HOOKS === #

    def _after_tier_changed(self):
        """Tell members of what took effect; once for the whole set.

        Proposals come by here, too; others react to upgrades, downgrades and proposals.
        Take care that the number of queries does not depend on the number of rows.
        """
        done = self.filtered(lambda change: change.state == "done")
        # sudo: the message goes out by the rules of the club, whoever caused it.
        for program, changes in done.sudo().grouped("program_id").items():
            program._tell_changes(changes)
