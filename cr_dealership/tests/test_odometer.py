import datetime
import random

from odoo.tests import BaseCase, tagged

from ..tools import odometer
from ..tools.odometer import Reading

START = datetime.date(2024, 1, 1)


def day(number):
    return START + datetime.timedelta(days=number)


def reading(number, km, next_km=None, fixed_state=None):
    return Reading(day(number), km, next_km, fixed_state)


@tagged("post_install", "-at_install")
class TestOdometerJudge(BaseCase):
    """Wrong readings are held back, right ones are not."""

    def assertSuspects(self, readings, expected, **options):
        """Check {position: reason} of all that is not simply confirmed."""
        verdicts = odometer.judge(readings, **options)
        self.assertEqual(len(verdicts), len(readings))
        found = {
            position: reason
            for position, (state, reason) in enumerate(verdicts)
            if state == "suspect"
        }
        self.assertEqual(found, expected)
        return verdicts

    def test_no_readings_need_no_judgement(self):
        self.assertEqual(odometer.judge([]), [])
        self.assertEqual(odometer.judge([], START), [])

    def test_ordinary_history_is_confirmed(self):
        history = [
            reading(100, 4000, 5000),
            reading(280, 11000, 15000),
            reading(460, 18500),
        ]
        self.assertSuspects(history, {}, delivered_on=START)
        self.assertSuspects(history, {})

    def test_reading_that_a_later_one_contradicts_is_suspect(self):
        history = [reading(100, 4000), reading(280, 110000), reading(460, 18500)]
        self.assertSuspects(history, {1: "later_lower"})

    def test_first_of_two_is_suspect_when_the_second_is_lower(self):
        self.assertSuspects(
            [reading(100, 40000), reading(280, 11000)], {0: "later_lower"}
        )

    def test_small_decrease_is_tolerated(self):
        self.assertSuspects([reading(100, 4200), reading(101, 3900)], {})

    def test_reading_beyond_its_own_next_service_is_suspect(self):
        for next_km in (5000, 10000, 30000, 40000):
            history = [reading(100, 40000, next_km)]
            self.assertSuspects(history, {0: "beyond_next_service"}, delivered_on=START)
            self.assertSuspects(history, {0: "beyond_next_service"})

    def test_next_service_absurdly_far_makes_suspect(self):
        self.assertSuspects([reading(100, 1200, 120000)], {0: "next_service_far"})

    def test_late_customer_beyond_the_next_service_fits_his_rhythm(self):
        history = [
            reading(100, 4000, 5000),
            reading(200, 8000, 10000),
            reading(330, 13200, 13000),
        ]
        self.assertSuspects(history, {}, delivered_on=START)

    def test_next_service_column_that_nobody_keeps_is_ignored(self):
        history = [reading(100 * n, 4000 * n, 3000) for n in range(1, 5)]
        self.assertSuspects(history, {})

    def test_more_a_day_than_a_car_can_drive_is_suspect(self):
        self.assertSuspects([reading(10, 20000)], {0: "too_fast"}, delivered_on=START)
        history = [reading(100, 4000), reading(110, 40000)]
        self.assertSuspects(history, {1: "too_fast"}, delivered_on=START)

    def test_tenfold_last_reading_breaks_the_rhythm(self):
        history = [reading(100, 4000), reading(280, 11200), reading(460, 184000)]
        self.assertSuspects(history, {2: "too_fast"}, delivered_on=START)
        slow = [reading(100, 1800), reading(300, 54000)]
        self.assertSuspects(slow, {1: "too_fast"}, delivered_on=START)

    def test_new_job_as_a_driver_is_no_mistake(self):
        history = [reading(100, 4000), reading(280, 11200), reading(400, 40000)]
        self.assertSuspects(history, {}, delivered_on=START)

    def test_one_digit_too_few_is_suspect_not_its_neighbours(self):
        history = [
            reading(100, 4000),
            reading(280, 11000),
            reading(460, 1850),
            reading(600, 24000),
        ]
        self.assertSuspects(history, {2: "earlier_higher"}, delivered_on=START)

    def test_two_wrong_readings_do_not_confirm_each_other(self):
        history = [reading(100, 40000), reading(280, 112000), reading(460, 18400),
                   reading(640, 25600)]  # fmt: skip
        expected = {0: "later_lower", 1: "later_lower"}
        self.assertSuspects(history, expected, delivered_on=START)

    def test_person_decides_over_every_rule(self):
        history = [reading(100, 4000), reading(280, 110000, 15000, "confirmed"),
                   reading(460, 18500, None, "rejected")]  # fmt: skip
        verdicts = odometer.judge(history, START)
        self.assertEqual(
            verdicts[1:], [("confirmed", "by_hand"), ("rejected", "by_hand")]
        )
        self.assertEqual(verdicts[0], ("confirmed", None))

    def test_rejected_reading_contradicts_nothing(self):
        history = [
            reading(100, 4000),
            reading(280, 1100, None, "rejected"),
            reading(460, 18500),
        ]
        self.assertSuspects(history, {}, delivered_on=START)

    def test_two_persons_may_contradict_each_other(self):
        history = [
            reading(1, 90000, None, "confirmed"),
            reading(2, 100, None, "confirmed"),
        ]
        self.assertSuspects(history, {})

    def test_future_and_impossible_readings_are_suspect(self):
        history = [
            reading(100, 4000),
            reading(500, 20000),
            reading(501, -1),
            reading(502, None),
        ]
        expected = {1: "in_future", 2: "out_of_range", 3: "out_of_range"}
        self.assertSuspects(history, expected, today=day(400))

    def test_wrong_delivery_date_does_not_spoil_the_readings(self):
        history = [reading(10, 200000), reading(190, 207000), reading(370, 214000)]
        self.assertSuspects(history, {}, delivered_on=START)

    def test_tolerance_and_limit_are_the_callers(self):
        history = [reading(100, 4000), reading(101, 3000)]
        self.assertSuspects(history, {}, tolerance_km=1000)
        history = [reading(100, 4000), reading(110, 24000)]
        self.assertSuspects(history, {}, max_km_per_day=3000)

    def test_exactly_the_tenfold_readings_of_many_cars_are_suspect(self):
        rng = random.Random(11)
        for car in range(600):
            rate, history, wrong = rng.choice([18, 25, 33, 40, 55, 90]), [], set()
            number = rng.randrange(60, 130)
            for position in range(rng.randrange(1, 9)):
                km = number * rate + rng.randrange(300)
                next_km = (km // 5000 + 1) * 5000
                if rng.random() < 0.08:
                    wrong.add(position)
                    km *= 10
                history.append(reading(number, km, next_km))
                number += rng.randrange(1, 230)
            verdicts = odometer.judge(history, START if car % 2 else None)
            found = {n for n, verdict in enumerate(verdicts) if verdict[0] == "suspect"}
            self.assertEqual(found, wrong, history)


@tagged("post_install", "-at_install")
class TestOdometerRhythm(BaseCase):
    """What believed readings foretell."""

    def test_rhythm_needs_two_points(self):
        self.assertIsNone(odometer.rhythm([]))
        self.assertIsNone(odometer.rhythm([], START))
        self.assertIsNone(odometer.rhythm([reading(100, 4000)]))
        self.assertIsNone(odometer.rhythm([reading(3, 100)], START))

    def test_one_reading_and_the_delivery_give_a_rhythm(self):
        self.assertEqual(odometer.rhythm([reading(100, 4000)], START), 40)

    def test_two_readings_give_a_rhythm(self):
        self.assertEqual(odometer.rhythm([(day(0), 1000), (day(100), 4000)]), 30)

    def test_one_holiday_does_not_move_the_rhythm(self):
        readings = [
            reading(100, 3000),
            reading(200, 6000),
            reading(230, 12000),
            reading(330, 15000),
        ]
        self.assertEqual(odometer.rhythm(readings, START), 30)

    def test_lasting_change_moves_the_rhythm(self):
        readings = [
            reading(100 * n, km) for n, km in enumerate((0, 3000, 6000, 16000, 26000))
        ]
        self.assertEqual(odometer.rhythm(readings), 100)

    def test_readings_of_neighbouring_days_are_taken_together(self):
        readings = [reading(100, 4000), reading(101, 4300), reading(102, 4080)]
        self.assertAlmostEqual(odometer.rhythm(readings, START), 40, delta=1)

    def test_car_that_stands_still_has_no_rhythm(self):
        self.assertIsNone(odometer.rhythm([reading(0, 4000), reading(100, 4000)]))
        self.assertIsNone(odometer.rhythm([reading(0, 4300), reading(100, 4000)]))

    def test_estimate_grows_with_its_error(self):
        self.assertEqual(odometer.estimate(4000, START, 40, day(100)), (8000, 1100))
        self.assertEqual(odometer.estimate(4000, START, 40, START), (4000, 300))
        self.assertEqual(odometer.estimate(4000, START, None, day(100)), (4000, None))
        self.assertEqual(odometer.estimate(4000, day(9), 40, START)[0], 4000)
