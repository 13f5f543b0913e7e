"""Cast and builders of the tests about care plans; not one test stands here."""

from datetime import date

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
        for model in ("cr.vehicle", "res.partner"):
            plan._take_pending(model, plans, {plan.id: version}, today)
        return cls.env["cr.care.case"].search([("plan_id", "=", plan.id)])

    @classmethod
    def run_steps(cls, today=None):
        """Take the due steps of a day."""
        return cls.env["cr.care.task"]._take_due(today or cls.TODAY)

    def task(self, case, number):
        """Return the step of a case by its place in the plan."""
        return case.task_ids.sorted(lambda task: (task.due_on, task.id))[number]

    def assert_days(self, case, days):
        """Check on which days N plus so many the steps of a case fall."""
        offsets = [
            (task.due_on - case.anchor_on).days for task in case.task_ids
        ]
        self.assertEqual(sorted(offsets), sorted(days))
