from odoo import http
from odoo.http import request

from ..tools.gateway import read_records

_SIZE_LIMIT = 1024 * 1024


def _route(path):
    return http.route(
        f"/cr/sms/{path}/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        max_content_length=_SIZE_LIMIT,
    )


class CrSmsController(http.Controller):
    """Takes delivery reports and replies from SMS gateways; the models decide."""

    @_route("report")
    def report(self, token, **form):
        """Take delivery reports, JSON or a form; answer what the gateway wants."""
        return self._take(token, form, "_take_reports")

    @_route("reply")
    def reply(self, token, **form):
        """Take replies of customers; answer what the gateway wants."""
        return self._take(token, form, "_take_replies")

    def _take(self, token, form, method):
        settings = request.env["cr.sms.gateway"]._find_by_token(token)
        if not settings:
            return request.not_found()
        body = request.httprequest.get_data(as_text=True)
        getattr(settings, method)(read_records(body, form))
        return request.make_response(
            settings.answer_text or "", [("Content-Type", "text/plain; charset=utf-8")]
        )
