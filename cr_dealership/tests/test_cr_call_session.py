from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallSession(CallbackCommon):
    """One agent talks with a customer at a time."""

    def test_taking_a_card_takes_all_open_cards_of_the_customer(self):
        callbacks = self.make_callback() | self.make_callback(kind="care")
        session = self.take(callbacks[0])
        self.assertEqual(session.callback_ids, callbacks)
        self.assertEqual(callbacks.agent_id, self.agent)

    def test_a_second_agent_is_told_who_talks_since_when(self):
        callback = self.make_callback()
        self.take(callback)
        with self.assertRaisesRegex(
            UserError, "Test agent has been talking with Zeng Xiaoyan since today 10:00"
        ):
            self.take(callback, self.second_agent())

    def test_taking_my_customer_again_goes_on_with_the_conversation(self):
        callback = self.make_callback()
        session = self.take(callback)
        session.save_draft({"note": "half a sentence"})
        again = self.take(callback)
        self.assertEqual(again, session)
        draft = again.get_workplace()["session"]["draft"]
        self.assertEqual(draft, {"note": "half a sentence"})

    def test_a_released_customer_may_be_taken_by_another(self):
        callback = self.make_callback()
        session = self.take(callback)
        session.release()
        self.assertEqual(session.close_reason, "released")
        self.assertTrue(self.take(callback, self.second_agent()))

    def test_only_the_head_releases_a_colleague(self):
        session = self.take(self.make_callback())
        with self.assertRaisesRegex(UserError, "only the CR head may"):
            self.as_user(session, self.second_agent()).release()
        self.as_user(session, self.head).release()
        self.assertEqual(session.close_reason, "head")

    def test_a_forgotten_conversation_is_released_after_hours(self):
        session = self.take(self.make_callback())
        sessions = self.env["cr.call.session"]
        sessions._release_stale(fields.Datetime.now() + timedelta(hours=3))
        self.assertFalse(session.closed_at)
        with self.enter_registry_test_mode(), freeze_time("2026-11-20 06:30:00"):
            self.env.ref(
                "cr_dealership.ir_cron_cr_call_session_release"
            ).method_direct_trigger()
        session.invalidate_recordset()
        self.assertEqual(session.close_reason, "stale")

    def test_a_closed_conversation_takes_no_outcome(self):
        session = self.take(self.make_callback())
        session.release()
        with self.assertRaisesRegex(UserError, "was closed today 10:00"):
            self.finish(session, "busy")

    def test_consent_is_checked_again_at_the_call(self):
        callback = self.make_callback()
        self.customer.action_cr_do_not_call()
        with self.assertRaisesRegex(UserError, "does not want to be called at all"):
            self.take(callback)

    def test_a_card_may_not_be_called_before_its_first_day(self):
        tomorrow = self.TODAY + timedelta(days=1)
        callback = self.make_callback(earliest_on=tomorrow, due_on=tomorrow)
        with self.assertRaisesRegex(UserError, "from tomorrow on"):
            self.take(callback)

    def test_the_next_card_is_the_most_urgent_one(self):
        day = timedelta(days=1)
        customers = [self.make_partner() for _number in range(4)]
        self.make_callback(customers[0], due_on=self.TODAY + day)
        self.make_callback(customers[1])
        self.make_callback(customers[2], due_on=self.TODAY - day)
        self.make_callback(
            customers[3],
            state="retry",
            is_appointment=True,
            next_at=self.utc(self.TODAY, 9),
        )
        callbacks = self.as_user(self.env["cr.callback"], self.agent)
        order = []
        for _number in range(4):
            action = callbacks.take_next()
            session = self.env["cr.call.session"].browse(action["params"]["session_id"])
            order.append(session.partner_id)
        self.assertEqual(order, [customers[number] for number in (3, 2, 1, 0)])
        self.assertEqual(callbacks.take_next()["tag"], "display_notification")

    def test_the_next_card_skips_who_refused_since(self):
        callback = self.make_callback()
        self.customer.action_cr_do_not_call()
        action = self.as_user(callback, self.agent).take_next()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(callback.block_code, "do_not_call")

    def test_the_next_card_leaves_cards_of_colleagues_alone(self):
        self.make_callback(agent_id=self.second_agent().id)
        action = self.as_user(self.env["cr.callback"], self.agent).take_next()
        self.assertEqual(action["tag"], "display_notification")

    def test_dialling_is_logged_without_the_number(self):
        session = self.take(self.make_callback())
        self.assertEqual(session.log_dial(0), f"tel:{self.customer.mobile}")
        log = self.env["cr.access.log"].search([("kind", "=", "dial")], limit=1)
        self.assertEqual((log.user_id, log.res_id), (self.agent, self.customer.id))
        self.assertNotIn(self.customer.mobile, log.detail)
        with self.assertRaisesRegex(UserError, "no such number"):
            session.log_dial(5)

    def test_the_file_is_corrected_in_place_and_stamped(self):
        session = self.take(self.make_callback())
        data = session.update_customer({"cr_gender": "female", "street": "1 Lake Road"})
        self.assertEqual(data["title"], "Ms.")
        self.assertEqual(self.customer.cr_verified_by_id, self.agent)
        self.assertEqual(self.customer.cr_verified_on, self.TODAY)
        with self.assertRaisesRegex(UserError, "open the customer's file"):
            session.update_customer({"cr_value_override": "high"})

    def test_the_workplace_shows_the_script_filled_in(self):
        callback = self.make_callback(vehicle_id=self.car.id)
        self.env["cr.script.remark"].create({"text": "It rains: drive carefully."})
        script = self.take(callback).get_workplace()["callbacks"][0]["script"]
        self.assertIn("Zeng Xiaoyan", script[0]["text"])
        self.assertIn(self.car.plate, script[0]["text"])
        self.assertNotIn("{", script[0]["text"])
        self.assertEqual(script[-1]["text"], "It rains: drive carefully.")

    def test_an_amount_is_shown_only_to_who_may_see_prices(self):
        order = self.make_order(self.car, self.TODAY, amount_labour=860)
        callback = self.make_callback(vehicle_id=self.car.id, order_id=order.id)
        data = self.take(callback).get_workplace()["callbacks"][0]["order"]
        self.assertEqual((data["number"], data["amount"]), (order.number, False))

    def test_the_household_s_dates_are_listed(self):
        husband = self.make_partner("Peng Jianhua")
        self.customer.cr_family_ids = [
            fields.Command.create(
                {"name": "Peng Jianhua", "related_partner_id": husband.id}
            )
        ]
        car = self.make_vehicle(husband)
        self.env["cr.inspection"].create(
            {"vehicle_id": car.id, "due_on": self.TODAY + timedelta(days=10)}
        )
        lines = self.take(self.make_callback()).get_workplace()["household_due"]
        self.assertIn(car.id, [line["res_id"] for line in lines])

    def test_my_day_in_figures(self):
        done = self.make_callback()
        self.make_callback(
            self.make_partner(), agent_id=self.agent.id, due_on=self.TODAY
        )
        self.make_callback(
            self.make_partner(),
            agent_id=self.agent.id,
            due_on=self.TODAY - timedelta(days=1),
        )
        self.finish(self.take(done), "reached", done)
        summary = self.as_user(done, self.agent).get_day_summary()
        expected = {"quota": 30, "done": 1, "left": 2, "late": 1, "reached": 1}
        self.assertEqual({name: summary[name] for name in expected}, expected)
        self.assertTrue(summary["next_id"])
        self.assertFalse(summary["open_session"])
