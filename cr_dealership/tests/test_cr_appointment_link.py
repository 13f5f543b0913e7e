import re
from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.tests import HttpCase, tagged

from .booking_common import BookingCommon
from .callback_common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrAppointmentLink(BookingCommon):
    """Links open one customer's appointment of one car, for some days."""

    def url(self, partner=None, vehicle=None, origin=None):
        return self.env["cr.appointment"]._get_booking_url(
            partner or self.customer, vehicle or self.car, origin
        )

    def find(self, url):
        """Return the link of an address as the page finds it."""
        return self.env["cr.appointment.link"]._find(url.rsplit("/", 1)[1])

    def test_the_same_reason_has_one_link(self):
        order = self.make_order(self.car, self.TODAY)
        self.assertEqual(self.url(), self.url())
        self.assertNotEqual(self.url(), self.url(origin=order))
        self.assertEqual(self.find(self.url(origin=order)).origin_id, order.id)

    def test_a_link_is_short_enough_for_an_sms(self):
        self.assertRegex(self.url(), r"/cr/book/[\w-]{16}$")

    def test_a_link_ends_and_a_new_message_renews_it(self):
        url = self.url()
        with freeze_time("2026-12-20 02:00:00"):
            self.assertTrue(self.find(url))
        with freeze_time("2026-12-22 02:00:00"):
            self.assertFalse(self.find(url))
            self.assertEqual(self.url(), url)
            self.assertTrue(self.find(url))

    def test_a_sold_car_closes_the_link(self):
        url = self.url()
        self.car._set_owner(self.make_partner(), date(2026, 11, 1))
        self.assertFalse(self.find(url))

    def test_a_stranger_car_or_an_archived_customer_opens_nothing(self):
        self.assertFalse(self.find(self.url(vehicle=self.make_car())))
        url = self.url()
        self.customer.active = False
        self.assertFalse(self.find(url))

    def test_unknown_tokens_open_nothing(self):
        for token in ("", "x" * 500, "../../web", "中文"):
            self.assertFalse(self.env["cr.appointment.link"]._find(token), token)

    def test_queries_do_not_depend_on_the_number_of_links(self):
        links = self.env["cr.appointment.link"]
        cars = [self.make_car() for _number in range(20)]
        keys = [links._prepare_link(self.store, car.owner_id, car) for car in cars]
        self.count_queries(links._ensure_urls, keys[:1])
        few = self.count_queries(links._ensure_urls, keys[1:2])
        self.assertLessEqual(self.count_queries(links._ensure_urls, keys[2:]), few + 1)


@tagged("post_install", "-at_install")
class TestCrAppointmentPage(BookingCommon, HttpCase):
    """The customer's page: day, time, car, done; and what it refuses."""

    @classmethod
    def setUpClass(cls):
        frozen = freeze_time(NOW)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()
        cls.customer.lang = "en_US"
        url = cls.env["cr.appointment"]._get_booking_url(cls.customer, cls.car)
        cls.path = re.search("/cr/book/.*", url)[0]

    def fetch(self, path=None):
        """Return the page as a tree."""
        answer = self.url_open(path or self.path)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return html.fromstring(answer.text)

    def press(self, **form):
        """Send the form of a page; return the page that follows."""
        page = self.fetch()
        token = page.xpath("//input[@name='csrf_token']/@value")
        token = token or self.fetch(f"{self.path}?slot={self.slot(hour=10).id}").xpath(
            "//input[@name='csrf_token']/@value"
        )
        answer = self.url_open(self.path, data={"csrf_token": token[0], **form})
        return answer.text

    def test_a_customer_books_moves_and_cancels(self):
        page = self.fetch()
        self.assertIn(self.car.plate, page.text_content())
        self.assertNotIn(self.customer.mobile, page.text_content())
        [time] = page.xpath("//nav[@class='times']/a[b='09:00']/@href")
        form = self.fetch(time)
        self.assertIn("Mon, Nov 23 09:00", form.text_content())
        service = self.service_type()
        answer = self.press(
            action="book", slot=self.slot().id, type=service.id, wish="Squeaks <b>"
        )
        self.assertIn("We have received your booking", answer)
        self.assertIn("Squeaks &lt;b&gt;", answer)
        appointment = self.env["cr.appointment"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((appointment.channel, appointment.state), ("web", "requested"))
        self.assertEqual(appointment.line_ids.type_id, service)
        answer = self.press(action="book", slot=self.slot(hour=10).id)
        self.assertIn("Nov 23 10:00", answer)
        self.env.invalidate_all()
        self.assertEqual((self.slot().taken, self.slot(hour=10).taken), (0, 1))
        self.press(action="cancel")
        self.env.invalidate_all()
        self.assertEqual(appointment.state, "cancelled")

    def test_a_customer_writes_a_suggestion_on_his_page(self):
        answer = self.press(action="suggest", suggestion="  ")
        self.assertIn("write what we could do better", answer)
        answer = self.press(action="suggest", suggestion="Tea <b>\nin the lounge")
        self.assertIn("tell you what becomes of it", answer)
        self.env.invalidate_all()
        wish = self.env["cr.customer.wish"].search([])
        self.assertEqual(
            (wish.partner_id, wish.vehicle_id, wish.company_id, wish.channel),
            (self.customer, self.car, self.store, "web"),
        )
        self.assertEqual((wish.name, wish.state), ("Tea <b>", "new"))
        self.assertFalse(wish.user_id)
        self.assertEqual(wish.activity_ids.user_id, self.head)

    def test_a_full_time_is_answered_with_free_ones(self):
        slot = self.slot()
        for _number in range(2):
            self.book(slot, self.make_car())
        answer = self.press(action="book", slot=slot.id)
        self.assertIn("is full. The nearest free times are", answer)

    def test_a_stranger_slot_is_refused(self):
        self.env["cr.appointment.slot"]._sync_coming(self.other_store)
        self.make_capacity(company_id=self.other_store.id)
        foreign = self.env["cr.appointment.slot"].search(
            [("company_id", "=", self.other_store.id)], limit=1
        )
        self.assertTrue(foreign)
        for slot in (foreign.id, "1 OR 1=1", "", 10**12):
            answer = self.press(action="book", slot=slot)
            self.assertIn("Choose one of the times shown", answer)

    def test_a_service_type_that_is_not_offered_is_left_out(self):
        self.press(action="book", slot=self.slot().id, type="999999")
        appointment = self.env["cr.appointment"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertFalse(appointment.line_ids)

    def test_customers_book_some_hours_ahead(self):
        self.store.cr_booking_lead_hours = 24 * 4
        self.assertNotIn("Nov 23", self.fetch().text_content())

    def test_bad_and_expired_links_get_a_friendly_page(self):
        link = self.env["cr.appointment.link"].search([], limit=1)
        link.expires_on = date(2026, 11, 1)
        tokens = ("unknown", "%E4%B8%AD", "%00")
        for path in (self.path, *(f"/cr/book/{token}" for token in tokens)):
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 404)
            self.assertIn('class="card refused"', answer.text)
            self.assertNotIn(self.car.plate, answer.text)

    def test_the_page_is_kept_by_nobody(self):
        headers = self.url_open(self.path).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")

    def test_a_form_without_its_token_is_refused(self):
        answer = self.url_open(self.path, data={"action": "cancel"})
        self.assertEqual(answer.status_code, 400)

    def test_a_link_is_used_so_often_a_day(self):
        link = self.env["cr.appointment.link"].search([], limit=1)
        link.write({"used_on": self.TODAY, "used_count": 20})
        answer = self.press(action="book", slot=self.slot().id)
        self.assertIn("used very often today", answer)
        self.env.invalidate_all()
        self.assertEqual(self.slot().taken, 0)
