from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon

_OCTOBER = date(2026, 10, 31)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrPointsBooks(ClubCommon):
    """What finance signed off becomes a draft in the books, once (CLB-25, PTS-12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"point_cost": 0.01})
        cls.shop = cls.env["cr.club.merchant"].create(
            {
                "name": "Noodle house",
                "program_id": cls.program.id,
                "partner_id": cls.make_partner("Noodle company").id,
                "opened_on": "2026-10-01",
                "date_from": "2026-10-01",
                "earn_rate": 1,
                "earn_price": 0.012,
                "redeem_price": 0.01,
            }
        )

    @classmethod
    def make_account(cls, name, code, account_type):
        return cls.env["account.account"].create(
            {
                "name": f"Test {name}",
                "code": code,
                "account_type": account_type,
                "company_ids": [(6, 0, cls.store.ids)],
            }
        )

    @classmethod
    def keep_books(cls):
        """Give the store accounts and journals, and tell the club about them."""
        accounts = {
            name: cls.make_account(name, f"CR{number}", account_type)
            for number, (name, account_type) in enumerate(
                [
                    ("receivable", "asset_receivable"),
                    ("payable", "liability_payable"),
                    ("liability_account_id", "liability_current"),
                    ("expense_account_id", "expense"),
                    ("income_account_id", "income"),
                    ("merchant_income_id", "income_other"),
                    ("merchant_expense_id", "expense"),
                ]
            )
        }
        cls.env["account.journal"].create(
            [
                {
                    "name": f"Test {kind}",
                    "code": f"C{kind[:3].upper()}",
                    "type": kind,
                    "company_id": cls.store.id,
                }
                for kind in ("sale", "purchase", "general")
            ]
        )
        known = cls.program._fields
        cls.program.write(
            {name: one.id for name, one in accounts.items() if name in known}
        )
        return accounts

    def statement(self, earned=0, spent=0, sign=True):
        """Return October with the shop, as finance sees it."""
        day, shop = date(2026, 10, 10), self.shop
        if earned:
            shop._earn(self.owner, earned, day, "R1")
        if spent:
            self.award(spent, day=day, available_on=day)
            shop._redeem(self.owner, spent, day, "R2")
        statements = self.as_persona(self.env["cr.club.merchant.statement"], "finance")
        one = statements.create({"merchant_id": shop.id, "date_to": _OCTOBER})
        one.action_work_out()
        if sign:
            one.action_sign()
        return one

    def month_end(self):
        cut = self.as_persona(self.env["cr.points.settlement"], "finance").create(
            {"program_id": self.program.id, "date_to": _OCTOBER}
        )
        cut.action_sign()
        return cut

    # === PARTNER SHOPS === #

    def test_what_a_shop_owes_becomes_an_invoice(self):
        accounts = self.keep_books()
        one = self.statement(earned=501, spent=200)
        one.action_make_draft()
        move = one.sudo().move_id
        self.assertEqual((move.move_type, move.state), ("out_invoice", "draft"))
        self.assertEqual(move.company_id, self.store)
        self.assertEqual(move.partner_id, self.shop.partner_id)
        self.assertAlmostEqual(move.amount_total, one.amount_due)
        self.assertAlmostEqual(one.amount_due, 4.01)
        self.assertEqual(
            move.invoice_line_ids.account_id,
            accounts["merchant_income_id"] | accounts["merchant_expense_id"],
        )
        self.assertIn("501", " ".join(move.invoice_line_ids.mapped("name")))
        self.assertTrue(one.move_text)

    def test_what_a_shop_gets_becomes_a_bill(self):
        self.keep_books()
        self.program.merchant_product_id = self.env["product.product"].create(
            {"name": "Points", "type": "service", "list_price": 99}
        )
        one = self.statement(earned=100, spent=400)
        one.action_make_draft()
        move = one.sudo().move_id
        self.assertEqual((move.move_type, move.state), ("in_invoice", "draft"))
        self.assertAlmostEqual(move.amount_total, -one.amount_due)
        self.assertEqual(
            move.invoice_line_ids.product_id, self.program.merchant_product_id
        )

    def test_a_draft_is_made_once(self):
        self.keep_books()
        one = self.statement(earned=501)
        one.action_make_draft()
        move = one.sudo().move_id
        with self.assertRaisesRegex(UserError, "stands in the books already"):
            one.action_make_draft()
        other = one.sudo().copy({"date_to": "2026-09-30"})
        self.assertFalse(other.move_id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                other.move_id = move
                other.flush_recordset()
        move.unlink()
        one.invalidate_recordset()
        one.action_make_draft()
        self.assertTrue(one.sudo().move_id.exists())

    def test_only_finance_and_only_what_is_signed(self):
        self.keep_books()
        one = self.statement(earned=501, sign=False)
        with self.assertRaisesRegex(UserError, "is not signed off yet"):
            one.action_make_draft()
        one.action_sign()
        for role in ("head", "director", "admin", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(one, role).action_make_draft()
        with self.assertRaises(UserError):
            one.write({"move_id": False})

    def test_what_is_missing_is_named(self):
        one = self.statement(earned=501)
        sentence = "Income from partner shops.* is not set"
        with self.assertRaisesRegex(UserError, sentence):
            one.action_make_draft()
        income = self.make_account("income", "CR99", "income")
        self.program.merchant_income_id = income
        with self.assertRaisesRegex(UserError, "keeps no books in Odoo"):
            one.action_make_draft()
        self.shop.partner_id = False
        with self.assertRaisesRegex(UserError, "has no contact file"):
            one.action_make_draft()
        self.assertFalse(one.sudo().move_id)

    def test_where_nobody_owes_anything_there_is_no_bill(self):
        self.keep_books()
        with self.assertRaisesRegex(UserError, "nothing to book"):
            self.statement().action_make_draft()

    # === MONTH-END === #

    def test_a_month_end_becomes_an_entry(self):
        accounts = self.keep_books()
        day = date(2026, 10, 5)
        self.award(1000, day=day, available_on=day)
        self.spend(300, day=date(2026, 10, 8))
        cut = self.month_end()
        cut.action_make_draft()
        move = cut.sudo().move_id
        self.assertEqual((move.move_type, move.state), ("entry", "draft"))
        self.assertEqual(move.date, _OCTOBER)
        sums = {
            line.account_id: line.debit - line.credit
            for line in move.line_ids.sorted("debit")
            if line.account_id != accounts["liability_account_id"]
        }
        self.assertEqual(
            sums,
            {
                accounts["expense_account_id"]: 10.0,
                accounts["income_account_id"]: -3.0,
            },
        )
        liability = move.line_ids.filtered(
            lambda line: line.account_id == accounts["liability_account_id"]
        )
        self.assertAlmostEqual(-sum(liability.mapped("balance")), cut.liability)
        with self.assertRaisesRegex(UserError, "stands in the books already"):
            cut.action_make_draft()
        [_points, _money, (_title, _header, rows)] = cut._get_sheet()
        self.assertIn("Test expense_account_id", rows[0][1])

    def test_a_month_end_without_accounts_says_so(self):
        day = date(2026, 10, 5)
        self.award(1000, day=day, available_on=day)
        cut = self.month_end()
        with self.assertRaisesRegex(UserError, "Expense for points.* is not set"):
            cut.action_make_draft()
        for role in ("head", "director", "admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(cut, role).action_make_draft()
