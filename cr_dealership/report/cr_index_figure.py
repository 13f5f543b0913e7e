from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..const_interview import FIGURE_DIMENSIONS, INTERVIEW_KINDS
from ..tools import interview as sureness

# Column of the interview or callback by which a dimension groups.
_COLUMNS = {
    "department": "department_id",
    "advisor": "advisor_id",
    "model": "model_id",
    "agent": "agent_id",
}


class CrIndexFigure(models.Model):
    """An index of a month with what it is worth: interval and integrity beside it.

    A row is a month, store and version of weights, for the whole store or for one
    department, advisor, model or callback agent.
    """

    _name = "cr.index.figure"
    _description = "Index of a month"
    _auto = False
    _order = "month desc, index_id, dimension, mean"
    _rec_name = "month"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    month = fields.Date(readonly=True, help="Its first day.")
    kind = fields.Selection(INTERVIEW_KINDS, readonly=True)
    index_id = fields.Many2one("cr.index", readonly=True)
    version_id = fields.Many2one("cr.index.version", string="Weights", readonly=True)
    is_current = fields.Boolean(string="In force in that month", readonly=True)
    dimension = fields.Selection(FIGURE_DIMENSIONS, string="Of", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    advisor_id = fields.Many2one("hr.employee", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    agent_id = fields.Many2one("res.users", string="Callback agent", readonly=True)
    subject = fields.Char(
        string="Figure of", compute="_compute_subject", help="Of whom the figure is."
    )
    mean = fields.Float(
        string="Index (points)", readonly=True, digits=(6, 0), aggregator=None
    )
    deviation = fields.Float(readonly=True, digits=(6, 1), aggregator=None)
    count = fields.Integer(
        string="Counted",
        readonly=True,
        help="Completed interviews that carry enough of the weight.",
    )
    rest_count = fields.Integer(readonly=True, aggregator=None)
    rest_mean = fields.Float(
        string="All others", readonly=True, digits=(6, 0), aggregator=None
    )
    rest_deviation = fields.Float(readonly=True, digits=(6, 1), aggregator=None)
    interval_text = fields.Char(
        string="Interval (95 %)",
        compute="_compute_sureness",
        help="Between these points the index lies with 95 % certainty; below five"
        " interviews none is given.",
    )
    is_striking = fields.Boolean(
        string="Differs from all others",
        compute="_compute_sureness",
        help="By more than chance explains (99 %). For a callback agent: look at how he"
        " asks.",
    )
    # --- integrity ---
    eligible = fields.Integer(readonly=True, help="Customers to be asked.")
    called = fields.Integer(
        string="Called or invited",
        readonly=True,
        help="Called at least once, or sent a link.",
    )
    reached = fields.Integer(readonly=True, help="Spoken to, or answering.")
    completed = fields.Integer(readonly=True)
    low_count = fields.Integer(string="Low scores", readonly=True)
    raise_count = fields.Integer(string="Raised scores", readonly=True)
    redial_count = fields.Integer(string="Calls after a low score", readonly=True)
    gift_count = fields.Integer(string="Gifts near a score", readonly=True)

    @api.depends("dimension")
    def _compute_subject(self):
        for figure in self:
            name = _COLUMNS.get(figure.dimension, "company_id")
            # sudo: the name of who left, or of a colleague of another store.
            figure.subject = figure[name].sudo().display_name or "—"

    @api.depends("count", "mean", "deviation", "rest_mean", "rest_deviation")
    def _compute_sureness(self):
        for figure in self:
            width = sureness.half_width(figure.count, figure.deviation)
            figure.interval_text = "—"
            if width is not None:
                ends = (max(figure.mean - width, 100), min(figure.mean + width, 1000))
                figure.interval_text = " – ".join(
                    formatLang(self.env, end, digits=0) for end in ends
                )
            figure.is_striking = figure.dimension != "store" and sureness.is_striking(
                (figure.count, figure.mean, figure.deviation),
                (figure.rest_count, figure.rest_mean, figure.rest_deviation),
            )

    # === QUERY === #

    @property
    def _table_query(self):
        """Return the rows: points by month and dimension, the funnel joined to them."""
        keys = SQL("company_id, month, kind, dimension, group_id")
        return SQL(
            """
            WITH point AS (%(points)s), funnel AS (%(funnel)s),
            total AS (
                SELECT %(keys)s, version_id, COUNT(*) AS count, SUM(score) AS sum,
                       SUM(score * score) AS squares, BOOL_OR(is_current) AS is_current,
                       SUM(low_count) AS low_count, SUM(raise_count) AS raise_count,
                       SUM(redial_count) AS redial_count, SUM(gift_count) AS gift_count
                  FROM point GROUP BY %(keys)s, version_id),
            whole AS (
                SELECT t.*, s.count - t.count AS rest_count, s.sum - t.sum AS rest_sum,
                       s.squares - t.squares AS rest_squares
                  FROM total t JOIN total s USING (company_id, month, kind, version_id)
                 WHERE s.dimension = 'store')
            SELECT ROW_NUMBER() OVER (ORDER BY w.month, w.company_id, w.version_id,
                                               w.dimension, w.group_id) AS id,
                   w.company_id, w.month, w.kind, v.index_id, w.version_id,
                   w.is_current, w.dimension, %(groups)s,
                   w.sum / w.count AS mean, w.count, w.rest_count,
                   %(deviation)s AS deviation,
                   w.rest_sum / NULLIF(w.rest_count, 0) AS rest_mean,
                   %(rest_deviation)s AS rest_deviation,
                   f.eligible, f.called, f.reached, f.completed,
                   w.low_count, w.raise_count, w.redial_count, w.gift_count
              FROM whole w
              JOIN cr_index_version v ON v.id = w.version_id
              LEFT JOIN funnel f USING (%(keys)s)
            """,
            points=self._points_sql(),
            funnel=self._funnel_sql(),
            keys=keys,
            groups=SQL(", ").join(map(self._group_sql, _COLUMNS)),
            deviation=self._deviation_sql("count", "sum", "squares"),
            rest_deviation=self._deviation_sql(
                "rest_count", "rest_sum", "rest_squares"
            ),
        )

    @staticmethod
    def _group_sql(dimension):
        """Return the column of a dimension, filled where the row is of it."""
        return SQL(
            "CASE WHEN w.dimension = %s THEN NULLIF(w.group_id, 0) END AS %s",
            dimension,
            SQL.identifier(_COLUMNS[dimension]),
        )

    @staticmethod
    def _deviation_sql(count, total, squares):
        """Return the standard deviation of a sample from its sums."""
        count, total, squares = (
            SQL("w.%s", SQL.identifier(name)) for name in (count, total, squares)
        )
        return SQL(
            "CASE WHEN %(n)s > 1 THEN SQRT(GREATEST("
            "(%(q)s - %(s)s * %(s)s / %(n)s) / (%(n)s - 1), 0)) END",
            n=count,
            s=total,
            q=squares,
        )

    @staticmethod
    def _dimensions_sql(alias):
        """Return rows (dimension, group) to join: a record counts in each of them."""
        pairs = [SQL("('store', 0)")] + [
            SQL("(%s, COALESCE(%s, 0))", dimension, SQL.identifier(alias, column))
            for dimension, column in _COLUMNS.items()
        ]
        return SQL("(VALUES %s) AS d (dimension, group_id)", SQL(", ").join(pairs))

    def _points_sql(self):
        """Return the query of the points, once for each dimension."""
        return SQL(
            """
            SELECT i.company_id, DATE_TRUNC('month', i.day)::date AS month, i.kind,
                   d.dimension, d.group_id, s.version_id, s.is_current, s.score,
                   i.low_count, i.raise_count, i.redial_count,
                   i.is_gift_near::integer AS gift_count
              FROM cr_interview_score s
              JOIN cr_interview i ON i.id = s.interview_id
             CROSS JOIN LATERAL %s
            """,
            self._dimensions_sql("i"),
        )

    def _funnel_sql(self):
        """Return who was to be asked and how far that went, by the same groups."""
        return SQL(
            """
            SELECT e.company_id, e.month, e.kind, d.dimension, d.group_id,
                   COUNT(*) AS eligible, SUM(e.called) AS called,
                   SUM(e.reached) AS reached, SUM(e.completed) AS completed
              FROM (%s UNION ALL %s) e
             CROSS JOIN LATERAL %s
             GROUP BY 1, 2, 3, 4, 5
            """,
            self._callbacks_sql(),
            self._others_sql(),
            self._dimensions_sql("e"),
        )

    def _callbacks_sql(self):
        """Return the callbacks whose script asks a questionnaire.

        They belong to the month of the interview, else of the first call's last day.
        """
        return SQL("""
            SELECT c.company_id,
                   DATE_TRUNC('month', COALESCE(i.day, c.due_on))::date AS month,
                   COALESCE(i.kind, q.kind) AS kind,
                   COALESCE(i.advisor_id, o.advisor_id, car.consultant_id)
                   AS advisor_id,
                   COALESCE(i.department_id, h.department_id) AS department_id,
                   COALESCE(i.model_id, car.model_id) AS model_id,
                   COALESCE(i.agent_id, c.agent_id) AS agent_id,
                   (c.attempt_count > 0 OR i.id IS NOT NULL)::integer AS called,
                   (COALESCE(out.kind IN ('reached', 'refused', 'appointment'), FALSE)
                    OR i.started_at IS NOT NULL)::integer AS reached,
                   COALESCE(i.state = 'done', FALSE)::integer AS completed
              FROM cr_callback c
              JOIN cr_script_version sv ON sv.id = c.script_version_id
              JOIN cr_script sc ON sc.id = sv.script_id
              JOIN cr_questionnaire q ON q.id = sc.questionnaire_id
              LEFT JOIN cr_interview i ON i.callback_id = c.id
              LEFT JOIN cr_service_order o ON o.id = c.order_id
              LEFT JOIN cr_vehicle car ON car.id = c.vehicle_id
              LEFT JOIN cr_call_outcome out ON out.id = c.last_outcome_id
              LEFT JOIN hr_employee e
                ON e.id = COALESCE(o.advisor_id, car.consultant_id)
              LEFT JOIN hr_version h ON h.id = e.current_version_id
             WHERE c.state <> 'cancelled'
            """)

    def _others_sql(self):
        """Return the interviews to which no callback belongs: visits, mail-outs."""
        return SQL("""
            SELECT i.company_id,
                   DATE_TRUNC('month', COALESCE(i.day, i.create_date::date))::date,
                   i.kind, i.advisor_id, i.department_id, i.model_id, i.agent_id, 1,
                   (i.started_at IS NOT NULL)::integer, (i.state = 'done')::integer
              FROM cr_interview i WHERE i.callback_id IS NULL
            """)

    # === ACTIONS === #

    def action_open_interviews(self):
        """Open the interviews that the index counts."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("version_id", "=", self.version_id.id),
            ("day", ">=", self.month),
            ("day", "<=", fields.Date.end_of(self.month, "month")),
        ]
        if self.dimension != "store":
            name = _COLUMNS[self.dimension]
            domain.append((name, "=", self[name].id))
        return {
            "type": "ir.actions.act_window",
            "name": self.index_id.name,
            "res_model": "cr.index.report",
            "view_mode": "list,pivot,graph",
            "domain": domain,
        }
