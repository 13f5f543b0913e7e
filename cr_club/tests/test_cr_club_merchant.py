from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .club_common import ClubCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubMerchant(ClubCommon):
    """Partner shops: points earned and spent there; statements equal the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.make_shop()

    @classmethod
    def make_shop(cls, name="Noodle house", **values):
        return cls.env["cr.club.merchant"].create(
            {
                "name": name,
                "program_id": cls.program.id,
                "offer": "10 % off",
                "opened_on": "2026-10-01",
                "date_from": "2026-10-01",
                "earn_rate": 0.5,
                "earn_price": 0.012,
                "redeem_price": 0.01,
                **values,
            }
        )

    def book(self, receipt, role="specialist", **values):
        wizard = self.as_persona(self.env["cr.club.merchant.book"], role).create(
            {
                "merchant_id": self.shop.id,
                "partner_id": self.owner.id,
                "receipt": receipt,
                "day": self.TODAY,
                **values,
            }
        )
        return wizard.action_book()

    def test_the_statement_equals_the_ledger(self):
        october = date(2026, 10, 31)
        self.book("R1", amount=1001.9, day=date(2026, 10, 10))
        self.book("R2", kind="redeem", points=200, day=date(2026, 10, 20))
        self.book("R3", amount=100)
        self.award(77)
        finance = self.as_persona(self.shop, "finance")
        action = finance.action_statement()
        statement = self.as_persona(
            self.env["cr.club.merchant.statement"], "finance"
        ).search(action["domain"])
        self.assertEqual(statement.date_to, october)
        ledger = self.env["cr.points.entry"].search(
            [
                ("origin_model", "=", "cr.club.merchant"),
                ("origin_id", "=", self.shop.id),
                ("day", "<=", october),
            ]
        )
        self.assertEqual(statement.entry_ids, ledger)
        self.assertEqual((statement.earned, statement.redeemed), (500, 200))
        self.assertEqual(
            statement.earned - statement.redeemed, sum(ledger.mapped("points"))
        )
        self.assertAlmostEqual(statement.amount_due, 4)
        self.assertIn("Noodle house pays us", statement.settlement_text)
        statement.action_sign()
        self.assertEqual(
            self.shop.entry_ids - ledger,
            self.account().entry_ids.filtered(
                lambda entry: entry.note and "R3" in entry.note
            ),
        )
        self.assert_proven()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "cr_club.report_merchant_statement", statement.ids
        )
        for text in ("R1", "Test owner", "Noodle house pays us"):
            self.assertIn(text, html.decode())

    def test_what_comes_after_signing_goes_into_the_next_one(self):
        self.book("R1", amount=100, day=date(2026, 10, 10))
        statements = self.as_persona(self.env["cr.club.merchant.statement"], "finance")
        first = statements.create(
            {"merchant_id": self.shop.id, "date_to": "2026-10-31"}
        )
        first.action_sign()
        spent = self.account().entry_ids
        self.env["cr.points.account"]._take_back(spent)
        with freeze_time("2026-12-01 02:00:00"):
            second = statements.create({"merchant_id": self.shop.id})
            second.action_sign()
        self.assertEqual((first.earned, second.earned), (50, -50))
        self.assertIn("We pay", second.settlement_text)

    def test_a_receipt_is_booked_once(self):
        self.book("R1", amount=100)
        with self.assertRaisesRegex(UserError, "booked already"):
            self.book("R1", amount=100)
        self.book("R1", kind="redeem", points=10)
        with self.assertRaisesRegex(UserError, "booked already"):
            self.book("R1", kind="redeem", points=10)
        self.assert_points(self.owner, 40)

    def test_what_is_refused(self):
        over = self.make_shop("Gone", date_to="2026-11-01")
        plain = self.make_shop("Offers only", earn_rate=0, redeem_price=0)
        for values, sentence in (
            ({"merchant_id": over.id, "amount": 10}, "no partner on 2026-11-20"),
            ({"merchant_id": plain.id, "amount": 10}, "if it has a rate"),
            ({"merchant_id": plain.id, "kind": "redeem", "points": 5}, "no points"),
            ({"amount": -5}, "money spent there only"),
            ({"amount": 10, "day": date(2026, 11, 21)}, "no partner on 2026-11-21"),
            ({"amount": 10, "receipt": "  "}, "number of the receipt"),
            ({"amount": 10, "partner_id": False}, "Choose the customer"),
            ({"kind": "redeem", "points": 5}, "less than 5"),
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, sentence):
                self.book(**{"receipt": "R9", **values})
        for role in ("agent", "advisor", "lounge", "director"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.book("R9", role, amount=10)
        for values in ({"date_to": "2026-01-01"}, {"earn_rate": -1}):
            with self.subTest(**values), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    self.shop.write(values)
                    self.shop.flush_recordset()

    def test_the_card_finds_the_customer(self):
        wizards = self.as_persona(self.env["cr.club.merchant.book"], "specialist")
        with Form(wizards) as form:
            form.merchant_id = self.shop
            form.code = self.member.card_number
            self.assertEqual(form.partner_id, self.owner)
            form.receipt, form.amount = "R1", 100
        form.record.action_book()
        self.assert_points(self.owner, 50)

    def test_who_is_valid_today(self):
        self.make_shop("Gone", date_to="2026-11-01")
        self.make_shop("Coming", date_from="2026-12-01")
        shops = self.env["cr.club.merchant"]
        mine = [("program_id", "=", self.program.id)]
        running = shops.search([*mine, ("is_running", "=", True)])
        self.assertEqual(running, self.shop)
        others = shops.search([*mine, ("is_running", "=", False)])
        self.assertEqual(set(others.mapped("name")), {"Gone", "Coming"})
        self.assertTrue(self.shop.is_running)
        self.assertFalse(any(others.mapped("is_running")))
