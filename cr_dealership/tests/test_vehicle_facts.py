from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.odometer import Reading
from ..tools.vehicle_facts import Car, Mark, Plan, Visits, work_out

TODAY = date(2026, 11, 20)
PLAN = Plan(first_months=3, first_km=5000, months=6, km=5000)
DELIVERED = date(2026, 1, 10)


def marks(*readings):
    return tuple(
        Mark(Reading(*reading), order) for order, reading in enumerate(readings, 1)
    )


@tagged("post_install", "-at_install")
class TestVehicleFacts(BaseCase):
    """What falls due for one car, worked out without a database."""

    def work_out(self, **values):
        return work_out(Car(plan=PLAN, **values), TODAY)[1]

    def test_new_car_waits_for_its_first_service_by_date(self):
        facts = self.work_out(delivered_on=date(2026, 11, 1))
        self.assertEqual(facts["first_service_on"], date(2027, 2, 1))
        self.assertEqual(facts["first_service_basis"], "date")
        self.assertEqual(facts["first_service_km"], 5000)
        self.assertEqual(facts["due_kind"], "first_service")
        self.assertIsNone(facts["service_on"])

    def test_much_driven_new_car_is_due_by_mileage(self):
        facts = self.work_out(
            delivered_on=date(2026, 10, 1), marks=marks((date(2026, 11, 1), 3100))
        )
        self.assertEqual(facts["first_service_basis"], "mileage")
        self.assertEqual(facts["first_service_on"], date(2026, 11, 20))
        self.assertEqual(facts["km_per_day"], 100)

    def test_first_service_ends_with_the_first_maintenance(self):
        facts = self.work_out(
            delivered_on=DELIVERED,
            marks=marks((date(2026, 4, 10), 3600)),
            visits=Visits(
                1, date(2026, 4, 10), date(2026, 4, 10), date(2026, 4, 10), 1
            ),
        )
        self.assertIsNone(facts["first_service_on"])
        self.assertEqual(facts["last_maintenance_km"], 3600)
        self.assertEqual(facts["service_km"], 8600)
        self.assertEqual(facts["service_basis"], "mileage")
        self.assertEqual(facts["service_on"], date(2026, 8, 13))

    def test_newest_reading_sharpens_the_day_of_the_next_service(self):
        visits = Visits(
            2, date(2026, 4, 10), date(2026, 6, 10), date(2026, 4, 10), 1
        )
        facts = self.work_out(
            delivered_on=DELIVERED,
            marks=marks((date(2026, 4, 10), 3600), (date(2026, 6, 10), 4210)),
            visits=visits,
        )
        self.assertEqual(facts["service_km"], 8600)
        self.assertEqual(facts["service_basis"], "date")
        self.assertEqual(facts["service_on"], date(2026, 10, 10))

    def test_what_the_shop_stated_wins_over_the_interval(self):
        facts = self.work_out(
            delivered_on=DELIVERED,
            marks=marks((date(2026, 4, 10), 1800)),
            visits=Visits(
                count=1,
                last_on=date(2026, 4, 10),
                service_on=date(2026, 4, 10),
                service_order=1,
                stated_at=date(2026, 4, 10),
                stated_on=date(2027, 4, 10),
                stated_km=10000,
            ),
        )
        self.assertEqual(facts["service_km"], 10000)
        self.assertEqual(facts["service_on"], date(2027, 4, 10))

    def test_statement_older_than_the_last_maintenance_is_void(self):
        facts = self.work_out(
            delivered_on=DELIVERED,
            visits=Visits(
                count=2,
                last_on=date(2026, 9, 1),
                service_on=date(2026, 9, 1),
                service_order=2,
                stated_at=date(2026, 4, 10),
                stated_on=date(2026, 9, 30),
            ),
        )
        self.assertEqual(facts["service_on"], date(2027, 3, 1))

    def test_doubtful_reading_of_the_last_service_moves_nothing(self):
        visits = Visits(2, date(2026, 4, 10), date(2026, 7, 9), date(2026, 7, 9), 2)
        right = self.work_out(
            delivered_on=DELIVERED,
            marks=marks((date(2026, 4, 10), 1800), (date(2026, 7, 9), 3600)),
            visits=visits,
        )
        verdicts, wrong = work_out(
            Car(
                plan=PLAN,
                delivered_on=DELIVERED,
                marks=marks((date(2026, 4, 10), 1800), (date(2026, 7, 9), 36000)),
                visits=visits,
            ),
            TODAY,
        )
        self.assertEqual(verdicts[1][0], "suspect")
        self.assertEqual(wrong["service_on"], right["service_on"])
        self.assertEqual(wrong["last_maintenance_km"], 3600)

    def test_car_that_left_never_falls_due(self):
        facts = self.work_out(
            delivered_on=DELIVERED, insured_until=date(2027, 1, 9), is_in_use=False
        )
        self.assertIsNone(facts["due_on"])
        self.assertIsNone(facts["insurance_on"])

    def test_headline_passes_over_what_was_forgotten_for_a_year(self):
        facts = self.work_out(
            insured_until=date(2024, 5, 1),
            inspection_on=date(2026, 12, 31),
        )
        self.assertEqual(facts["due_kind"], "inspection")
        self.assertEqual(facts["insurance_on"], date(2024, 5, 1))
        facts = self.work_out(insured_until=date(2024, 5, 1))
        self.assertEqual(facts["due_kind"], "insurance")

    def test_inspection_counts_from_registration_at_two_year_steps(self):
        facts = self.work_out(registered_on=date(2023, 3, 15))
        self.assertEqual(facts["inspection_on"], date(2027, 3, 31))
        facts = self.work_out(
            registered_on=date(2023, 3, 15), inspected_on=date(2027, 2, 1)
        )
        self.assertEqual(facts["inspection_on"], date(2029, 3, 31))

    def test_car_without_any_trace_has_no_due_date(self):
        facts = self.work_out()
        self.assertFalse(any(facts.values()))
