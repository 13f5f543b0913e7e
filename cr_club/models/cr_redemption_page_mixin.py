from odoo import api, models
from odoo.exceptions import UserError

from ..const import REDEMPTION_OPEN


class CrRedemptionPageMixin(models.AbstractModel):
    """What a member sees and asks for on his own pages (PTS-06)."""

    _name = "cr.redemption.page.mixin"
    _description = "Redemptions: the member's page"

    @api.model
    def _get_page(self, partner):
        """Return what the page of a customer shows.

        :param partner: whose page it is; nothing of anybody else comes out
        :return: {`member`, `available`, `rewards`, `shops`, `redemptions`}
        :rtype: dict
        """
        # sudo: a customer has no rights of his own on the club; all is kept to him.
        members = self.env["cr.club.member"]._find_members(partner)[:1]
        rewards = self.env["cr.club.reward"].sudo()
        shops = self.env["cr.club.merchant"].sudo()
        if members:
            shops = shops.search(
                [
                    ("program_id", "=", members.program_id.id),
                    ("is_running", "=", True),
                ]
            )
            rewards = rewards.search([("program_id", "=", members.program_id.id)])
            rewards = rewards._get_offered(members.company_id._cr_today())
        return {
            "member": members,
            "available": members.points_available,
            "rewards": rewards.filtered(
                lambda one: not one.tier_ids or members.tier_id in one.tier_ids
            ),
            "shops": shops,
            "redemptions": self.sudo().search(
                [("partner_id", "=", partner.id), ("state", "!=", "draft")], limit=50
            ),
        }

    @api.model
    def _request_on_page(self, partner, reward_id, nonce):
        """Ask for a reward on the page; the same form sent twice asks once.

        :param partner: who is logged in
        :param int reward_id: one of the rewards of his page
        :param str nonce: of the form
        :return: the redemption
        :raises UserError: it is not offered to him, or the points do not suffice
        """
        page = self._get_page(partner)
        reward = page["rewards"].filtered(lambda one: one.id == reward_id)
        if not reward or not nonce:
            raise UserError(
                self.env._("This reward is not offered any more; look at the others.")
            )
        key = f"page:{partner.id}:{nonce}"
        # sudo: as above; asked for by the customer himself.
        known = self.sudo().search([("key", "=", key)])
        if known:
            return known
        company = page["member"].company_id
        redemption = (
            self.sudo()
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "reward_id": reward.id,
                    "company_id": company.id,
                    "key": key,
                }
            )
        )
        redemption.action_request()
        return redemption

    @api.model
    def _cancel_on_page(self, partner, redemption_id):
        """Cancel an own redemption before finance settled it."""
        # sudo: as above; only what is his own is found.
        mine = self.sudo().search(
            [
                ("id", "=", redemption_id),
                ("partner_id", "=", partner.id),
                ("state", "in", REDEMPTION_OPEN[:2]),
            ]
        )
        mine.action_cancel()
        return mine
