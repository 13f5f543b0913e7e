from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DealershipCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestCrStory(DealershipCommon):
    """The story of a customer and of a car: complete, in order, and fast (CUS-22)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_partner("曾晓燕")
        cls.vehicle = cls.make_vehicle(
            owner=cls.customer,
            delivered_on=date(2024, 5, 1),
            company_id=cls.store.id,
            price=180000,
        )
        cls.vehicle.role_ids.is_purchase = True
        cls.order = cls.make_order(
            cls.vehicle,
            date(2025, 3, 5),
            amount_labour=860,
            customer_words="the air conditioning is weak",
        )
        cls.env["cr.declined.work"].create(
            {
                "order_id": cls.order.id,
                "name": "Brake discs",
                "declined_on": date(2025, 3, 5),
            }
        )
        cls._make_dates()
        cls._call(cls.customer, datetime(2025, 7, 1, 2))
        cls.env["cr.contact.preference"].create(
            {
                "partner_id": cls.customer.id,
                "state": "refused",
                "purpose": "insurance",
                "date_from": date(2025, 8, 1),
            }
        )

    @classmethod
    def _make_dates(cls):
        """Give the car a policy and an inspection."""
        cls.env["cr.insurance.policy"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "partner_id": cls.customer.id,
                "number": "P-1",
                "company_id": cls.store.id,
                "date_start": date(2025, 5, 1),
                "date_end": date(2026, 4, 30),
            }
        )
        cls.env["cr.inspection"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "due_on": date(2026, 5, 1),
                "passed_on": date(2025, 6, 1),
            }
        )

    @classmethod
    def _call(cls, partner, at):
        outcome = cls.env["cr.call.outcome"].search([], limit=1)
        return cls.env["cr.call.attempt"].create(
            {
                "company_id": cls.store.id,
                "agent_id": cls.env.uid,
                "partner_id": partner.id,
                "outcome_id": outcome.id,
                "outcome_kind": outcome.kind,
                "at": at,
            }
        )

    def story(self, record=None, role="head", **values):
        record = self.customer if record is None else record
        stories = self.as_persona(self.env["cr.story"], role)
        return stories.get_story(record._name, record.id, **values)

    # === WHAT IT TELLS === #

    def test_everything_stands_in_it_newest_first(self):
        entries = self.story()["entries"]
        self.assertEqual(
            [entry["kind"] for entry in entries if entry["kind"] != "note"],
            [
                "said",
                "called",
                "inspection",
                "policy",
                "said",
                "declined",
                "serviced",
                "bought",
            ],
        )
        days = [entry["at"] for entry in entries]
        self.assertEqual(days, sorted(days, reverse=True))

    def test_each_line_opens_its_record(self):
        for entry in self.story()["entries"]:
            self.assertTrue(self.env[entry["model"]].browse(entry["res_id"]).exists())
            self.assertTrue(entry["title"], entry)

    def test_head_says_who_it_is_and_what_is_due(self):
        head = self.story()["head"]
        self.assertEqual(head["name"], "曾晓燕")
        self.assertEqual(head["phones"][0]["number"], self.customer.mobile)
        self.assertEqual([car["id"] for car in head["cars"]], self.vehicle.ids)
        self.assertEqual(head["consent"][0]["purpose"], "insurance")
        self.assertIn(self.vehicle.due_on, [due["on"] for due in head["due"]])
        self.assertIn("cr_stage", [label["name"] for label in head["labels"]])

    def test_car_has_its_own_story_with_all_its_owners(self):
        buyer = self.make_partner("彭建华")
        self.vehicle._set_owner(buyer, date(2026, 1, 1))
        story = self.story(self.vehicle)
        self.assertEqual(story["head"]["partner_id"], buyer.id)
        kinds = [entry["kind"] for entry in story["entries"]]
        self.assertEqual(kinds.count("owner"), 2)
        self.assertIn("serviced", kinds)

    def test_new_owner_does_not_see_the_old_ones_visits(self):
        buyer = self.make_partner("彭建华")
        self.vehicle._set_owner(buyer, date(2026, 1, 1))
        own = self.make_order(self.vehicle, date(2026, 2, 1))
        serviced = [
            entry["res_id"]
            for entry in self.story(buyer)["entries"]
            if entry["kind"] == "serviced"
        ]
        self.assertEqual(serviced, own.ids)
        before = [
            entry["res_id"]
            for entry in self.story()["entries"]
            if entry["model"] == "cr.service.order"
        ]
        self.assertIn(self.order.id, before)
        self.assertNotIn(own.id, before)

    def test_kinds_filter_the_lines(self):
        story = self.story(kinds=["serviced", "called"])
        kinds = {entry["kind"] for entry in story["entries"]}
        self.assertEqual(kinds, {"serviced", "called"})
        self.assertIn("policy", [code for code, __ in story["kinds"]])

    # === PAGES === #

    def _make_ten_years(self, count=400):
        """Give the customer orders and calls over ten years, many on one day."""
        orders = []
        for number in range(count // 2):
            day = date(2026, 11, 1) - timedelta(18 * (number // 2))
            orders.append(self.prepare_order(self.vehicle, day))
        self.env["cr.service.order"].create(orders)
        for number in range(count // 2):
            self._call(
                self.customer,
                datetime(2026, 11, 1, 0, 0, 0) - timedelta(18 * (number // 2)),
            )
        self.env.flush_all()

    def test_pages_join_without_gap_and_repetition(self):
        self._make_ten_years(80)
        whole = self.story(limit=200)["entries"]
        joined, before = [], None
        while True:
            page = self.story(before=before, limit=7)
            joined += page["entries"]
            before = page["next"]
            if not before:
                break
            self.assertEqual(len(page["entries"]), 7)
            self.assertIs(page["head"] is None, len(joined) > 7)
        self.assertEqual(joined, whole)
        keys = {(entry["kind"], entry["model"], entry["res_id"]) for entry in joined}
        self.assertEqual(len(keys), len(joined))

    def test_ten_years_take_as_many_queries_as_one_and_no_second(self):
        self.story()
        few = self.count_queries(self.story)
        self._make_ten_years(400)
        many = self.count_queries(self.story)
        self.assertLessEqual(many, few)
        self.env.invalidate_all()
        start = self._clock()
        story = self.story()
        self.assertLess(self._clock() - start, timedelta(seconds=1))
        self.assertEqual(len(story["entries"]), 60)

    def _clock(self):
        """Return the database's own clock, which nobody froze."""
        self.cr.execute("SELECT clock_timestamp()")
        return self.cr.fetchone()[0]

    # === RIGHTS === #

    def test_prices_show_only_to_who_may_see_them(self):
        for role, visible in (("head", True), ("agent", False)):
            entries = self.story(role=role)["entries"]
            serviced = next(e for e in entries if e["kind"] == "serviced")
            bought = next(e for e in entries if e["kind"] == "bought")
            self.assertEqual(serviced.get("amount"), 860 if visible else None)
            self.assertEqual(bought.get("amount"), 180000 if visible else None)

    def test_another_stores_rows_do_not_show(self):
        self.make_order(
            self.vehicle, date(2026, 3, 1), company_id=self.other_store.id
        )
        here = [e["kind"] for e in self.story()["entries"]].count("serviced")
        stories = self.as_persona(
            self.env["cr.story"], "head", self.store | self.other_store
        )
        both = stories.get_story("res.partner", self.customer.id)["entries"]
        self.assertEqual(here, 1)
        self.assertEqual([e["kind"] for e in both].count("serviced"), 2)

    def test_lounge_sees_neither_visits_nor_calls(self):
        story = self.story(role="lounge")
        kinds = {entry["kind"] for entry in story["entries"]}
        self.assertFalse(kinds & {"serviced", "called", "policy", "declined"})
        self.assertIn("*", story["head"]["phones"][0]["text"])

    def test_a_consultant_opens_only_his_own_customers(self):
        with self.assertRaises(AccessError):
            self.story(role="sales")
        self.customer.cr_consultant_id = self.persona("sales")
        self.assertTrue(self.story(role="sales")["entries"])

    def test_people_outside_the_suite_are_refused_in_words(self):
        user = self.env["res.users"].create(
            {
                "login": "cr_story_plain",
                "name": "Plain",
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        stories = self.env["cr.story"].with_user(user)
        with self.assertRaisesRegex(AccessError, "CR"):
            stories.get_story("res.partner", self.customer.id)

    def test_only_customers_and_cars_have_a_story(self):
        with self.assertRaisesRegex(UserError, "res.users"):
            self.as_persona(self.env["cr.story"], "head").get_story("res.users", 1)

    def test_buttons_open_the_story(self):
        for record in (self.customer, self.vehicle):
            action = self.as_persona(record, "agent").action_open_story()
            self.assertEqual(action["tag"], "cr_story")
            self.assertEqual(
                action["params"], {"res_model": record._name, "res_id": record.id}
            )
