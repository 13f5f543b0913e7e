from odoo import http
from odoo.http import request

from odoo.addons.cr_dealership.const import PRIVATE_HEADERS
from odoo.addons.cr_dealership.tools.tokens import clean_token
from odoo.addons.portal.controllers.portal import CustomerPortal

_PAGE = "cr_club.card_page"


class CrClubCardController(http.Controller):
    """The member's card on his telephone, opened by the link of its QR code."""

    @http.route("/cr/card/<string:token>", type="http", auth="public", methods=["GET"])
    def card(self, token):
        """Show the card with points and what is missing; nothing internal."""
        return _render(_find(token), f"/cr/card/{token}")

    @http.route("/cr/card/<string:token>", type="http", auth="public", methods=["POST"])
    def accept(self, token, **_form):
        """The member accepts the charter."""
        member = _find(token)
        if member:
            member._accept_charter("page")
        return request.redirect(f"/cr/card/{token}")


class CrClubPortal(CustomerPortal):
    """The member's own card and statement behind his login."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = len(_get_own())
        return values

    @http.route("/my/club", type="http", auth="user", website=True)
    def my_club(self):
        """Show the customer's cards, and what became of his points."""
        values = self._prepare_portal_layout_values()
        values.update({"members": _get_own(), "page_name": "club"})
        return request.render("cr_club.portal_my_club", values)


def _get_own():
    """Return the memberships of who is logged in, with raised rights."""
    members = request.env["cr.club.member"]
    return members._find_members(request.env.user.partner_id)


def _find(token):
    """Return the member of a link, empty for a link to nothing."""
    # sudo: the link is the key; only what stands on the card is shown.
    members = request.env["cr.club.member"].sudo()
    held = ("active", "expired")
    domain = [("token", "=", clean_token(token)), ("state", "in", held)]
    member = members.search(domain, limit=1)
    lang = member.partner_id.lang or request.env.lang
    request.update_context(lang=lang)
    return member.with_context(lang=lang)


def _render(member, url):
    """Return the page of a card, or the friendly one of a link to nothing."""
    card = member._get_card() if member else {}
    values = {"member": member, "card": card, "url": url}
    return request.render(
        _PAGE, values, status=200 if member else 404, headers=PRIVATE_HEADERS
    )
