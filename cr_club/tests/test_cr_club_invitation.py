from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .club_common import ClubCommon

_DAY = date(2026, 11, 16)


class BuyerCommon(ClubCommon):
    """Buyers of the store."""

    @classmethod
    def sell(cls, partner, day=_DAY, **values):
        """Return a car that the store delivered to somebody."""
        return cls.make_vehicle(
            company_id=cls.store.id,
            delivered_on=day,
            role_ids=[
                Command.create(
                    {"partner_id": partner.id, "date_from": day, "is_purchase": True}
                )
            ],
            **values,
        )


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubInvitation(BuyerCommon):
    """Owners are asked into the club: first week, then half-yearly (CLB-29)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_car = cls.sell(cls.guest)
        cls.sell(cls.owner)
        cls.sell(cls.make_partner("Long ago"), date(2025, 3, 1))

    def open(self, day=None):
        return self.program._open_invitations(day or self.TODAY)

    def mine(self, role="agent"):
        invitations = self.as_persona(self.env["cr.club.invitation"], role)
        return invitations.search(
            [("program_id", "=", self.program.id), ("state", "=", "todo")]
        )

    def test_buyers_are_asked_in_their_first_week_and_once(self):
        one = self.open()
        self.assertEqual((one.partner_id, one.vehicle_id), (self.guest, self.new_car))
        self.assertEqual(one.due_on, date(2026, 11, 23))
        self.assertFalse(self.open())
        self.assertFalse(self.open(date(2026, 11, 21)))

    def test_who_joins_becomes_an_applicant(self):
        self.open()
        action = self.mine().action_join()
        member = self.env["cr.club.member"].browse(action["res_id"])
        self.assertEqual((member.partner_id, member.state), (self.guest, "applied"))
        self.assertEqual(member.recruiter_id, self.persona("agent"))
        [one] = self.program.invitation_ids
        self.assertEqual((one.state, one.done_on), ("joined", self.TODAY))
        self.assertFalse(self.open(date(2027, 11, 20)))

    def test_who_refuses_says_why_and_is_asked_half_a_year_later(self):
        self.open()
        one = self.mine()
        with self.assertRaisesRegex(UserError, "why he does not join"):
            one.action_refuse()
        one.reason = "No time"
        one.action_refuse()
        self.assertEqual(one.next_on, date(2027, 5, 20))
        with self.assertRaisesRegex(UserError, "was asked on 2026-11-20"):
            one.action_later()
        self.assertFalse(self.open(date(2027, 5, 19)))
        self.assertEqual(self.open(date(2027, 5, 20)).partner_id, self.guest)
        self.assertFalse(self.open(date(2027, 5, 21)))

    def test_nobody_is_asked_again_where_that_is_not_wanted(self):
        self.open()
        one = self.mine()
        one.action_later()
        one.next_on = False
        self.assertFalse(self.open(date(2027, 11, 20)))

    def test_who_joined_by_himself_is_not_asked_any_more(self):
        self.open()
        self.make_member(self.guest)
        self.assertFalse(self.open())
        self.assertFalse(self.mine())
        self.assertEqual(self.program.invitation_ids.state, "joined")

    def test_switches_of_the_club(self):
        self.program.use_invitations = False
        self.assertFalse(self.open())
        self.program.write({"use_invitations": True, "enrolment": "auto"})
        self.assertFalse(self.open())

    def test_who_wants_no_calls_is_not_on_the_list(self):
        one = self.open()
        todo = [("id", "in", one.ids), ("is_allowed", "=", True)]
        self.assertTrue(one.search(todo))
        self.env["cr.contact.preference"].create(
            {
                "partner_id": self.guest.id,
                "purpose": "marketing",
                "channel": "phone",
                "state": "refused",
                "reason": "Asked for it",
            }
        )
        one.invalidate_recordset()
        self.assertFalse(one.search(todo))
        self.assertTrue(one.block_code)
        blocked = [("id", "in", one.ids), ("is_allowed", "=", False)]
        self.assertEqual(one.search(blocked), one)

    def test_results_follow_from_the_buttons(self):
        self.open()
        with self.assertRaises(AccessError):
            self.mine().write({"state": "joined"})
        with self.assertRaises(AccessError):
            self.mine("lounge").action_later()

    def test_many_cost_as_many_statements_as_one(self):
        one = self.count_queries(self.open)
        for _number in range(30):
            self.sell(self.make_partner())
        many = self.count_queries(self.open)
        self.assertEqual(len(self.mine()), 31)
        self.assertLessEqual(many, one)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrClubConversion(BuyerCommon):
    """How many buyers are members, and who is brought on (CLB-23, CLB-24, KPI-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.env["hr.employee"].create(
            {"name": "Test consultant", "company_id": cls.store.id}
        )
        cls.sell(cls.owner, consultant_id=cls.consultant.id)
        cls.sell(cls.guest, consultant_id=cls.consultant.id)
        cls.sell(cls.make_partner(), date(2025, 1, 5))

    def test_conversion_by_month_and_consultant(self):
        rows = self.as_persona(self.env["cr.club.conversion"], "head")
        groups = rows._read_group(
            [("program_id", "=", self.program.id)],
            ["day:month", "consultant_id"],
            ["buyer_count:sum", "member_count:sum", "rate:avg"],
        )
        self.assertEqual(
            [(str(month), staff.name, *figures) for month, staff, *figures in groups],
            [
                ("2025-01-01", False, 1, 0, 0.0),
                ("2026-11-01", "Test consultant", 2, 1, 50.0),
            ],
        )
        row = rows.search([("partner_id", "=", self.owner.id)])
        self.assertEqual(row.recruiter_id, self.member.recruiter_id)
        with self.assertRaises(AccessError):
            self.as_persona(rows, "agent").search([])

    def test_the_board_says_it_and_opens_what_it_counts(self):
        board = self.as_persona(self.program, "director")
        self.assertEqual((board.board_conversion, board.board_buyers), (50.0, 2))
        self.assertEqual((board.board_referrals, board.board_events), (0, 0))
        for name, figure in (("conversion", 2), ("referrals", 0), ("events", 0)):
            action = board.with_context(board=name).action_board_open()
            with self.subTest(figure=name):
                found = board.env[action["res_model"]].search_count(action["domain"])
                self.assertEqual(found, figure)

    def test_members_are_brought_on_step_by_step(self):
        member = self.as_persona(self.member, "specialist")
        with self.assertRaisesRegex(UserError, "choose who looks after"):
            member.next_step = "Invite to the tour"
        member.next_step = False
        member.action_take_on()
        self.assertEqual(member.keeper_id, self.persona("specialist"))
        self.assertEqual(member.next_step_on, date(2026, 12, 20))
        with self.assertRaisesRegex(UserError, "what was done"):
            member.action_step_done()
        member.next_step = "Invite to the tour"
        member.action_step_done()
        self.assertEqual((member.last_step_on, member.next_step), (self.TODAY, False))
        self.assertIn("Invite to the tour", member.message_ids[0].body)
        self.as_persona(self.member, "agent").action_take_on()
        self.assertEqual(member.keeper_id, self.persona("specialist"))

    def test_members_have_a_birthday_of_their_own(self):
        both = self.owner | self.guest
        plans = {
            name: self.env.ref(f"{name}birthday")
            for name in ("cr_dealership.cr_care_plan_", "cr_club.cr_care_plan_member_")
        }
        found = [
            both.filtered_domain([("id", "in", plan._get_query())])
            for plan in plans.values()
        ]
        self.assertEqual(found, [self.guest, self.owner])
        steps = self.env.ref("cr_club.cr_care_plan_version_member_birthday_1").step_ids
        self.assertEqual(
            [(step.channel, step.offset_days) for step in steps],
            [("task", -20), ("sms", 0), ("call", 0)],
        )
