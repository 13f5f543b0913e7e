from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .event_common import EventCommon


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrEventResult(EventCommon):
    """What an event brought: follow-up, orders, money, return visits (EVT-12 … 24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls.make_guest(cls.owner)

    def make_result(self, kind="need", **values):
        return self.env["cr.event.result"].create(
            {
                "event_id": self.event.id,
                "invitation_id": self.guest.id,
                "kind": kind,
                "name": "Wants a second car",
                **values,
            }
        )

    def test_results_fall_due_after_the_event(self):
        result = self.make_result()
        self.assertEqual(str(result.due_on), "2026-12-27")
        self.assertEqual(result.partner_id, self.owner)
        with self.assertRaisesRegex(UserError, "what came of"):
            result.action_done()
        result.outcome = "Test drive agreed"
        result.action_done()
        self.assertEqual(result.state, "done")

    def test_results_become_calls(self):
        result = self.make_result("lead")
        self.as_persona(result, "agent").action_make_call()
        result.action_make_call()
        call = result.callback_id
        self.assertEqual((call.kind, call.partner_id), ("event", self.owner))
        self.assertEqual(str(call.due_on), "2026-12-27")
        self.assertEqual(
            self.env["cr.callback"].search_count([("origin_id", "=", result.id)]), 1
        )

    def test_nobody_to_call_is_said(self):
        result = self.make_result(invitation_id=False)
        with self.assertRaisesRegex(UserError, "names no customer"):
            result.action_make_call()

    def test_signed_orders_and_intentions_are_counted(self):
        for kind in ("order", "order", "lead", "suggestion"):
            self.make_result(kind)
        self.assertEqual(
            (
                self.event.cr_order_count,
                self.event.cr_lead_count,
                self.event.cr_suggestion_count,
                self.event.cr_open_result_count,
            ),
            (2, 1, 1, 2),
        )

    def test_loose_ends_hold_the_summary_up(self):
        self.make_result()
        self.event.sudo().write(
            {
                "cr_state": "done",
                "cr_opinions": "Good",
                "cr_lessons_learned": "None",
                "cr_has_no_cost": True,
            }
        )
        with self.assertRaisesRegex(UserError, "who follows up “Wants a second car”"):
            self.event.action_cr_summarise()
        self.event.cr_result_ids.user_id = self.persona("sales")
        self.event.action_cr_summarise()
        self.assertEqual(self.event.cr_summary_by_id, self.env.user)

    def test_return_visits_are_held_against_those_who_stayed_away(self):
        stay = self.make_guest(self.make_partner("Stayed away"))
        self.guest.sudo().state = "attended"
        stay.sudo().state = "absent"
        day = self.DAY + timedelta(days=30)
        self.make_order(self.car, day)
        self.assertEqual(
            (self.event.cr_return_rate, self.event.cr_return_rate_others), (100, 0)
        )

    def test_money_is_seen_by_those_who_need_it(self):
        self.event.cr_cost_ids = [(0, 0, {"name": "Hall", "amount": 3500})]
        finance = self.as_persona(self.event, "finance")
        self.assertEqual((finance.cr_cost_total, finance.cr_budget_left), (3500, -500))
        with self.assertRaises(AccessError):
            self.as_persona(self.event, "lounge").read(["cr_budget"])

    @mute_logger("odoo.sql_db")
    def test_figures_without_sense_are_refused(self):
        for model, values in (
            ("cr.event.cost", {"name": "Hall", "amount": -1}),
            ("cr.event.team", {"duty": "photo"}),
            ("cr.event.lesson", {"name": "Tyres", "minutes": 0}),
        ):
            with self.subTest(model=model), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.env[model].create({"event_id": self.event.id, **values})

    def test_links_are_addresses(self):
        link = {"event_id": self.event.id, "name": "Report"}
        with self.assertRaisesRegex(ValidationError, "is no address"):
            self.env["cr.event.link"].create({**link, "url": "javascript:alert(1)"})
        self.env["cr.event.link"].create({**link, "url": "https://news.example/1"})

    def test_evaluations_are_averaged_over_those_who_gave_one(self):
        others = self.make_guests(2)
        self.guest.rating = 5
        others[0].rating = 2
        self.assertEqual(self.event.cr_rating, 3.5)

    def test_lists_of_events_cost_the_same_for_many(self):
        names = [
            "cr_listed_count",
            "cr_seated_count",
            "cr_lead_count",
            "cr_late_task_count",
            "cr_return_rate",
        ]
        events = self.event.union(*(self.make_event() for _number in range(15)))
        one = self.count_queries(events[:1].read, names)
        many = self.count_queries(events.read, names)
        self.assertLessEqual(many, one + 1)

    def test_photographs_stand_on_the_board(self):
        board = self.env.ref("cr_club.event_event_action_photos")
        domain = [("id", "=", self.event.id), ("cr_photo_ids", "!=", False)]
        self.assertEqual(board.domain, "[('cr_photo_ids', '!=', False)]")
        self.assertFalse(self.env["event.event"].search(domain))
        self.event.cr_photo_ids = self.env["ir.attachment"].create(
            {"name": "group.jpg", "raw": b"x"}
        )
        self.assertEqual(self.env["event.event"].search(domain), self.event)
