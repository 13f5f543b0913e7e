from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import errors

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .callback_common import NOW
from .care_common import PromotionCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCarePromotion(PromotionCommon):
    """Promotions and free services: whom, how long, what was sent, who took part."""

    def test_a_grade_in_a_region_is_meant(self):
        campaign = self.campaign(value_class="high", region_id=self.region.id)
        self.assertEqual(campaign.audience_count, 1)
        campaign.action_launch()
        self.assertEqual(self.reached(campaign), self.people["high"])

    def test_the_record_says_what_was_sent_and_what_was_not(self):
        self.people["low"]._cr_record_wish(
            "refused", purpose="marketing", channel="sms"
        )
        campaign = self.campaign()
        campaign.action_launch()
        self.run_steps()
        self.assertEqual(len(self.messages(campaign)), 2)
        self.messages(campaign)[0]._move("sent")
        campaign.invalidate_recordset()
        self.assertEqual((campaign.message_count, campaign.sent_count), (2, 1))
        skipped = campaign.case_ids.task_ids.filtered(
            lambda task: task.state == "skipped"
        )
        self.assertEqual(skipped.partner_id, self.people["low"])
        self.assertEqual(skipped.reason, "opt_out")

    def test_an_offer_needs_its_last_day(self):
        campaign = self.campaign(kind="free", valid_until=False)
        with self.assertRaisesRegex(UserError, "until which day"):
            campaign.action_launch()

    def test_after_its_last_day_nobody_is_told_of_a_free_service(self):
        campaign = self.campaign("notice", kind="free", valid_until=self.TODAY)
        campaign.action_launch()
        self.run_steps()
        self.assertEqual(len(self.messages(campaign)), 3)
        after = self.TODAY + timedelta(days=1)
        self.env["cr.care.campaign"]._launch_due(after)
        self.assertEqual(campaign.state, "closed")
        self.run_steps(after)
        calls = campaign.case_ids.task_ids.filtered(lambda task: task.channel == "call")
        self.assertEqual(set(calls.mapped("state")), {"cancelled"})

    def test_cases_never_outlive_the_offer(self):
        campaign = self.campaign(valid_until=self.TODAY + timedelta(days=3))
        campaign.action_launch()
        self.assertEqual(
            set(campaign.case_ids.mapped("expires_on")), {campaign.valid_until}
        )

    def test_taking_part_stands_in_the_customers_story(self):
        campaign = self.campaign()
        self.env["cr.care.participation"].create(
            {
                "campaign_id": campaign.id,
                "partner_id": self.people["high"].id,
                "result": "Bought four tyres",
            }
        )
        self.assertEqual(campaign.participation_count, 1)
        story = self.env["cr.story"].get_story("res.partner", self.people["high"].id)
        [entry] = [entry for entry in story["entries"] if entry["kind"] == "event"]
        self.assertIn("Winter check", entry["title"])
        self.assertEqual(entry["text"], "Bought four tyres")

    @mute_logger("odoo.sql_db")
    def test_nobody_is_entered_twice_for_a_day(self):
        values = {
            "campaign_id": self.campaign().id,
            "partner_id": self.people["high"].id,
        }
        self.env["cr.care.participation"].create(values)
        with self.assertRaises(errors.UniqueViolation):
            self.env["cr.care.participation"].create(values)

    def test_the_list_needs_as_many_queries_for_many_campaigns(self):
        campaigns = self.campaign() | self.campaign()
        campaigns.action_launch()
        names = ["message_count", "case_count", "participation_count"]
        one = self.count_queries(campaigns[0].read, names)
        self.assertLessEqual(self.count_queries(campaigns.read, names), one)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCarePush(PromotionCommon):
    """A push rule: who did what gets which text how often, unless he refused."""

    def test_what_a_customer_did_decides(self):
        car = self.env["cr.vehicle"].search(
            [("owner_id", "=", self.people["medium"].id)]
        )
        self.make_order(car, date(2026, 5, 1))
        for kind, days, whom in (
            ("away", 90, "medium"),
            ("came", 365, "medium"),
            ("declined", 0, None),
        ):
            campaign = self.campaign(behaviour=kind, behaviour_days=days or 90)
            campaign.action_launch()
            expected = self.people[whom] if whom else self.env["res.partner"]
            self.assertEqual(self.reached(campaign), expected, kind)

    def test_days_of_a_behaviour_are_checked(self):
        with self.assertRaisesRegex(ValidationError, "between 1 and 3650"):
            self.campaign(behaviour="away", behaviour_days=0)

    def test_the_campaigns_own_text_goes_out(self):
        text = self.env["cr.message.template"].create(
            {"name": "Tyres", "channel": "sms", "body": "Tyres for {plate}: {notice}"}
        )
        campaign = self.campaign(template_id=text.id)
        campaign.action_launch()
        self.run_steps()
        for message in self.messages(campaign):
            self.assertTrue(message.body.startswith("Tyres for 赣D"))

    def test_a_text_of_another_channel_is_left_to_the_plan(self):
        letter = self.env.ref("cr_dealership.cr_message_template_thanks_letter")
        campaign = self.campaign(template_id=letter.id)
        campaign.action_launch()
        self.run_steps()
        self.assertIn("99 yuan", self.messages(campaign)[0].body)

    def test_it_comes_again_by_itself_and_never_twice(self):
        campaign = self.campaign(launch_by_date=True, repeat_months=1)
        Campaign = self.env["cr.care.campaign"]
        Campaign._launch_due(self.TODAY)
        Campaign._launch_due(self.TODAY)
        following = Campaign.search([("previous_id", "=", campaign.id)])
        self.assertEqual(following.day, date(2026, 12, 20))
        self.assertEqual(following.valid_until, date(2027, 1, 10))
        Campaign._launch_due(following.day)
        self.assertEqual(following.state, "launched")
        self.assertEqual(len(following.case_ids), 3)
        self.assertEqual(len(campaign.case_ids), 3)

    def test_who_opted_out_of_offers_is_left_out_with_the_reason(self):
        self.people["high"]._cr_record_wish(
            "refused", purpose="marketing", channel="sms"
        )
        campaign = self.campaign(value_class="high")
        campaign.action_launch()
        self.run_steps()
        self.assertFalse(self.messages(campaign))
        self.assertEqual(campaign.case_ids.task_ids.reason, "opt_out")
