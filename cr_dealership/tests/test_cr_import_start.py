import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DealershipCommon, make_vin

HEADER = "工单号,车架号,车主,车主电话,进厂时间,结算金额"
PLENTY = 600


@tagged("post_install", "-at_install")
class TestCrImportStart(DealershipCommon):
    """What the page shows before a file is chosen, and the way back to it."""

    def setUp(self):
        super().setUp()
        # A step of the job commits; in a test it only hands over to the database.
        cron = self.env.registry["ir.cron"]
        self.patch(cron, "_commit_progress", lambda *__, **___: self.env.flush_all())

    def receive(self, role, *rows, name="orders.csv"):
        """Hand a file of work orders in as a post; return the import."""
        model = self.as_persona(self.env["cr.import.batch"], role)
        return model._receive(name, "\n".join([HEADER, *rows]).encode())

    def row(self, number, vin=None):
        """Return a line of a file of work orders."""
        vin = make_vin(number) if vin is None else vin
        return f"RO-{number},{vin},Zeng Xiaoyan,13979600001,2026-11-18 09:00,860"

    def read_file(self, batch):
        """Confirm the columns that were found, and let the job read the file."""
        batch.action_stage()
        batch.sudo()._run(time.monotonic() + PLENTY)

    def start(self, role):
        return self.as_persona(self.env["cr.import.batch"], role).get_start()

    def test_a_post_is_told_which_kinds_of_files_it_brings(self):
        expected = {
            "head": ["delivery", "order", "policy"],
            "specialist": ["delivery", "order", "policy"],
            "sales": ["delivery", "policy"],
            "insurance": ["policy"],
        }
        for role, kinds in expected.items():
            with self.subTest(role=role):
                found = [kind["kind"] for kind in self.start(role)["kinds"]]
                self.assertEqual(found, kinds)

    def test_a_kind_names_the_columns_it_needs(self):
        kinds = {kind["kind"]: kind for kind in self.start("head")["kinds"]}
        self.assertIn("VIN / Plate", kinds["order"]["needed"])
        self.assertIn("Contract number", kinds["delivery"]["needed"])

    def test_a_post_without_files_is_shown_nothing(self):
        for role in ("agent", "lounge", "finance"):
            with self.subTest(role=role):
                self.assertEqual(self.start(role), {"kinds": [], "recent": []})

    def test_only_the_head_sees_what_others_handed_in(self):
        batch = self.receive("specialist", self.row(1))
        for role, sees in (("specialist", True), ("head", True), ("insurance", False)):
            with self.subTest(role=role):
                seen = [recent["id"] for recent in self.start(role)["recent"]]
                self.assertEqual(batch.id in seen, sees)

    def test_a_cancelled_import_is_not_offered_again(self):
        batch = self.receive("head", self.row(2))
        batch.action_cancel()
        seen = [recent["id"] for recent in self.start("head")["recent"]]
        self.assertNotIn(batch.id, seen)

    def test_the_columns_can_be_chosen_again_before_rows_are_recorded(self):
        batch = self.receive("specialist", self.row(3), self.row(4, vin=""))
        self.read_file(batch)
        self.assertEqual((batch.state, batch.refused_count), ("checked", 1))
        page = batch.action_choose_columns()
        self.assertEqual(page["state"], "draft")
        self.assertFalse(any(page["counts"].values()))
        rows = self.env["cr.import.row"].search_count([("batch_id", "=", batch.id)])
        self.assertFalse(rows)
        self.read_file(batch)
        self.assertEqual((batch.state, batch.total_count), ("checked", 2))

    def test_the_columns_stay_once_rows_are_recorded(self):
        batch = self.receive("head", self.row(5))
        self.read_file(batch)
        batch.sudo().write({"state": "failed", "new_count": 1})
        with self.assertRaisesRegex(UserError, "orders.csv.*already recorded rows"):
            batch.action_choose_columns()

    def test_nobody_changes_the_columns_of_an_import_he_may_not_see(self):
        batch = self.receive("head", self.row(6))
        self.read_file(batch)
        for role in ("specialist", "insurance", "agent"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_persona(batch, role).action_choose_columns()
        self.assertEqual(batch.state, "checked")
