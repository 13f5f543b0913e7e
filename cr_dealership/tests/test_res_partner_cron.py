from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestResPartnerCron(DealershipCommon):
    """Time alone moves a customer only when his stage has run out (CUS-25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-11-20 04:00:00"):
            cls.partners = cls.env["res.partner"]
            for __ in range(3):
                partner = cls.make_partner()
                vehicle = cls.make_vehicle(owner=partner)
                cls.make_order(vehicle, cls.TODAY)
                cls.partners |= partner
        cls.env.flush_all()

    def review(self, today):
        """Run the job for a day on the customers of the test."""
        last_id, seen = 0, self.partners.browse()
        while batch := self.partners._cr_review_stages(today, last_id, limit=2):
            last_id = max(batch.ids)
            seen |= batch
        return seen & self.partners

    def test_only_those_whose_day_has_come_are_looked_at(self):
        self.assertFalse(self.review(self.TODAY))
        self.assertFalse(self.review(self.TODAY + timedelta(91)))
        until = self.partners.mapped("cr_stage_until")[0]
        self.assertEqual(self.review(until), self.partners)
        self.assertEqual(set(self.partners.mapped("cr_stage")), {"lapsing"})

    def test_running_again_does_nothing(self):
        until = self.partners.mapped("cr_stage_until")[0]
        self.review(until)
        self.assertFalse(self.review(until))

    def test_the_job_moves_customers_batch_by_batch(self):
        with freeze_time("2027-02-20 04:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "cr_dealership.ir_cron_res_partner_review_stages"
            ).method_direct_trigger()
        self.partners.invalidate_recordset()
        self.assertEqual(set(self.partners.mapped("cr_stage")), {"lapsing"})

    def test_the_question_what_is_due_uses_an_index(self):
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute(
            "EXPLAIN SELECT id FROM res_partner WHERE cr_stage_until <= '2027-01-01'"
        )
        plan = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("cr_stage_until_index", plan)
