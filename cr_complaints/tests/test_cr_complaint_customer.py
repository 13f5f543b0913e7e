import re
from datetime import timedelta
from email.message import EmailMessage

from freezegun import freeze_time

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

NOW = "2026-11-20 02:00:00"


def _mail(subject="The gearbox", sender="Wang <wang@example.com>", number=1):
    return {
        "message_id": f"<{number}@example.com>",
        "email_from": sender,
        "from": sender,
        "to": "complaints@example.com",
        "subject": subject,
        "body": "<p>It <b>knocks</b></p>",
    }


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrComplaintMail(ComplaintCommon):
    """A mail becomes a complaint, and ten thousand identical ones become one."""

    def receive(self, **values):
        return self.env["cr.complaint"].message_new(_mail(**values))

    def test_a_mail_of_a_stranger_is_recorded_with_his_name(self):
        complaint = self.receive()
        self.assertEqual(complaint.channel, "email")
        self.assertEqual(complaint.contact, "Wang")
        self.assertEqual(complaint.email, "wang@example.com")
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.content.strip(), "It *knocks*")
        self.assertNotIn("<", complaint.content)
        self.assertTrue(complaint.clock_ids)

    def test_the_customer_is_found_by_his_address_if_only_one_has_it(self):
        self.customer.email = "wang@example.com"
        self.assertEqual(self.receive().partner_id, self.customer)
        self.make_partner(email="wang@example.com")
        self.assertFalse(self.receive(subject="The paint").partner_id)

    def test_identical_mails_are_one_complaint(self):
        first = self.receive()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        for number in range(50):
            self.assertEqual(self.receive(number=number), first)
        # One search each.
        self.assertLessEqual(self.env.cr.sql_log_count - before, 50)

    def test_a_mail_of_thirty_megabytes_is_kept_whole(self):
        big = b"A" * (30 * 1024 * 1024)
        mail = EmailMessage()
        mail["From"], mail["To"] = "Wang <wang@example.com>", self.get_address()
        mail["Subject"], mail["Message-Id"] = "The gearbox", "<big@example.com>"
        mail.set_content("It knocks, see the film")
        mail.add_attachment(
            big, maintype="video", subtype="mp4", filename="gearbox.mp4"
        )
        complaint = self.process(mail)
        self.assertIn("It knocks, see the film", complaint.content)
        [film] = complaint.message_ids.attachment_ids
        self.assertEqual((film.name, film.file_size), ("gearbox.mp4", len(big)))
        self.assertTrue(complaint.clock_ids)
        self.assertTrue(complaint.has_evidence)

    def get_address(self):
        """Return the address on which complaints come in."""
        domain = self.env["mail.alias.domain"].search([], limit=1)
        domain = domain or domain.create({"name": "store.example.com"})
        self.env.company.alias_domain_id = domain
        alias = self.env.ref("cr_complaints.mail_alias_complaints")
        alias.alias_domain_id = domain
        return alias.display_name

    def process(self, mail):
        """Hand a mail in as the mail server does; return what it made."""
        before = self.env["cr.complaint"].search([])
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        return self.env["cr.complaint"].search([]) - before

    def make_mail(self, number, **headers):
        mail = EmailMessage()
        mail["To"], mail["Message-Id"] = self.get_address(), f"<{number}@example.com>"
        mail["From"] = headers.pop("sender", "wang@example.com")
        mail["Subject"] = headers.pop("subject", f"The gearbox {number}")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("It knocks")
        return mail

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_machine_that_answers_makes_no_complaint(self):
        machines = (
            {"Auto_Submitted": "auto-replied"},
            {"X_Autoreply": "yes"},
            {"Precedence": "auto_reply"},
            {"Return_Path": "<>"},
            {"sender": "MAILER-DAEMON@example.com"},
            {"sender": self.get_address()},
        )
        for number, headers in enumerate(machines):
            with self.subTest(**headers):
                self.assertFalse(self.process(self.make_mail(number, **headers)))
        person = self.make_mail(99, Auto_Submitted="auto-generated")
        self.assertEqual(len(self.process(person)), 1, "the form of a website does")

    def test_a_machine_that_answers_a_complaint_is_kept_in_it(self):
        complaint = self.process(self.make_mail(1))
        sent = complaint.message_ids[:1].message_id
        told = complaint.activity_ids
        reply = self.make_mail(2, Auto_Submitted="auto-replied", In_Reply_To=sent)
        self.assertFalse(self.process(reply))
        self.assertEqual(complaint.activity_ids, told)
        self.assertFalse(complaint.answered_at)

    def test_a_mail_without_subject_and_sender_is_no_traceback(self):
        complaint = self.receive(subject="", sender="")
        self.assertEqual(complaint.subject, "(without a subject)")


@tagged("post_install", "-at_install")
class TestCrComplaintPage(ComplaintCommon, HttpCase):
    """The customer follows his complaint, and sees nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.lang = "en_US"
        cls.complaint = cls.make(user=cls.head, subject="Gearbox knocks")
        cls.complaint.cause = "SECRET internal cause"
        cls.complaint.message_post(body="SECRET internal note")
        cls.url = re.sub(r"^https?://[^/]+", "", cls.complaint._get_customer_url())

    def test_the_link_opens_the_page_without_internals(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Gearbox knocks", page.text)
        self.assertNotIn("SECRET", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_a_wrong_or_old_link_opens_nothing(self):
        for url in ("/cr/complaint/nonsense", "/cr/complaint/%00", self.url + "x"):
            self.assertIn(self.url_open(url).status_code, (400, 404), url)
        self.complaint.customer_token_until = self.TODAY - timedelta(days=9999)
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 404)
        self.assertNotIn("Gearbox", page.text)

    def post(self, url, **form):
        page = self.url_open(url).text
        csrf = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)
        return self.url_open(url, {"csrf_token": csrf[1], **form})

    def test_not_solved_opens_it_again(self):
        self.complaint.result = "Explained"
        self.complaint.action_on_the_spot()
        self.assertEqual(self.complaint.stage, "closed")
        page = self.post(self.url, words="It still knocks")
        self.assertEqual(page.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.complaint.stage, "investigating")
        self.assertEqual(self.complaint.round, 2)
        self.assertIn("working on it", page.text)

    def test_without_words_the_page_says_so(self):
        page = self.post(self.url, words="  ")
        self.assertIn("Please write in a few words", page.text)

    def test_nobody_floods_us(self):
        for _time in range(5):
            self.post(self.url, words="Still not")
        page = self.post(self.url, words="Still not")
        self.assertIn("We have your words", page.text)

    def test_behind_the_login_there_are_only_the_own_ones(self):
        user = new_test_user(
            self.env,
            login="complainer",
            password="complainer",
            groups="base.group_portal",
        )
        own = self.make(
            user=self.head, partner_id=user.partner_id.id, subject="My paint"
        )
        self.authenticate("complainer", "complainer")
        page = self.url_open("/my/complaints")
        self.assertIn("My paint", page.text)
        self.assertNotIn("Gearbox knocks", page.text)
        self.assertEqual(self.url_open(f"/my/complaints/{own.id}").status_code, 200)
        other = self.url_open(f"/my/complaints/{self.complaint.id}")
        self.assertEqual(other.status_code, 404)
        self.assertNotIn("Gearbox", other.text)

    def test_the_form_of_a_new_complaint_has_all_its_fields(self):
        new_test_user(
            self.env, login="reader", password="reader", groups="base.group_portal"
        )
        self.authenticate("reader", "reader")
        page = self.url_open("/my/complaints/new").text
        for name in ("subject", "content", "demand"):
            self.assertRegex(page, rf'<(input|textarea)[^>]*name="{name}"')

    def test_guessed_ids_and_attachments_are_refused(self):
        new_test_user(
            self.env, login="guesser", password="guesser", groups="base.group_portal"
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "statement.txt",
                "raw": b"SECRET",
                "res_model": "cr.complaint",
                "res_id": self.complaint.id,
            }
        )
        routes = (
            f"/web/content/{attachment.id}",
            f"/web/content/cr.complaint/{self.complaint.id}/cause",
            f"/web/image/cr.complaint/{self.complaint.id}/content",
            f"/mail/view?model=cr.complaint&res_id={self.complaint.id}",
            f"/my/complaints/{self.complaint.id}",
            f"/cr/complaint/{self.complaint.id}",
        )
        for login in (None, "guesser"):
            self.authenticate(login, login)
            for route in routes:
                with self.subTest(route=route, login=login):
                    self.assertNotIn("SECRET", self.url_open(route).text)

    def test_a_customer_writes_a_complaint_himself(self):
        user = new_test_user(
            self.env, login="writer", password="writer", groups="base.group_portal"
        )
        car = self.make_vehicle(user.partner_id)
        self.authenticate("writer", "writer")
        page = self.post(
            "/my/complaints/new",
            subject="Paint is scratched",
            content="After the service.",
            vehicle_id=str(car.id),
        )
        self.assertEqual(page.status_code, 200)
        made = self.env["cr.complaint"].search(
            [("partner_id", "=", user.partner_id.id)]
        )
        self.assertEqual((made.channel, made.vehicle_id), ("portal", car))
        self.post(
            "/my/complaints/new",
            subject="Another's car",
            content="x",
            vehicle_id=str(self.car.id),
        )
        foreign = self.env["cr.complaint"].search([("subject", "=", "Another's car")])
        self.assertFalse(foreign.vehicle_id)
