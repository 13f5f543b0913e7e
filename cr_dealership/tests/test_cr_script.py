from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .callback_common import NOW, CallbackCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrScript(CallbackCommon):
    """What was read to customers stays as it was; new callbacks read the new text."""

    def setUp(self):
        super().setUp()
        self.script = self.env.ref("cr_dealership.cr_script_csi")
        self.version = self.env.ref("cr_dealership.cr_script_version_csi_1")

    def make_version(self, **values):
        """Return a new draft of the script."""
        return self.env["cr.script.version"].create(
            {
                "script_id": self.script.id,
                "valid_from": self.TODAY,
                "line_ids": [Command.create({"text": "Hello {customer}"})],
                **values,
            }
        )

    def test_new_callbacks_read_the_version_in_force(self):
        new = self.make_version()
        self.assertEqual(self.script.version_id, self.version)
        new.action_put_in_force()
        self.script.invalidate_recordset()
        self.assertEqual(self.script.version_id, new)
        self.assertEqual(self.version.state, "retired")
        self.make_order(self.car, self.TODAY - timedelta(days=1))
        self.env["cr.callback.rule"]._open_callbacks(self.TODAY)
        callback = self.env["cr.callback"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(callback.script_version_id, new)

    def test_a_running_callback_keeps_its_version(self):
        callback = self.make_callback()
        self.make_version().action_put_in_force()
        self.assertEqual(callback.script_version_id, self.version)

    def test_a_version_for_later_waits_for_its_day(self):
        new = self.make_version(valid_from=self.TODAY + timedelta(days=3))
        new.action_put_in_force()
        self.assertEqual(self.script.version_id, self.version)
        later = self.TODAY + timedelta(days=3)
        found = self.script._get_versions_in_force(later)
        self.assertEqual(found[self.script.id], new.id)

    def test_a_wording_in_force_is_not_changed_any_more(self):
        for change in (
            lambda: self.version.line_ids[0].write({"text": "Hi"}),
            lambda: self.version.line_ids[0].unlink(),
            lambda: self.version.write({"valid_from": self.TODAY}),
            lambda: self.version.write({"line_ids": [Command.create({"text": "Hi"})]}),
            self.version.unlink,
        ):
            with self.assertRaisesRegex(UserError, "make a new version"):
                change()

    def test_a_new_version_is_a_copy_with_the_next_number(self):
        action = self.version.action_new_version()
        draft = self.version.browse(action["res_id"])
        self.assertEqual((draft.state, draft.number), ("draft", 2))
        texts = self.version.line_ids.mapped("text")
        self.assertEqual(draft.line_ids.mapped("text"), texts)

    def test_an_empty_version_is_not_put_in_force(self):
        with self.assertRaisesRegex(UserError, "needs lines"):
            self.make_version(line_ids=[]).action_put_in_force()

    def test_an_unknown_placeholder_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "{price} cannot be filled in"):
            self.make_version(line_ids=[Command.create({"text": "It costs {price}"})])

    def test_text_of_the_customer_is_never_evaluated(self):
        line = self.make_version().line_ids
        self.assertEqual(
            line._fill({"customer": "{agent} %s {0}"}), "Hello {agent} %s {0}"
        )

    def test_care_remarks_hold_on_their_days_and_for_their_kind(self):
        self.env["cr.script.remark"].create(
            [
                {"text": "all", "date_to": self.TODAY},
                {"text": "ssi only", "kind": "ssi"},
                {
                    "text": "over",
                    "date_from": self.TODAY - timedelta(days=2),
                    "date_to": self.TODAY - timedelta(days=1),
                },
            ]
        )
        remarks = self.env["cr.script.remark"]._get_remarks(self.TODAY)
        remarks = remarks._filter_kind("csi")
        self.assertEqual(remarks.mapped("text"), ["all"])
