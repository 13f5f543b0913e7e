from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallbackEffect(CallbackCommon):
    """What a call brings for the callbacks it was about."""

    def test_reached_closes_the_chosen_callbacks_in_one_attempt(self):
        callbacks = self.make_callback() | self.make_callback(kind="care")
        session = self.take(callbacks[0])
        self.finish(session, "reached", callbacks, note="Satisfied")
        self.assertEqual(callbacks.mapped("state"), ["done", "done"])
        attempt = self.env["cr.call.attempt"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(attempt.callback_ids, callbacks)
        self.assertEqual(attempt.note, "Satisfied")
        self.assertTrue(session.closed_at)

    def test_reached_leaves_the_others_open(self):
        talked = self.make_callback()
        other = self.make_callback(kind="care")
        self.finish(self.take(talked), "reached", talked)
        self.assertEqual((talked.state, other.state), ("done", "todo"))

    def test_reached_needs_a_chosen_callback(self):
        session = self.take(self.make_callback())
        with self.assertRaisesRegex(UserError, "Choose at least one callback"):
            self.finish(session, "reached")

    def test_refused_is_done_and_offers_to_record_the_wish(self):
        callback = self.make_callback()
        session = self.take(callback)
        answer = self.finish(session, "refused", callback)
        self.assertEqual(callback.state, "done")
        self.assertEqual(answer["offer"]["purpose"], "satisfaction")
        with self.assertRaisesRegex(UserError, "was not called for this"):
            session.record_opt_out("insurance")
        session.record_opt_out(answer["offer"]["purpose"])
        self.assertEqual(self.make_callback()._get_block(self.TODAY), "opt_out")

    def test_an_appointment_is_kept_even_after_the_last_day(self):
        callback = self.make_callback(expires_on=self.TODAY)
        wish = self.utc(self.TODAY + timedelta(days=3), 15, 30)
        answer = self.finish(
            self.take(callback), "appointment", callback, next_at=str(wish)
        )
        self.assertRecordValues(
            callback,
            [
                {
                    "state": "retry",
                    "next_at": wish,
                    "is_appointment": True,
                    "expires_on": date(2026, 11, 23),
                    "due_text": "agreed for Nov 23 15:30",
                }
            ],
        )
        self.assertIn("Nov 23 15:30", answer["message"])

    def test_an_appointment_needs_a_later_time(self):
        session = self.take(self.make_callback())
        with self.assertRaisesRegex(UserError, "Say when"):
            self.finish(session, "appointment")
        with self.assertRaisesRegex(UserError, "has passed"):
            self.finish(session, "appointment", next_at="2026-11-19 02:00:00")

    def test_a_wrong_number_opens_a_lost_contact_for_who_took_it_down(self):
        callback = self.make_callback()
        self.finish(self.take(callback), "wrong_number")
        lost = self.env["cr.lost.contact"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(callback.state, "lost")
        self.assertEqual(lost.role_id.code, "service_manager")
        self.assertEqual(lost.callback_ids, callback)
        self.assertTrue(lost.activity_ids)

    def test_a_wrong_number_with_the_right_one_stays_open(self):
        callback = self.make_callback()
        old_tail = self.customer.mobile[-4:]
        self.finish(self.take(callback), "wrong_number", phone="13912345678")
        self.assertEqual(callback.state, "todo")
        self.assertEqual(self.customer.mobile, "13912345678")
        self.assertTrue(callback.attempt_ids.phone.endswith(old_tail))
        self.assertFalse(self.env["cr.lost.contact"].search_count([]))

    def test_a_chosen_callback_that_was_closed_meanwhile_is_refused(self):
        callback = self.make_callback()
        session = self.take(callback)
        callback._cancel()
        with self.assertRaisesRegex(UserError, "no longer open"):
            self.finish(session, "reached", callback)

    def test_the_next_card_is_taken_at_once_when_asked(self):
        callback = self.make_callback()
        other = self.make_callback(self.make_partner("Peng Jianhua"))
        session = self.take(callback)
        answer = self.finish(session, "reached", callback, take_next=True)
        following = session.browse(answer["next"]["params"]["session_id"])
        self.assertEqual(following.callback_ids, other)


@tagged("post_install", "-at_install")
class TestCrCallbackLadder(CallbackCommon):
    """When somebody who was not reached is called again (CB-06, CB-07)."""

    def fail(self, callback, code="phone_off"):
        """Record a call that did not reach the customer."""
        return self.finish(self.take(callback), code)

    def test_the_next_try_is_in_another_part_of_the_day(self):
        callback = self.make_callback()
        with freeze_time(NOW):
            self.fail(callback)
        self.assertEqual(callback.state, "retry")
        self.assertEqual(callback.next_at, self.utc(self.TODAY, 14))
        self.assertEqual(callback.next_part_id.code, "afternoon")

    def test_a_busy_line_is_tried_again_soon(self):
        callback = self.make_callback()
        with freeze_time(NOW):
            self.fail(callback, "busy")
        self.assertEqual(callback.next_at, self.utc(self.TODAY, 10, 30))

    def test_after_the_last_try_contact_is_lost(self):
        callback = self.make_callback()
        moments = []
        moment = self.utc(self.TODAY, 10)
        for _try in range(3):
            with freeze_time(moment):
                self.fail(callback)
            moments.append(callback.next_at)
            moment = callback.next_at
        expected = [self.utc(self.TODAY, 14), self.utc(self.TODAY, 17, 30)]
        self.assertEqual(moments[:2], expected)
        self.assertFalse(moments[2])
        self.assertEqual(callback.state, "lost")
        lost = self.env["cr.lost.contact"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(lost.reason_id.code, "phone_off")
        self.assertEqual(len(lost.attempt_ids), 3)

    def test_the_national_holiday_is_jumped_over(self):
        self.store.resource_calendar_id._cr_load_year(2026)
        day = date(2026, 9, 30)
        callback = self.make_callback(
            anchor_on=day - timedelta(days=3),
            earliest_on=day,
            due_on=day,
            expires_on=date(2026, 10, 15),
        )
        with freeze_time(self.utc(day, 18)):
            self.fail(callback)
        self.assertEqual(callback.next_at.date(), date(2026, 10, 8))

    def test_the_store_is_asked_which_suggestion_the_call_screen_shows(self):
        callback = self.make_callback()
        with freeze_time(NOW):
            outcomes = {
                line["code"]: line
                for line in self.take(callback).get_workplace()["outcomes"]
            }
        self.assertEqual(outcomes["phone_off"]["suggested_text"], "today 14:00")
        self.assertFalse(outcomes["phone_off"]["is_last"])
        self.assertTrue(outcomes["wrong_number"]["is_last"])
        self.assertIsNone(outcomes["reached"]["suggested_at"])

    def test_opening_again_begins_the_ladder_anew(self):
        callback = self.make_callback()
        moment = self.utc(self.TODAY, 10)
        for _try in range(3):
            with freeze_time(moment):
                self.fail(callback)
            moment = callback.next_at or moment + timedelta(hours=1)
        with freeze_time(moment):
            callback._reopen()
            self.fail(callback)
        self.assertEqual(callback.state, "retry")
