import datetime

from odoo.tests import BaseCase, tagged

from ..tools import classes
from ..tools.classes import Facts

TODAY = datetime.date(2026, 11, 20)
VALUES = {"high": 300000, "medium": 50000}


def ago(days):
    return TODAY - datetime.timedelta(days=days)


@tagged("post_install", "-at_install")
class TestClasses(BaseCase):
    """A customer's classes follow from facts and thresholds."""

    def assertStage(self, stage, valid_until=None, **facts):
        found = classes.lifecycle(Facts(**facts), TODAY)
        self.assertEqual(found, (stage, valid_until))

    def test_number_of_cars_gives_the_frequency(self):
        for count, expected in ((0, None), (None, None), (1, "first"), (2, "repeat"),
                                (3, "loyal"), (9, "loyal")):  # fmt: skip
            self.assertEqual(classes.frequency_class(count), expected)
        limits = {"repeat": 3, "loyal": 5}
        self.assertEqual(classes.frequency_class(2, limits), "first")
        self.assertEqual(classes.frequency_class(4, limits), "repeat")

    def test_spend_gives_the_value(self):
        for spend, expected in ((300000, "high"), (299999, "medium"), (50000, "medium"),
                                (49999, "low"), (0, "low"), (None, None)):  # fmt: skip
            self.assertEqual(classes.value_class(spend, VALUES), expected)

    def test_who_bought_nothing_is_a_prospect(self):
        self.assertStage("prospect")
        self.assertStage("lost_contact", is_lost_contact=True)

    def test_open_order_means_in_purchase(self):
        self.assertStage("in_purchase", is_buying=True)
        self.assertStage("in_purchase", is_buying=True, delivered_on=ago(700))
        self.assertStage("in_purchase", ago(-5), delivered_on=ago(-5))

    def test_delivery_makes_a_new_owner_for_ninety_days(self):
        self.assertStage("new_owner", ago(-90), delivered_on=TODAY)
        self.assertStage(
            "new_owner", ago(-1), delivered_on=ago(89), last_visit_on=ago(5)
        )
        until = datetime.date(2026, 11, 22)
        self.assertStage("active", until, delivered_on=ago(90))

    def test_absence_in_calendar_months_gives_the_stage(self):
        day = datetime.date
        for last_visit_on, stage, until in (
            (day(2026, 8, 21), "active", day(2026, 11, 21)),
            (day(2026, 8, 20), "lapsing", day(2027, 2, 20)),
            (day(2026, 5, 21), "lapsing", day(2026, 11, 21)),
            (day(2026, 5, 20), "lapsed", day(2028, 5, 20)),
            (day(2024, 11, 21), "lapsed", day(2026, 11, 21)),
            (day(2024, 11, 20), "lost", None),
        ):
            facts = {"last_visit_on": last_visit_on, "delivered_on": day(2020, 1, 1)}
            self.assertStage(stage, until, **facts)

    def test_lost_contact_lasts_until_the_customer_is_lost(self):
        facts = {"last_visit_on": ago(10), "is_lost_contact": True}
        self.assertStage("lost_contact", datetime.date(2028, 11, 10), **facts)
        self.assertStage("lost", is_lost_contact=True, last_visit_on=ago(1000))

    def test_stage_changes_exactly_on_the_day_it_is_valid_until(self):
        facts, day = Facts(delivered_on=datetime.date(2025, 11, 30)), datetime.date(
            2025, 11, 1
        )
        seen, expected_change = [], None
        while day < datetime.date(2028, 1, 1):
            stage, until = classes.lifecycle(facts, day)
            if not seen or seen[-1] != stage:
                self.assertIn(expected_change, (None, day))
                seen.append(stage)
            expected_change = until
            day += datetime.timedelta(days=1)
        self.assertEqual(
            seen, ["in_purchase", "new_owner", "lapsing", "lapsed", "lost"]
        )

    def test_thresholds_are_the_callers(self):
        facts = Facts(last_visit_on=ago(40))
        found = classes.lifecycle(facts, TODAY, {"lapsing_months": 1})
        self.assertEqual(found[0], "lapsing")

    def test_completeness_is_weighted_and_names_the_missing(self):
        weights = {"name": 1, "phone": 5, "birthday": 2, "children": 2}
        values = {"name": "王伟", "phone": "138", "birthday": False, "children": 0}
        self.assertEqual(classes.completeness(values, weights), (80, ["birthday"]))
        values = {"name": " ", "children": []}
        missing = ["phone", "birthday", "children", "name"]
        self.assertEqual(classes.completeness(values, weights), (0, missing))

    def test_only_a_complete_file_shows_a_hundred(self):
        weights = dict.fromkeys(range(1000), 1)
        values = dict.fromkeys(range(999), "x")
        self.assertEqual(classes.completeness(values, weights), (99, [999]))
        self.assertEqual(classes.completeness({}, {}), (100, []))
