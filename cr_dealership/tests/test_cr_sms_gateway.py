import json

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .sms_common import SmsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrSmsGateway(SmsCommon):
    """A gateway is set up, not programmed, and kept to administrators (COM-03)."""

    def test_a_test_message_shows_the_answer_in_words(self):
        self.gateway.test_number = "138 0000 1111"
        action = self.gateway.action_send_test()
        self.assertIn("took the message", action["params"]["message"])
        self.assertEqual(self.server.bodies()[0]["mobile"], "13800001111")
        self.server.answer = lambda body: (403, "wrong key s3cret")
        self.gateway.action_send_test()
        self.assertIn("refused", self.gateway.test_answer)
        self.assertNotIn("s3cret", self.gateway.test_answer)

    def test_a_test_message_from_the_settings(self):
        settings = self.env["res.config.settings"].create(
            {"cr_sms_test_number": "13800001111"}
        )
        self.assertIn("took", settings.action_cr_send_test()["params"]["message"])
        self.assertEqual(settings.action_cr_open_gateway()["res_id"], self.gateway.id)
        self.gateway.unlink()
        with self.assertRaisesRegex(UserError, "no gateway yet"):
            settings.action_cr_send_test()

    def test_a_test_message_needs_a_number(self):
        self.gateway.test_number = "12"
        with self.assertRaisesRegex(UserError, "“12” is no mobile number"):
            self.gateway.action_send_test()

    def test_a_signed_request_in_the_address(self):
        self.gateway.write(
            {
                "method": "GET",
                "url": self.server.url + "?to={number}&t={text}&s={sign}&a={time}",
                "sign_kind": "md5",
                "sign_text": "{account}{secret}{time}",
                "account": "a",
                "prefix": "【门店】",
            }
        )
        message = self.queue()
        self.run_cron()
        query = self.server.query()
        self.assertEqual(query["t"], "【门店】" + message.body)
        self.assertEqual(query["a"], "20261120120000")
        self.assertEqual(len(query["s"]), 32)

    def test_what_cannot_work_is_refused_in_words(self):
        for values, words in (
            ({"url": "ftp://x"}, "must begin with https"),
            ({"body": "{nmuber}"}, r"\{nmuber\} cannot be filled in"),
            ({"headers": "X-Key 12"}, "“X-Key 12” has no colon"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.gateway.write(values)

    def test_the_secret_is_for_administrators(self):
        for role in ("agent", "head", "director"):
            with self.assertRaises(AccessError):
                self.as_persona(self.gateway, role).read(["secret"])
        Form(self.as_persona(self.gateway, "admin"))

    def test_a_new_token_changes_the_addresses(self):
        before = self.gateway.report_url
        self.gateway.action_new_token()
        self.assertNotEqual(self.gateway.report_url, before)
        self.assertFalse(self.gateway._find_by_token(before.rsplit("/", 1)[1]))


@tagged("post_install", "-at_install")
class TestCrSmsInbox(SmsCommon, HttpCase):
    """Delivery reports and replies, pushed over HTTP by the gateway (COM-03)."""

    def push(self, kind, content, headers=None):
        """Push to our address; a dict goes as a form, anything else as JSON."""
        self.env.flush_all()
        url = f"/cr/sms/{kind}/{self.gateway.token}"
        if not isinstance(content, dict):
            content = json.dumps(content)
            headers = {"Content-Type": "application/json"}
        response = self.url_open(url, data=content, headers=headers)
        self.env.invalidate_all()
        self.assertEqual((response.status_code, response.text), (200, "ok"))

    def sent(self, **values):
        message = self.queue(**values)
        self.run_cron()
        return message

    def report(self, message, status="DELIVRD"):
        return {"uuid": message.sms_uuid, "status": status}

    def touches(self, partner):
        return self.env["cr.care.touch"].search([("partner_id", "=", partner.id)])

    # === REPORTS === #

    def test_a_report_repeated_changes_nothing_twice(self):
        message = self.sent()
        seen = self.note_changes()
        self.push("report", self.report(message))
        delivered_at = message.delivered_at
        self.push("report", [self.report(message)])
        self.assertEqual(message.state, "delivered")
        self.assertEqual(message.delivered_at, delivered_at)
        self.assertEqual(seen, [("delivered", 1)])
        self.assertEqual(len(self.touches(message.partner_id)), 1)

    def test_what_arrived_stays_delivered(self):
        message = self.sent()
        self.push("report", [self.report(message), self.report(message, "EXPIRED")])
        self.assertEqual(message.state, "delivered")
        self.push("report", self.report(message, "EXPIRED"))
        self.assertEqual(message.state, "delivered")

    def test_what_failed_first_may_arrive_later(self):
        message = self.sent()
        self.push("report", self.report(message, "EXPIRED"))
        self.assertEqual(message.state, "failed")
        self.assertEqual(message.failure_code, "undelivered")
        self.assertIn("EXPIRED", message.failure)
        self.push("report", self.report(message))
        self.assertEqual((message.state, message.failure), ("delivered", False))

    def test_a_report_that_is_faster_than_the_answer(self):
        message = self.queue()
        picked = self.env["cr.message"]._pick_due(message.next_at)[1]
        self.push("report", self.report(message))
        self.assertEqual(message.state, "delivered")
        picked._send_picked()
        self.assertEqual((message.state, self.server.asked), ("delivered", []))
        self.assertEqual(len(self.touches(message.partner_id)), 1)

    def test_a_report_may_name_the_gateways_own_number(self):
        self.gateway.ref_path = "id"
        message = self.sent()
        self.push("report", [{"uuid": "G1", "status": 0}])
        self.assertEqual(message.state, "delivered")

    def test_reports_of_another_store_and_of_nothing_change_nothing(self):
        other = self.make_gateway(self.other_store)
        message = self.sent(company_id=other.company_id.id)
        self.push("report", [self.report(message), {"uuid": None}, {"status": "0"}, 7])
        self.assertEqual(message.state, "sent")

    def test_strangers_are_told_nothing(self):
        for kind in ("report", "reply"):
            response = self.url_open(f"/cr/sms/{kind}/wrong", data={"uuid": "1"})
            self.assertEqual(response.status_code, 404)

    # === REPLIES === #

    def test_who_replies_td_gets_no_more_sms(self):
        message = self.sent()
        partner = message.partner_id
        reply = {"mobile": f"+86{partner.mobile}", "content": "td"}
        self.push("reply", reply)
        self.push("reply", reply)
        wish = partner.cr_preference_ids
        self.assertEqual(len(wish), 1)
        self.assertEqual(
            (wish.state, wish.channel, wish.purpose, wish.means),
            ("refused", "sms", "all", "message"),
        )
        self.assertEqual(self.queue(partner_id=partner.id, key="2").state, "cancelled")
        self.assertEqual(len(self.touches(partner)), 2)

    def test_another_reply_waits_for_an_answer(self):
        partner = self.make_partner()
        self.push("reply", [{"mobile": partner.mobile, "content": "几点关门?"}])
        touch = self.touches(partner)
        self.assertEqual((touch.direction, touch.content), ("in", "几点关门?"))
        self.assertTrue(touch.is_question)
        self.assertFalse(partner.cr_preference_ids)

    def test_everybody_with_the_number_is_left_in_peace(self):
        partners = self.make_partner() | self.make_partner()
        partners.mobile = "13811112222"
        self.push("reply", {"mobile": "13811112222", "content": "退订"})
        self.assertEqual(partners.cr_preference_ids.mapped("channel"), ["sms", "sms"])

    def test_an_unknown_number_is_kept_for_cr(self):
        reply = {"mobile": "13955556666", "content": "T"}
        self.push("reply", reply)
        self.push("reply", reply)
        captures = self.env["cr.capture"].search([("phone", "=", "13955556666")])
        self.assertEqual(len(captures), 1)
        self.assertEqual(captures.company_id, self.store)
        self.assertTrue(
            self.env["phone.blacklist"].search([("number", "=", "+8613955556666")])
        )

    def test_a_reply_without_a_number_is_no_reply(self):
        self.push("reply", [{"content": "T"}, {"mobile": "abc"}])
