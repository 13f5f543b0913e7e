from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrContactPreference(DealershipCommon):
    """Wishes replace each other and are asked for in one place (CUS-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner("曾晓燕")
        cls.vehicle = cls.make_vehicle(owner=cls.partner)
        cls.Preference = cls.env["cr.contact.preference"]

    def refuse(self, purpose="all", partner=None, **values):
        return self.Preference.create(
            {
                "partner_id": (partner or self.partner).id,
                "state": "refused",
                "purpose": purpose,
                **values,
            }
        )

    def block(self, purpose="satisfaction", partner=None, **values):
        partner = partner or self.partner
        return self.Preference._get_blocks(partner.ids, purpose, **values).get(
            partner.id
        )

    # === RECORDING === #

    def test_new_wish_ends_the_old_one(self):
        old = self.refuse(date_from=self.TODAY - timedelta(10))
        new = self.partner.action_cr_allow_calls()
        self.assertEqual(old.date_to, self.TODAY)
        self.assertFalse(new.date_to)
        self.assertFalse(self.block())

    def test_change_of_mind_on_the_same_day_counts_at_once(self):
        self.partner.action_cr_do_not_call()
        self.assertEqual(self.block(), "do_not_call")
        self.partner.action_cr_allow_calls()
        self.assertFalse(self.block())
        self.partner.action_cr_do_not_call()
        self.assertEqual(self.block(), "do_not_call")

    def test_many_wishes_take_as_many_queries_as_one(self):
        partners = [self.make_partner() for __ in range(51)]
        values = [{"partner_id": partner.id} for partner in partners]
        self.Preference.create(values)
        one = self.count_queries(self.Preference.create, values[:1])
        many = self.count_queries(self.Preference.create, values[1:])
        self.assertLessEqual(many, one)

    def test_a_wish_is_never_rewritten(self):
        wish = self.refuse()
        with self.assertRaisesRegex(UserError, "曾晓燕"):
            wish.state = "granted"
        wish.write({"state": "refused", "reason": "works at night"})
        self.assertEqual(wish.reason, "works at night")

    def test_wish_is_recorded_on_the_file(self):
        with Form(self.as_persona(self.partner, "agent")) as form:
            with form.cr_preference_ids.new() as wish:
                wish.state = "refused"
                wish.purpose = "insurance"
        self.assertEqual(self.block("insurance"), "opt_out")

    def test_ending_a_wish_without_a_new_one(self):
        self.refuse().action_end()
        self.assertFalse(self.block())

    # === ASKING === #

    def test_refusal_of_everything_stops_every_purpose_of_the_channel(self):
        self.refuse()
        self.assertEqual(self.block("insurance"), "do_not_call")
        self.assertFalse(self.block("insurance", channel="sms"))

    def test_refusal_of_one_purpose_stops_only_that(self):
        self.refuse("insurance")
        self.assertEqual(self.block("insurance"), "opt_out")
        self.assertFalse(self.block("satisfaction"))

    def test_refusal_for_one_car_stops_only_calls_about_it(self):
        other = self.make_vehicle(owner=self.partner)
        self.refuse("service", vehicle_id=self.vehicle.id)
        self.assertEqual(
            self.block("service", vehicle_ids=self.vehicle.ids), "opt_out"
        )
        self.assertFalse(self.block("service", vehicle_ids=other.ids))
        self.assertFalse(self.block("service"))

    def test_wish_holds_from_its_first_day_to_the_day_it_ended(self):
        self.refuse(
            date_from=self.TODAY - timedelta(5), date_to=self.TODAY + timedelta(5)
        )
        stop = "do_not_call"
        for days, code in ((-6, None), (-5, stop), (4, stop), (5, None)):
            day = self.TODAY + timedelta(days)
            self.assertEqual(self.block(day=day), code, days)

    def test_missing_number_and_blacklisted_number_stop_calls(self):
        mute = self.make_partner(mobile=False)
        self.assertEqual(self.block(partner=mute), "no_phone")
        self.assertFalse(self.block(partner=mute, channel="letter"))
        landline = self.make_partner(mobile=False, phone="0796-8212345")
        self.assertFalse(self.block(partner=landline))
        self.env["phone.blacklist"].create(
            [{"number": "+867968212345"}, {"number": "+86" + self.partner.mobile}]
        )
        self.assertEqual(self.block(partner=landline), "blacklist")
        self.assertEqual(self.block(), "blacklist")

    def test_files_to_verify_stay_out(self):
        source = self.env.ref("cr_dealership.cr_source_third_party")
        bought = self.make_partner(cr_source_id=source.id)
        self.assertEqual(self.block(partner=bought), "unverified")
        # An import may have written the source past the ORM.
        bought.cr_verification = False
        self.assertEqual(self.block(partner=bought), "unverified")
        bought.action_cr_verify()
        self.assertFalse(self.block(partner=bought))
        bought.action_cr_reject()
        self.assertEqual(self.block(partner=bought), "unverified")

    def test_any_number_of_customers_is_asked_in_one_query(self):
        partners = self.env["res.partner"].concat(
            *(self.make_partner() for __ in range(30))
        )
        self.refuse(partner=partners[7])
        self.env.flush_all()
        with self.assertQueryCount(1):
            blocks = self.Preference._get_blocks(partners.ids, "satisfaction")
        self.assertEqual(blocks, {partners[7].id: "do_not_call"})

    def test_expression_says_the_same_inside_a_query(self):
        free = self.make_partner()
        self.refuse("service", vehicle_id=self.vehicle.id)
        self.Preference._flush_blocks()
        rows = self.env.execute_query(
            SQL(
                "SELECT car.id, %s FROM (VALUES (%s, %s), (%s, NULL), (NULL, NULL))"
                " AS car(id, vehicle_id)",
                self.Preference._blocked_sql(
                    "service",
                    "phone",
                    SQL("car.id"),
                    SQL("car.vehicle_id"),
                    self.TODAY,
                ),
                self.partner.id,
                self.vehicle.id,
                free.id,
            )
        )
        expected = {self.partner.id: "opt_out", free.id: None, None: None}
        self.assertEqual(dict(rows), expected)

    # === SHOWING === #

    def test_summary_says_what_is_refused(self):
        self.refuse()
        self.refuse("insurance", channel="sms")
        self.refuse("care", channel="email").action_end()
        summary = self.partner._cr_consent_summary()[self.partner.id]
        self.assertEqual(
            [(wish["channel"], wish["purpose"]) for wish in summary],
            [("phone", "all"), ("sms", "insurance")],
        )
        self.assertTrue(self.partner.cr_is_refusing_calls)
        self.assertIn(summary[0]["title"], self.partner.cr_consent_text)

    def test_customers_who_refuse_calls_are_found(self):
        self.refuse()
        partners = self.env["res.partner"]
        found = partners.search([("cr_is_refusing_calls", "=", True)])
        self.assertIn(self.partner, found)
        self.assertNotIn(
            self.partner, partners.search([("cr_is_refusing_calls", "=", False)])
        )

    # === HOURS === #

    def test_hours_that_cannot_be_read_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "after lunch"):
            self.partner.cr_preferred_hours = "after lunch"

    def test_hours_are_written_in_one_way(self):
        with Form(self.as_persona(self.partner, "agent")) as form:
            form.cr_preferred_hours = "14-17:30"
        self.assertEqual(self.partner.cr_preferred_hours, "14:00-17:30")
        self.assertEqual(len(self.partner._cr_get_preferred_hours()), 1)
