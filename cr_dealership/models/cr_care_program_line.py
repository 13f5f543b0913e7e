from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const_care import CARE_FORMS
from ..tools.offsets import add_months


class CrCareProgramLine(models.Model):
    """A row of the care matrix: which grade gets what, how often and how (REL-16)."""

    _name = "cr.care.program.line"
    _description = "Line of a care programme"
    _inherit = ["cr.care.audience.mixin"]
    _order = "program_id, sequence, id"

    program_id = fields.Many2one(
        "cr.care.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id")
    sequence = fields.Integer(default=10, aggregator=None)
    name = fields.Char(required=True, translate=True)
    form = fields.Selection(CARE_FORMS, required=True, default="message")
    plan_id = fields.Many2one(
        "cr.care.plan",
        string="Means and steps",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("anchor", "in", ("festival", "campaign"))],
        help="The plan says on which channel, when and by whom it is done.",
    )
    content = fields.Text(
        translate=True, help="Goes into the message and the script as {notice}."
    )
    first_on = fields.Date(string="First on", required=True)
    frequency_months = fields.Integer(
        string="Every (months)", default=12, aggregator=None, help="0: once."
    )
    gives_gift = fields.Boolean(string="With a gift")
    campaign_ids = fields.One2many(
        "cr.care.campaign", "program_line_id", string="Planned care"
    )
    round_count = fields.Integer(string="Times", compute="_compute_round_count")
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _frequency_sane = models.Constraint(
        "CHECK (frequency_months BETWEEN 0 AND 60)",
        "Care comes once, or again after at most 60 months.",
    )

    # === COMPUTE === #

    @api.depends("first_on", "frequency_months", "program_id.date_to")
    def _compute_round_count(self):
        for line in self:
            line.round_count = len(line._get_days())

    # === CHECKS === #

    @api.constrains("first_on", "program_id")
    def _check_first_on(self):
        for line in self:
            program = line.program_id
            if not program.date_from <= line.first_on <= program.date_to:
                raise ValidationError(
                    self.env._(
                        "“%(line)s” begins on %(day)s, outside of %(program)s; choose a"
                        " day from %(first)s to %(last)s.",
                        line=line.name,
                        day=fields.Date.to_string(line.first_on),
                        program=program.name,
                        first=fields.Date.to_string(program.date_from),
                        last=fields.Date.to_string(program.date_to),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new lines in a programme that was approved."""
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        """Refuse to change what was approved."""
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_draft()

    def _check_draft(self):
        """Raise when the programme of a line was handed in or approved already."""
        for program in self.program_id:
            if program.state != "draft":
                raise UserError(
                    self.env._(
                        "%(program)s was handed in; take it back to draft or make an"
                        " adjusted one to change its lines.",
                        program=program.name,
                    )
                )

    # === BUSINESS === #

    def _get_days(self):
        """Return the days within the programme on which the care falls."""
        self.ensure_one()
        if not self.first_on or not self.program_id.date_to:
            return []
        if not self.frequency_months:
            return [self.first_on]
        days, number = [], 0
        # Counted from the first day: the 31st stays the last day of its month.
        while (day := add_months(self.first_on, number)) <= self.program_id.date_to:
            days.append(day)
            number += self.frequency_months
        return days

    def _prepare_campaigns(self, today):
        """Return the values of the campaigns that carry the line out from today on."""
        self.ensure_one()
        return [
            {
                "name": self.name,
                "plan_id": self.plan_id.id,
                "company_id": self.company_id.id,
                "kind": "care",
                "day": day,
                "text": self.content,
                "launch_by_date": True,
                "gives_gift": self.gives_gift,
                "program_line_id": self.id,
                **self._prepare_audience(),
            }
            for day in self._get_days()
            if day >= today
        ]
