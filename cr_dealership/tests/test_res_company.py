from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 17:30:00")
class TestResCompany(DealershipCommon):
    """A store's clock and thresholds (TEC-09)."""

    def test_today_is_the_stores_day_not_the_servers(self):
        self.assertEqual(self.store._cr_today(), self.TODAY + timedelta(1))

    def test_thresholds_must_follow_each_other(self):
        for values in (
            {"cr_loyal_from": 2},
            {"cr_value_high": 1},
            {"cr_lapsed_months": 2},
            {"cr_value_window_months": 0},
        ):
            with (
                self.subTest(values),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.store.write(values)
                self.store.flush_recordset()

    def test_settings_change_the_store_they_are_opened_for(self):
        settings = self.env["res.config.settings"].with_company(self.store)
        settings.create({"cr_lapsing_months": 4}).execute()
        self.assertEqual(self.store.cr_lapsing_months, 4)
        self.assertEqual(self.other_store.cr_lapsing_months, 3)

    def test_new_thresholds_reach_the_customers_by_the_next_run(self):
        partner = self.make_partner()
        vehicle = self.make_vehicle(owner=partner, company_id=self.store.id)
        self.make_order(vehicle, self.TODAY - timedelta(100))
        self.assertEqual(partner.cr_stage, "lapsing")
        self.store.write({"cr_lapsing_months": 5})
        self.assertEqual(partner.cr_stage, "lapsing")
        self.env["res.partner"]._cr_review_stages(self.store._cr_today())
        self.assertEqual(partner.cr_stage, "active")
