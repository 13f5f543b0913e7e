from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrOdometerReadingJudgement(DealershipCommon):
    """Which readings are believed, and that a person has the last word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls.make_vehicle(delivered_on=date(2025, 11, 20))
        cls.first = cls.make_order(cls.car, date(2026, 2, 18), odometer_km=3600)
        cls.second = cls.make_order(cls.car, date(2026, 5, 19), odometer_km=7200)

    def test_order_brings_its_reading(self):
        reading = self.first.reading_ids
        self.assertRecordValues(
            reading,
            [
                {
                    "km": 3600,
                    "read_on": date(2026, 2, 18),
                    "state": "confirmed",
                    "source": "order",
                }
            ],
        )

    def test_suspect_reading_moves_no_due_date(self):
        due = self.car.service_on
        order = self.make_order(
            self.car, date(2026, 8, 17), "repair", odometer_km=108000
        )
        self.assertEqual(order.reading_ids.state, "suspect")
        self.assertTrue(order.reading_ids.reason)
        self.assertEqual(self.car.odometer_km, 7200)
        self.assertEqual(self.car.service_on, due)

    def test_confirmed_by_hand_stays_confirmed(self):
        order = self.make_order(
            self.car, date(2026, 8, 17), "repair", odometer_km=108000
        )
        reading = self.as_persona(order.reading_ids, "specialist")
        reading.action_confirm()
        self.assertEqual(reading.state, "confirmed")
        self.assertEqual(reading.reason, "by_hand")
        self.assertEqual(reading.decided_by_id, self.persona("specialist"))
        self.assertEqual(self.car.odometer_km, 108000)

    def test_rejected_by_hand_counts_for_nothing(self):
        self.second.reading_ids.action_reject()
        self.assertEqual(self.car.odometer_km, 3600)
        self.make_order(self.car, date(2026, 8, 17), odometer_km=10800)
        self.assertEqual(self.second.reading_ids.state, "rejected")

    def test_corrected_order_is_judged_afresh(self):
        order = self.make_order(
            self.car, date(2026, 8, 17), "repair", odometer_km=108000
        )
        order.reading_ids.action_reject()
        order.odometer_km = 10800
        self.assertEqual(order.reading_ids.state, "confirmed")
        self.assertFalse(order.reading_ids.decided_by_id)
        self.assertEqual(self.car.odometer_km, 10800)

    def test_reading_goes_with_the_mileage_of_its_order(self):
        self.second.odometer_km = 0
        self.assertFalse(self.second.reading_ids)
        self.assertEqual(self.car.odometer_km, 3600)

    def test_reading_in_the_future_is_suspect(self):
        reading = self.env["cr.odometer.reading"].create(
            {"vehicle_id": self.car.id, "km": 9000, "read_on": date(2026, 12, 24)}
        )
        self.assertEqual((reading.state, reading.reason), ("suspect", "in_future"))

    @mute_logger("odoo.sql_db")
    def test_reading_of_zero_is_refused(self):
        with self.assertRaises(IntegrityError):
            self.env["cr.odometer.reading"].create(
                {"vehicle_id": self.car.id, "km": 0}
            )

    def test_reading_said_in_a_call_counts(self):
        self.env["cr.odometer.reading"].create(
            {
                "vehicle_id": self.car.id,
                "km": 14000,
                "read_on": date(2026, 11, 19),
                "source": "call",
            }
        )
        self.assertEqual(self.car.odometer_km, 14000)
