import threading
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

_PEOPLE = 20


@tagged("post_install", "-at_install")
class TestCrAppointmentConcurrency(BaseCase):
    """Twenty people press "Book" for the last place, each on his own connection.

    The data is committed, for only then other connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove_data)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=400)
            slots = env["cr.appointment.slot"].create(
                [
                    {
                        "company_id": env.company.id,
                        "bay_kind": "body",
                        "day": start.date(),
                        "start_at": start + timedelta(hours=hour),
                        "end_at": start + timedelta(hours=hour + 1),
                        "planned": places,
                        "places": places,
                    }
                    for hour, places in ((0, 1), (1, 5))
                ]
            )
            partners = env["res.partner"].create(
                [{"name": f"Racer {number}"} for number in range(_PEOPLE)]
            )
            self.slot_id, self.other_id = slots.ids
            self.partner_ids = partners.ids

    def remove_data(self):
        """Remove what was committed."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            slots = env["cr.appointment.slot"].browse((self.slot_id, self.other_id))
            booked = slots.appointment_ids
            booked._set_state("cancelled")
            booked.unlink()
            slots.unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def book(self, barrier, partner_id, answers):
        """Book the last place when everybody is ready; note how it went."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            values = {"partner_id": partner_id, "slot_id": self.slot_id}
            # What everybody sees: one place is free.
            env["cr.appointment.slot"].browse(self.slot_id).mapped("taken")
            barrier.wait(timeout=60)
            try:
                retrying(lambda: env["cr.appointment"].create(values), env)
                answers.append("booked")
            except UserError as error:
                answers.append(error.args[0])

    def test_one_of_twenty_gets_the_last_place(self):
        barrier, answers = threading.Barrier(_PEOPLE), []
        threads = [
            threading.Thread(target=self.book, args=(barrier, partner_id, answers))
            for partner_id in self.partner_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        refusals = [answer for answer in answers if answer != "booked"]
        self.assertEqual(len(answers), _PEOPLE)
        self.assertEqual(len(refusals), _PEOPLE - 1)
        for refusal in refusals:
            self.assertRegex(refusal, r"is full\. The nearest free times are: \w+")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            slot = env["cr.appointment.slot"].browse(self.slot_id)
            self.assertEqual((slot.taken, len(slot.appointment_ids)), (1, 1))
