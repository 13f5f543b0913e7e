from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .sms_common import SmsCommon

_MAIL = "odoo.addons.base.models.ir_mail_server.IrMail_Server"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrMessage(SmsCommon):
    """The outbox: once, with consent, and with words for what waits (COM-03)."""

    def test_a_key_is_queued_once(self):
        message = self.queue()
        values = {
            "partner_id": message.partner_id.id,
            "channel": "sms",
            "purpose": "service",
            "body": "again",
            "key": message.key,
        }
        self.assertFalse(self.env["cr.message"]._queue([values]))
        self.assertEqual(message.company_id, self.store)
        self.assertEqual(message.parts, 1)

    def test_two_with_the_same_key_in_one_go(self):
        messages = self.queue(3, key="the same")
        self.assertEqual(len(messages), 1)

    def test_queueing_needs_as_many_queries_for_many_as_for_one(self):
        partners = [self.make_partner() for _number in range(101)]

        def count(some):
            rows = [
                {
                    "partner_id": partner.id,
                    "channel": "sms",
                    "purpose": "service",
                    "body": "x",
                    "key": f"q:{partner.id}",
                }
                for partner in some
            ]
            return self.count_queries(self.env["cr.message"]._queue, rows)

        self.assertEqual(count(partners[:1]), count(partners[1:]))

    def test_who_refused_gets_a_cancelled_one_with_the_reason(self):
        partner = self.make_partner()
        partner._cr_record_wish("refused", purpose="marketing", channel="sms")
        values = {"partner_id": partner.id, "purpose": "marketing"}
        message = self.queue(**values)
        self.assertEqual((message.state, message.block_code), ("cancelled", "opt_out"))
        self.assertIn("opted out", message.hold_text)
        self.assertEqual(self.queue(partner_id=partner.id).state, "queued")
        by_mail = self.queue(channel="email", **values)
        self.assertEqual(by_mail.state, "queued")

    def test_a_refusal_for_one_car_stops_only_messages_about_it(self):
        partner = self.make_partner()
        car, other = self.make_vehicle(), self.make_vehicle()
        partner._cr_record_wish("refused", channel="sms", vehicle_id=car.id)
        states = [
            self.queue(partner_id=partner.id, vehicle_id=vehicle.id).state
            for vehicle in (car, other)
        ]
        self.assertEqual(states, ["cancelled", "queued"])

    def test_what_the_file_lacks_is_held_and_may_be_mended(self):
        partner = self.make_partner(mobile=False)
        message = self.queue(partner_id=partner.id)
        self.assertEqual((message.state, message.block_code), ("held", "no_phone"))
        self.assertIn("add one to the file", message.hold_text)
        partner.mobile = "13912345678"
        self.as_persona(message, "specialist").action_send_again()
        self.assertEqual((message.state, message.block_code), ("queued", False))

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(UserError, "“test:.*” cannot be queued.*Purpose"):
            self.queue(purpose=False)

    def test_who_may_decide(self):
        message = self.queue()
        with self.assertRaisesRegex(UserError, "CR head decide"):
            self.as_persona(message, "agent").action_cancel()
        self.as_persona(message, "head").action_cancel()
        self.assertEqual(message.state, "cancelled")
        self.assertIn("Test head", message.hold_text)

    def test_what_went_out_is_neither_cancelled_nor_sent_again(self):
        message = self.queue()
        self.run_cron()
        head = self.as_persona(message, "head")
        self.assertFalse(message._cancel("too late"))
        for action in ("cancel", "send_again", "mark_sent"):
            with self.assertRaises(UserError):
                getattr(head, f"action_{action}")()
        self.assertEqual(message.state, "sent")

    def test_others_hear_once_of_every_set(self):
        seen = self.note_changes()
        messages = self.queue(3)
        self.assertEqual(messages._cancel("won"), messages)
        self.assertFalse(messages._cancel("won again"))
        self.assertEqual(seen, [("cancelled", 3)])

    def test_what_went_out_stands_in_the_ledger(self):
        message = self.queue()
        self.run_cron()
        touch = self.env["cr.care.touch"].search(
            [("partner_id", "=", message.partner_id.id)]
        )
        self.assertEqual((touch.channel, touch.direction), ("sms", "out"))
        self.assertEqual(touch.action_open_origin()["res_id"], message.id)

    def test_costs_are_seen_by_who_sees_prices(self):
        messages = self.env["cr.message"]
        self.assertNotIn("cost", self.as_persona(messages, "agent").fields_get())
        self.assertIn("cost", self.as_persona(messages, "head").fields_get())

    def test_messages_of_another_store_are_hidden(self):
        message = self.queue(company_id=self.other_store.id)
        self.assertFalse(
            self.as_persona(self.env["cr.message"], "head").search(
                [("id", "=", message.id)]
            )
        )

    def test_the_form_opens_for_every_post_that_reads_it(self):
        message = self.queue()
        for role in ("agent", "specialist", "insurance", "head", "director"):
            Form(self.as_persona(message, role))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrMessageLetter(SmsCommon):
    """Letters wait to be printed and posted (COM-07)."""

    def test_a_job_leaves_letters_alone(self):
        letter = self.queue(channel="letter")
        self.run_cron()
        self.assertEqual(letter.state, "queued")
        self.assertIn("printed", letter.hold_text)

    def test_letters_are_printed_in_one_go_and_marked_as_posted(self):
        letters = self.queue(2, channel="letter", subject="Thanks", body="a\nb")
        mine = self.as_persona(letters, "specialist")
        action = mine.action_print_letters()
        self.assertEqual(action["context"]["active_ids"], letters.ids)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("cr_dealership.report_cr_message_letter", letters.ids)[0]
            .decode()
        )
        for letter in letters:
            self.assertIn(letter.partner_id.name, html)
        mine.action_mark_posted()
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        self.assertEqual(
            self.env["cr.care.touch"].search_count(
                [("partner_id", "in", letters.partner_id.ids)]
            ),
            2,
        )

    def test_who_refused_meanwhile_gets_no_letter(self):
        letters = self.queue(2, channel="letter")
        letters[0].partner_id._cr_record_wish("refused", channel="letter")
        action = self.as_persona(letters, "head").action_print_letters()
        self.assertEqual(action["context"]["active_ids"], letters[1].ids)
        self.assertEqual(letters[0].state, "cancelled")

    def test_an_sms_is_no_letter(self):
        with self.assertRaisesRegex(UserError, "No queued letter"):
            self.as_persona(self.queue(), "head").action_mark_posted()


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrMessageMail(SmsCommon):
    """E-mails go through Odoo's queue, which reports back (COM-04)."""

    def hand_over(self, **values):
        message = self.queue(channel="email", subject="Hello", **values)
        message.partner_id.email = "zeng@example.com"
        self.run_cron()
        return message

    def deliver(self, message, **outcome):
        """Let Odoo's queue send the e-mail, with a mail server that does as told."""
        with (
            patch(f"{_MAIL}._disable_send", return_value=False),
            patch(f"{_MAIL}._connect__"),
            patch(f"{_MAIL}.send_email", **outcome),
        ):
            message.mail_id.send()

    def test_a_mail_is_sent_when_odoo_says_so(self):
        message = self.hand_over()
        self.assertEqual((message.state, message.mail_id.subject), ("sending", "Hello"))
        self.deliver(message)
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.address, "zeng@example.com")

    def test_a_mail_that_fails_says_why(self):
        message = self.hand_over()
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self.deliver(message, side_effect=OSError("mailbox full"))
        self.assertEqual((message.state, message.failure_code), ("failed", "refused"))
        self.assertIn("mailbox full", message.failure)

    def test_a_mail_that_vanished_is_left_to_a_person(self):
        message = self.hand_over()
        message.mail_id.unlink()
        with freeze_time("2026-11-20 06:00:00"):
            self.run_cron()
        self.assertEqual((message.state, message.failure_code), ("failed", "unknown"))

    def test_without_an_address_it_is_held(self):
        message = self.queue(channel="email")
        self.run_cron()
        self.assertEqual((message.state, message.block_code), ("held", "no_address"))

    def test_many_need_as_many_queries_as_one(self):
        def send():
            picked = self.env["cr.message"]._pick_due(fields.Datetime.now(), 100)[1]
            picked._send_picked()

        counts = []
        for count in (1, 30):
            self.queue(count, channel="email").partner_id.email = "zeng@example.com"
            counts.append(self.count_queries(send))
        self.assertLessEqual(counts[1], counts[0] + 3, counts)
