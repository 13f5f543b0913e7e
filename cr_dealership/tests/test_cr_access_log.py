import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestCrAccessLog(DealershipCommon):
    """Taking data out is a right, and leaves a line nobody can change (SEC-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner("曾晓燕")
        cls.vehicle = cls.make_vehicle(owner=cls.customer)
        cls.contact = cls.make_partner("Supplier")

    def _grant_core_export(self, role):
        self.persona(role).write(
            {"group_ids": [(4, self.env.ref("base.group_allow_export").id)]}
        )

    def test_export_of_customers_needs_the_right(self):
        self._grant_core_export("agent")
        for records in (self.customer, self.vehicle):
            with self.assertRaisesRegex(UserError, "CR head|CR主管"):
                self.as_persona(records, "agent").export_data(["id"])

    def test_other_contacts_are_not_ours_to_guard(self):
        self._grant_core_export("agent")
        before = self.env["cr.access.log"].search_count([])
        rows = self.as_persona(self.contact, "agent").export_data(["name"])["datas"]
        self.assertEqual(rows, [["Supplier"]])
        self.assertEqual(self.env["cr.access.log"].search_count([]), before)

    def test_export_is_logged_with_who_what_and_how_many(self):
        Log = self.env["cr.access.log"]
        before = Log.search([])
        customers = self.customer | self.make_partner()
        self.make_vehicle(owner=customers[1])
        partners = self.as_persona(customers | self.contact, "head")
        partners.export_data(["name", "mobile"])
        self.assertRecordValues(
            Log.search([]) - before,
            [
                {
                    "user_id": self.persona("head").id,
                    "kind": "export",
                    "model": "res.partner",
                    "record_count": 2,
                    "detail": "name, mobile",
                }
            ],
        )

    def test_nobody_writes_the_log_by_hand(self):
        Log = self.as_persona(self.env["cr.access.log"], "admin")
        with self.assertRaises(AccessError):
            Log.create({"user_id": 1, "kind": "export", "model": "x"})

    def test_lines_cannot_be_changed_or_deleted(self):
        self.env["cr.access.log"]._log("export", "res.partner", count=3)
        line = self.env["cr.access.log"].search([], limit=1)
        for statement in (
            "UPDATE cr_access_log SET record_count = 1 WHERE id = %s",
            "DELETE FROM cr_access_log WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement, [line.id])

    def test_line_opens_the_record_that_was_looked_at(self):
        self.as_persona(self.customer, "head").action_cr_unmask_id()
        line = self.env["cr.access.log"].search([], limit=1)
        action = self.as_persona(line, "director").action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.customer.id)
        )
