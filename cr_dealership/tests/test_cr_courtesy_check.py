from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .callback_common import NOW, CallbackCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrCourtesyCheck(CallbackCommon):
    """Standards of courtesy are read by all and ticked by who appraises (COM-10)."""

    def check(self, **values):
        checks = self.as_user(self.env["cr.courtesy.check"], self.head)
        return checks.create({"user_id": self.agent.id, "place": "phone", **values})

    def test_everybody_reads_the_standards(self):
        standards = self.env["cr.courtesy.standard"].search([])
        seen = self.as_user(standards, self.persona("lounge"))
        self.assertTrue(all(one.name and one.example for one in seen))

    def test_a_check_asks_for_the_standards_of_its_place(self):
        form = Form(self.as_user(self.env["cr.courtesy.check"], self.head))
        form.user_id = self.agent
        form.place = "lounge"
        check = form.save()
        self.assertEqual(set(check.line_ids.standard_id.mapped("place")), {"lounge"})
        self.assertEqual(check.judge_id, self.head)

    def test_the_rate_counts_what_arose(self):
        check = self.check()
        self.assertEqual(check.kept_rate, 0)
        check.line_ids[:3].verdict = "kept"
        check.line_ids[3].verdict = "missed"
        self.assertEqual(check.kept_rate, 75)

    def test_the_colleague_reads_it_when_it_is_shown_and_nobody_changes_it(self):
        check = self.check()
        with self.assertRaisesRegex(UserError, "at least one standard"):
            check.action_show()
        check.line_ids[0].verdict = "kept"
        mine = self.as_user(self.env["cr.courtesy.check"], self.agent)
        self.assertFalse(mine.search([("id", "=", check.id)]))
        check.action_show()
        self.assertEqual(mine.search([("id", "=", check.id)]), check)
        self.assertEqual(check.activity_ids.user_id, self.agent)
        for change in (
            lambda: check.write({"advice": "Smile"}),
            lambda: check.line_ids[0].write({"verdict": "missed"}),
            lambda: check.line_ids[0].unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        other = self.as_user(check, self.second_agent())
        self.assertFalse(other.search([("id", "=", check.id)]))
