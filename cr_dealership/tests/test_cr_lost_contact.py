from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrLostContact(CallbackCommon):
    """A customer who cannot be reached is looked for until a number is found."""

    def lose(self, **values):
        """Return a lost contact and its callback."""
        callback = self.make_callback(**values)
        self.finish(self.take(callback), "wrong_number")
        return (
            self.env["cr.lost.contact"].search(
                [("partner_id", "=", callback.partner_id.id)]
            ),
            callback,
        )

    def test_a_new_number_goes_to_the_file_and_opens_the_callback_again(self):
        lost, callback = self.lose()
        lost.new_phone = "139 1234 5678"
        self.as_user(lost, self.head).action_resolve()
        self.assertEqual(self.customer.mobile, "13912345678")
        self.assertEqual(self.customer.cr_verified_by_id, self.head)
        self.assertEqual((lost.state, callback.state), ("resolved", "todo"))
        self.assertEqual(lost.resolved_on, self.TODAY)
        self.assertFalse(lost.activity_ids)

    def test_a_callback_whose_last_day_passed_stays_lost(self):
        lost, callback = self.lose(expires_on=self.TODAY)
        with freeze_time("2026-11-25 02:00:00"):
            lost.new_phone = "13912345678"
            lost.action_resolve()
        self.assertEqual(callback.state, "lost")

    def test_resolving_needs_a_number(self):
        lost, _callback = self.lose()
        lost.new_phone = "call me"
        with self.assertRaisesRegex(UserError, "is no telephone number"):
            lost.action_resolve()

    def test_a_second_loss_joins_the_open_case(self):
        lost, first = self.lose()
        again, second = self.lose(kind="care")
        self.assertEqual(again, lost)
        self.assertEqual(lost.callback_ids, first | second)

    def test_the_responsible_person_of_the_department_gets_a_task(self):
        manager = self.persona("manager")
        self.hold(self.env.ref("cr_dealership.cr_role_service_manager"), manager)
        lost, _callback = self.lose()
        self.assertEqual(lost.user_id, manager)
        self.assertEqual(lost.activity_ids.user_id, manager)

    def test_the_age_is_counted_until_it_is_resolved(self):
        lost, _callback = self.lose()
        with freeze_time("2026-11-27 02:00:00"):
            lost.invalidate_recordset()
            self.assertEqual(lost.age_days, 7)
            lost.action_give_up()
        with freeze_time("2026-12-27 02:00:00"):
            lost.invalidate_recordset()
            self.assertEqual(lost.age_days, 7)

    def test_a_lost_customer_carries_the_stage_until_found(self):
        self.lose()
        self.assertEqual(self.customer.cr_stage, "lost_contact")

    def test_the_search_is_kept_step_by_step(self):
        lost, _callback = self.lose()
        lost = self.as_user(lost, self.agent)
        lost.action_search()
        lost.search_ids.create(
            {"lost_id": lost.id, "how": "family", "name": "wife will call back"}
        )
        self.assertEqual(lost.state, "searching")
        self.assertEqual(lost.search_ids.user_id, self.agent)

    def test_opened_before_is_older(self):
        lost, _callback = self.lose()
        other, _callback = self.lose(
            partner=self.make_partner(), due_on=self.TODAY + timedelta(days=1)
        )
        other.opened_on = self.TODAY - timedelta(days=3)
        cases = self.env["cr.lost.contact"].search([("id", "in", (lost | other).ids)])
        self.assertEqual(cases, other | lost)
