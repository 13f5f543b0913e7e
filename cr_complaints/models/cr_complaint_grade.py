from odoo import api, fields, models

from ..tools.complaint_log import ALWAYS


class CrComplaintGrade(models.Model):
    """A level of a scheme: what it means, who owns it, how fast he answers.

    (CPL-02 … CPL-08, CPL-31, table 5.1.) Hours are working hours of the store's
    calendar; the shipped ones are assumed.
    """

    _name = "cr.complaint.grade"
    _description = "Complaint grade"
    _inherit = ["cr.cached.mixin"]
    _order = "scheme_id, level, id"

    scheme_id = fields.Many2one(
        "cr.complaint.scheme", required=True, index=True, ondelete="cascade"
    )
    level = fields.Integer(required=True, aggregator=None, help="1 is the mildest.")
    name = fields.Char(required=True, translate=True)
    definition = fields.Text(required=True, translate=True)
    role_id = fields.Many2one("cr.role", string="Owned by", required=True)
    answer_hours = fields.Float(
        string="First answer within", required=True, aggregator=None
    )
    promise_hours = fields.Float(
        string="Told again within",
        required=True,
        aggregator=None,
        help="The customer is never left without news for longer (CPL-17).",
    )
    solve_hours = fields.Float(string="Solved within", required=True, aggregator=None)
    is_crisis = fields.Boolean(
        string="Crisis",
        help="Seen only by whom it concerns; keeps a file with a daily note.",
    )
    is_loud_at_night = fields.Boolean(
        string="Day and night",
        help="Hours count around the clock, and alerts do not wait for the morning.",
    )
    needs_verification = fields.Boolean(
        string="Follow-up call before closing",
        default=True,
        help="Somebody who did not handle it asks the customer (CPL-19).",
    )
    needs_evidence = fields.Boolean(
        string="Evidence before closing",
        help="A signed settlement, photo or recording is attached.",
    )
    color = fields.Integer(aggregator=None)
    is_assumed = fields.Boolean(
        string="Assumed", help="Hours are a default of ours that no source confirms."
    )
    rung_ids = fields.One2many("cr.complaint.rung", "grade_id", string="Ladder")

    _level_unique = models.Constraint(
        "UNIQUE (scheme_id, level)", "This scheme already has that level."
    )
    _hours_sane = models.Constraint(
        "CHECK (answer_hours >= 0 AND promise_hours >= 0 AND solve_hours >= 0)",
        "Hours are not negative.",
    )

    @api.depends("level", "name")
    def _compute_display_name(self):
        for grade in self:
            grade.display_name = f"{grade.level} · {grade.name or ''}"

    def _get_hours(self):
        """Return {clock: hours} of the grade; 0 means no such clock.

        "always" says whether they count day and night.
        """
        self.ensure_one()
        return {
            "answer": self.answer_hours,
            "promise": self.promise_hours,
            "solve": self.solve_hours,
            ALWAYS: self.is_loud_at_night,
        }
