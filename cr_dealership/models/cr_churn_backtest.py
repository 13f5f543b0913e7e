from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang, split_every

from ..tools import churn
from ..tools.offsets import add_months

_BATCH = 1000
# Fewer cars prove nothing.
_MIN_CARS = 100
# The score compares two years.
_LOOK_BACK_MONTHS = 24
_RATED_LEVELS = (churn.HIGH, churn.WARNING, churn.WATCH, churn.NONE)
_COHORT = """
    SELECT DISTINCT o.vehicle_id FROM cr_service_order o
     WHERE o.company_id = %(company)s AND o.state = 'settled' AND o.out_on <= %(day)s
 UNION
    SELECT v.id FROM cr_vehicle v
     WHERE v.company_id = %(company)s AND v.delivered_on <= %(day)s
"""
_CAME = """
    SELECT DISTINCT vehicle_id FROM cr_service_order
     WHERE vehicle_id = ANY(%s) AND state = 'settled' AND out_on > %s AND out_on <= %s
"""


class CrChurnBacktest(models.Model):
    """Whether the churn score would have been right about the store's own past.

    The score is worked out from what was known on a past day; what happened later
    tells who really stayed away. The share found one period earlier is what the score
    would have foretold (calibration).
    """

    _name = "cr.churn.backtest"
    _description = "Back-test of the churn score"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    day = fields.Date(
        string="Judged as of",
        required=True,
        default=lambda self: add_months(fields.Date.context_today(self), -12),
    )
    months = fields.Integer(
        string="Stayed away for (months)",
        required=True,
        default=9,
        aggregator=None,
        help="A car without a visit for so many months after the day stayed away.",
    )
    run_at = fields.Datetime(readonly=True, copy=False)
    first_order_on = fields.Date(readonly=True, copy=False)
    car_count = fields.Integer(string="Cars", readonly=True, copy=False)
    lost_count = fields.Integer(string="Stayed away", readonly=True, copy=False)
    share = fields.Float(
        string="Share that stayed away", readonly=True, copy=False, aggregator="avg"
    )
    line_ids = fields.One2many("cr.churn.backtest.line", "backtest_id", copy=False)
    level_line_ids = fields.One2many(
        "cr.churn.backtest.line",
        "backtest_id",
        string="By level",
        domain=[("kind", "=", "level")],
    )
    decile_line_ids = fields.One2many(
        "cr.churn.backtest.line",
        "backtest_id",
        string="By tenth",
        domain=[("kind", "=", "decile")],
    )
    result_text = fields.Text(string="Result in words", compute="_compute_result_text")
    formula_text = fields.Text(string="How it counts", compute="_compute_formula_text")

    _months_positive = models.Constraint(
        "CHECK (months > 0)", "Say for how many months a car has to stay away."
    )

    # === COMPUTE === #

    @api.depends("day", "months")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._(
                "As of %(day)s, %(months)s months",
                day=fields.Date.to_string(test.day),
                months=test.months,
            )

    @api.depends("day", "months", "run_at", "car_count", "share", "first_order_on")
    @api.depends_context("lang")
    def _compute_result_text(self):
        for test in self:
            test.result_text = "\n".join(test._get_result_sentences())

    @api.depends_context("lang")
    def _compute_formula_text(self):
        factors = self.env["cr.churn.factor"]._get_in_force(
            fields.Date.context_today(self)
        )
        lines = [self.env._("Score = the sum of these, at most 100:")]
        lines += [f"{factor.name}: {factor.formula}" for factor in factors]
        lines.append(
            self.env._("Lift = share that stayed away ÷ share of all cars that did.")
        )
        self.formula_text = "\n".join(lines)

    # === ACTIONS === #

    def action_run(self):
        """Work the back-test out anew; the lines before are replaced."""
        for test in self:
            test.line_ids.unlink()
            test._run()

    def action_view_lines(self):
        """Show the tenths as a graph."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cr.churn.backtest.line",
            "view_mode": "graph,list",
            "domain": [("backtest_id", "=", self.id), ("kind", "=", "decile")],
        }

    # === BUSINESS === #

    def _run(self):
        """Judge the cars as of the day, and as of one period before it."""
        self.ensure_one()
        cars = self._judge(self.day) if self._is_over() else []
        before = self._judge(add_months(self.day, -self.months)) if cars else []
        total = churn.band([car[:2] for car in cars], 0.0)
        self.write(
            {
                "run_at": fields.Datetime.now(),
                "first_order_on": self._get_first_order_on(),
                "car_count": total.count,
                "lost_count": total.lost,
                "share": total.share,
            }
        )
        self.env["cr.churn.backtest.line"].create(
            self._prepare_lines(cars, before, total.share)
        )

    def _is_over(self):
        """Say whether the months after the day have passed."""
        return add_months(self.day, self.months) <= self.company_id._cr_today()

    def _judge(self, day):
        """Return (score, whether it stayed away, level) of the store's cars on a day.

        Nothing that happened after the day enters the score.
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(_COHORT, company=self.company_id.id, day=day)
        )
        until = add_months(day, self.months)
        cars = []
        for ids in split_every(_BATCH, sorted(row[0] for row in found)):
            # sudo: the test counts all cars of the store, whoever may see them.
            vehicles = self.env["cr.vehicle"].sudo().browse(ids)
            facts = vehicles._get_facts_on(day)
            verdicts = vehicles._get_churn_verdicts(day, facts)
            came = self.env.execute_query(SQL(_CAME, list(ids), day, until))
            came_ids = {row[0] for row in came}
            cars += [
                (verdict.score, vehicle_id not in came_ids, verdict.level)
                for vehicle_id, (store_id, verdict) in verdicts.items()
                if verdict.is_judged and store_id == self.company_id.id
            ]
        return cars

    def _prepare_lines(self, cars, before, share):
        """Return the values of the lines: by level and by tenth of the cars."""
        parts, earlier = self._divide(cars), self._divide(before)
        lines = []
        for (kind, position), part in parts.items():
            found = churn.band([car[:2] for car in part], share)
            past = earlier[kind, position]
            forecast = churn.band([car[:2] for car in past], share)
            lines.append(
                {
                    "backtest_id": self.id,
                    "kind": kind,
                    "position": position,
                    "level": _RATED_LEVELS[position] if kind == "level" else False,
                    "car_count": found.count,
                    "lost_count": found.lost,
                    "share": found.share,
                    "lift": found.lift,
                    "mean_score": found.mean_score,
                    "forecast_count": forecast.count,
                    "forecast_share": forecast.share,
                }
            )
        return lines if cars else []

    def _divide(self, cars):
        """Return {(kind, position): cars}, the highest scores first."""
        parts = {
            ("level", position): [car for car in cars if car[2] == level]
            for position, level in enumerate(_RATED_LEVELS)
        }
        for position, part in enumerate(churn.deciles(cars)):
            parts["decile", position] = part
        return parts

    def _get_first_order_on(self):
        [[day]] = self.env.execute_query(
            SQL(
                "SELECT min(out_on) FROM cr_service_order"
                " WHERE company_id = %s AND state = 'settled'",
                self.company_id.id,
            )
        )
        return day

    # === WORDS === #

    def _get_result_sentences(self):
        """Return in words what the test found, or why it can't say anything."""
        self.ensure_one()
        if not self.day or not self._is_over():
            return [self._describe_not_over()] if self.day else []
        if not self.run_at:
            return []
        if not self.car_count:
            return [
                self.env._(
                    "The past is too short: no car of this store was known on %s.",
                    fields.Date.to_string(self.day),
                )
            ]
        return [self._describe_total(), *self._describe_levels(), *self._get_doubts()]

    def _describe_not_over(self):
        return self.env._(
            "The past is too short: %(months)s months after %(day)s are not over yet."
            " Choose an earlier day or fewer months.",
            months=self.months,
            day=fields.Date.to_string(self.day),
        )

    def _describe_total(self):
        return self.env._(
            "Of %(count)s cars known on %(day)s, %(share)s %% did not come within"
            " %(months)s months.",
            count=self.car_count,
            day=fields.Date.to_string(self.day),
            share=self._percent(self.share),
            months=self.months,
        )

    def _describe_levels(self):
        level = self.env["cr.vehicle"]._fields["churn_level"]
        labels = dict(level._description_selection(self.env))
        return [
            self.env._(
                "%(level)s: %(share)s %% of %(count)s cars stayed away, %(lift)s times"
                " as many as of all.",
                level=labels[line.level],
                share=self._percent(line.share),
                count=line.car_count,
                lift=formatLang(self.env, line.lift, digits=1),
            )
            for line in self.level_line_ids
            if line.car_count
        ]

    def _get_doubts(self):
        """Return the sentences that warn of too little past."""
        doubts = []
        if self.car_count < _MIN_CARS:
            doubts.append(
                self.env._(
                    "These are few cars; below %s the shares say little.", _MIN_CARS
                )
            )
        if self.first_order_on and self.first_order_on > add_months(
            self.day, -_LOOK_BACK_MONTHS
        ):
            doubts.append(
                self.env._(
                    "Work orders begin on %(first)s, less than two years before"
                    " %(day)s: fewer visits and less spend could not be judged.",
                    first=fields.Date.to_string(self.first_order_on),
                    day=fields.Date.to_string(self.day),
                )
            )
        return doubts

    def _percent(self, share):
        return formatLang(self.env, share * 100, digits=0)
