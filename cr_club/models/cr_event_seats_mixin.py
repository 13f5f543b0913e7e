from odoo import models

from ..tools.events import choose_waiting


class CrEventSeatsMixin(models.AbstractModel):
    """Seats: taken under a lock, given to whoever waits when they become free."""

    _name = "cr.event.seats.mixin"
    _description = "Event: seats"

    def _count_free(self):
        """Return the number of free seats, None where they are not limited.

        Ask after `_touch_seats`, else somebody may take them at the same moment.
        """
        self.ensure_one()
        if not self.seats_limited:
            return None
        # sudo: seats are counted for everybody who asks.
        taken = self.env["event.registration"].sudo().search_count(
            [("event_id", "=", self.id), ("state", "in", ("open", "done"))]
        )
        return max(self.seats_max - taken, 0)

    def _promote_waiting(self):
        """Give free seats to guests on the waiting list: better tiers first."""
        live = self.filtered(lambda one: one.cr_state in ("invite", "confirmed"))
        waiting = self.env["cr.event.invitation"].search(
            [("event_id", "in", live.ids), ("state", "=", "waiting")],
            order="tier_level desc, waiting_since, id",
        )
        for event, guests in waiting.grouped("event_id").items():
            event._touch_seats()
            needs = [(one.id, one.persons) for one in guests]
            chosen = guests.browse(choose_waiting(needs, event._count_free()))
            if chosen:
                chosen._take_seats("accepted")
                event._queue_messages(chosen, "seat")
