import re

from freezegun import freeze_time

from odoo.tests import tagged

from .booking_common import BookingCommon
from .test_tours import MORNING, TourCommon

# The page loads no script of ours, so the test brings its own: it presses what the
# customer presses, in a frame as wide as his telephone.
_DRIVER = """
(async () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: location.href, width: 390, height: 844 });
    document.body.replaceChildren(frame);
    const find = async (selector, text) => {
        for (let tries = 0; tries < 200; tries++) {
            const all = frame.contentDocument?.querySelectorAll(selector) || [];
            const found = [...all].find((one) => one.textContent.includes(text));
            if (found && frame.contentDocument.readyState === "complete") {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`${selector} with “${text}” did not show`);
    };
    const press = async (selector, text) => {
        const target = await find(selector, text);
        const page = frame.contentDocument;
        target.click();
        for (let tries = 0; target.href && tries < 200; tries++) {
            if (frame.contentDocument !== page) {
                break;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    };
    await press(".kinds a", "Maintenance");
    await press(".days a", "Nov 23");
    const wide = frame.contentDocument.documentElement.scrollWidth;
    if (wide > 390) {
        throw new Error(`the page is ${wide} px wide`);
    }
    await press(".times a", "09:00");
    await press("fieldset label", "Periodic maintenance");
    (await find("textarea", "")).value = "A noise at the front left";
    await press("button", "Book this time");
    await find(".booked", "We have received your booking");
    await press("a.button", "Choose another time");
    await press(".days a", "Nov 24");
    await press(".times a", "10:00");
    await press("button", "Move to this time");
    await find(".booked", "Nov 24 10:00");
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestBookingTours(BookingCommon, TourCommon):
    """A visit is booked in a call, and by the customer on his telephone."""

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()

    def test_an_agent_books_in_the_call(self):
        self.make_callback(vehicle_id=self.car.id)
        with freeze_time(MORNING):
            self.book(self.slot(), self.make_car())
        self.run_tour("cr_book_in_call")
        [booked, undone] = self.env["cr.appointment"].search(
            [("partner_id", "=", self.customer.id)], order="id desc"
        )
        self.assertEqual((undone.state, booked.state), ("cancelled", "confirmed"))
        self.assertEqual(undone.wish, "Waits in the lounge")
        self.assertEqual(booked.slot_id.taken, 1)
        self.assertEqual(booked.create_uid, self.agent)


@tagged("post_install", "-at_install")
class TestBookingTourPhone(BookingCommon, TourCommon):
    """The customer's page on a telephone of 390 pixels."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()

    def test_a_customer_books_and_moves_on_his_telephone(self):
        self.customer.lang = "en_US"
        with freeze_time(MORNING, tick=True):
            url = self.env["cr.appointment"]._get_booking_url(self.customer, self.car)
            path = re.search("/cr/book/.*", url)[0]
            self.browser_js(path, _DRIVER, login=None, timeout=60)
        self.env.invalidate_all()
        [booked] = self.env["cr.appointment"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(booked.wish, "A noise at the front left")
        self.assertEqual(booked.line_ids.type_id, self.service_type())
        self.assertEqual(str(booked.day), "2026-11-24")
