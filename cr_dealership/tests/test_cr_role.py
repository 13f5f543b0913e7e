from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrRole(CallbackCommon):
    """Who is on duty for a role; work never lands on nobody."""

    def on_duty(self, role, days=0):
        """Return who is on duty in the store, some days from today."""
        return role._on_duty(self.store, self.TODAY + timedelta(days=days))

    def test_a_holder_is_on_duty(self):
        self.assertEqual(self.on_duty(self.agent_role), self.agent)

    def test_an_absent_holder_is_replaced_for_the_span_only(self):
        second = self.second_agent()
        self.env["cr.absence"].create(
            {
                "user_id": self.agent.id,
                "date_from": self.TODAY,
                "date_to": self.TODAY + timedelta(days=1),
                "substitute_id": second.id,
            }
        )
        self.assertEqual(self.on_duty(self.agent_role), second)
        self.assertEqual(self.on_duty(self.agent_role, 1), second)
        self.assertEqual(self.on_duty(self.agent_role, 2), self.agent)

    def test_a_vacant_role_is_answered_by_the_head(self):
        role = self.env.ref("cr_dealership.cr_role_cr_specialist")
        self.assertEqual(self.on_duty(role), self.head)
        role = role.with_company(self.store)
        self.assertTrue(role.is_vacant)
        self.assertEqual(role.duty_text, "Vacant: CR head answers")

    def test_a_holder_of_another_store_does_not_answer_here(self):
        other = self.persona("specialist", self.other_store)
        role = self.env.ref("cr_dealership.cr_role_cr_specialist")
        self.hold(role, other, self.other_store)
        self.assertEqual(self.on_duty(role), self.head)
        self.assertEqual(role._on_duty(self.other_store, self.TODAY), other)

    def test_a_delegated_role_is_answered_by_the_delegate(self):
        role = self.env.ref("cr_dealership.cr_role_cr_specialist")
        role.write({"state": "delegated", "delegate_role_id": self.agent_role.id})
        self.assertEqual(self.on_duty(role), self.agent)

    def test_an_archived_user_is_not_on_duty(self):
        self.agent.active = False
        self.assertEqual(self.on_duty(self.agent_role), self.head)

    def test_all_roles_stores_and_days_are_answered_with_the_same_queries(self):
        role = self.agent_role
        few = self.count_queries(role._on_duty_map, self.store, [self.TODAY])
        days = [self.TODAY + timedelta(days=days) for days in range(60)]
        roles = role.search([])
        stores = self.store | self.other_store
        self.assertEqual(self.count_queries(roles._on_duty_map, stores, days), few)

    def test_the_screen_says_who_answers_and_why(self):
        screen = self.as_user(self.env["cr.role.duty"], self.agent).create({})
        lines = {line.role_id: line for line in screen.line_ids}
        self.assertFalse(lines[self.agent_role].is_vacant)
        self.assertEqual(lines[self.agent_role].user_ids._origin, self.agent)
        specialist = self.env.ref("cr_dealership.cr_role_cr_specialist")
        self.assertEqual(lines[specialist].note, "Vacant: CR head answers")
        self.assertTrue(screen.vacant_count)

    def test_agents_enter_their_own_absence_only(self):
        absences = self.as_user(self.env["cr.absence"], self.agent)
        own = absences.create({"reason": "sick"})
        self.assertEqual(own.user_id, self.agent)
        with self.assertRaises(AccessError):
            absences.create({"user_id": self.head.id})
        self.assertNotIn(
            self.env["cr.absence"].create({"user_id": self.head.id}),
            absences.search([]),
        )
