from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrCallAttempt(CallbackCommon):
    """Calls are an archive: nothing is changed, a wrong entry is corrected."""

    def setUp(self):
        super().setUp()
        self.callback = self.make_callback()
        self.finish(self.take(self.callback), "reached", self.callback)
        self.attempt = self.callback.attempt_ids

    def correct(self, code, user=None, **values):
        """Correct the call to another outcome."""
        wizard = self.as_user(
            self.env["cr.call.attempt.correct"], user or self.agent
        ).create(
            {
                "attempt_id": self.attempt.id,
                "outcome_id": self.outcome(code).id,
                "note": "pressed the wrong key",
                **values,
            }
        )
        wizard.action_apply()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_to_change_a_call(self):
        with self.assertRaises(psycopg2.Error), self.cr.savepoint():
            self.attempt.write({"note": "changed"})
            self.env.flush_all()
        with self.assertRaises(psycopg2.Error), self.cr.savepoint():
            self.cr.execute("DELETE FROM cr_call_attempt")

    def test_merging_customers_moves_their_calls(self):
        other = self.make_partner()
        self.cr.execute(
            "UPDATE cr_call_attempt SET partner_id = %s WHERE id = %s",
            (other.id, self.attempt.id),
        )
        self.attempt.invalidate_recordset()
        self.assertEqual(self.attempt.partner_id, other)

    def test_a_call_at_the_wished_time_does_not_count_for_the_cap(self):
        callback = self.make_callback()
        tomorrow = self.utc(self.TODAY + timedelta(days=1), 15)
        self.finish(self.take(callback), "appointment", next_at=str(tomorrow))
        with freeze_time(tomorrow):
            self.finish(self.take(callback), "reached", callback)
        touches = self.env["cr.care.touch"].search(
            [
                ("origin_model", "=", "cr.call.attempt"),
                ("origin_id", "in", callback.attempt_ids.ids),
            ],
            order="at",
        )
        self.assertEqual(touches.mapped("is_counted"), [True, False])

    def test_nobody_records_calls_past_a_conversation(self):
        with self.assertRaises(AccessError):
            self.as_user(self.attempt, self.agent).copy({})

    def test_a_correction_undoes_what_the_wrong_outcome_did(self):
        self.correct("phone_off")
        self.assertRecordValues(
            self.callback,
            [{"state": "retry", "attempt_count": 1, "closed_at": False}],
        )
        self.assertEqual(self.callback.next_at, self.utc(self.TODAY, 14))
        self.assertEqual(self.attempt.correction_ids.outcome_id.code, "phone_off")

    def test_figures_count_the_correction_only(self):
        self.correct("phone_off")
        summary = self.as_user(self.callback, self.agent).get_day_summary()
        self.assertEqual((summary["reached"], summary["done"]), (0, 0))

    def test_a_call_is_corrected_once(self):
        self.correct("phone_off")
        with self.assertRaisesRegex(UserError, "already corrected"):
            self.correct("busy")

    def test_agents_correct_their_own_calls_of_today_only(self):
        with self.assertRaisesRegex(UserError, "your own calls of today"):
            self.correct("busy", self.second_agent())
        with freeze_time("2026-11-21 02:00:00"):
            with self.assertRaisesRegex(UserError, "your own calls of today"):
                self.correct("busy")
            self.correct("busy", self.head)

    def test_a_corrected_wrong_number_ends_the_lost_contact(self):
        callback = self.make_callback()
        self.finish(self.take(callback), "wrong_number")
        lost = self.env["cr.lost.contact"].search(
            [("callback_ids", "in", callback.ids)]
        )
        self.attempt = callback.attempt_ids
        self.correct(
            "appointment", next_at=self.utc(self.TODAY + timedelta(days=1), 15)
        )
        self.assertEqual(callback.state, "retry")
        self.assertEqual(lost.state, "resolved")
