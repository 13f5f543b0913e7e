from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..const import PRIVATE_HEADERS

_PAGE = "cr_dealership.interview_page"
# What a page asks for and a form sends; all else is left out.
_NAMES = ("action", "comment", "q", "value", "why")


class CrInterviewController(http.Controller):
    """The questions of one interview, one a screen; its model decides everything."""

    @http.route("/cr/ask/<string:token>", type="http", auth="public", methods=["GET"])
    def ask(self, token, **params):
        """Show a question, the end, or the thanks."""
        interview = self._find(token)
        return self._render(interview, params) if interview else self._refuse()

    @http.route("/cr/ask/<string:token>", type="http", auth="public", methods=["POST"])
    def submit(self, token, **form):
        """Save an answer and go on; a refusal is told on the page."""
        interview = self._find(token)
        if not interview:
            return self._refuse()
        form = {name: form[name] for name in _NAMES if name in form}
        try:
            # What is refused leaves nothing behind.
            with request.env.cr.savepoint():
                following = interview._submit(form, *self._get_way(interview))
        except UserError as error:
            return self._render(interview, form, str(error))
        query = f"?{urlencode(following)}" if following else ""
        return request.redirect(f"/cr/ask/{token}{query}")

    def _get_way(self, interview):
        """Return (channel, user): a colleague who is logged in leads a visit."""
        user = request.env.user
        if user._is_internal():
            return "visit", user
        channel = interview.channel
        return channel if channel in ("sms", "email", "letter") else "sms", None

    def _find(self, token):
        """Return the interview in the language of its customer, or an empty one."""
        interview = request.env["cr.interview"]._find(token)
        if interview:
            lang = interview._get_lang()
            request.update_context(lang=lang)
            interview = interview.with_context(lang=lang)
        return interview

    def _render(self, interview, params, error=""):
        """Return the page; it must not be kept by anybody on the way."""
        return self._answer({**interview._get_page(params), "error": error}, 200)

    def _refuse(self):
        """Return the friendly page of a link that opens nothing."""
        return self._answer({"step": "refused", "error": ""}, 404)

    def _answer(self, values, status):
        return request.render(_PAGE, values, status=status, headers=PRIVATE_HEADERS)
