from odoo import fields, models
from odoo.tools import SQL

from ..const_interview import INTERVIEW_KINDS, PROCESS_STEPS, QUESTION_DIMENSIONS


class CrAnswerReport(models.Model):
    """Every valid score by factor, step of the process, post and question (SUR-05)."""

    _name = "cr.answer.report"
    _description = "Scores by factor and step"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "question_id"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    day = fields.Date(readonly=True)
    kind = fields.Selection(INTERVIEW_KINDS, readonly=True)
    interview_id = fields.Many2one("cr.interview", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    question_id = fields.Many2one("survey.question", readonly=True)
    factor_id = fields.Many2one("cr.factor", readonly=True)
    step = fields.Selection(PROCESS_STEPS, readonly=True)
    dimension = fields.Selection(QUESTION_DIMENSIONS, string="Measures", readonly=True)
    role_id = fields.Many2one("cr.role", string="Responsible post", readonly=True)
    advisor_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    agent_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    score = fields.Float(
        string="Mean score", readonly=True, digits=(4, 2), aggregator="avg"
    )
    low_count = fields.Integer(string="Low scores", readonly=True)
    ten_rate = fields.Float(
        string="Tens",
        readonly=True,
        aggregator="avg",
        help="Scores of 10 ÷ all scores.",
    )

    @property
    def _table_query(self):
        """Return the rows: scores that no other entry corrects."""
        return SQL("""
            SELECT a.id, i.company_id, i.day, i.kind, a.interview_id, i.partner_id,
                   a.question_id, q.cr_factor_id AS factor_id, q.cr_step AS step,
                   q.cr_dimension AS dimension, q.cr_role_id AS role_id, i.advisor_id,
                   i.department_id, i.model_id, i.agent_id, a.score::float AS score,
                   a.is_low::integer AS low_count,
                   CASE WHEN a.score = 10 THEN 1.0 ELSE 0.0 END AS ten_rate
              FROM cr_interview_answer a
              JOIN cr_interview i ON i.id = a.interview_id
               AND i.state IN ('done', 'broken')
              JOIN survey_question q ON q.id = a.question_id
             WHERE a.is_scored AND NOT EXISTS (
                   SELECT FROM cr_interview_answer newer WHERE newer.corrects_id = a.id)
            """)

    def action_open_interview(self):
        """Open the interview of the row."""
        self.ensure_one()
        return self.interview_id.get_formview_action()
