import random
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..tools import churn

DAY = date(2026, 11, 20)
WEIGHTS = {
    "overdue": churn.Weight(10, 15, 40),
    "complaint": churn.Weight(15, 1, 15),
    "renewal": churn.Weight(10, 1, 10),
    "mileage": churn.Weight(5, 1500, 10),
    "visits": churn.Weight(5, 1, 10),
    "spend": churn.Weight(4, 30, 8),
    "declined": churn.Weight(8, 1, 8),
    "unanswered": churn.Weight(2, 1, 6),
}


def ago(days):
    return DAY - timedelta(days=days)


def visits(*days, amount=500):
    """Return visits so many days ago, the oldest first."""
    return tuple((ago(day), amount) for day in sorted(days, reverse=True))


def points(car, code, today=DAY):
    """Return the points of one sign alone."""
    verdict = churn.assess(car, {code: WEIGHTS[code]}, churn.Levels(), today)
    return verdict.score


@tagged("post_install", "-at_install")
class TestChurnSigns(BaseCase):
    """Every sign has its measure, its points and its words (RCL-15)."""

    def test_past_its_own_rhythm(self):
        car = churn.Car(visits(400, 282, 164))
        verdict = churn.assess(car, WEIGHTS, churn.Levels(), DAY)
        reason = next(why for why in verdict.reasons if why["code"] == "overdue")
        self.assertEqual(
            (reason["days"], reason["rhythm"], reason["is_own"], reason["points"]),
            (46, 118, True, 20),
        )

    def test_rhythm_is_the_median_of_whole_matters(self):
        days = [ago(day) for day in (500, 495, 380, 260, 100)]
        self.assertEqual(churn.rhythm(days), (120, True))

    def test_rhythm_without_enough_visits_is_the_usual_one(self):
        self.assertEqual(churn.rhythm([ago(90)], months=6), (183, False))
        self.assertEqual(churn.rhythm([], 3, 6), (91, False))
        self.assertEqual(churn.rhythm([]), (183, False))
        self.assertEqual(churn.rhythm([ago(40), ago(20), ago(1)]), (30, True))

    def test_points_come_in_full_steps_up_to_the_cap(self):
        weight = churn.Weight(5, 1500, 10)
        for value, expected in ((0, 0), (1499, 0), (1500, 5), (3000, 10), (9e9, 10)):
            self.assertEqual(churn.points_of(weight, int(value)), expected, value)

    def test_mileage_is_foretold(self):
        car = churn.Car(
            visits(10),
            odometer_km=40000,
            odometer_on=ago(100),
            km_per_day=50.0,
            service_km=43000,
        )
        self.assertEqual(points(car, "mileage"), 5)
        self.assertEqual(points(car._replace(service_km=None), "mileage"), 0)
        self.assertEqual(points(car._replace(km_per_day=None), "mileage"), 0)

    def test_fewer_visits_and_less_spend(self):
        car = churn.Car(visits(30, amount=400) + ())
        before = visits(400, 500, 600, amount=1000)
        car = car._replace(visits=before + car.visits)
        self.assertEqual(points(car, "visits"), 10)
        self.assertEqual(points(car, "spend"), 8)
        self.assertEqual(points(churn.Car(visits(30)), "spend"), 0)

    def test_calls_without_an_answer_within_a_year(self):
        car = churn.Car(visits(300), calls=(ago(400), ago(60), ago(30), ago(2)))
        self.assertEqual(points(car, "unanswered"), 6)

    def test_renewal(self):
        ours = churn.Policy(ago(400), ago(35), True)
        other = churn.Policy(ago(34), ago(-330), False)
        car = churn.Car(visits(100))
        cases = [
            ((ours,), None, "lapsed"),
            ((ours, other), None, "elsewhere"),
            ((ours._replace(date_end=ago(-10)),), ago(5), "refused"),
            ((ours._replace(date_end=ago(20)),), None, None),
            ((other,), None, None),
            ((), None, None),
        ]
        for policies, refused_on, how in cases:
            with self.subTest(how=how, policies=policies):
                known = car._replace(policies=policies, refused_on=refused_on)
                weights = {"renewal": WEIGHTS["renewal"]}
                verdict = churn.assess(known, weights, churn.Levels(), DAY)
                found = [why["how"] for why in verdict.reasons]
                self.assertEqual(found, [how] if how else [])

    def test_declined_work_and_complaint(self):
        car = churn.Car(visits(100), declined=((ago(100), "Brake pads"),))
        self.assertEqual(points(car, "declined"), 8)
        self.assertEqual(points(car._replace(has_complaint=True), "complaint"), 15)


@tagged("post_install", "-at_install")
class TestChurnVerdict(BaseCase):
    """The sum, its level, and the next day on which it may change (RCL-08)."""

    def test_score_is_the_sum_of_its_reasons_up_to_a_hundred(self):
        car = churn.Car(
            visits(650, 500, 450, 400),
            declined=((ago(400), "Brakes"),),
            has_complaint=True,
            calls=(ago(3), ago(2), ago(1)),
            refused_on=ago(9),
        )
        verdict = churn.assess(car, WEIGHTS, churn.Levels(), DAY)
        self.assertEqual(verdict.score, sum(why["points"] for why in verdict.reasons))
        self.assertEqual((verdict.score, verdict.level), (97, churn.HIGH))
        sizes = [why["points"] for why in verdict.reasons]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        heavy = {code: churn.Weight(90, 1, 90) for code in WEIGHTS}
        self.assertEqual(churn.assess(car, heavy, churn.Levels(), DAY).score, 100)

    def test_levels(self):
        expected = {0: "none", 19: "none", 20: "watch", 40: "warning", 60: "high"}
        for score, level in expected.items():
            self.assertEqual(churn.level_of(score, churn.Levels()), level)

    def test_who_has_no_score(self):
        old = churn.Car(visits(800))
        for car, level in (
            (churn.Car(), churn.NONE),
            (old._replace(is_in_use=False), churn.NONE),
            (old, churn.LOST),
        ):
            verdict = churn.assess(car, WEIGHTS, churn.Levels(), DAY)
            self.assertEqual((verdict.level, verdict.score), (level, 0))
            self.assertIsNone(verdict.check_on)

    def test_a_car_in_the_shop_is_no_risk(self):
        car = churn.Car(visits(500, 400, 300, 200), in_shop_since=ago(2))
        verdict = churn.assess(car, WEIGHTS, churn.Levels(), DAY)
        self.assertEqual((verdict.score, verdict.check_on), (0, ago(-58)))
        forgotten = car._replace(in_shop_since=ago(61))
        verdict = churn.assess(forgotten, WEIGHTS, churn.Levels(), DAY)
        self.assertGreater(verdict.score, 0)

    def test_a_delivery_in_the_future_waits(self):
        car = churn.Car(delivered_on=ago(-5))
        self.assertEqual(
            churn.assess(car, WEIGHTS, churn.Levels(), DAY).check_on, ago(-5)
        )

    def test_nothing_changes_before_the_day_it_is_looked_at_again(self):
        """Against a day-by-day count, for many cars of all kinds."""
        dice = random.Random(20261120)
        for number in range(300):
            car = self.any_car(dice)
            verdict = churn.assess(car, WEIGHTS, churn.Levels(), DAY)
            if not verdict.check_on:
                continue
            self.assertGreater(verdict.check_on, DAY)
            for days in range(1, (verdict.check_on - DAY).days):
                later = churn.assess(
                    car, WEIGHTS, churn.Levels(), DAY + timedelta(days=days)
                )
                self.assertEqual(
                    (later.score, later.level),
                    (verdict.score, verdict.level),
                    f"car {number} on day {days}: {car}",
                )

    def any_car(self, dice):
        days = dice.sample(range(900), dice.randrange(7))
        policies = [
            churn.Policy(ago(start), ago(start - 364), dice.random() < 0.6)
            for start in dice.sample(range(900), dice.randrange(3))
        ]
        return churn.Car(
            tuple((ago(d), dice.randrange(3000)) for d in sorted(days, reverse=True)),
            delivered_on=dice.choice((None, ago(dice.randrange(900, 1200)))),
            first_months=3,
            months=dice.choice((0, 6, 12)),
            odometer_km=dice.randrange(90000),
            odometer_on=ago(dice.randrange(300)),
            km_per_day=dice.choice((None, 0.3, 7.7, 45.1, 310.0)),
            service_km=dice.randrange(95000),
            policies=tuple(policies),
            refused_on=ago(dice.randrange(400)) if dice.random() < 0.2 else None,
            calls=tuple(ago(d) for d in dice.sample(range(500), dice.randrange(4))),
            declined=tuple((ago(d), "Job") for d in dice.sample(range(900), 1)),
            has_complaint=dice.random() < 0.1,
            in_shop_since=ago(dice.randrange(100)) if dice.random() < 0.2 else None,
        )

    def test_bands(self):
        cars = [(90, True), (80, True), (10, False), (0, False)]
        found = churn.band(cars[:2], 0.5)
        self.assertEqual(found, churn.Band(2, 2, 85.0, 1.0, 2.0))
        self.assertEqual(churn.band([], 0.5), churn.Band(0, 0, 0.0, 0.0, 0.0))
        parts = churn.deciles([(score, False) for score in range(25)])
        self.assertEqual(sum(map(len, parts)), 25)
        self.assertEqual(len(parts), 10)
        self.assertEqual(parts[0][0][0], 24)
