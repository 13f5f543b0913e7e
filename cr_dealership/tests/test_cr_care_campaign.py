from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .callback_common import NOW
from .care_common import CareCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCareCampaign(CareCommon):
    """Weather, notices and festivals: one click or a date starts them, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_partner("Peng Jianhua")
        sold = {"delivered_on": date(2026, 1, 1), "company_id": cls.store.id}
        cls.make_vehicle(cls.mine, **sold)
        cls.make_partner("Without a car")

    def campaign(self, code="weather", **values):
        return self.env["cr.care.campaign"].create(
            {
                "name": "Heavy rain",
                "plan_id": self.plan(code).id,
                "kind": "weather",
                "day": self.TODAY,
                "text": "Heavy rain tonight.",
                "domain": f"[('id', '=', {self.mine.id})]",
                **values,
            }
        )

    def test_one_click_reaches_every_customer_meant_once(self):
        campaign = self.campaign()
        self.assertEqual(campaign.audience_count, 1)
        self.as_user(campaign, self.specialist).action_launch()
        self.assertEqual(campaign.case_ids.partner_id, self.mine)
        self.run_steps()
        message = self.env["cr.message"].search([("partner_id", "=", self.mine.id)])
        self.assertIn("Heavy rain tonight.", message.body)
        with self.assertRaisesRegex(UserError, "launched already"):
            campaign.action_launch()

    def test_a_past_campaign_is_refused_with_the_way_out(self):
        campaign = self.campaign(
            day=self.TODAY - timedelta(days=9),
            valid_until=self.TODAY - timedelta(days=1),
        )
        with self.assertRaisesRegex(UserError, "choose a later last day"):
            campaign.action_launch()

    def test_stopping_ends_the_cases(self):
        campaign = self.campaign("notice")
        campaign.action_launch()
        campaign.action_close()
        self.assertEqual(campaign.case_ids.state, "expired")

    def test_a_festival_starts_by_itself_on_its_day(self):
        campaign = self.campaign(
            "festival", day=self.TODAY + timedelta(days=1), launch_by_date=True
        )
        self.env["cr.care.campaign"]._launch_due(self.TODAY)
        self.assertEqual(campaign.state, "draft")
        self.env["cr.care.campaign"]._launch_due(campaign.day)
        self.assertEqual(campaign.state, "launched")
        self.assertEqual(campaign.case_ids.anchor_on, campaign.day)

    def test_customers_that_cannot_be_found_are_named(self):
        with self.assertRaisesRegex(ValidationError, "Heavy rain"):
            self.campaign(domain="[('nope'")

    def test_only_specialists_and_heads_launch(self):
        campaign = self.campaign()
        with self.assertRaises(AccessError):
            self.as_user(campaign, self.agent).action_launch()
