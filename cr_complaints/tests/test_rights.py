from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.cr_dealership.tests.rights_common import RightsCases

from .complaint_common import ComplaintCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestComplaintRights(RightsCases, ComplaintCommon):
    """Each role against each model and each grade (CPL-33)."""

    MODULE = "cr_complaints"

    def sees(self, role, record):
        user = self.users[role]
        records = record.with_user(user).with_context(
            allowed_company_ids=self.store.ids
        )
        return bool(records.search([("id", "=", record.id)]))

    def test_crises_are_narrower(self):
        plain = self.make(user=self.head)
        crisis = self.make(
            user=self.head, partner_id=self.make_partner().id, is_media=True
        )
        seen = {
            "agent": (True, False),
            "specialist": (True, False),
            "manager": (True, False),
            "head": (True, True),
            "director": (True, True),
            "advisor": (False, False),
            "sales": (False, False),
            "lounge": (False, False),
        }
        for role, expected in seen.items():
            with self.subTest(role=role):
                self.assertEqual(
                    (self.sees(role, plain), self.sees(role, crisis)), expected
                )

    def test_what_belongs_to_a_hidden_complaint_is_hidden(self):
        crisis = self.make(user=self.head, is_media=True)
        parts = (crisis.event_ids[:1], crisis.clock_ids[:1])
        for part in parts:
            with self.subTest(model=part._name):
                self.assertFalse(self.sees("agent", part))
                self.assertTrue(self.sees("head", part))

    def test_who_has_a_measure_may_read_it(self):
        crisis = self.make(user=self.head, is_media=True)
        advisor = self.users["advisor"]
        self.assertFalse(self.sees("advisor", crisis))
        crisis.measure_ids = [
            (0, 0, {"name": "Call", "user_id": advisor.id, "due_on": "2026-11-21"})
        ]
        self.assertTrue(self.sees("advisor", crisis))

    def test_another_store_sees_nothing(self):
        complaint = self.make()
        stranger = self.persona("head", self.other_store)
        with self.assertRaises(AccessError):
            complaint.with_user(stranger).with_context(
                allowed_company_ids=self.other_store.ids
            ).read(["subject"])

    def test_the_log_is_written_by_nobody(self):
        complaint = self.make()
        with self.assertRaises(AccessError):
            self.env["cr.complaint.event"].with_user(self.users["admin"]).create(
                {"complaint_id": complaint.id, "kind": "told", "at": "2026-11-20"}
            )
