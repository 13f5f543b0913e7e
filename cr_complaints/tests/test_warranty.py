from datetime import date

from odoo.tests import BaseCase

from odoo.addons.cr_complaints.tools import warranty
from odoo.addons.cr_complaints.tools.warranty import Line, Repair, Rule

DELIVERED = date(2026, 1, 10)
TODAY = date(2026, 11, 20)
SAME = Rule(
    1, "same", warranty.SAME_FAULT, date(2026, 1, 1), months=24, km=50000,
    threshold=3, warn_at=2,
)
SHOP = Rule(
    2, "shop", warranty.SHOP_DAYS, date(2026, 1, 1), months=24, threshold=30, warn_at=20
)
EARLY = Rule(3, "early", warranty.EARLY, date(2026, 1, 1), days=7)
EARLY_60 = Rule(4, "early_60", warranty.EARLY_60, date(2026, 1, 1), days=60, km=3000)
MOUNT = Line("Replace gearbox mount", "GM-12")


class TestWarranty(BaseCase):
    """Dated rules over repairs, without a database."""

    def find(self, rules, *repairs, today=TODAY, delivered_on=DELIVERED):
        return warranty.find(rules, delivered_on, repairs, today)

    def repair(self, number, day, lines=(MOUNT,), **values):
        values = {"until": day, "km": 1000, **values}
        return Repair(number, day, lines=lines, **values)

    def test_one_before_the_right_is_warned_of(self):
        first = self.repair(1, date(2026, 3, 1))
        second = self.repair(2, date(2026, 4, 11))
        third = self.repair(3, date(2026, 5, 1))
        self.assertFalse(self.find([SAME], first))
        [finding] = self.find([SAME], second, first)
        self.assertEqual((finding.count, finding.is_reached), (2, False))
        self.assertEqual((finding.last_on - finding.first_on).days, 41)
        self.assertEqual(finding.ends_on, date(2028, 1, 10))
        [finding] = self.find([SAME], first, second, third)
        self.assertEqual((finding.count, finding.is_reached), (3, True))

    def test_a_code_or_the_name_of_the_main_line_is_the_same_fault(self):
        written = (
            (Line("更换变速箱支架"), Line("更换 变速箱支架。")),
            (Line("Mount", "gm 12"), Line("Gearbox support", "GM-12")),
            (Line("Ａ/C does not cool"), Line("a/c does not cool")),
        )
        for lines in written:
            with self.subTest(lines=lines):
                repairs = [
                    self.repair(number, date(2026, 3, number), (line,))
                    for number, line in enumerate(lines, 1)
                ]
                self.assertEqual(len(self.find([SAME], *repairs)), 1)

    def test_part_and_work_on_it_are_one_fault(self):
        lines = (Line("Replace mount"), Line("Mount", "GM-12", is_labour=False))
        days = (date(2026, 3, 1), date(2026, 4, 1))
        repairs = [self.repair(number, day, lines) for number, day in enumerate(days)]
        [finding] = self.find([SAME], *repairs)
        self.assertEqual(finding.key, "code:gm12")
        self.assertEqual(finding.label, "Mount")

    def test_names_of_minor_lines_do_not_count(self):
        first = self.repair(1, date(2026, 3, 1), (Line("Door"), Line("Wash")))
        second = self.repair(2, date(2026, 3, 2), (Line("Window"), Line("Wash")))
        self.assertFalse(self.find([SAME], first, second))

    def test_km_and_time_of_the_window(self):
        first = self.repair(1, date(2026, 3, 1))
        far = self.repair(2, date(2026, 4, 1), km=50001)
        late = self.repair(2, date(2028, 1, 11))
        before = self.repair(2, date(2026, 1, 9))
        for other in (far, late, before):
            self.assertFalse(self.find([SAME], first, other))

    def test_a_window_that_is_over_warns_only_of_what_was_reached(self):
        repairs = [self.repair(number, date(2026, 3, number)) for number in (1, 2, 3)]
        after = date(2028, 1, 11)
        self.assertFalse(self.find([SAME], *repairs[:2], today=after))
        self.assertTrue(self.find([SAME], *repairs, today=after))

    def test_days_in_the_shop_add_up_until_today(self):
        short = self.repair(1, date(2026, 3, 1))
        long = self.repair(2, date(2026, 4, 1), until=date(2026, 4, 19))
        still = self.repair(3, date(2026, 11, 19), until=None)
        self.assertFalse(self.find([SHOP], short, long))
        [finding] = self.find([SHOP], short, long, still)
        self.assertEqual((finding.count, finding.is_reached), (20, False))
        [finding] = self.find([SHOP], short, long, still, today=date(2026, 12, 20))
        self.assertEqual((finding.count, finding.is_reached), (50, True))

    def test_early_windows(self):
        cases = (
            (date(2026, 1, 17), 100, {3, 4}),
            (date(2026, 1, 18), 100, {4}),
            (date(2026, 3, 11), 3000, {4}),
            (date(2026, 3, 11), 3001, set()),
            (date(2026, 3, 12), 100, set()),
        )
        for day, km, rules in cases:
            with self.subTest(day=day, km=km):
                repair = self.repair(1, day, km=km)
                found = self.find([EARLY, EARLY_60], repair, today=day)
                self.assertEqual({one.rule_id for one in found}, rules)

    def test_the_version_of_the_delivery_day_holds(self):
        old = SAME._replace(id=9, valid_from=date(2022, 1, 1), warn_at=1)
        repair = self.repair(1, date(2026, 3, 1))
        self.assertFalse(self.find([SAME, old], repair))
        sold = date(2025, 12, 31)
        [finding] = self.find([SAME, old], repair, delivered_on=sold)
        self.assertEqual(finding.rule_id, 9)
        self.assertFalse(self.find([SAME], repair, repair, delivered_on=sold))

    def test_other_service_types_do_not_count(self):
        rule = SAME._replace(types=frozenset([7]), warn_at=1)
        self.assertFalse(self.find([rule], self.repair(1, date(2026, 3, 1), type_id=8)))
        self.assertTrue(self.find([rule], self.repair(1, date(2026, 3, 1), type_id=7)))

    def test_without_a_delivery_nothing_is_said(self):
        repair = self.repair(1, date(2026, 1, 11))
        self.assertFalse(self.find([EARLY], repair, delivered_on=None))

    def test_what_was_over_long_ago_is_history(self):
        repair = self.repair(1, date(2026, 1, 12))
        cases = ((date(2026, 4, 17), False), (date(2026, 4, 18), True))
        for today, is_history in cases:
            with self.subTest(today=today):
                [finding] = self.find([EARLY], repair, today=today)
                self.assertEqual(finding.is_history, is_history)
                matters = warranty.may_matter([EARLY], DELIVERED, today)
                self.assertEqual(matters, not is_history)
