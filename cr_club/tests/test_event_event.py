from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .event_common import FILE, EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestEventEvent(EventCommon):
    """Plan, stages with guards, tasks that move with day N (EVT-01 … EVT-10)."""

    def test_each_stage_says_what_is_missing(self):
        event = self.make_event(
            cr_plan_file=False, cr_budget=0, cr_place=False, cr_host_ids=False
        )
        with self.assertRaises(UserError) as caught:
            event.action_cr_invite()
        text = str(caught.exception)
        for word in ("plan of the event", "budget", "place", "hosts", "guests"):
            self.assertIn(word, text)
        self.assertIn("• the budget", event.cr_missing)

    def test_an_event_goes_from_plan_to_summary(self):
        guest, other = self.make_guests(2)
        self.event.action_cr_invite()
        with self.assertRaisesRegex(UserError, "2 guests who were not asked"):
            self.event.action_cr_confirm()
        (guest | other).action_call_yes()
        self.event.action_cr_confirm()
        with self.assertRaisesRegex(UserError, "the day of the event"):
            self.event.action_cr_done()
        with freeze_time(self.BEGIN + timedelta(hours=1)):
            guest.action_check_in()
            with self.assertRaisesRegex(UserError, "whether 1 expected guests came"):
                self.event.action_cr_done()
            self.event.action_cr_mark_absent()
            with self.assertRaisesRegex(UserError, "open tasks"):
                self.event.action_cr_done()
            self.finish_tasks()
            self.event.action_cr_done()
            with self.assertRaisesRegex(UserError, "lessons learned"):
                self.event.action_cr_summarise()
            self.event.write(
                {
                    "cr_opinions": "Good",
                    "cr_lessons_learned": "Start earlier",
                    "cr_cost_ids": [(0, 0, {"name": "Cakes", "amount": 500})],
                }
            )
            self.event.action_cr_summarise()
        self.assertEqual(self.event.cr_state, "summarised")
        self.assertEqual(self.event.cr_budget_left, 2500)
        self.assertEqual((guest.state, other.state), ("attended", "absent"))

    def test_stages_are_not_written_by_hand(self):
        event = self.as_persona(self.event, "head")
        with self.assertRaisesRegex(UserError, "follows from its buttons"):
            event.write({"cr_state": "done"})
        with self.assertRaisesRegex(UserError, "follows from its buttons"):
            event.copy({"cr_state": "done"})

    def test_stages_do_not_jump(self):
        with self.assertRaisesRegex(UserError, "does not follow from"):
            self.event.action_cr_done()

    def test_an_event_needs_its_day(self):
        for values in ({"date_begin": False}, {"date_begin": None}):
            with self.assertRaisesRegex(UserError, "has no day"):
                self.env["event.event"].create({"name": "Tour", **values})
        with self.assertRaisesRegex(UserError, "has no day"):
            self.event.date_begin = False

    def test_the_form_does_not_invent_a_day(self):
        events = self.env["event.event"].with_context(cr_event=True)
        self.assertNotIn("date_begin", events.default_get(["date_begin", "date_end"]))

    def test_lessons_without_courseware_hold_the_list_up(self):
        self.event.cr_lesson_ids.courseware = False
        self.make_guest().event_id.action_cr_invite()
        self.event.cr_invitation_ids.action_call_yes()
        with self.assertRaisesRegex(UserError, "courseware of “Oil and tyres”"):
            self.event.action_cr_confirm()
        self.event.cr_lesson_ids.courseware = FILE
        self.event.action_cr_confirm()

    def test_care_class_is_prepared_from_n_minus_25(self):
        tasks = self.event.cr_task_ids
        by_name = {task.summary: (task.date_deadline, task.cr_lane) for task in tasks}
        self.assertEqual(by_name["Plan of the event"], (date(2026, 11, 25), "cr"))
        self.assertEqual(by_name["Materials made"], (date(2026, 11, 30), "planning"))
        self.assertEqual(
            by_name["Confirm the intention by telephone"], (date(2026, 12, 15), "cr")
        )
        self.assertEqual(by_name["Venue set up"], (date(2026, 12, 19), "planning"))

    def test_large_events_are_prepared_from_n_minus_40(self):
        tour = self.make_event("self_drive", date_begin="2027-01-20 01:00:00")
        day = date(2027, 1, 20)
        days = {(day - task.date_deadline).days for task in tour.cr_task_ids}
        self.assertEqual(days, {40, 30, 25, 15, 7, 1, 0, -7})

    def test_open_tasks_move_with_the_day(self):
        first = self.event.cr_task_ids[0]
        first.action_feedback()
        was = first.date_deadline
        self.event.date_begin = self.BEGIN + timedelta(days=10)
        self.assertEqual(self.event.date_end, self.BEGIN + timedelta(days=10, hours=3))
        self.assertEqual(first.date_deadline, was)
        tasks = self.event.cr_task_ids
        venue = tasks.filtered(lambda one: one.summary == "Venue set up")
        self.assertEqual(venue.date_deadline, date(2026, 12, 29))
        self.assertEqual(len(self.event.cr_task_ids), 12)

    def test_tasks_are_made_once(self):
        self.event.action_cr_plan_tasks()
        self.assertEqual(len(self.event.cr_task_ids), 12)

    def test_tasks_go_to_whoever_stands_for_the_lane(self):
        sales = self.persona("sales")
        self.event.cr_team_ids = [
            (0, 0, {"lane": "sales", "duty": "invite", "user_id": sales.id})
        ]
        task = self.event.cr_task_ids.filtered(lambda one: one.cr_lane == "sales")
        self.assertEqual(task.user_id, sales)

    def test_the_day_of_a_held_event_is_history(self):
        self.event.sudo().cr_state = "done"
        with self.assertRaisesRegex(UserError, "was held on 2026-12-20"):
            self.event.date_begin = self.BEGIN + timedelta(days=1)

    def test_capacity_is_not_below_what_is_taken(self):
        guests = self.make_guests(3)
        self.begin_inviting()
        guests.action_call_yes()
        with self.assertRaisesRegex(ValidationError, "has 3 seats taken"):
            self.event.seats_max = 2

    def test_calling_off_ends_tasks_and_calls(self):
        guest = self.make_guest()
        self.begin_inviting()
        self.assertTrue(guest.call_on)
        self.event.action_cr_cancel()
        self.assertFalse(guest.call_on)
        self.assertFalse(self.event._get_open_tasks())

    def test_an_event_with_guests_is_not_deleted(self):
        self.make_guest()
        with self.assertRaisesRegex(UserError, "call it off"):
            self.event.unlink()

    def test_all_kinds_of_events_are_there(self):
        kinds = self.env["event.type"].search([("cr_is_club", "=", True)])
        self.assertEqual(len(kinds), 19)
        self.assertFalse(kinds.filtered(lambda one: not one.cr_plan_id))
        self.assertFalse(kinds.event_type_mail_ids, "Odoo's mails do not go to guests")
        self.assertIn("Safety", self.kind("self_drive").note)
        self.assertIn("Safety", self.make_event("self_drive").note)

    def test_a_specialist_plans_and_copies_events(self):
        """With the rights of his post and none of Odoo's event groups."""
        events = self.as_persona(self.env["event.event"], "specialist")
        event = events.create(
            {
                "name": "Class",
                "event_type_id": self.kind().id,
                "date_begin": self.BEGIN,
            }
        )
        self.assertEqual(event.copy().cr_state, "plan")
        self.assertEqual(event.seats_max, 20)
        self.assertFalse(event.event_mail_ids)
