from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.cr_dealership.const import PRIVATE_HEADERS

_GUEST_PAGE = "cr_club.event_guest_page"
_DOOR_PAGE = "cr_club.event_door_page"
# What the guest's form sends; all else is left out.
_NAMES = ("action", "persons", "note", "rating", "channel", "opinion")
_SESSION = "cr_club_event"


class CrEventController(http.Controller):
    """The guest's page, and the page of whoever stands at the door; models decide."""

    # === GUEST === #

    @http.route("/cr/event/<string:token>", type="http", auth="public", methods=["GET"])
    def show(self, token, **_params):
        """Show a guest his invitation."""
        guest = self._find_guest(token)
        return self._render_guest(guest) if guest else self._refuse_guest()

    @http.route(
        "/cr/event/<string:token>", type="http", auth="public", methods=["POST"]
    )
    def submit(self, token, **form):
        """Take the guest's answer; a refusal is told on the page."""
        guest = self._find_guest(token)
        if not guest:
            return self._refuse_guest()
        form = {name: form[name] for name in _NAMES if name in form}
        try:
            # What is refused leaves nothing behind.
            with request.env.cr.savepoint():
                guest._submit(form)
        except UserError as error:
            return self._render_guest(guest, str(error))
        return request.redirect(f"/cr/event/{token}")

    def _find_guest(self, token):
        """Return the guest of a link in his language, or an empty one."""
        guest = request.env["cr.event.invitation"]._find(token)
        if guest:
            request.update_context(lang=guest._get_lang())
            guest = guest.with_context(lang=guest._get_lang())
        return guest

    def _render_guest(self, guest, error=""):
        values = {**guest._get_page(), "token": guest.token, "error": error}
        return request.render(_GUEST_PAGE, values, headers=PRIVATE_HEADERS)

    def _refuse_guest(self):
        values = {"step": "refused", "error": ""}
        return request.render(_GUEST_PAGE, values, status=404, headers=PRIVATE_HEADERS)

    # === DOOR === #

    @http.route("/cr/checkin", type="http", auth="user", methods=["GET"])
    def choose(self, **_params):
        """Show the events of today."""
        events = self._get_todays_events()
        if len(events) == 1:
            return request.redirect(f"/cr/checkin/{events.id}")
        return self._render_door({"events": events})

    @http.route("/cr/checkin/<int:event_id>", type="http", auth="user", methods=["GET"])
    def door(self, event_id, **_params):
        """Show who is expected; this telephone checks in for this event from now on."""
        event = self._find_event(event_id)
        if not event:
            return request.redirect("/cr/checkin")
        request.session[_SESSION] = event.id
        return self._render_door(event._get_check_in_page())

    @http.route(
        "/cr/checkin/<int:event_id>", type="http", auth="user", methods=["POST"]
    )
    def check_in(self, event_id, code="", guest="", **_form):
        """Check in by what was typed or scanned, or by the name in the list."""
        event = self._find_event(event_id)
        if not event:
            return request.redirect("/cr/checkin")
        return self._let_in(event, code, guest)

    @http.route(
        "/cr/checkin/code/<string:token>", type="http", auth="user", methods=["GET"]
    )
    def scanned(self, token, **_params):
        """Ask whether to check in whose code a telephone's camera has read."""
        event = self._find_event(request.session.get(_SESSION) or 0)
        if not event:
            return request.redirect("/cr/checkin")
        values = {**event._get_check_in_page(), "token": token}
        try:
            guest = event._find_guest(token)
            values["found"] = guest
        except UserError as error:
            values["error"] = str(error)
        return self._render_door(values)

    def _let_in(self, event, code, guest_id):
        """Check in one guest and show how it went."""
        values = {}
        try:
            with request.env.cr.savepoint():
                if guest_id.isascii() and guest_id.isdigit():
                    values = self._let_in_by_name(event, int(guest_id))
                else:
                    guest, was_there = event._check_in_code(code)
                    values = {"done": guest, "was_there": was_there}
        except UserError as error:
            values = {"error": str(error)}
        return self._render_door({**event._get_check_in_page(), **values})

    def _let_in_by_name(self, event, guest_id):
        """Check in a guest of the list."""
        guest = event.cr_invitation_ids.filtered(lambda one: one.id == guest_id)
        if guest:
            event._check_open_door()
            guest.action_check_in()
        return {"done": guest, "was_there": False}

    def _find_event(self, event_id):
        """Return the event if I may see it, or an empty one."""
        events = request.env["event.event"].with_context(
            allowed_company_ids=request.env.user.company_ids.ids
        )
        event = events.browse(event_id).exists()
        try:
            event.check_access("read")
        except (AccessError, MissingError):
            return events
        return event

    def _get_todays_events(self):
        """Return the events at which I may stand at the door today."""
        today = request.env.company._cr_today()
        return request.env["event.event"].search(
            [
                ("cr_day", "=", today),
                ("cr_state", "in", ("invite", "confirmed")),
                ("company_id", "in", request.env.user.company_ids.ids),
            ]
        )

    def _render_door(self, values):
        return request.render(_DOOR_PAGE, values, headers=PRIVATE_HEADERS)
