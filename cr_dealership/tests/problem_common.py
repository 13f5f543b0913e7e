"""Cast and builders of the tests about problems; not one test stands here."""

from .callback_common import CallbackCommon


class ProblemCommon(CallbackCommon):
    """A store whose service and sales managers answer for their departments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env.ref("cr_dealership.hr_department_service")
        cls.sales = cls.env.ref("cr_dealership.hr_department_sales")
        cls.manager, cls.seller = cls.persona("manager"), cls.second_manager()
        cls.service_role = cls.env.ref("cr_dealership.cr_role_service_manager")
        cls.hold(cls.service_role, cls.manager)
        cls.hold(cls.env.ref("cr_dealership.cr_role_sales_manager"), cls.seller)

    @classmethod
    def second_manager(cls):
        """Return another department manager of the store."""
        return cls.persona("manager").copy(
            {
                "login": f"cr_test_manager_{next(cls._numbers)}",
                "name": "Test sales manager",
                "company_id": cls.store.id,
                "company_ids": [(6, 0, cls.store.ids)],
            }
        )

    def line(self, callback, text="Brakes squeal", **values):
        """Return an answer that asks for a problem."""
        return {
            "callback": callback,
            "answer": None,
            "department": None,
            "step": "",
            "text": text,
            "post": None,
            **values,
        }

    def open_problems(self, lines):
        """Return the problems of answers, opened by the agent."""
        problems = self.as_user(self.env["cr.problem"], self.agent)
        return problems._open_from_answers(lines)

    def note(self, callback=None, **values):
        """Return the problem of a call, with the rights of the test."""
        callback = callback or self.make_callback(vehicle_id=self.car.id)
        found = self.open_problems([self.line(callback, **values)])
        return self.env["cr.problem"].browse(found.ids)

    def solve(self, problem, solution="New pads", **values):
        """Have the department write its solution."""
        mine = self.as_user(problem, problem.owner_id)
        mine.write({"solution": solution, **values})
        mine.action_solve()

    def solved(self, **values):
        """Return a problem whose customer is to be called."""
        problem = self.note()
        self.solve(problem, **values)
        return problem

    def verdict(self, code):
        """Return a verdict by its code."""
        return self.env.ref(f"cr_dealership.cr_problem_verdict_{code}")

    def say(self, call, code, note=None):
        """Have the customer say what he thinks of the solution."""
        answers = {call.id: {"reason_id": self.verdict(code).id, "note": note}}
        self.finish(self.take(call), "reached", call, answers=answers)
