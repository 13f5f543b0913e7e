import io
from datetime import datetime, timedelta

from freezegun import freeze_time
from openpyxl import Workbook, load_workbook

from odoo.tests import HttpCase, tagged

from .callback_common import CallbackCommon
from .common import make_vin

MORNING = "2026-11-20 02:00:00"
AFTERNOON = "2026-11-20 06:30:00"
MY_CALLS = "/odoo/my-calls"
IMPORT = "/odoo/import-file"


class TourCommon(CallbackCommon, HttpCase):
    """Tours by the store's clock, which goes on from a moment of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The steps of the tours read the screen in the language of the source.
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.agent | cls.head).lang = "en_US"

    def run_tour(self, name, moment=MORNING, user=None, url=MY_CALLS):
        """Run a tour as a user, by default the callback agent."""
        with freeze_time(moment, tick=True):
            self.start_tour(url, name, login=(user or self.agent).login)
        self.env.invalidate_all()

    def make_cards(self):
        """Return two callbacks about two cars of one customer."""
        second_car = self.make_vehicle(self.customer)
        return self.make_callback(vehicle_id=self.car.id) | self.make_callback(
            vehicle_id=second_car.id
        )


@tagged("post_install", "-at_install")
class TestMilestoneTour(TourCommon):
    """From the file of another system to a customer who was spoken to."""

    HEADER = ("工单号", "车架号", "车主", "车主电话", "进厂时间", "出厂时间", "结算金额")
    CUSTOMER = ("Zeng Xiaoyan", "13979600001")

    def setUp(self):
        super().setUp()
        self.let_job_work_between_questions()

    def let_job_work_between_questions(self):
        """Run the import's job when the page has asked how far it is.

        So the page sees it running, and no test waits for a job.
        """
        model = self.env.registry["cr.import.batch"]
        get_page = model.get_page

        def ask_and_work(batch):
            page = get_page(batch)
            if page["state"] in ("staging", "loading"):
                batch.sudo()._cron_run()
            return page

        self.patch(model, "get_page", ask_and_work)
        self.patch(model, "_trigger_job", lambda batch: None)

    def publish(self, name, rows):
        """Offer a workbook to the browser."""
        book = Workbook()
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        self.env["ir.attachment"].create(
            {
                "name": name,
                "url": f"/cr_tour/{name}",
                "raw": stream.getvalue(),
                "public": True,
            }
        )

    def make_row(self, number, vin):
        """Return a work order that left the shop two days ago."""
        out = datetime(2026, 11, 18, 16, 0)
        came = out - timedelta(hours=3)
        return (number, vin, *self.CUSTOMER, came, out, 860)

    def publish_corrected(self, vin):
        """Correct the refused row in the workbook that the head downloads."""
        batch = self.env["cr.import.batch"].search([], limit=1)
        self.authenticate(self.head.login, self.head.login)
        answer = self.url_open(f"/cr_dealership/import/{batch.id}/refused")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        header, refused = list(sheet.values)
        self.assertIn("VIN", refused[-1], "The reason stands beside the row.")
        self.publish("corrected.xlsx", [header, (refused[0], vin, *refused[2:])])

    def open_callbacks(self):
        """Run the nightly job; return the callbacks of the imported visits."""
        with freeze_time(MORNING):
            self.env["cr.callback.rule"]._open_callbacks(self.TODAY)
        return self.env["cr.callback"].search([("state", "=", "todo")])

    def assert_called_in_vain(self, callbacks):
        """Check that the customer is called again in another part of the day."""
        self.assertEqual(set(callbacks.mapped("state")), {"retry"})
        self.assertEqual(callbacks.attempt_ids.part_id.code, "morning")
        self.assertEqual(callbacks.attempt_ids.note, "Rings, nobody answers")
        self.assertEqual(callbacks.next_part_id.code, "afternoon")
        self.assertLess(callbacks[0].next_at, self.utc(self.TODAY, 15))

    def assert_spoken_to(self, callbacks):
        """Check that one call has settled all callbacks and left its traces."""
        self.assertEqual(set(callbacks.mapped("state")), {"done"})
        call = callbacks.attempt_ids.sorted("id")[-1]
        self.assertEqual(call.callback_ids, callbacks)
        self.assertEqual(call.note, "All well, praises the advisor")
        self.assertEqual(call.partner_id.cr_employer, "City hospital")
        self.assertEqual(call.partner_id.cr_verified_by_id, self.agent)
        dialled = [("kind", "=", "dial"), ("user_id", "=", self.agent.id)]
        self.assertEqual(self.env["cr.access.log"].search_count(dialled), 1)

    def test_an_imported_visit_leads_to_one_call_that_settles_two_callbacks(self):
        rows = [self.make_row("TOUR-1", make_vin(901)), self.make_row("TOUR-2", "")]
        self.publish("orders.xlsx", [self.HEADER, *rows])
        self.run_tour("cr_import_file", user=self.head, url=IMPORT)
        self.publish_corrected(make_vin(902))
        self.run_tour("cr_import_corrected", user=self.head, url=IMPORT)
        callbacks = self.open_callbacks()
        self.assertEqual(set(callbacks.order_id.mapped("number")), {"TOUR-1", "TOUR-2"})
        self.run_tour("cr_call_in_vain")
        self.assert_called_in_vain(callbacks)
        self.run_tour("cr_call_reached", AFTERNOON)
        self.assert_spoken_to(callbacks)


@tagged("post_install", "-at_install")
class TestCallTourPhone(TourCommon):
    """A call on a telephone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_call_is_handled_on_a_telephone(self):
        callbacks = self.make_cards()
        self.run_tour("cr_call_phone")
        one, other = callbacks.sorted("is_appointment", reverse=True)
        self.assertTrue(one.is_appointment)
        self.assertEqual(one.state, "retry")
        self.assertEqual(one.last_outcome_id, self.outcome("appointment"))
        self.assertEqual(other.state, "todo")
        session = self.env["cr.call.session"].search([], limit=1)
        self.assertEqual(session.close_reason, "released")


@tagged("post_install", "-at_install")
class TestStoryTour(TourCommon):
    """Everything about a customer on one page."""

    def test_the_story_shows_the_cars_and_opens_what_happened(self):
        self.make_vehicle(self.customer)
        self.make_order(self.car, self.TODAY - timedelta(days=3), number="RO-STORY")
        self.run_tour("cr_story", url=f"/odoo/res.partner/{self.customer.id}")
