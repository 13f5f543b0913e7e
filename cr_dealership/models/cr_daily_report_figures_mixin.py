from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

FIGURES = (
    "call_count",
    "reached_count",
    "problem_count",
    "done_count",
    "left_count",
    "late_count",
    "missed_count",
)

# What an agent did in the span of a report; corrected calls count once.
_CALLS = SQL("""
    SELECT COUNT(*) AS call_count,
           COUNT(*) FILTER (WHERE a.outcome_kind IN
               ('reached', 'refused', 'appointment')) AS reached_count
      FROM cr_call_attempt a
     WHERE a.agent_id = span.agent_id AND a.company_id = span.company_id
       AND a.at >= span.start AND a.at < span.stop
       AND NOT EXISTS (SELECT FROM cr_call_attempt newer WHERE newer.corrects_id = a.id)
    """)
_CARDS = SQL("""
    SELECT COUNT(*) FILTER (WHERE c.state = 'done') AS done_count,
           COUNT(*) FILTER (WHERE c.state = 'missed') AS missed_count,
           COUNT(*) FILTER (WHERE c.closed_at IS NULL) AS left_count,
           COUNT(*) FILTER (WHERE c.closed_at IS NULL AND c.due_on < span.day)
               AS late_count
      FROM cr_callback c
     WHERE c.agent_id = span.agent_id AND c.company_id = span.company_id
       AND (c.closed_at >= span.start AND c.closed_at < span.stop
            OR c.state IN ('todo', 'retry') AND c.earliest_on <= span.day
               AND c.block_code IS NULL)
    """)


class CrDailyReportFiguresMixin(models.AbstractModel):
    """The figures of daily reports, worked out for many reports at once.

    The host has the columns of FIGURES and a store, an agent and a day.
    """

    _name = "cr.daily.report.figures.mixin"
    _description = "Daily report: figures"

    def _refresh_figures(self):
        """Work out the figures of all reports, in a few queries."""
        figures, outcomes = self._get_figures(), self._get_outcome_counts()
        problems = self._get_problem_counts()
        # Raised rights: nobody writes the figures himself.
        for report in self.sudo():
            counts = outcomes.get(report.id, {})
            report.write(
                {
                    **figures.get(report.id, dict.fromkeys(FIGURES, 0)),
                    "problem_count": problems.get(report.id, 0),
                    "line_ids": [fields.Command.clear()]
                    + [
                        fields.Command.create({"outcome_id": outcome, "count": count})
                        for outcome, count in counts.items()
                    ],
                }
            )

    def _spans_sql(self):
        """Return the rows (report, store, agent, from, to) of the days reported."""
        self.flush_recordset()
        callbacks = self.env["cr.callback"]
        rows = [
            SQL(
                "(%s, %s, %s, %s::timestamp, %s::timestamp, %s::date)",
                report.id,
                report.company_id.id,
                report.agent_id.id,
                callbacks.with_company(report.company_id)._get_day_start(report.day),
                callbacks.with_company(report.company_id)._get_day_start(
                    report.day + timedelta(days=1)
                ),
                report.day,
            )
            for report in self
        ]
        return SQL(
            "(VALUES %s) AS span(id, company_id, agent_id, start, stop, day)",
            SQL(", ").join(rows),
        )

    def _get_figures(self):
        """Return {report id: {field: count}}."""
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT span.id, calls.*, cards.* FROM %s
                  LEFT JOIN LATERAL (%s) calls ON TRUE
                  LEFT JOIN LATERAL (%s) cards ON TRUE
                """,
                self._spans_sql(),
                _CALLS,
                _CARDS,
            )
        )
        return {row.pop("id"): row for row in rows}

    def _get_outcome_counts(self):
        """Return {report id: {outcome id: count}}."""
        if not self:
            return {}
        counts = {}
        for report_id, outcome_id, count in self.env.execute_query(
            SQL(
                """
                SELECT span.id, a.outcome_id, COUNT(*) FROM %s
                  JOIN cr_call_attempt a ON a.agent_id = span.agent_id
                   AND a.company_id = span.company_id
                   AND a.at >= span.start AND a.at < span.stop
                 WHERE NOT EXISTS (SELECT FROM cr_call_attempt newer
                                    WHERE newer.corrects_id = a.id)
                 GROUP BY span.id, a.outcome_id
                """,
                self._spans_sql(),
            )
        ):
            counts.setdefault(report_id, {})[outcome_id] = count
        return counts

    def _get_problem_counts(self):
        """Return {report id: problems that the agent noted that day}."""
        if not self:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT span.id, COUNT(*) FROM %s
                      JOIN cr_problem p ON p.create_uid = span.agent_id
                       AND p.company_id = span.company_id
                       AND p.opened_at >= span.start AND p.opened_at < span.stop
                     GROUP BY span.id
                    """,
                    self._spans_sql(),
                )
            )
        )
