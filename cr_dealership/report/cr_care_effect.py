from odoo import api, fields, models
from odoo.tools import SQL

from ..const_care import SUBJECTS
from ..tools import effect


class CrCareEffect(models.Model):
    """What the reminders of a plan bring: reminded customers beside those set aside.

    A row is a plan, store and month or year of day N. Only cases whose last day is over
    are compared, all of them, whatever became of them: so both sides had the same time,
    and nobody is left out because he was reminded.
    """

    _name = "cr.care.effect"
    _description = "Effect of the reminders"
    _auto = False
    _order = "period desc, day desc, plan_id, company_id, id"
    _rec_name = "plan_id"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    plan_id = fields.Many2one("cr.care.plan", readonly=True)
    subject = fields.Selection(SUBJECTS, string="About", readonly=True)
    period = fields.Selection([("month", "Month"), ("year", "Year")], readonly=True)
    day = fields.Date(
        string="From", readonly=True, help="First day of the month or year of day N."
    )
    reminded_total = fields.Integer(string="Reminded", readonly=True)
    reminded_came = fields.Integer(string="Reminded, came", readonly=True)
    aside_total = fields.Integer(string="Not reminded", readonly=True)
    aside_came = fields.Integer(string="Not reminded, came", readonly=True)
    reminded_rate = fields.Float(
        string="Came, reminded (%)",
        compute="_compute_effect",
        digits=(5, 1),
        help="Reminded customers who came or renewed ÷ all reminded ones.",
    )
    aside_rate = fields.Float(
        string="Came, not reminded (%)",
        compute="_compute_effect",
        digits=(5, 1),
        help="The same of those set aside by lot: what comes by itself.",
    )
    points = fields.Float(
        string="Effect (points)",
        compute="_compute_effect",
        digits=(5, 1),
        help="Rate of the reminded ones minus rate of those set aside.",
    )
    interval_text = fields.Char(
        string="95 % interval",
        compute="_compute_effect",
        help="The true effect lies in it 95 times in 100 (Newcombe's interval of the"
        " difference of two rates).",
    )
    verdict = fields.Selection(
        [
            ("few", "Too few"),
            ("unclear", "Not clear"),
            ("more", "Brings customers"),
            ("fewer", "Keeps customers away"),
        ],
        compute="_compute_effect",
    )
    verdict_text = fields.Char(string="What it says", compute="_compute_effect")

    # === COMPUTE === #

    @api.depends("reminded_total", "reminded_came", "aside_total", "aside_came")
    @api.depends_context("lang")
    def _compute_effect(self):
        for row in self:
            found = effect.measure(
                row.reminded_came, row.reminded_total, row.aside_came, row.aside_total
            )
            row.reminded_rate = found.reminded if found else 0
            row.aside_rate = found.aside if found else 0
            row.points = found.points if found else 0
            row.interval_text = (
                f"{found.low:+.1f} … {found.high:+.1f}" if found else False
            )
            row.verdict = found.verdict if found else "few"
            row.verdict_text = row._get_verdict_text()

    def _get_verdict_text(self):
        """Return in a sentence what the numbers say and what they do not."""
        self.ensure_one()
        texts = {
            "few": self.env._(
                "Too few: it takes at least %(least)s customers on each side.",
                least=effect.LEAST,
            ),
            "unclear": self.env._("Chance alone may explain the difference."),
            "more": self.env._(
                "Of 100 reminded customers %(count)s more come than without.",
                count=round(self.points),
            ),
            "fewer": self.env._(
                "Fewer come with the reminders than without; look at texts and steps."
            ),
        }
        return texts[self.verdict]

    # === ROWS === #

    @property
    def _table_query(self):
        """Return the rows of months and years in which a plan set somebody aside."""
        for name in ("cr.care.case", "cr.care.plan"):
            self.env[name].flush_model()
        return SQL(
            """
            SELECT MIN(g.id) * 2 + GROUPING(g.month) AS id, g.company_id, g.plan_id,
                   g.subject, CASE WHEN GROUPING(g.month) = 1 THEN 'year'
                   ELSE 'month' END AS period, COALESCE(g.month, g.year) AS day,
                   SUM(g.total - g.aside)::int AS reminded_total,
                   SUM(g.came - g.aside_came)::int AS reminded_came,
                   SUM(g.aside)::int AS aside_total,
                   SUM(g.aside_came)::int AS aside_came
              FROM (%s) g
             GROUP BY GROUPING SETS (
                   (g.company_id, g.plan_id, g.subject, g.year, g.month),
                   (g.company_id, g.plan_id, g.subject, g.year))
            """,
            self._months_sql(),
        )

    def _months_sql(self):
        """Return the query of the months in which somebody was set aside.

        A month in which a plan reminded everybody has nothing to compare with, in the
        year either: it would only bring in another season.
        """
        return SQL(
            """
            SELECT MIN(c.id) AS id, c.company_id, c.plan_id, p.subject,
                   date_trunc('year', c.anchor_on)::date AS year,
                   date_trunc('month', c.anchor_on)::date AS month,
                   COUNT(*) AS total,
                   COUNT(*) FILTER (WHERE %(came)s) AS came,
                   COUNT(*) FILTER (WHERE c.is_holdout) AS aside,
                   COUNT(*) FILTER (WHERE c.is_holdout AND %(came)s) AS aside_came
              FROM cr_care_case c
              JOIN cr_care_plan p ON p.id = c.plan_id
             WHERE p.stop_on <> 'none' AND c.expires_on < %(today)s
               AND (c.state <> 'cancelled' OR c.cancel_reason = 'hand')
             GROUP BY c.company_id, c.plan_id, p.subject, year, month
            HAVING COUNT(*) FILTER (WHERE c.is_holdout) > 0
            """,
            # Who waits for his call has not longer than those set aside.
            came=SQL(
                "c.state = 'won' AND COALESCE(c.won_on, c.expires_on) <= c.expires_on"
            ),
            today=self.env["cr.care.case"]._get_today(),
        )

    # === ACTIONS === #

    def action_open_cases(self):
        """Open the cases that were compared."""
        self.ensure_one()
        until = {"months": 1} if self.period == "month" else {"years": 1}
        return {
            "type": "ir.actions.act_window",
            "name": self.plan_id.name,
            "res_model": "cr.care.report",
            "view_mode": "list,pivot,graph",
            "domain": [
                ("plan_id", "=", self.plan_id.id),
                ("company_id", "=", self.company_id.id),
                ("anchor_on", ">=", self.day),
                ("anchor_on", "<", fields.Date.add(self.day, **until)),
                ("case_id.expires_on", "<", self.env["cr.care.case"]._get_today()),
                ("due", "=", 1),
            ],
            "context": {"group_by": ["is_holdout"]},
        }
