"""Cast and builders of the tests about complaints; not one test stands here."""

from datetime import datetime, timedelta

from odoo.addons.cr_dealership.tests.callback_common import CallbackCommon


class ComplaintCommon(CallbackCommon):
    """A store with a head, a service manager, directors and agents on duty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.persona("head")
        cls.manager = cls.persona("manager")
        cls.director = cls.persona("director")
        roles = "cr_dealership.cr_role"
        cls.hold(cls.env.ref(f"{roles}_service_manager"), cls.manager)
        cls.hold(cls.env.ref(f"{roles}_general_manager"), cls.director)

    @classmethod
    def grade(cls, code):
        return cls.env.ref(f"cr_complaints.cr_complaint_grade_{code}")

    @classmethod
    def prepare(cls, **values):
        return {
            "company_id": cls.store.id,
            "partner_id": cls.customer.id,
            "vehicle_id": cls.car.id,
            "subject": "Gearbox still knocks",
            "category_id": cls.env.ref(
                "cr_complaints.cr_complaint_category_repair_3"
            ).id,
            "content": "It was in the shop twice.",
            "demand": "A gearbox that does not knock",
            **values,
        }

    @classmethod
    def make(cls, user=None, **values):
        model = cls.env["cr.complaint"].with_user(user or cls.agent)
        return model.create(cls.prepare(**values)).with_env(cls.env)

    def clock(self, complaint, kind, turn=None):
        return complaint.clock_ids.filtered(
            lambda one: one.kind == kind and one.round == (turn or complaint.round)
        )

    @staticmethod
    def local(day, hour, minute=0, month=11, year=2026):
        """Return the UTC moment of a time in the store."""
        return datetime(year, month, day, hour, minute) - timedelta(hours=8)

    def bring_to_handling(self, complaint):
        """Fill in what the guards ask for, up to the handling."""
        complaint.action_next()
        complaint.action_next()
        complaint.cause = "Mount was not tightened"
        complaint.action_next()
        complaint.measure_ids = [
            (0, 0, {
                "name": "Tighten the mount",
                "user_id": self.manager.id,
                "due_on": "2026-11-25",
            })
        ]
        complaint.action_next()

    def solve(self, complaint):
        """Carry out the plan."""
        complaint.measure_ids.action_done()
        complaint.result = "Mount tightened, test drive with the customer"
        complaint.with_user(self.manager).action_solved()
