from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrDeclinedWork(DealershipCommon):
    """Declined work hangs on its order and waits to be asked for again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.make_vehicle(), date(2026, 6, 1))
        cls.work = cls.env["cr.declined.work"].create(
            {"order_id": cls.order.id, "name": "Brake pads"}
        )

    def test_day_car_and_store_come_from_the_order(self):
        self.assertRecordValues(
            self.work,
            [
                {
                    "declined_on": date(2026, 6, 1),
                    "vehicle_id": self.order.vehicle_id.id,
                    "company_id": self.store.id,
                }
            ],
        )

    def test_agent_notes_what_became_of_it(self):
        work = self.as_persona(self.work, "agent")
        work.action_done()
        self.assertEqual(work.state, "done")
        work.action_reopen()
        work.action_drop()
        self.assertEqual(work.state, "dropped")

    def test_other_store_sees_nothing_of_it(self):
        stranger = self.as_persona(self.work, "advisor", self.other_store)
        with self.assertRaises(AccessError):
            stranger.read(["name"])
