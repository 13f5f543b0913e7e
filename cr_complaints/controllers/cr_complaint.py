from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.cr_dealership.const import PRIVATE_HEADERS
from odoo.addons.portal.controllers.portal import CustomerPortal

_PAGE = "cr_complaints.complaint_page"
_MINE = "/my/complaints"
# What the form of a new complaint sends; all else is left out.
_NAMES = ("subject", "content", "demand", "vehicle_id", "phone")


class CrComplaintController(http.Controller):
    """The customer's page of one complaint, opened by its own link (no login)."""

    @http.route(
        "/cr/complaint/<string:token>", type="http", auth="public", methods=["GET"]
    )
    def follow(self, token):
        """Show state and next promise; nothing internal."""
        complaint = request.env["cr.complaint"]._find_by_token(token)
        return _render(complaint, f"/cr/complaint/{token}")

    @http.route(
        "/cr/complaint/<string:token>", type="http", auth="public", methods=["POST"]
    )
    def say(self, token, words="", **_form):
        """“Not solved”: open it again, or tell whoever works on it."""
        complaint = request.env["cr.complaint"]._find_by_token(token)
        return _take(complaint, f"/cr/complaint/{token}", words)


class CrComplaintPortal(CustomerPortal):
    """The customer's own complaints behind his login."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = len(self._get_own())
        return values

    def _get_own(self):
        """Return the complaints of who is logged in, with raised rights."""
        return request.env["cr.complaint"]._find_of(request.env.user.partner_id)

    def _get_one(self, complaint_id):
        own = self._get_own()
        return own.filtered(lambda one: one.id == complaint_id)

    @http.route("/my/complaints", type="http", auth="user", website=True)
    def my_complaints(self):
        """List the customer's complaints."""
        values = self._prepare_portal_layout_values()
        values.update({"complaints": self._get_own(), "page_name": "complaints"})
        return request.render("cr_complaints.portal_my_complaints", values)

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_complaint(self, complaint_id):
        """Show one of his complaints; another's is not there."""
        return _render(
            self._get_one(complaint_id), f"/my/complaints/{complaint_id}"
        )

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_say(self, complaint_id, words="", **_form):
        """“Not solved” from behind the login."""
        url = f"/my/complaints/{complaint_id}"
        return _take(self._get_one(complaint_id), url, words)

    @http.route(
        "/my/complaints/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def my_complaint_new(self):
        """Show the form of a new complaint."""
        return self._show_form({}, "")

    @http.route(
        "/my/complaints/new", type="http", auth="user", website=True, methods=["POST"]
    )
    def my_complaint_make(self, **form):
        """Record what the customer wrote; a refusal is told on the form."""
        form = {name: form[name] for name in _NAMES if name in form}
        complaints = request.env["cr.complaint"]
        try:
            with request.env.cr.savepoint():
                made = complaints._make_from_portal(request.env.user.partner_id, form)
        except UserError as error:
            return self._show_form(form, str(error))
        return request.redirect(f"/my/complaints/{made.id}")

    def _show_form(self, form, error):
        partner = request.env.user.partner_id
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "form": form,
                "error": error,
                "cars": request.env["cr.complaint"]._get_portal_cars(partner),
                "page_name": "complaints",
            }
        )
        return request.render("cr_complaints.portal_new_complaint", values)


def _speak(complaint):
    """Return the complaint in the language of its customer."""
    lang = complaint._get_page_lang()
    request.update_context(lang=lang)
    return complaint.with_context(lang=lang)


def _render(complaint, url, error="", status=200):
    """Return the page of a complaint, or the friendly one of a link to nothing."""
    if not complaint:
        values = {"page": None, "url": url, "error": "", "back": False}
        return request.render(_PAGE, values, status=404, headers=PRIVATE_HEADERS)
    complaint = _speak(complaint)
    values = {
        "page": complaint._get_page(),
        "url": url,
        "error": error,
        # Whoever came by his link has no list to go back to.
        "back": url.startswith(_MINE) and _MINE,
    }
    return request.render(_PAGE, values, status=status, headers=PRIVATE_HEADERS)


def _take(complaint, url, words):
    """Note what the customer says, and show the page again."""
    if not complaint:
        return _render(complaint, url)
    try:
        with request.env.cr.savepoint():
            _speak(complaint)._say_not_solved(words)
    except UserError as error:
        return _render(complaint, url, str(error))
    return request.redirect(url)
