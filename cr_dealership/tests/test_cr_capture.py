from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestCrCapture(DealershipCommon):
    """Any employee tells, CR verifies, the teller sees what became of it (CUS-37)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(
            cls.env,
            login="cr_capture_employee",
            name="Employee",
            groups="base.group_user",
            company_id=cls.store.id,
            company_ids=[(6, 0, cls.store.ids)],
        )
        cls.customer = cls.make_partner("曾晓燕")

    def tell(self, **values):
        captures = self.env["cr.capture"].with_user(self.employee)
        return captures.create(
            {
                "name": "曾女士",
                "phone": self.customer.mobile,
                "learnt": "wants a second car for her daughter",
                **values,
            }
        )

    def test_any_employee_tells_and_sees_only_his_own(self):
        mine = self.tell()
        self.assertEqual(mine.user_id, self.employee)
        self.assertEqual(mine.state, "todo")
        other = self.as_persona(self.env["cr.capture"], "lounge").create(
            {"name": "X", "learnt": "y"}
        )
        found = self.env["cr.capture"].with_user(self.employee).search([])
        self.assertEqual(found, mine)
        self.assertNotIn(other, found)

    def test_nobody_tells_in_anothers_name_or_decides_himself(self):
        head = self.persona("head")
        capture = self.tell(user_id=head.id, state="accepted", decided_by_id=head.id)
        self.assertRecordValues(
            capture.sudo(),
            [{"user_id": self.employee.id, "state": "todo", "decided_by_id": False}],
        )
        for values in ({"state": "accepted"}, {"reject_reason": "no"}):
            with self.assertRaises(AccessError):
                capture.write(values)
        for action in ("action_verify", "action_reject"):
            with self.assertRaises(AccessError):
                getattr(capture, action)()

    def test_teller_corrects_until_it_is_decided(self):
        capture = self.tell()
        capture.learnt = "wants a second car for her son"
        self.as_persona(capture, "agent").action_verify()
        with self.assertRaisesRegex(AccessError, "曾女士"):
            capture.learnt = "something else"

    def test_known_number_goes_into_the_file_that_has_it(self):
        capture = self.as_persona(self.tell(), "agent")
        self.assertEqual(capture.candidate_ids, self.customer)
        action = capture.action_verify()
        self.assertEqual(action["res_id"], self.customer.id)
        self.assertEqual(capture.state, "accepted")
        self.assertEqual(capture.decided_by_id, self.persona("agent"))
        self.assertEqual(self.customer.cr_verification, "verified")
        self.assertIn("second car", self.customer.message_ids[0].body)

    def test_unknown_number_makes_a_verified_prospect(self):
        capture = self.tell(name="彭建华", phone="139 7965 0000")
        action = self.as_persona(capture, "agent").action_verify()
        partner = self.env["res.partner"].browse(action["res_id"])
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "彭建华",
                    "mobile": "13979650000",
                    "cr_verification": "verified",
                    "cr_stage": "prospect",
                }
            ],
        )

    def test_several_files_with_the_number_must_be_chosen_from(self):
        twin = self.make_partner("曾小燕", phone=self.customer.mobile)
        capture = self.as_persona(self.tell(), "agent")
        with self.assertRaisesRegex(UserError, "曾晓燕"):
            capture.action_verify()
        capture.partner_id = twin
        capture.action_verify()
        self.assertEqual(twin.cr_verification, "verified")

    def test_rejection_needs_a_reason_that_the_teller_reads(self):
        capture = self.tell()
        as_head = self.as_persona(capture, "head")
        with self.assertRaisesRegex(UserError, "曾女士"):
            as_head.action_reject()
        as_head.reject_reason = "this customer does not exist"
        as_head.action_reject()
        self.assertEqual(capture.state, "rejected")
        self.assertEqual(capture.reject_reason, "this customer does not exist")

    def test_what_was_decided_is_not_decided_again(self):
        capture = self.as_persona(self.tell(), "agent")
        capture.action_verify()
        with self.assertRaises(UserError):
            capture.action_verify()

    def test_other_stores_do_not_see_it(self):
        capture = self.tell()
        others = self.as_persona(capture, "agent", self.other_store)
        self.assertFalse(others.search([("id", "=", capture.id)]))
