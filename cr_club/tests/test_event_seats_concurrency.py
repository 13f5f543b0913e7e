import threading
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

_PEOPLE = 8


@tagged("post_install", "-at_install")
class TestEventSeatsConcurrency(BaseCase):
    """Eight guests say yes at once, each on his own connection; one seat is left.

    The data is committed, for only then other connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove_data)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            event = env["event.event"].create(
                {
                    "name": "Race",
                    "event_type_id": env.ref("cr_club.event_type_delivery").id,
                    "date_begin": fields.Datetime.now() + timedelta(days=100),
                    "seats_limited": True,
                    "seats_max": 1,
                }
            )
            event.cr_state = "invite"
            partners = env["res.partner"].create(
                [{"name": f"Racer {number}"} for number in range(_PEOPLE)]
            )
            guests = env["cr.event.invitation"].create(
                [{"event_id": event.id, "partner_id": one.id} for one in partners]
            )
            self.event_id, self.guest_ids = event.id, guests.ids
            self.partner_ids = partners.ids

    def remove_data(self):
        """Remove what was committed."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            event = env["event.event"].browse(self.event_id)
            event.registration_ids.write({"state": "cancel"})
            event.registration_ids.unlink()
            cr.execute(
                "DELETE FROM cr_event_invitation WHERE event_id = %s", [self.event_id]
            )
            env.invalidate_all()
            event.cr_task_ids.unlink()
            event.unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def accept(self, barrier, guest_id, states):
        """Say yes when everybody is ready; note what came of it."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            guest = env["cr.event.invitation"].browse(guest_id)
            # What everybody sees: one seat is free.
            guest.event_id._count_free()
            barrier.wait(timeout=60)
            retrying(guest._accept, env)
            states.append(guest.state)

    def test_the_last_seat_is_given_once(self):
        barrier, states = threading.Barrier(_PEOPLE), []
        threads = [
            threading.Thread(target=self.accept, args=(barrier, guest_id, states))
            for guest_id in self.guest_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        self.assertEqual(sorted(states), ["accepted"] + ["waiting"] * (_PEOPLE - 1))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            event = env["event.event"].browse(self.event_id)
            self.assertEqual(event.seats_taken, 1)

    def test_whoever_writes_second_starts_over(self):
        """Two cursors: the second one cannot count seats of before the first."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one = api.Environment(first, SUPERUSER_ID, {})
            two = api.Environment(second, SUPERUSER_ID, {})
            event = two["event.event"].browse(self.event_id)
            self.assertEqual(event._count_free(), 1)
            one["cr.event.invitation"].browse(self.guest_ids[0])._accept()
            first.commit()
            guest = two["cr.event.invitation"].browse(self.guest_ids[1])
            retrying(guest._accept, two)
            self.assertEqual(guest.state, "waiting")
