from odoo import fields, models
from odoo.exceptions import UserError

from ..const_event import EXPECTED, SEATED
from ..tools.events import choose_waiting


class CrEventInvitationSeatMixin(models.AbstractModel):
    """Seats, waiting list, attendance and the points for it (EVT-04, PTS-04)."""

    _name = "cr.event.invitation.seat.mixin"
    _description = "Guest of an event: seats and attendance"

    # === SEATS === #

    def _accept(self):
        """Give guests their seats; where none is left they join the waiting list."""
        for event, guests in self.grouped("event_id").items():
            # sudo: the row of the event is only written to make others wait.
            event.sudo()._touch_seats()
            needs = [(one.id, one.persons) for one in guests]
            seated = guests.browse(choose_waiting(needs, event._count_free()))
            seated._take_seats("accepted")
            late = (guests - seated).filtered(lambda one: one.state != "waiting")
            late._settle(state="waiting", waiting_since=fields.Datetime.now())

    def _take_seats(self, state):
        """Take the seats of guests, one for each person."""
        # sudo: seats are taken by whoever takes the call, and by the guest himself.
        self.env["event.registration"].sudo().with_context(
            tracking_disable=True, mail_create_nolog=True
        ).create(
            [
                {
                    "event_id": guest.event_id.id,
                    "partner_id": guest.partner_id.id,
                    "phone": guest.partner_id.mobile,
                    "cr_invitation_id": guest.id,
                }
                for guest in self
                for _number in range(guest.persons)
            ]
        )
        # sudo: as above.
        self.sudo().write(
            {
                "state": state,
                "accepted_at": fields.Datetime.now(),
                "accepted_by_id": self.env.uid,
                "waiting_since": False,
                "refusal": False,
            }
        )

    # === ATTENDANCE === #

    def action_check_in(self):
        """Note that guests have come; who had no seat gets one if any is left."""
        self.check_access("write")
        self._check_live("confirmed", "invite", "done")
        self._check_day()
        without = self.filtered(
            lambda one: one.state not in SEATED and one.state != "attended"
        )
        if without:
            without._accept()
            full = without.filtered(lambda one: one.state == "waiting")[:1]
            if full:
                raise UserError(
                    self.env._(
                        "No seat of “%(event)s” is free for %(guest)s. Add seats or"
                        " note first who does not come.",
                        event=full.event_id.name,
                        guest=full.partner_id.name,
                    )
                )
        coming = self.filtered(lambda one: one.state != "attended")
        live = coming.registration_ids.filtered(lambda seat: seat.state == "open")
        # sudo: seats are marked by whoever stands at the door.
        live.sudo().action_set_done()

    def action_undo_attendance(self):
        """Correct that guests came: their points are taken back."""
        self.check_access("write")
        self._check_live("confirmed", "invite", "done")
        came = self.filtered(lambda one: one.state == "attended")
        # sudo: as above.
        came.registration_ids.filtered(lambda seat: seat.state == "done").sudo().write(
            {"state": "open", "date_closed": False}
        )

    def _check_day(self):
        """Raise before the day of the event."""
        for event in self.event_id:
            today = (event.company_id or self.env.company)._cr_today()
            if event.cr_day > today:
                raise UserError(event._say_check_in("other_day"))

    def _follow_seats(self):
        """Take over what the seats say: who came, and who did not after all."""
        came = self.filtered(
            lambda one: one.state != "attended"
            and "done" in one.registration_ids.mapped("state")
        )
        undone = self.filtered(
            lambda one: one.state == "attended"
            and "done" not in one.registration_ids.mapped("state")
        )
        gone = self.filtered(
            lambda one: one.state in EXPECTED
            and set(one.registration_ids.mapped("state")) == {"cancel"}
        )
        came.write(
            {
                "state": "attended",
                "attended_at": fields.Datetime.now(),
                "checked_in_by_id": self.env.uid,
            }
        )
        came._award_points()
        undone._take_back_points()
        for guest in undone:
            guest.points_round += 1
        undone.write(
            {"state": "accepted", "attended_at": False, "checked_in_by_id": False}
        )
        gone.write({"state": "refused"})

    def _set_absent(self):
        """Note that guests did not come."""
        self._settle(state="absent")

    # === POINTS === #

    def _award_points(self):
        """Give who came the points of the event, once."""
        awards = []
        for event, guests in self.grouped("event_id").items():
            company = event.company_id or self.env.company
            program = self.env["cr.club.program"]._get_program(company)
            if not program or not event.cr_points:
                continue
            told = event.with_context(lang=company._cr_get_message_lang())
            awards += [
                {
                    "program": program,
                    "partner": guest.partner_id,
                    "kind": "event",
                    "points": event.cr_points,
                    "key": f"event:{guest.id}:{guest.points_round}",
                    "day": event.cr_day,
                    "company": company,
                    "origin": guest,
                    "note": told.name,
                }
                for guest in guests
            ]
        # sudo: the ledger is written by the rules, whoever checks guests in.
        return self.env["cr.points.account"].sudo()._award(awards)

    def _take_back_points(self):
        """Take back the points of who did not come after all."""
        keys = [f"event:{guest.id}:{guest.points_round}" for guest in self]
        # sudo: as above.
        ledger = self.env["cr.points.entry"].sudo()
        entries = ledger.search([("key", "in", keys)])
        for company, some in entries.grouped("company_id").items():
            told = self.with_context(lang=company._cr_get_message_lang())
            note = told.env._("Did not come after all")
            self.env["cr.points.account"].sudo()._take_back(some, note=note)
