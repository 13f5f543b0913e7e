from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
class TestCrMessageTemplate(DealershipCommon):
    """Texts by purpose with placeholders (COM-06)."""

    def template(self, name):
        return self.env.ref(f"cr_dealership.cr_message_template_{name}")

    def test_a_text_is_filled_in_for_the_customer(self):
        partner = self.make_partner("曾晓燕", cr_gender="female")
        car = self.make_vehicle(owner=partner)
        template = self.template("maintenance")
        values = template._get_values(partner, car, due="2026-12-01")
        body = template._render(values)["body"]
        for part in ("曾晓燕", "Ms.", car.plate, "2026-12-01", self.store.name):
            self.assertIn(part, body)
        self.assertNotIn("{", body)

    def test_a_customer_reads_the_language_of_the_store_whoever_sends(self):
        for lang in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(lang)
        template = self.template("birthday")
        template.with_context(lang="zh_CN").body = "{customer},生日快乐"
        partner = self.make_partner("曾晓燕")
        self.assertEqual(template._render_for(partner)["body"], "曾晓燕,生日快乐")
        self.store.cr_message_lang = "en_US"
        self.assertIn("happy birthday", template._render_for(partner)["body"])

    def test_nobody_is_addressed_wrongly(self):
        titles = [
            self.env["cr.message.template"]._get_title(partner)
            for partner in (
                self.make_partner(cr_gender="male"),
                self.make_partner(),
                self.make_partner(is_company=True),
            )
        ]
        self.assertEqual(titles, ["Mr.", "Sir or Madam", ""])

    def test_an_unknown_placeholder_is_refused_by_name(self):
        template = self.template("birthday")
        with self.assertRaisesRegex(ValidationError, r"“Birthday” has \{custmer\}"):
            template.body = "Dear {custmer}"
        with self.assertRaisesRegex(ValidationError, r"\{x\}"):
            template.subject = "{x}"

    def test_the_advisors_text_is_there_and_every_other_says_it_is_assumed(self):
        templates = self.env["cr.message.template"].search([])
        confirmed = templates.filtered(lambda template: not template.is_assumed)
        self.assertEqual(confirmed, self.template("advisor_thanks"))
        self.assertGreater(len(templates), 18)

    def test_the_example_shows_what_goes_out(self):
        form = Form(self.as_persona(self.template("insurance"), "head"))
        self.assertIn("Example customer", form.preview)
        form.body = "车" * 71
        self.assertEqual(form.parts, 2)
