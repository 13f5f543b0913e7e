from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..const import PRIVATE_HEADERS

_PAGE = "cr_dealership.appointment_page"
# What a page asks for and a form sends; all else is left out.
_NAMES = ("action", "day", "kind", "move", "said", "slot", "suggestion", "type", "wish")


class CrAppointmentController(http.Controller):
    """The customer's page of his booking link; the link's model decides everything."""

    @http.route("/cr/book/<string:token>", type="http", auth="public", methods=["GET"])
    def book(self, token, **params):
        """Show the appointment of the link, or the free times."""
        link = self._find(token)
        return self._render(link, params) if link else self._refuse()

    @http.route("/cr/book/<string:token>", type="http", auth="public", methods=["POST"])
    def submit(self, token, **form):
        """Book, move or cancel; a refusal is told on the page."""
        link = self._find(token)
        if not link:
            return self._refuse()
        form = {name: form[name] for name in _NAMES if name in form}
        try:
            # What is refused leaves nothing behind.
            with request.env.cr.savepoint():
                link._count_use()
                link._submit(form)
        except UserError as error:
            return self._render(link, {**form, "slot": None}, str(error))
        said = "?said=1" if form.get("action") == "suggest" else ""
        return request.redirect(f"/cr/book/{token}{said}")

    def _find(self, token):
        """Return the link in the language of its customer, or an empty one."""
        link = request.env["cr.appointment.link"]._find(token)
        if link:
            request.update_context(lang=link._get_lang())
            link = link.with_context(lang=link._get_lang())
        return link

    def _render(self, link, params, error=""):
        """Return the page; it must not be kept by anybody on the way."""
        values = {**link._get_page(params), "error": error}
        return self._answer(values, 200)

    def _refuse(self):
        """Return the friendly page of a link that opens nothing."""
        return self._answer({"step": "refused", "error": ""}, 404)

    def _answer(self, values, status):
        return request.render(_PAGE, values, status=status, headers=PRIVATE_HEADERS)
