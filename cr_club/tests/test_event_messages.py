from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .event_common import EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestEventMessages(EventCommon):
    """Invitations and notices by SMS (EVT-18, EVT-21, EVT-25)."""

    def messages(self, guests, kind="invite"):
        keys = [f"event:{guest.id}:{kind}" for guest in guests]
        return self.env["cr.message"].search([("key", "in", keys)], order="id")

    def test_invitations_go_out_once(self):
        guests = self.make_guests(2)
        with self.assertRaisesRegex(UserError, "does not invite now"):
            self.event.action_cr_send_invitations()
        self.begin_inviting()
        note = self.event.action_cr_send_invitations()
        self.assertIn("2 messages go out", note["params"]["message"])
        self.assertEqual(guests.mapped("state"), ["invited"] * 2)
        self.assertEqual(guests.mapped("invited_how"), ["sms"] * 2)
        sent = self.messages(guests)
        self.assertEqual(len(sent), 2)
        self.assertIn("Test care_class, Training room, 2026-12-20 10:00", sent[0].body)
        self.assertIn(f"/cr/event/{guests[0].sudo().token}", sent[0].body)
        self.event.action_cr_send_invitations()
        self.assertEqual(len(self.messages(guests)), 2)

    def test_who_does_not_want_it_gets_none(self):
        guests = self.make_guests(2)
        guests[0].partner_id._cr_record_wish("refused", "marketing", "sms")
        self.begin_inviting()
        self.event.action_cr_send_invitations()
        self.assertEqual(guests.mapped("state"), ["todo", "invited"])
        self.assertEqual(self.messages(guests[0]).block_code, "opt_out")

    def test_enough_contacts_are_enough(self):
        guests = self.make_guests(2)
        self.store.cr_contact_cap = 1
        self.env["cr.care.touch"]._log(
            [
                {
                    "partner_id": guests[0].partner_id.id,
                    "channel": "phone",
                    "direction": "out",
                    "key": "test",
                }
            ]
        )
        with freeze_time("2026-11-21 02:00:00"):
            self.begin_inviting()
            self.event.action_cr_send_invitations()
        self.assertEqual(guests.mapped("state"), ["todo", "invited"])

    def test_complete_files_are_told_first(self):
        guests = self.make_guests(2)
        guests[0].partner_id.sudo().cr_completeness = 100
        self.begin_inviting()
        self.event.action_cr_send_invitations()
        first, second = self.messages(guests)
        self.assertEqual(second.next_at - first.next_at, timedelta(days=2))

    def test_reminders_move_confirmed_guests_on(self):
        guests = self.make_guests(2)
        self.begin_inviting()
        guests.action_call_yes()
        guests[0].action_call_yes()
        self.event.action_cr_send_reminders()
        self.assertEqual(guests.mapped("state"), ["reminded", "accepted"])
        self.assertEqual(len(self.messages(guests, "remind")), 2)

    def test_a_notice_needs_no_seats_and_no_confirmation(self):
        notice = self.make_event(
            "festival_notice",
            seats_limited=False,
            cr_place=False,
            cr_host_ids=False,
            cr_budget=0,
            cr_lesson_ids=False,
        )
        guest = self.make_guest(event=notice)
        notice.action_cr_invite()
        notice.action_cr_send_invitations()
        self.assertIn("tells you first", self.messages(guest).body)
        self.finish_tasks(notice)
        with freeze_time(self.BEGIN + timedelta(hours=1)):
            notice.action_cr_done()
        self.assertEqual(notice.cr_state, "done")

    def test_many_messages_cost_the_same(self):
        few, many = self.make_event(), self.make_event()
        self.make_guests(1, few)
        self.make_guests(40, many)
        (few | many).action_cr_invite()
        one = self.count_queries(few.action_cr_send_invitations)
        forty = self.count_queries(many.action_cr_send_invitations)
        self.assertLess(forty, one + 5)
