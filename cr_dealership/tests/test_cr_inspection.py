from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrInspection(DealershipCommon):
    """The car's inspection date: worked out, recorded, passed."""

    def test_open_inspection_wins_over_the_worked_out_one(self):
        car = self.make_vehicle(registered_on=date(2023, 3, 15))
        self.assertEqual(car.inspection_on, date(2027, 3, 31))
        inspection = self.env["cr.inspection"].create(
            {"vehicle_id": car.id, "due_on": date(2026, 12, 31)}
        )
        self.assertEqual(car.inspection_on, date(2026, 12, 31))
        self.assertEqual(car.due_reason, "Annual inspection by 2026-12-31")
        inspection.unlink()
        self.assertEqual(car.inspection_on, date(2027, 3, 31))

    @mute_logger("odoo.sql_db")
    def test_a_date_is_recorded_once_per_car(self):
        values = {"vehicle_id": self.make_vehicle().id, "due_on": date(2027, 3, 31)}
        self.env["cr.inspection"].create(values)
        with self.assertRaises(IntegrityError):
            self.env["cr.inspection"].create(values)
