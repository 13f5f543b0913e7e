import base64

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .callback_common import NOW
from .care_common import CareCommon

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestCrCareDamageFiles(CareCommon, HttpCase):
    """Photos and survey of a damage: for whoever may see it, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.advisor = cls.persona("advisor")
        cls.stranger = cls.persona("advisor", cls.other_store)
        cls.incident = cls.env["cr.care.campaign"].create(
            {
                "name": "Hail",
                "kind": "incident",
                "plan_id": cls.plan("incident").id,
                "day": cls.TODAY,
                "incident_from": cls.TODAY,
                "text": "We stand by you.",
            }
        )
        (cls.advisor | cls.stranger | cls.insurer).password = "cr-damage-files"

    def log_in(self, user):
        self.authenticate(user.login, "cr-damage-files")

    def upload(self, name, damage_id=0):
        """Upload a file as the form does; return its id."""
        answer = self.url_open(
            "/web/binary/upload_attachment",
            data={
                "model": "cr.care.damage",
                "id": damage_id,
                "csrf_token": http.Request.csrf_token(self),
            },
            files={"ufile": (name, _PIXEL, "image/png")},
        )
        return answer.json()[0]["id"]

    def damage(self, user, **values):
        return self.as_user(self.env["cr.care.damage"], user).create(
            {
                "campaign_id": self.incident.id,
                "vehicle_id": self.car.id,
                "damage": "Dents in the roof",
                **values,
            }
        )

    def fetch(self, user, attachment_id):
        """Return status and content of a photo as a user gets it."""
        if user:
            self.log_in(user)
        else:
            self.authenticate(None, None)
        answer = self.url_open(f"/web/content/{attachment_id}?download=1")
        return answer.status_code, answer.content

    def test_a_photo_taken_before_saving_is_seen_by_colleagues_only(self):
        self.log_in(self.advisor)
        photo, survey = self.upload("roof.png"), self.upload("survey.png")
        damage = self.damage(
            self.advisor, photo_ids=[(4, photo)], survey_ids=[(4, survey)]
        )
        for attachment_id in (photo, survey):
            self.assertEqual(
                self.fetch(self.insurer, attachment_id), (200, _PIXEL)
            )
            for other in (self.stranger, None):
                status, content = self.fetch(other, attachment_id)
                self.assertNotEqual(status, 200)
                self.assertNotEqual(content, _PIXEL)
        colleague = self.as_user(damage, self.insurer)
        [shown] = colleague.web_read({"photo_ids": {"fields": {"name": {}}}})
        self.assertEqual([one["name"] for one in shown["photo_ids"]], ["roof.png"])
        foreign = damage.with_user(self.stranger).with_context(
            allowed_company_ids=self.other_store.ids
        )
        with self.assertRaises(AccessError):
            foreign.read(["photo_ids"])
        with self.assertRaises(AccessError):
            foreign.env["ir.attachment"].browse(photo).read(["name", "datas"])

    def test_a_photo_added_later_belongs_to_the_damage_too(self):
        damage = self.damage(self.advisor)
        self.log_in(self.insurer)
        early, late = self.upload("a.png"), self.upload("b.png", damage.id)
        mine = self.as_user(damage, self.insurer)
        mine.photo_ids = [(4, early), (4, late)]
        photos = damage.sudo().photo_ids
        self.assertEqual(set(photos.mapped("res_id")), {damage.id})
        self.assertEqual(self.fetch(self.advisor, early)[0], 200)

    def test_nobody_makes_anothers_file_his_own(self):
        self.log_in(self.stranger)
        secret = self.upload("secret.png")
        damage = self.damage(self.advisor)
        try:
            damage.photo_ids = [(4, secret)]
        except AccessError:
            damage.invalidate_recordset()
        attachment = self.env["ir.attachment"].sudo().browse(secret)
        self.assertFalse(attachment.res_id)
        self.assertNotEqual(self.fetch(self.advisor, secret)[0], 200)

    @freeze_time(NOW)
    def test_survey_fields_are_kept_with_the_damage(self):
        damage = self.damage(self.insurer)
        damage.write(
            {
                "survey_number": "PICC-2026-118",
                "surveyed_on": self.TODAY,
                "insurer_percent": 70,
                "insurer_note": "Agreed on the telephone",
            }
        )
        self.assertRecordValues(
            damage,
            [
                {
                    "survey_number": "PICC-2026-118",
                    "surveyed_on": self.TODAY,
                    "insurer_percent": 70,
                }
            ],
        )
