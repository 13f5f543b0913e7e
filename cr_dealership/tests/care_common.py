"""Cast and builders of the tests about care plans; not one test stands here."""

from datetime import date, timedelta

from .callback_common import CallbackCommon


class CareCommon(CallbackCommon):
    """A store with its specialists on duty; only the plans a test wants run."""

    TODAY = date(2026, 11, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialist = cls.persona("specialist")
        cls.insurer = cls.persona("insurance")
        for role, user in (
            ("cr_specialist", cls.specialist),
            ("insurance_specialist", cls.insurer),
        ):
            cls.hold(cls.env.ref(f"cr_dealership.cr_role_{role}"), user)
        cls.env["cr.care.plan"].search([]).active = False

    @classmethod
    def speak_english(cls):
        """Have the store write its messages in English."""
        cls.env["res.lang"]._activate_lang("en_US")
        cls.store.cr_message_lang = "en_US"

    @classmethod
    def plan(cls, code, **values):
        """Return a shipped plan, switched on for the test's store only."""
        plan = cls.env.ref(f"cr_dealership.cr_care_plan_{code}")
        plan.write({"active": True, "company_id": cls.store.id, **values})
        return plan

    @classmethod
    def open_cases(cls, plan, today=None):
        """Open the plan's cases of a day, as the nightly run does; return them."""
        today = today or cls.TODAY
        version = plan._get_versions(today)[plan.id]
        after_id, count = 0, 1
        while count:
            count, after_id, _opened = plan._open_slice(version, today, after_id)
        plan.opened_until = plan._get_until(version, today)
        plans = plan.browse(plan.ids)
        for model in ("cr.vehicle", "res.partner", "cr.traffic.violation"):
            plan._take_pending(model, plans, {plan.id: version}, today)
        return cls.env["cr.care.case"].search([("plan_id", "=", plan.id)])

    @classmethod
    def run_steps(cls, today=None):
        """Take the due steps of a day."""
        return cls.env["cr.care.task"]._take_due(today or cls.TODAY)

    def insure(self, vehicle, end, **values):
        """Return a policy of a year that ends on a day."""
        return self.env["cr.insurance.policy"].create(
            {
                "company_id": self.store.id,
                "vehicle_id": vehicle.id,
                "number": f"P{next(self._numbers)}",
                "date_start": end - timedelta(days=364),
                "date_end": end,
                **values,
            }
        )

    def insured_car(self, end, owner=None, **values):
        """Return a car whose policy ends on a day."""
        car = self.make_vehicle(owner or self.make_partner())
        # A visit says which store looks after the car.
        self.make_order(car, date(2026, 10, 1))
        self.insure(car, end, **values)
        return car

    def task(self, case, number):
        """Return the step of a case by its place in the plan."""
        return case.task_ids.sorted(lambda task: (task.due_on, task.id))[number]

    def assert_days(self, case, days):
        """Check on which days N plus so many the steps of a case fall."""
        offsets = [
            (task.due_on - case.anchor_on).days for task in case.task_ids
        ]
        self.assertEqual(sorted(offsets), sorted(days))


class PromotionCommon(CareCommon):
    """Customers of three grades in two regions, each with a car."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.speak_english()
        cls.region = cls.env["cr.region"].create({"name": "Test region"})
        cls.people = {
            value: cls.make_partner(
                f"Customer {value}",
                cr_region_id=region,
                cr_value_override=value,
                cr_value_reason="Test",
            )
            for value, region in (
                ("high", cls.region.id),
                ("medium", cls.region.id),
                ("low", False),
            )
        }
        for person in cls.people.values():
            cls.make_vehicle(
                person, delivered_on=date(2026, 1, 1), company_id=cls.store.id
            )
        cls.mine = [("id", "in", [person.id for person in cls.people.values()])]

    def campaign(self, code="promotion", **values):
        return self.env["cr.care.campaign"].create(
            {
                "name": "Winter check",
                "plan_id": self.plan(code).id,
                "kind": "promotion",
                "area": "repair",
                "day": self.TODAY,
                "valid_until": self.TODAY + timedelta(days=20),
                "text": "The winter check costs 99 yuan.",
                "domain": str(self.mine),
                **values,
            }
        )

    def reached(self, campaign):
        """Return the customers whom the campaign contacts."""
        return campaign.case_ids.partner_id

    def messages(self, campaign):
        return self.env["cr.message"].search(campaign.action_view_messages()["domain"])
