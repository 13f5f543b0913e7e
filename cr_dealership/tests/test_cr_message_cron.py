import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tests.common import _super_send

from .sms_common import SmsCommon

_CRON_LOG = "odoo.addons.base.models.ir_cron"


class Killed(Exception):
    """The process dies when the gateway has taken the message."""


@tagged("post_install", "-at_install")
class TestCrMessageCron(SmsCommon):
    """What is due goes out once, through a gateway that really listens (COM-03)."""

    def test_what_is_due_goes_out_once(self):
        with freeze_time("2026-11-20 04:00:00"):
            messages = self.queue(3)
            seen = self.note_changes()
            self.run_cron()
            self.run_cron()
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        bodies = self.server.bodies()
        self.assertEqual(len(bodies), 3)
        self.assertEqual(
            {body["uid"] for body in bodies}, set(messages.mapped("sms_uuid"))
        )
        self.assertIn(messages[0].partner_id.mobile, [b["mobile"] for b in bodies])
        self.assertEqual(messages[0].cost, 0.05)
        self.assertEqual(messages[0].address[3:7], "****")
        self.assertEqual(seen, [("sent", 3)])
        left = self.env["sms.sms"].search([("uuid", "in", messages.mapped("sms_uuid"))])
        self.assertFalse(left)

    def test_not_before_its_time(self):
        with freeze_time("2026-11-20 04:00:00") as clock:
            message = self.queue(not_before=datetime(2026, 11, 21, 1))
            self.run_cron()
            self.assertEqual((message.state, self.server.asked), ("queued", []))
            clock.move_to("2026-11-21 01:00:01")
            self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_a_gateway_down_for_an_hour_loses_nothing_and_sends_nothing_twice(self):
        self.server.answer = lambda body: (500, "down")
        with freeze_time("2026-11-20 04:00:00") as clock:
            messages = self.queue(5)
            for _minutes in range(0, 60, 5):
                self.run_cron()
                clock.tick(timedelta(minutes=5))
            self.assertEqual(set(messages.mapped("state")), {"queued"})
            self.assertIn("did not take it", messages[0].hold_text)
            self.assertLess(len(self.server.asked), 30, "it is not hammered")
            self.server.asked.clear()
            self.server.answer = lambda body: (200, '{"code": 0}')
            for _minutes in range(0, 180, 5):
                self.run_cron()
                clock.tick(timedelta(minutes=5))
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(len(self.server.asked), 5)

    def test_after_all_tries_a_person_decides(self):
        self.server.answer = lambda body: (503, "down")
        self.store.cr_sms_tries = 2
        with freeze_time("2026-11-20 04:00:00") as clock:
            message = self.queue()
            for _number in range(3):
                self.run_cron()
                clock.tick(timedelta(hours=3))
            self.assertEqual((message.state, message.failure_code), ("failed", "tries"))
            self.assertEqual(len(self.server.asked), 2)
            self.server.answer = lambda body: (200, '{"code": 0}')
            self.as_persona(message, "specialist").action_send_again()
            self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_no_answer_in_time_is_never_sent_again_by_itself(self):
        """The gateway may have taken it: nobody knows but a person who asks."""
        self.gateway.timeout = 1
        hold = threading.Event()
        self.server.answer = lambda body: (hold.wait(5), (200, '{"code": 0}'))[1]
        first, second = self.queue(2)
        started = time.monotonic()
        self.run_cron()
        hold.set()
        self.assertLess(time.monotonic() - started, 4, "the second is not tried")
        self.assertEqual((first.state, first.failure_code), ("failed", "unknown"))
        self.assertIn("Nobody knows", first.failure)
        self.assertEqual((second.state, second.attempt_count), ("queued", 0))
        self.run_cron()
        self.assertEqual(len(self.server.asked), 1)
        self.as_persona(first, "specialist").action_mark_sent()
        self.assertEqual(first.state, "sent")

    def test_nobody_listens_is_tried_again(self):
        self.gateway.url = "http://127.0.0.1:9/send"
        message = self.queue()
        with patch.object(type(self), "_request_handler", self._open_handler()):
            self.run_cron()
        self.assertEqual((message.state, message.wait_code), ("queued", "retry"))

    def _open_handler(self):
        return staticmethod(lambda s, r, /, **kw: _super_send(s, r, **kw))

    def test_a_refusal_says_why_without_the_secret(self):
        self.server.answer = lambda body: (200, '{"code": 9, "msg": "sign s3cret"}')
        message = self.queue()
        self.run_cron()
        self.assertEqual((message.state, message.failure_code), ("failed", "refused"))
        self.assertIn('"code": 9', message.failure)
        self.assertNotIn("s3cret", message.failure)

    def test_a_gateway_not_set_up_keeps_the_messages(self):
        self.gateway.unlink()
        message = self.queue()
        self.run_cron()
        self.assertEqual((message.state, message.wait_code), ("queued", "retry"))

    def test_a_crash_between_sending_and_noting_leaves_it_to_a_person(self):
        with freeze_time("2026-11-20 04:00:00") as clock:
            message = self.queue()
            model = self.registry["cr.message"]
            with patch.object(model, "_take_results", side_effect=Killed):
                with suppress(RuntimeError), self.assertLogs(_CRON_LOG, "ERROR"):
                    self.run_cron()
            self.env.invalidate_all()
            self.assertEqual(message.state, "sending")
            self.run_cron()
            self.assertEqual(message.state, "sending", "another job may be at it")
            clock.tick(timedelta(hours=1))
            seen = self.note_changes()
            self.run_cron()
        self.assertEqual((message.state, message.failure_code), ("failed", "unknown"))
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual(seen, [("failed", 1)])

    def test_two_stores_in_one_queue_go_through_their_own_gateway(self):
        self.make_gateway(self.other_store, prefix="【B】")
        mine, other = self.queue(), self.queue(company_id=self.other_store.id)
        self.run_cron()
        self.assertEqual(set((mine | other).mapped("state")), {"sent"})
        texts = [body["content"] for body in self.server.bodies()]
        self.assertEqual(
            sorted(text.startswith("【B】") for text in texts), [False, True]
        )

    def test_odoos_own_queue_may_hold_texts_of_two_stores(self):
        """Core dies on it: it asks two companies for their one gateway."""
        self.other_store.cr_sms_provider = "log"
        texts = self.env["sms.sms"].create(
            [
                {"number": "+8613800001111", "body": name, "cr_company_id": store.id}
                for name, store in (("A", self.store), ("B", self.other_store))
            ]
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(texts.mapped("state"), ["pending", "pending"])
        self.assertEqual([body["content"] for body in self.server.bodies()], ["A"])

    def test_quiet_hours_let_it_wait_for_the_morning(self):
        self.store.write({"cr_quiet_from": 21, "cr_quiet_until": 8.5})
        with freeze_time("2026-11-20 13:30:00") as clock:
            message = self.queue()
            self.run_cron()
            self.assertEqual((message.state, self.server.asked), ("queued", []))
            self.assertIn("Quiet hours", message.hold_text)
            self.assertIn("tomorrow 08:30", message.hold_text)
            clock.move_to("2026-11-21 00:30:00")
            self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_consent_is_asked_again_when_it_goes_out(self):
        message = self.queue()
        message.partner_id._cr_record_wish("refused", channel="sms")
        self.run_cron()
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(message.block_code, "do_not_call")
        self.assertEqual(self.server.asked, [])

    def test_a_refusal_of_the_early_morning_holds_while_utc_is_at_yesterday(self):
        with freeze_time("2026-11-19 23:30:00"):
            message = self.queue()
            message.partner_id._cr_record_wish("refused", channel="sms")
            self.run_cron()
        self.assertEqual(message.state, "cancelled")

    def test_without_a_mobile_number_it_is_held(self):
        message = self.queue()
        message.partner_id.write({"mobile": False, "phone": "0796-8212345"})
        self.run_cron()
        self.assertEqual((message.state, message.block_code), ("held", "no_phone"))
        message.partner_id.mobile = "13912345678"
        self.as_persona(message, "specialist").action_send_again()
        self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_the_number_of_queries_does_not_depend_on_the_number_of_messages(self):
        def send(messages):
            now = fields.Datetime.now()
            picked = messages._pick_due(now, 100)[1]
            picked._send_picked()

        counts = []
        for count in (1, 100):
            messages = self.queue(count)
            counts.append(self.count_queries(send, messages))
            self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertLessEqual(counts[1], counts[0] + 3, counts)

    def test_only_logging_sends_nothing(self):
        self.store.cr_sms_provider = "log"
        message = self.queue()
        with self.assertLogs("odoo.addons.cr_dealership.models.cr_sms_api") as logs:
            self.run_cron()
        self.assertEqual((message.state, self.server.asked), ("sent", []))
        self.assertNotIn(message.partner_id.mobile, "".join(logs.output))
        self.assertFalse(message.cost)


@tagged("post_install", "-at_install")
class TestCrMessageConcurrency(BaseCase):
    """Two nodes send in the same moment, each with a connection of its own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env["res.partner"].create(
                {"name": "Zeng Xiaoyan", "mobile": "13800000001"}
            )
            env.company.write({"cr_quiet_from": 0, "cr_quiet_until": 0})
            message = env["cr.message"]._queue(
                [
                    {
                        "partner_id": partner.id,
                        "channel": "sms",
                        "purpose": "service",
                        "body": "hello",
                        "key": str(uuid4()),
                    }
                ]
            )
            self.partner_id, self.message_id = partner.id, message.id
        self.addCleanup(self.remove_data)

    def remove_data(self):
        """Remove what was committed."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cr.message"].browse(self.message_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            env.company.write({"cr_quiet_from": 21.0, "cr_quiet_until": 8.5})

    def pick(self, cr):
        """Return whether a connection picks the message."""
        messages = api.Environment(cr, SUPERUSER_ID, {})["cr.message"]
        picked = messages._pick_due(fields.Datetime.now(), 1000)[1]
        return self.message_id in picked.ids

    def test_what_one_node_sends_the_other_skips(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertTrue(self.pick(first))
            self.assertFalse(self.pick(second))
            second.rollback()
            first.rollback()
