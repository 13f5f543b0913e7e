from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .event_common import EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrEventInvitation(EventCommon):
    """Calls, consent, cap, seats and the waiting list (EVT-04, EVT-05, REL-26)."""

    def invite(self, count=1):
        """Return guests of an event that invites."""
        guests = self.make_guests(count)
        self.begin_inviting()
        return guests

    def test_stages_keep_who_and_when(self):
        guest = self.as_persona(self.invite(), "agent")
        agent = guest.env.user
        guest.action_call_thinks()
        self.assertEqual((guest.state, guest.invited_by_id), ("invited", agent))
        guest.action_call_yes()
        self.assertEqual((guest.state, guest.accepted_by_id), ("accepted", agent))
        guest.action_call_yes()
        self.assertEqual((guest.state, guest.confirmed_by_id), ("confirmed", agent))
        guest.action_call_yes()
        self.assertEqual((guest.state, guest.reminded_by_id), ("reminded", agent))
        self.assertEqual(str(guest.invited_at), "2026-11-20 02:00:00")
        with self.assertRaisesRegex(UserError, "this answer does not fit"):
            guest.action_call_yes()

    def test_calls_fall_due_by_day_n(self):
        guest = self.invite()
        self.assertEqual(str(guest.call_on), "2026-11-30")
        guest.action_call_yes()
        self.assertEqual(str(guest.call_on), "2026-12-15")
        self.event.date_begin = self.BEGIN + timedelta(days=1)
        self.assertEqual(str(guest.call_on), "2026-12-16")
        guest.action_call_yes()
        self.assertEqual(str(guest.call_on), "2026-12-20")

    def test_every_call_stands_in_the_ledger(self):
        guest = self.invite()
        guest.action_call_missed()
        guest.action_call_yes()
        touches = self.env["cr.care.touch"].search(
            [("partner_id", "=", guest.partner_id.id)], order="id"
        )
        self.assertEqual(touches.mapped("is_counted"), [False, True])
        self.assertIn("comes", touches[1].content)
        self.assertEqual(touches[1].purpose, "marketing")
        self.assertEqual(guest.attempt_count, 1)

    def test_who_wants_no_calls_is_not_called(self):
        guest = self.invite()
        guest.partner_id.action_cr_do_not_call()
        for action in ("action_call_yes", "action_call_thinks", "action_call_missed"):
            with self.assertRaisesRegex(UserError, "does not want to be called"):
                getattr(guest, action)()
        self.assertEqual(guest.state, "todo")

    def test_enough_contacts_are_enough(self):
        guest = self.invite()
        self.store.cr_contact_cap = 1
        self.env["cr.care.touch"]._log(
            [
                {
                    "partner_id": guest.partner_id.id,
                    "channel": "sms",
                    "direction": "out",
                    "at": datetime(2026, 11, 19, 2),
                    "key": "test",
                }
            ]
        )
        with self.assertRaisesRegex(UserError, "call from 2026-11-26 on"):
            guest.action_call_yes()
        with freeze_time("2026-11-26 02:00:00"):
            guest.action_call_yes()
            # Who means to come is asked again all the same.
            guest.action_call_yes()
        self.assertEqual(guest.state, "confirmed")

    def test_taking_over_asks_for_consent_and_cap(self):
        event = self.make_event()
        people = [self.make_partner(mobile=False), self.make_partner(), self.owner]
        people[1].action_cr_do_not_call()
        guests = self.env["cr.event.invitation"].union(
            *(self.make_guest(one, event) for one in people)
        )
        guests.sudo().state = "proposed"
        event.action_cr_take_over()
        self.assertEqual(
            [(one.state, one.block_code) for one in guests],
            [("todo", "no_phone"), ("dropped", "do_not_call"), ("todo", False)],
        )

    def test_declining_names_a_reason_and_frees_the_seat(self):
        guests = self.invite(4)
        guests.action_call_yes()
        self.assertEqual(guests.mapped("state"), ["accepted"] * 3 + ["waiting"])
        wizard = self.env["cr.event.invitation.refuse"].create(
            {"invitation_ids": guests[0].ids, "refusal": "time", "note": "At work"}
        )
        wizard.action_refuse()
        self.assertEqual((guests[0].state, guests[0].refusal), ("refused", "time"))
        self.assertEqual(guests[3].state, "accepted")
        key = f"event:{guests[3].id}:seat"
        message = self.env["cr.message"].search([("key", "=", key)])
        self.assertIn("has become free", message.body)

    def test_better_tiers_get_free_seats_first(self):
        guests = self.invite(5)
        guests[4].sudo().tier_level = 5
        guests.action_call_yes()
        self.event.seats_max = 4
        self.assertEqual(guests.mapped("state")[3:], ["waiting", "accepted"])

    def test_companions_take_seats_too(self):
        first, second = self.invite(2)
        first.persons = 2
        second.persons = 2
        (first | second).action_call_yes()
        self.assertEqual((first.state, second.state), ("accepted", "waiting"))
        self.assertEqual(len(first.registration_ids), 2)
        self.assertEqual(self.event.cr_seated_count, 2)
        with self.assertRaisesRegex(UserError, "has 2 seats"):
            first.persons = 3

    def test_odoo_s_own_door_keeps_the_limit_as_well(self):
        guests = self.invite(3)
        guests.action_call_yes()
        with self.assertRaisesRegex(Exception, "Test care_class"):
            self.env["event.registration"].create({"event_id": self.event.id})

    @mute_logger("odoo.sql_db")
    def test_a_customer_stands_on_the_list_once(self):
        guest = self.make_guest()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_guest(guest.partner_id)

    @mute_logger("odoo.sql_db")
    def test_numbers_without_sense_are_refused(self):
        for values in ({"persons": 0}, {"persons": 21}, {"rating": 6}):
            with self.subTest(**values), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.make_guest(**values)

    def test_stages_are_not_written_by_hand(self):
        guest = self.as_persona(self.make_guest(), "head")
        for values in ({"state": "attended"}, {"attended_at": "2026-11-20"}):
            with self.assertRaisesRegex(UserError, "use the buttons"):
                guest.write(values)

    def test_nobody_is_called_before_inviting(self):
        with self.assertRaisesRegex(UserError, "is at “Planning”"):
            self.make_guest().action_call_yes()

    def test_who_was_invited_is_not_deleted(self):
        guest = self.invite()
        guest.action_call_thinks()
        with self.assertRaisesRegex(UserError, "note that he declines"):
            guest.unlink()

    def test_finance_calls_nobody(self):
        guest = self.as_persona(self.invite(), "finance")
        with self.assertRaises(AccessError):
            guest.action_call_yes()

    def test_a_sales_consultant_sees_guests_of_his_own(self):
        own, other = self.make_guests(2)
        sales = self.persona("sales")
        employee = self.make_employee(user_id=sales.id)
        car = self.make_vehicle(own.partner_id)
        car.consultant_id = employee
        seen = self.env["cr.event.invitation"].with_user(sales)
        self.assertEqual(seen.search([("event_id", "=", self.event.id)]).ids, own.ids)
        with self.assertRaises(AccessError):
            other.with_user(sales).read(["state"])

    def test_a_mended_file_may_be_called(self):
        guest = self.make_guest(self.make_partner(mobile=False))
        guest.sudo().state = "proposed"
        self.event.action_cr_take_over()
        self.assertEqual(guest.block_code, "no_phone")
        guest.partner_id.mobile = "13811112222"
        guest.action_take_back()
        self.assertFalse(guest.block_code)
        self.begin_inviting()
        self.assertTrue(guest.call_on)

    def test_another_store_sees_no_guest(self):
        guest = self.as_persona(self.invite(), "head", self.other_store)
        with self.assertRaises(AccessError):
            guest.read(["state"])

    def test_merged_files_stand_on_the_list_once(self):
        guests = self.invite(2)
        guests[1].action_call_yes()
        target = guests[0].partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge(
            guests.partner_id.ids, target, extra_checks=False
        )
        left = self.event.cr_invitation_ids
        self.assertEqual((left.partner_id, left.state), (target, "accepted"))
        self.assertEqual(left.registration_ids.partner_id, target)

    def test_calls_cost_the_same_for_many(self):
        self.store.cr_contact_cap = 0
        self.event.seats_max = 500
        few, many = self.make_guests(2), self.make_guests(40)
        self.begin_inviting()
        few[0].action_call_yes()
        one = self.count_queries(few[1].action_call_yes)
        forty = self.count_queries(many.action_call_yes)
        self.assertLess(forty, one + 40)
