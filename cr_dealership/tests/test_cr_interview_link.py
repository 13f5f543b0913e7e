from datetime import timedelta

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .callback_common import NOW
from .interview_common import InterviewCommon


@tagged("post_install", "-at_install")
class TestCrInterviewLink(InterviewCommon, HttpCase):
    """The customer answers by his link; it opens his interview only, and ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.lang = "en_US"

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW, tick=True)
        clock.start()
        self.addCleanup(clock.stop)
        self.callback = self.make_order_callback()
        self.interview = self.interviews._open_for(
            self.callback, self.version(), channel="sms"
        )
        self.path = f"/cr/ask/{self.interview.token}"

    def post(self, path=None, **form):
        """Press a button of the page as the browser does."""
        self.authenticate(None, None)
        form["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path or self.path, data=form)

    def valid(self, number, part="answer"):
        self.env.invalidate_all()
        return self.interview._get_valid(self.question(number), part)

    def test_a_score_goes_on_to_the_next_question(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn(self.question(1).with_context(lang="en_US").title, page.text)
        page = self.post(q=1, value=9)
        self.assertIn("?q=2", page.url)
        entry = self.valid(1)
        self.assertEqual((entry.score, entry.channel), (9, "sms"))
        self.assertFalse(entry.user_id)

    def test_a_low_score_asks_for_the_reason_and_keeps_it(self):
        page = self.post(q=5, value=4)
        self.assertIn("why=1", page.url)
        self.assertIn('name="comment"', page.text)
        self.post(q=5, action="comment", comment="Squeaks <b>still</b>")
        self.assertEqual(self.valid(5, "comment").text, "Squeaks <b>still</b>")
        page = self.url_open(f"{self.path}?q=5&why=1")
        self.assertIn("Squeaks &lt;b&gt;still&lt;/b&gt;", page.text)

    def test_the_page_opens_where_the_customer_stopped(self):
        self.post(q=1, value=9)
        self.post(q=2, action="skip", value="")
        title = self.question(3).with_context(lang="en_US").title
        self.assertIn(title.split("?")[0][:30], self.url_open(self.path).text)
        self.assertFalse(self.valid(2).is_scored)

    def test_the_end_completes_the_interview_and_settles_the_call(self):
        self.post(q=3, value=10)
        page = self.post(action="end")
        self.assertIn("booked", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.interview.state, "done")
        self.assertEqual(self.interview.day, self.TODAY)
        self.assertEqual(self.callback.state, "done")
        touch = self.env["cr.care.touch"].search(
            [("origin_model", "=", "cr.interview"), ("direction", "=", "in")]
        )
        self.assertEqual(touch.partner_id, self.customer)

    def test_nothing_answered_cannot_be_sent(self):
        page = self.post(action="end")
        self.assertIn('role="alert"', page.text)
        self.env.invalidate_all()
        self.assertEqual(self.interview.state, "invited")

    def test_a_link_used_twice_thanks_and_changes_nothing(self):
        self.post(q=3, value=10)
        self.post(action="end")
        page = self.url_open(self.path)
        self.assertIn("tick", page.text)
        self.post(q=3, value=1)
        self.assertEqual(self.valid(3).score, 10)

    def test_an_expired_link_opens_nothing(self):
        self.interview.expires_on = self.TODAY - timedelta(days=1)
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 404)
        self.assertNotIn(self.store.name, page.text)
        self.assertEqual(self.post(q=1, value=9).status_code, 404)
        self.assertFalse(self.valid(1))

    def test_foreign_and_broken_links_open_nothing(self):
        for token in ("x", "a" * 500, "%00", "..%2F", "<b>"):
            self.assertEqual(self.url_open(f"/cr/ask/{token}").status_code, 404)

    def test_a_link_opens_only_its_own_interview(self):
        other = self.make_interview(partner=self.make_partner())
        self.post(q=1, value=9)
        self.env.invalidate_all()
        self.assertFalse(other.answer_ids)
        self.assertNotIn(other.token, self.url_open(self.path).text)

    def test_nonsense_is_refused_on_the_page(self):
        for form in (
            {"q": 1, "value": "11"},
            {"q": 6, "value": "999999"},
            {"q": 12, "value": "x" * 100000},
            {"q": 5, "action": "comment", "comment": "x" * 100000},
        ):
            page = self.post(**form)
            self.assertEqual(page.status_code, 200)
            self.assertIn('role="alert"', page.text)
        self.env.invalidate_all()
        self.assertFalse(self.interview.answer_ids)

    def test_a_wrong_number_of_a_question_shows_the_first_open_one(self):
        for number in ("0", "-1", "x", "999", "9" * 40):
            page = self.url_open(f"{self.path}?q={number}")
            self.assertIn('name="q" value="1"', page.text)

    def test_a_colleague_who_opens_it_leads_a_visit(self):
        self.authenticate(self.head.login, self.head.login)
        form = {"csrf_token": Request.csrf_token(self), "q": 1, "value": 9}
        self.url_open(self.path, data=form)
        entry = self.valid(1)
        self.assertEqual((entry.channel, entry.user_id), ("visit", self.head))
        self.assertEqual(self.interview.channel, "visit")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrInterviewInvite(InterviewCommon):
    """Links go out through the outbox; who was invited to meet us is asked there."""

    def invite(self, channel, partners, **values):
        wizard = self.as_user(self.env["cr.interview.invite"], self.head).create(
            {
                "questionnaire_id": self.env.ref(
                    "cr_dealership.cr_questionnaire_mail"
                ).id,
                "channel": channel,
                "partner_ids": partners.ids,
                **values,
            }
        )
        action = wizard.action_invite()
        return self.interviews.search(action["domain"])

    def test_a_mail_out_makes_one_interview_and_one_message_each(self):
        partners = self.customer | self.make_partner()
        interviews = self.invite("sms", partners)
        self.assertEqual(interviews.partner_id, partners)
        messages = self.env["cr.message"].search(
            [("origin_model", "=", "cr.interview")]
        )
        self.assertEqual(messages.partner_id, partners)
        self.assertIn(
            interviews[0].token, messages.mapped("body")[0] + messages[-1].body
        )
        again = self.invite("sms", partners)
        self.assertEqual(again, interviews)
        self.assertEqual(
            self.env["cr.message"].search_count(
                [("origin_model", "=", "cr.interview")]
            ),
            2,
        )

    def test_who_does_not_want_it_gets_nothing_and_the_outbox_says_why(self):
        self.customer._cr_record_wish("refused", "satisfaction", channel="sms")
        self.invite("sms", self.customer)
        message = self.env["cr.message"].search([("origin_model", "=", "cr.interview")])
        self.assertEqual(message.state, "cancelled")
        self.assertTrue(message.block_code)

    def test_an_invitation_to_meet_is_agreed_and_then_led(self):
        interview = self.invite("visit", self.customer, meet_at="2026-11-21 02:00:00")
        self.assertEqual((interview.state, interview.channel), ("invited", "visit"))
        interview = self.as_user(interview, self.head)
        interview.action_agree()
        self.assertEqual(interview.state, "agreed")
        self.assertIn("/cr/ask/", interview.action_ask_now()["url"])

    def test_many_invitations_need_no_more_queries_than_few(self):
        def invite(count):
            partners = self.make_partner()
            for _number in range(count - 1):
                partners |= self.make_partner()
            return self.count_queries(self.invite, "sms", partners)

        invite(1)
        few = invite(2)
        self.assertLessEqual(invite(40), few + 2)

    def test_what_ran_out_ends_with_its_reason(self):
        never, begun = self.make_interview(), self.make_interview()
        begun._save(self.question(3).id, 9)
        (never | begun).expires_on = self.TODAY - timedelta(days=1)
        with self.enter_registry_test_mode():
            cron = self.env.ref("cr_dealership.ir_cron_interview_end_expired")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual((never.state, begun.state), ("expired", "broken"))
