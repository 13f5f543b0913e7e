from odoo import fields, models
from odoo.tools import SQL

from ..const_interview import (
    INDEX_OWNERS,
    INTERVIEW_CHANNELS,
    INTERVIEW_KINDS,
    WINDOW_STATES,
)


class CrIndexReport(models.Model):
    """Points of every counted interview under every version of weights (KPI-01).

    A row is an interview under a version; the average of the points of some rows is
    their index. The rows in force on their day are the index as it was reported.
    """

    _name = "cr.index.report"
    _description = "Satisfaction index"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "interview_id"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    day = fields.Date(readonly=True)
    interview_id = fields.Many2one("cr.interview", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    kind = fields.Selection(INTERVIEW_KINDS, readonly=True)
    owner = fields.Selection(INDEX_OWNERS, string="Whose index", readonly=True)
    index_id = fields.Many2one("cr.index", readonly=True)
    version_id = fields.Many2one("cr.index.version", string="Weights", readonly=True)
    is_current = fields.Boolean(string="In force on that day", readonly=True)
    advisor_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    agent_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    channel = fields.Selection(INTERVIEW_CHANNELS, readonly=True)
    window_state = fields.Selection(WINDOW_STATES, string="Study", readonly=True)
    score = fields.Float(
        string="Index (points of 1,000)",
        readonly=True,
        digits=(6, 1),
        aggregator="avg",
        help="100 × mean of the factors by the weights of the version.",
    )
    share = fields.Float(
        string="Weight answered", readonly=True, digits=(5, 2), aggregator="avg"
    )
    low_count = fields.Integer(string="Low scores", readonly=True)
    raise_count = fields.Integer(string="Raised scores", readonly=True)
    redial_count = fields.Integer(string="Calls after a low score", readonly=True)
    gift_count = fields.Integer(string="Gifts near a score", readonly=True)

    @property
    def _table_query(self):
        """Return the rows: scores with what their interview and version say."""
        return SQL("""
            SELECT s.id, i.company_id, i.day, s.interview_id, i.partner_id, i.kind,
                   x.owner, v.index_id, s.version_id, s.is_current, i.advisor_id,
                   i.department_id, i.model_id, i.agent_id, i.channel, i.window_state,
                   s.score, s.share, i.low_count, i.raise_count, i.redial_count,
                   i.is_gift_near::integer AS gift_count
              FROM cr_interview_score s
              JOIN cr_interview i ON i.id = s.interview_id
              JOIN cr_index_version v ON v.id = s.version_id
              JOIN cr_index x ON x.id = v.index_id
            """)

    def action_open_interview(self):
        """Open the interview of the row."""
        self.ensure_one()
        return self.interview_id.get_formview_action()
