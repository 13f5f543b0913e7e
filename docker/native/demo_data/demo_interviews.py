"""Give the demonstration's store the interviews of the last weeks, and what followed.

Everybody and everything is invented. Answers go through the same methods as those of
customers and agents; only the days are moved into the past afterwards.
"""

from datetime import datetime, time, timedelta

LANGUAGE = "zh_CN"
WEEKS, PER_WEEK = 9, 6
# What customers say who are not satisfied, and what the department answers.
GRIEVANCES = (
    ("刹车仍有异响", "已更换刹车片并试车,异响消除。"),
    ("取车多等了四十分钟", "已调整下午派工,当天致歉。"),
    ("费用和报价不一样", "重新核对工单并退还差价。"),
    ("洗车没有洗干净", "已约客户免费重洗。"),
    ("没有说明换了哪些零件", "已逐项说明并补发明细。"),
)
# Of so many answers one is low; in the weeks after, of so many more.
LOW_EVERY, LESS_EACH_WEEK = 20, 5
FIGURES = "ir_cron_cr_figure_freeze"


class DemoInterviews:
    """Interviews, problems and the first weekly report of the store."""

    def __init__(self, store):
        # What is written here is written in Chinese, as by the people of the store.
        self.env = store.env(context={**store.env.context, "lang": LANGUAGE})
        self.company, self.today = store.store, store.today
        self.answered = 0

    def fill(self):
        """Ask customers of the last weeks; solve most of what they say; only once."""
        interviews = self.env["cr.interview"]
        if interviews.search_count([("state", "=", "done")], limit=1):
            return
        made = interviews
        for kind, subjects in (("csi", self.find_orders()), ("ssi", self.find_cars())):
            version = self.env.ref(f"cr_dealership.cr_questionnaire_version_{kind}_1")
            for number, (car, order) in enumerate(subjects):
                made += self.ask(version, car, order, number % WEEKS)
        self.env["cr.index.version"]._store_scores(made)
        self.solve()
        # The job works in a transaction of its own and must see all of this.
        self.env["ir.cron"]._commit_progress()
        self.env.ref(f"cr_dealership.{FIGURES}").method_direct_trigger()
        self.env["ir.cron"]._commit_progress()
        print(f"{len(made)} 份访谈, {self.env['cr.problem'].search_count([])} 个客户问题")

    def find_orders(self):
        """Return (car, order) of the visits that are asked about."""
        orders = self.env["cr.service.order"].search(
            [("state", "=", "settled"), ("partner_id", "!=", False)],
            order="out_at DESC, id",
            limit=WEEKS * PER_WEEK,
        )
        return [(order.vehicle_id, order) for order in orders]

    def find_cars(self):
        """Return (car, no order) of the deliveries that are asked about."""
        cars = self.env["cr.vehicle"].search(
            [("owner_id", "!=", False), ("delivered_on", "!=", False)],
            order="delivered_on DESC, id",
            limit=WEEKS * PER_WEEK // 3,
        )
        return [(car, None) for car in cars]

    def ask(self, version, car, order, weeks_ago):
        """Return an interview that a customer answered by his link so long ago."""
        partner = order.partner_id if order else car.owner_id
        interviews = self.env["cr.interview"]
        interview = interviews.create(
            {
                **interviews._prepare_interview(
                    version, self.company, partner, car, order
                ),
                "channel": "sms",
            }
        )
        for question in version._get_questions():
            self.answer(interview, question, WEEKS - weeks_ago)
        interview._finish()
        day = self.today - timedelta(days=7 * weeks_ago + 1)
        moment = datetime.combine(day, time(3, 0))
        interview.write({"day": day, "started_at": moment, "done_at": moment})
        return interview

    def answer(self, interview, question, week):
        """Answer a question: mostly well, now and then low and with words."""
        self.answered += 1
        if question.question_type == "simple_choice":
            interview._save(question.id, question.suggested_answer_ids[:1].id)
        elif question.question_type == "scale":
            every = LOW_EVERY + LESS_EACH_WEEK * week
            is_low = self.answered % every == 0
            is_ten = self.answered * 7 % 10 < 3 + week // 2
            interview._save(question.id, 6 if is_low else 10 if is_ten else 9)
            if is_low:
                words = GRIEVANCES[self.answered // every % len(GRIEVANCES)][0]
                interview._save(question.id, words, "comment")

    def solve(self):
        """Let the departments answer two of three problems."""
        answers = dict(GRIEVANCES)
        problems = self.env["cr.problem"].search([("state", "=", "new")], order="id")
        for number, problem in enumerate(problems):
            if number % 3 and problem.owner_id and problem.text in answers:
                mine = problem.with_user(problem.owner_id)
                mine.write({"solution": answers[problem.text]})
                mine.action_solve()
