from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCustomerWish(CallbackCommon):
    """What customers suggest and wish, until they know what became of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialist = cls.persona("specialist")
        cls.manager = cls.persona("manager")
        cls.role = cls.env.ref("cr_dealership.cr_role_service_manager")
        cls.hold(cls.role, cls.manager)

    def wish(self, user=None, **values):
        wishes = self.env["cr.customer.wish"]
        if user:
            wishes = self.as_user(wishes, user)
        return wishes.create(
            {
                "name": "Evening pick-up",
                "partner_id": self.customer.id,
                "text": "Could somebody bring the car back in the evening?",
                "role_id": self.role.id,
                **values,
            }
        )

    def touches(self):
        return self.env["cr.care.touch"].search(
            [("origin_model", "=", "cr.customer.wish")]
        )

    def test_a_wish_is_handed_over_delivered_and_told(self):
        wish = self.wish(self.agent, kind="service")
        wish.action_hand_over()
        self.assertEqual(wish.sudo().activity_ids.user_id, self.manager)
        mine = self.as_user(wish, self.manager)
        with self.assertRaisesRegex(UserError, "what became of it"):
            mine.action_deliver()
        mine.answer = "We bring it back until 20:00."
        mine.action_deliver()
        self.assertEqual((wish.state, wish.done_on), ("done", self.TODAY))
        self.assertFalse(wish.sudo().activity_ids)
        self.assertTrue(wish.is_to_tell)
        wish.action_told()
        self.assertEqual(wish.told_on, self.TODAY)
        self.assertEqual(self.touches().content, "We bring it back until 20:00.")
        with self.assertRaisesRegex(UserError, "Nobody is to be told"):
            wish.action_told()
        self.assertEqual(len(self.touches()), 1)

    def test_suggestions_become_an_improvement_and_its_measure_their_answer(self):
        wishes = self.wish(self.specialist) | self.wish(
            self.specialist, name="Later closing", partner_id=False
        )
        action = wishes.action_improve()
        feedback = self.env["cr.care.feedback"].browse(action["res_id"])
        self.assertIn("bring the car back", feedback.summary)
        self.assertIn("without a name", feedback.summary)
        feedback.action_send()
        answer = self.as_user(feedback, self.manager)
        answer.write(
            {
                "measure": "The shop is open until 20:00.",
                "measure_by_id": self.manager.id,
                "measure_until": self.TODAY,
            }
        )
        answer.action_decide()
        answer.action_done()
        self.assertEqual(set(wishes.mapped("state")), {"done"})
        self.assertEqual(wishes[0].answer, "The shop is open until 20:00.")
        self.assertEqual(wishes.mapped("is_to_tell"), [True, False])

    def test_an_improvement_has_one_department_and_a_wish_one_improvement(self):
        other = self.wish(role_id=self.head_role.id)
        with self.assertRaisesRegex(UserError, "one department"):
            (self.wish() | other).action_improve()
        other.action_improve()
        with self.assertRaisesRegex(UserError, "part of an improvement already"):
            other.action_improve()

    def test_a_wish_without_a_department_or_holder_says_so(self):
        with self.assertRaisesRegex(UserError, "choose to whom it goes"):
            self.wish(role_id=False).action_hand_over()
        self.env["cr.role.holder"].search([]).date_to = self.TODAY - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "Nobody holds the role"):
            self.wish().action_hand_over()

    def test_handing_over_many_costs_like_one(self):
        many = self.env["cr.customer.wish"].union(*(self.wish() for _n in range(20)))
        self.count_queries(self.wish().action_hand_over)
        few = self.count_queries(self.wish().action_hand_over)
        self.assertLessEqual(self.count_queries(many.action_hand_over), few)

    def test_what_is_late_and_to_do_stands_first(self):
        wish = self.wish(promised_on=self.TODAY - timedelta(days=1))
        self.assertTrue(wish.is_late)
        wish.answer = "No."
        wish.action_decline()
        self.assertFalse(wish.is_late)
        self.assertEqual(wish.state, "declined")

    def test_states_are_not_written_by_hand(self):
        wish = self.wish(self.agent)
        for values in ({"state": "done"}, {"told_on": self.TODAY}):
            with self.assertRaisesRegex(AccessError, "follows from its buttons"):
                wish.write(values)

    def test_a_sales_consultant_sees_his_own_customers_wishes(self):
        sales = self.persona("sales")
        wish = self.wish()
        seen = self.as_user(self.env["cr.customer.wish"], sales)
        self.assertFalse(seen.search([("id", "=", wish.id)]))
        self.customer.cr_consultant_id = sales
        self.assertTrue(seen.search([("id", "=", wish.id)]))

    def test_the_customers_file_counts_and_opens_them(self):
        wish = self.wish()
        customer = self.as_user(self.customer, self.agent)
        self.assertEqual(customer.cr_wish_count, 1)
        action = customer.action_cr_view_wishes()
        self.assertEqual(self.env[wish._name].search(action["domain"]), wish)
