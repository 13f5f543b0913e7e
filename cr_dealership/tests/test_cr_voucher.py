from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 02:00:00")
class TestCrVoucher(DealershipCommon):
    """A voucher is used once, on one work order, before it expires (REL-27+)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner()
        cls.car = cls.make_vehicle(cls.customer)
        cls.order = cls.make_order(cls.car, cls.TODAY)

    def issue(self, **values):
        vouchers = self.as_persona(self.env["cr.voucher"], "specialist")
        return vouchers.create(
            {"partner_id": self.customer.id, "company_id": self.store.id, **values}
        )

    def test_a_voucher_has_a_number_and_a_last_day(self):
        voucher = self.issue()
        self.assertTrue(voucher.number)
        self.assertEqual(voucher.valid_until, date(2027, 11, 20))
        self.assertEqual(voucher.state, "issued")

    def test_numbers_are_unique_in_a_store(self):
        self.issue(number="A1")
        self.env["cr.voucher"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.other_store.id,
                "number": "A1",
            }
        )
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.issue(number="A1")

    def test_the_advisor_uses_it_on_a_work_order(self):
        voucher = self.as_persona(self.issue(), "advisor")
        with self.assertRaisesRegex(UserError, "choose the work order"):
            voucher.action_use()
        voucher.order_id = self.order
        voucher.action_use()
        self.assertRecordValues(
            voucher,
            [
                {
                    "state": "used",
                    "order_id": self.order.id,
                    "used_on": self.TODAY,
                    "used_by_id": voucher.env.uid,
                }
            ],
        )

    def test_it_counts_once_only(self):
        voucher = self.issue(order_id=self.order.id)
        voucher.action_use()
        with self.assertRaisesRegex(UserError, "it counts once only"):
            voucher.action_use()
        later = self.make_order(self.car, self.TODAY)
        with self.assertRaisesRegex(UserError, "it counts once only"):
            voucher.order_id = later
        with self.assertRaisesRegex(UserError, "it counts once only"):
            voucher.action_cancel()
        with self.assertRaisesRegex(UserError, "stay in the register"):
            voucher.sudo().unlink()
        voucher.note = "Card punched"

    def test_nobody_marks_it_by_hand(self):
        with self.assertRaisesRegex(AccessError, "press “Use”"):
            self.issue().state = "used"
        with self.assertRaisesRegex(AccessError, "press “Use”"):
            self.issue(state="used")

    def test_expired_void_or_foreign_vouchers_are_refused_in_words(self):
        old = self.issue(
            issued_on=date(2025, 1, 1),
            valid_until=date(2026, 11, 19),
            order_id=self.order.id,
        )
        with self.assertRaisesRegex(UserError, "valid until 2026-11-19"):
            old.action_use()
        void = self.issue(order_id=self.order.id)
        void.action_cancel()
        with self.assertRaisesRegex(UserError, "is void"):
            void.action_use()
        other = self.make_order(
            self.car, self.TODAY, company_id=self.other_store.id
        )
        with self.assertRaisesRegex(UserError, "holds in"):
            self.issue()._use(other)

    def test_on_its_last_day_it_still_counts(self):
        voucher = self.issue(valid_until=self.TODAY, order_id=self.order.id)
        voucher.action_use()
        self.assertEqual(voucher.state, "used")

    def test_the_job_lists_what_expired(self):
        old = self.issue(issued_on=date(2025, 1, 1), valid_until=date(2026, 11, 19))
        fresh = self.issue(valid_until=self.TODAY)
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "cr_dealership.ir_cron_cr_voucher_expire"
                ).method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual((old.state, fresh.state), ("expired", "issued"))
        self.assertEqual(self.env["cr.voucher"]._expire(self.TODAY), 0)

    def test_other_stores_do_not_see_it(self):
        voucher = self.issue()
        other = self.as_persona(voucher, "specialist", self.other_store)
        self.assertFalse(other.search([("id", "=", voucher.id)]))
