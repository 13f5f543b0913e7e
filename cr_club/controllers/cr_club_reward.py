from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.cr_dealership.tools.tokens import make_token
from odoo.addons.portal.controllers.portal import CustomerPortal

_URL = "/my/club/rewards"


class CrClubRewardPortal(CustomerPortal):
    """Rewards a member asks for behind his login; the link of a card spends nothing."""

    @http.route(_URL, type="http", auth="user", methods=["GET"], website=True)
    def my_rewards(self):
        """Show the catalogue, the points and what was asked for."""
        return self._show()

    @http.route(
        f"{_URL}/<int:reward_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def request_reward(self, reward_id, nonce="", **_form):
        """Ask for a reward; a refusal is told on the page."""
        redemptions, partner = _get_own()
        try:
            # What is refused leaves nothing behind.
            with request.env.cr.savepoint():
                redemptions._request_on_page(partner, reward_id, nonce)
        except UserError as error:
            return self._show(str(error))
        return request.redirect(_URL)

    @http.route(
        "/my/club/redemptions/<int:redemption_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cancel_redemption(self, redemption_id, **_form):
        """Cancel an own redemption; another one's is not found."""
        redemptions, partner = _get_own()
        redemptions._cancel_on_page(partner, redemption_id)
        return request.redirect(_URL)

    def _show(self, error=""):
        redemptions, partner = _get_own()
        values = {
            **self._prepare_portal_layout_values(),
            **redemptions._get_page(partner),
            "nonce": make_token(),
            "error": error,
            "page_name": "club_rewards",
        }
        return request.render("cr_club.portal_my_rewards", values)


def _get_own():
    """Return the model of redemptions and who is logged in."""
    return request.env["cr.redemption"], request.env.user.partner_id
