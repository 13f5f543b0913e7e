from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrSocial(CallbackCommon):
    """What is published on social platforms, and what people answer to it."""

    def comment(self, **values):
        return self.env["cr.social.comment"].create(
            {
                "author": "江西车友",
                "platform": "douyin",
                "text": "How long does the winter check take?",
                **values,
            }
        )

    def test_an_answer_is_due_after_the_hours_of_the_store(self):
        self.store.cr_answer_hours = 5
        comment = self.comment()
        self.assertEqual(
            comment.deadline_at, fields.Datetime.now() + timedelta(hours=5)
        )
        self.assertFalse(comment.is_late)
        with freeze_time("2026-11-20 08:00:00"):
            comment.invalidate_recordset(["is_late"])
            self.assertTrue(comment.is_late)

    def test_an_answer_names_who_gave_it_and_stands_in_the_ledger_once(self):
        comment = self.as_user(self.comment(partner_id=self.customer.id), self.agent)
        with self.assertRaisesRegex(UserError, "Write what was answered"):
            comment.action_replied()
        comment.reply = "About an hour."
        comment.action_replied()
        comment.action_replied()
        self.assertEqual(comment.replied_by_id, self.agent)
        touch = self.env["cr.care.touch"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((touch.channel, touch.content), ("douyin", "About an hour."))

    def test_a_stranger_is_answered_too(self):
        comment = self.comment(reply="About an hour.")
        comment.action_replied()
        self.assertTrue(comment.replied_at)

    def test_a_post_is_late_until_it_is_published(self):
        post = self.env["cr.social.post"].create(
            {"name": "Winter check", "planned_on": self.TODAY - timedelta(days=1)}
        )
        self.assertTrue(post.is_late)
        with self.assertRaisesRegex(UserError, "no text yet"):
            post.action_publish()
        post.text = "What we look at before the winter."
        post.action_publish()
        self.assertEqual((post.state, post.published_on), ("published", self.TODAY))
        self.assertFalse(post.is_late)
