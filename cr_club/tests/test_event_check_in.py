from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .event_common import EventCommon


@tagged("post_install", "-at_install")
class TestEventCheckIn(EventCommon):
    """Codes at the door, points on attendance, lessons, gifts (EVT-04, EVT-07)."""

    @classmethod
    def setUpClass(cls):
        with freeze_time("2026-11-20 02:00:00"):
            super().setUpClass()
            cls.guest = cls.make_guest(cls.owner)
            cls.event.action_cr_invite()
            cls.guest.action_call_yes()
            cls.event.action_cr_confirm()
            cls.other = cls.make_event(name="Other class")

    def setUp(self):
        super().setUp()
        clock = freeze_time(self.BEGIN - timedelta(minutes=10))
        clock.start()
        self.addCleanup(clock.stop)

    def code(self, guest=None):
        return (guest or self.guest).sudo().token

    def check_in(self, text):
        return self.as_persona(self.event, "lounge")._check_in_code(text)

    def test_a_code_checks_in(self):
        guest, was_there = self.check_in(
            f"https://shop.example/cr/checkin/code/{self.code()}"
        )
        self.assertEqual((guest.state, was_there), ("attended", False))
        self.assertEqual(guest.checked_in_by_id, self.persona("lounge"))
        self.assertEqual(self.guest.registration_ids.state, "done")
        self.assertEqual(self.check_in(self.code()), (guest, True))

    def test_the_card_of_a_member_checks_in(self):
        guest, _was_there = self.check_in(self.member.sudo().token)
        self.assertEqual(guest.state, "attended")

    def test_wrong_codes_are_refused_in_a_sentence(self):
        stranger = self.make_member(self.guest_partner())
        elsewhere = self.make_program(self.other_store)
        foreign = self.env["cr.club.member"].create(
            {"program_id": elsewhere.id, "partner_id": self.make_partner().id}
        )
        there = self.make_event(company=self.other_store, name="There")
        for code, sentence in (
            ("", "no invitation of ours"),
            ("nonsense", "no invitation of ours"),
            ("'; DROP TABLE x", "no invitation of ours"),
            (self.code(self.make_guest(event=self.other)), "is for “Other class” on"),
            (self.code(self.make_guest(event=there)), "an event of Test store B"),
            (stranger.sudo().token, "is not on the list of “Test care_class”"),
            (foreign.sudo().token, "This is a card of “Club of Test store B”"),
        ):
            with self.subTest(code=code), self.assertRaisesRegex(UserError, sentence):
                self.check_in(code)

    def test_digits_of_card_or_telephone_check_in(self):
        self.owner.mobile = "138 0012 3456"
        for digits in (self.member.card_number, "3456", "13800123456"):
            with self.subTest(digits=digits):
                guest, _was_there = self.check_in(digits)
                self.assertEqual((guest, guest.state), (self.guest, "attended"))

    def test_digits_of_nobody_or_of_several_are_refused_in_a_sentence(self):
        self.owner.mobile = "13800123456"
        self.make_guest(self.make_partner("Second", mobile="13900123456"))
        with self.assertRaisesRegex(UserError, "has a card or a telephone with 777777"):
            self.check_in("777777")
        with self.assertRaisesRegex(UserError, "3456 may be Test owner, Second"):
            self.check_in("3456")

    def guest_partner(self):
        return self.make_partner("Not invited")

    def test_nobody_is_checked_in_on_another_day(self):
        for days in (-1, 1):
            with freeze_time(self.BEGIN + timedelta(days=days)):
                with self.assertRaisesRegex(UserError, "is on 2026-12-20"):
                    self.check_in(self.code())

    def test_a_closed_event_lets_nobody_in(self):
        self.event.sudo().cr_state = "plan"
        with self.assertRaisesRegex(UserError, "is Planning"):
            self.check_in(self.code())

    def test_who_has_no_seat_needs_a_free_one(self):
        guests = self.make_guests(3)
        guests[:2].action_check_in()
        with self.assertRaisesRegex(UserError, "No seat .* is free"):
            guests[2].action_check_in()
        self.event.seats_max = 4
        guests[2].action_check_in()
        self.assertEqual(self.event.cr_attended_count, 3)

    def test_points_come_with_attendance_only_and_once(self):
        before = self.account().balance
        self.check_in(self.code())
        self.check_in(self.code())
        self.guest.registration_ids.action_set_done()
        self.assert_points(self.owner, before + 50)
        self.assertEqual(self.guest.points, 50)
        self.assert_proven()

    def test_corrected_attendance_takes_points_back(self):
        self.check_in(self.code())
        self.guest.action_undo_attendance()
        self.assertEqual(self.guest.state, "accepted")
        self.assert_points(self.owner, 0)
        self.check_in(self.code())
        self.assert_points(self.owner, 50)
        self.guest.action_undo_attendance()
        self.assert_points(self.owner, 0)
        self.assert_proven()

    def test_odoo_s_own_desk_tells_the_guest_s_file(self):
        seat = self.guest.registration_ids
        self.env["event.registration"].register_attendee(seat.barcode, self.event.id)
        self.assertEqual(self.guest.state, "attended")
        self.assert_points(self.owner, 50)

    def test_absent_guests_get_nothing(self):
        with freeze_time(self.BEGIN + timedelta(hours=1)):
            self.event.action_cr_mark_absent()
        self.assertEqual(self.guest.state, "absent")
        self.assert_points(self.owner, 0)

    def test_lessons_count_who_is_there(self):
        lesson = self.event.cr_lesson_ids
        with self.assertRaisesRegex(UserError, "Nobody is checked in"):
            lesson.action_all_present()
        self.check_in(self.code())
        lesson.action_all_present()
        self.assertEqual((lesson.attendee_count, lesson.attendee_ids), (1, self.guest))

    def test_gifts_go_to_guests_who_came(self):
        values = {
            "event_id": self.event.id,
            "invitation_id": self.guest.id,
            "name": "Umbrella",
        }
        with self.assertRaisesRegex(UserError, "go to guests who came"):
            self.env["cr.event.gift"].create(values)
        self.check_in(self.code())
        gift = self.env["cr.event.gift"].create(values)
        self.assertEqual((gift.quantity, gift.user_id), (1, self.env.user))

    def test_many_check_in_with_few_queries(self):
        self.event.seats_max = 500
        few, many = self.make_guests(1), self.make_guests(40)
        (few | many)._accept()
        one = self.count_queries(few.action_check_in)
        forty = self.count_queries(many.action_check_in)
        self.assertLess(forty, one + 20)
