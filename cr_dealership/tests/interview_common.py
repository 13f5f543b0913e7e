"""Cast and builders of the tests about interviews; not one test stands here."""

from .callback_common import CallbackCommon


class InterviewCommon(CallbackCommon):
    """A CSI callback of a car with an advisor, and the questionnaires as shipped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department = cls.env["hr.department"].create(
            {"name": "Test service", "company_id": cls.store.id}
        )
        cls.advisor = cls.make_employee("Test advisor", department_id=cls.department.id)
        cls.interviews = cls.env["cr.interview"]

    @classmethod
    def version(cls, kind="csi"):
        """Return the first version of a questionnaire."""
        return cls.env.ref(f"cr_dealership.cr_questionnaire_version_{kind}_1")

    @classmethod
    def question(cls, number, kind="csi"):
        """Return a question by its number in the shipped questionnaire."""
        return cls.env.ref(f"cr_dealership.survey_question_{kind}_{number}")

    @classmethod
    def choice(cls, number, choice, kind="csi"):
        """Return a choice of a question by its number."""
        return cls.env.ref(f"cr_dealership.survey_question_{kind}_{number}_{choice}")

    @classmethod
    def factor_question(cls, factor, kind="csi"):
        """Return the questions of a factor."""
        return (
            cls.version(kind)
            ._get_questions()
            .filtered(lambda question: question.cr_factor_id.code == factor)
        )

    @classmethod
    def make_interview(cls, kind="csi", advisor=None, partner=None, **values):
        """Return an interview without a callback."""
        advisor = advisor or cls.advisor
        partner = partner or cls.customer
        prepared = cls.interviews._prepare_interview(
            cls.version(kind), cls.store, partner, cls.car
        )
        return cls.interviews.create(
            {
                **prepared,
                "advisor_id": advisor.id,
                "department_id": advisor.department_id.id,
                "agent_id": cls.agent.id,
                **values,
            }
        )

    @classmethod
    def answer(cls, interview, scores, end=True):
        """Answer questions by factor: {factor: score of all its questions}."""
        for factor, score in scores.items():
            for question in cls.factor_question(factor, interview.kind):
                interview._save(question.id, score)
        if end:
            interview._finish()
        return interview

    def points(self, interview, version):
        """Return the points of an interview under a version, None without."""
        found = interview.score_ids.filtered(lambda score: score.version_id == version)
        return round(found.score, 6) if found else None

    def index_version(self, name):
        """Return a shipped version of weights."""
        return self.env.ref(f"cr_dealership.cr_index_version_{name}")

    def make_order_callback(self, **values):
        """Return a CSI callback about a work order of the advisor."""
        order = self.make_order(self.car, self.TODAY, advisor_id=self.advisor.id)
        return self.make_callback(vehicle_id=self.car.id, order_id=order.id, **values)
