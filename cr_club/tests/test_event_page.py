from datetime import timedelta

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .event_common import EventCommon

MORNING = "2026-11-20 02:00:00"


@tagged("post_install", "-at_install")
class TestEventPage(EventCommon, HttpCase):
    """The guest's own page and the page at the door, by HTTP (EVT-04, EVT-12)."""

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()
            cls.env["res.lang"]._activate_lang("en_US")
            cls.guest = cls.make_guest(cls.owner)
            cls.owner.lang = "en_US"
            cls.event.action_cr_invite()
            cls.persona("lounge").lang = "en_US"
        cls.url = f"/cr/event/{cls.guest.sudo().token}"

    def setUp(self):
        super().setUp()
        self.set_clock(MORNING)

    def set_clock(self, moment):
        clock = freeze_time(moment, tick=True)
        clock.start()
        self.addCleanup(clock.stop)

    def send(self, url=None, **form):
        """Send the form of a page, as its buttons do."""
        form["csrf_token"] = Request.csrf_token(self)
        answer = self.url_open(url or self.url, data=form)
        self.env.invalidate_all()
        return answer

    def test_a_guest_accepts_and_gets_his_code(self):
        self.authenticate(None, None)
        page = self.url_open(self.url)
        self.assertIn("Test care_class", page.text)
        self.assertIn("10:00", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        page = self.send(action="accept", persons="2")
        self.assertIn("We look forward to seeing you", page.text)
        self.assertIn("data:image/svg+xml;base64,", page.text)
        self.assertEqual((self.guest.state, self.guest.persons), ("accepted", 2))
        self.assertEqual(self.guest.invited_how, "link")
        self.send(action="accept", persons="3")
        self.assertEqual(self.event.cr_seated_count, 2)

    def test_a_full_event_has_a_waiting_list(self):
        self.authenticate(None, None)
        page = self.send(action="accept", persons="4")
        self.assertIn("You are on the waiting list", page.text)
        self.assertEqual(self.guest.state, "waiting")

    def test_a_guest_declines(self):
        self.authenticate(None, None)
        self.send(action="accept")
        self.send(action="decline", note="On a journey")
        self.assertEqual(self.guest.state, "refused")
        self.assertEqual(self.guest.note, "On a journey")
        self.assertEqual(self.event.cr_seated_count, 0)

    def test_nonsense_is_answered_in_a_sentence(self):
        self.authenticate(None, None)
        self.assertIn("please call us", self.send(action="accept", persons="99").text)
        page = self.send(action="evaluate", rating="5")
        self.assertIn("Only who was there", page.text)
        self.send(action="drop table", persons="-1")
        self.assertEqual(self.guest.state, "todo")

    def test_links_that_open_nothing_say_so(self):
        self.authenticate(None, None)
        for token in ("abc", "%00", "é"):
            page = self.url_open(f"/cr/event/{token}")
            self.assertEqual(page.status_code, 404)
        self.event.action_cr_cancel()
        page = self.url_open(self.url)
        self.assertIn("does not open anything any more", page.text)

    def test_answers_end_when_the_event_begins(self):
        self.set_clock(self.BEGIN)
        self.authenticate(None, None)
        self.assertIn("are not taken any more", self.send(action="accept").text)

    def test_who_was_there_evaluates(self):
        self.set_clock(self.BEGIN)
        self.guest.action_check_in()
        self.set_clock(self.BEGIN + timedelta(hours=5))
        self.authenticate(None, None)
        self.assertIn("How did you like it?", self.url_open(self.url).text)
        self.assertIn("between one and five", self.send(action="evaluate").text)
        page = self.send(action="evaluate", rating="4", channel="x", opinion="Good ")
        self.assertIn("Thank you for your opinion", page.text)
        self.assertEqual((self.guest.rating, self.guest.opinion), (4, "Good"))
        self.assertFalse(self.guest.info_channel)

    def test_the_door_is_for_staff(self):
        self.authenticate(None, None)
        page = self.url_open(f"/cr/checkin/{self.event.id}")
        self.assertIn("/web/login", page.url)

    def test_a_camera_opens_the_guest_at_the_door(self):
        self.guest.action_call_yes()
        self.set_clock(self.BEGIN)
        code = f"/cr/checkin/code/{self.guest.sudo().token}"
        self.authenticate(self.persona("lounge").login, None)
        self.assertIn("Test care_class", self.url_open("/cr/checkin").text)
        self.assertIn("Test owner", self.url_open(code).text)
        self.assertIn("no invitation of ours", self.url_open(code + "x").text)
        self.assertEqual(self.guest.state, "accepted")
        door = f"/cr/checkin/{self.event.id}"
        page = self.send(door, guest=str(self.guest.id))
        self.assertIn("Checked in", page.text)
        self.assertEqual(self.guest.state, "attended")
        page = self.send(door, code=code)
        self.assertIn("Was checked in before", page.text)

    def test_another_store_s_door_stays_shut(self):
        there = self.make_event(company=self.other_store)
        self.authenticate(self.persona("lounge").login, None)
        page = self.url_open(f"/cr/checkin/{there.id}")
        self.assertTrue(page.url.endswith("/cr/checkin"))
        self.assertIn("No event of yours is held today", page.text)
