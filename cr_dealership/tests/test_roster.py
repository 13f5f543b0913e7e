from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..tools.roster import Duty, Role, on_duty, share_out, stand_in

DAY = date(2026, 11, 20)
AWAY = (DAY, DAY + timedelta(days=2))


@tagged("post_install", "-at_install")
class TestRosterStandIn(BaseCase):
    """Who works when somebody is away."""

    def test_a_present_person_works_himself(self):
        self.assertEqual(stand_in(1, DAY, {}), 1)

    def test_a_substitute_stands_in(self):
        self.assertEqual(stand_in(1, DAY, {1: [(*AWAY, 2)]}), 2)

    def test_before_and_after_the_absence_the_person_works_himself(self):
        absences = {1: [(*AWAY, 2)]}
        self.assertEqual(stand_in(1, DAY - timedelta(days=1), absences), 1)
        self.assertEqual(stand_in(1, AWAY[1] + timedelta(days=1), absences), 1)

    def test_an_absent_substitute_is_followed_to_his_own(self):
        absences = {1: [(*AWAY, 2)], 2: [(*AWAY, 3)]}
        self.assertEqual(stand_in(1, DAY, absences), 3)

    def test_a_circle_of_absent_people_ends_with_nobody(self):
        absences = {1: [(*AWAY, 2)], 2: [(*AWAY, 1)]}
        self.assertIsNone(stand_in(1, DAY, absences))

    def test_someone_who_may_not_work_in_the_store_does_not_stand_in(self):
        self.assertIsNone(stand_in(1, DAY, {1: [(*AWAY, 2)]}, may_work={1}))


@tagged("post_install", "-at_install")
class TestRosterOnDuty(BaseCase):
    """Which role answers when one has nobody."""

    def test_holders_answer_for_their_role(self):
        duties = on_duty(7, DAY, {7: Role("active")}, {7: [1, 2]}, {})
        self.assertEqual(duties, [Duty(1, 1, 7), Duty(2, 2, 7)])

    def test_a_vacant_role_falls_back(self):
        roles = {7: Role("active", None, 8), 8: Role("active")}
        self.assertEqual(on_duty(7, DAY, roles, {8: [3]}, {}), [Duty(3, 3, 8)])

    def test_a_suspended_role_does_not_use_its_own_holders(self):
        roles = {7: Role("suspended", None, 8), 8: Role("active")}
        duties = on_duty(7, DAY, roles, {7: [1], 8: [3]}, {})
        self.assertEqual(duties, [Duty(3, 3, 8)])

    def test_the_delegate_comes_before_the_fallback(self):
        roles = {
            7: Role("delegated", 9, 8),
            8: Role("active"),
            9: Role("active"),
        }
        duties = on_duty(7, DAY, roles, {8: [3], 9: [4]}, {})
        self.assertEqual(duties, [Duty(4, 4, 9)])

    def test_the_head_answers_last(self):
        roles = {7: Role("active"), 1: Role("active")}
        duties = on_duty(7, DAY, roles, {1: [5]}, {}, head=1)
        self.assertEqual(duties, [Duty(5, 5, 1)])

    def test_circles_of_roles_end(self):
        roles = {7: Role("delegated", 8), 8: Role("delegated", 7)}
        self.assertEqual(on_duty(7, DAY, roles, {}, {}, head=7), [])

    def test_one_substitute_of_two_holders_is_named_once(self):
        absences = {1: [(*AWAY, 3)], 2: [(*AWAY, 3)]}
        duties = on_duty(7, DAY, {7: Role("active")}, {7: [1, 2]}, absences)
        self.assertEqual(duties, [Duty(3, 1, 7)])


@tagged("post_install", "-at_install")
class TestRosterShareOut(BaseCase):
    """How work is shared out."""

    def test_work_follows_the_quota(self):
        shared = share_out(range(90), {1: (60, 0), 2: (30, 0)})
        counts = [list(shared.values()).count(person) for person in (1, 2)]
        self.assertEqual(counts, [60, 30])

    def test_who_has_less_gets_more(self):
        shared = share_out(range(10), {1: (30, 10), 2: (30, 0)})
        self.assertEqual(set(shared.values()), {2})

    def test_quota_zero_gets_nothing_while_others_have_one(self):
        self.assertEqual(set(share_out(range(5), {1: (0, 0), 2: (1, 0)}).values()), {2})

    def test_without_any_quota_all_get_the_same(self):
        shared = share_out(range(4), {1: (0, 0), 2: (0, 0)})
        self.assertEqual(sorted(shared.values()), [1, 1, 2, 2])

    def test_without_people_nothing_is_shared(self):
        self.assertEqual(share_out(range(4), {}), {})
