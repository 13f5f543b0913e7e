from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const_care import CONDITIONS, LANES, MESSAGE_CHANNELS, TASK_CHANNELS


class CrCareStep(models.Model):
    """What is done on day N plus so many days, by whom, on which channel (FS-05)."""

    _name = "cr.care.step"
    _description = "Step of a care plan"
    _inherit = ["cr.version.line.mixin"]
    _order = "version_id, offset_days, sequence, id"

    version_id = fields.Many2one(
        "cr.care.plan.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    offset_days = fields.Integer(
        string="Day N plus",
        required=True,
        aggregator=None,
        help="-65 is 65 days before.",
    )
    day_text = fields.Char(string="Day", compute="_compute_day_text")
    name = fields.Char(required=True, translate=True)
    channel = fields.Selection(TASK_CHANNELS, required=True, default="call")
    lane = fields.Selection(LANES, required=True, default="cr")
    role_id = fields.Many2one(
        "cr.role", string="Who does it", index="btree_not_null", ondelete="restrict"
    )
    condition = fields.Selection(
        CONDITIONS, string="Only", required=True, default="open"
    )
    template_id = fields.Many2one(
        "cr.message.template",
        string="Text",
        index="btree_not_null",
        ondelete="restrict",
    )
    script_id = fields.Many2one(
        "cr.script", index="btree_not_null", ondelete="restrict"
    )
    is_gift = fields.Boolean(
        string="Ask for a birthday gift",
        help="The task makes the request that the general manager signs.",
    )
    tolerance_days = fields.Integer(
        string="May be late by (days)",
        default=10,
        required=True,
        aggregator=None,
        help="Later than that the step is left out and says so.",
    )
    call_days = fields.Integer(
        string="Call within (working days)",
        default=5,
        required=True,
        aggregator=None,
        help="Working days of the store after the day on which the call falls due.",
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _days_sane = models.Constraint(
        "CHECK (tolerance_days >= 0 AND call_days >= 0"
        " AND offset_days BETWEEN -400 AND 400)",
        "A step lies within 400 days of day N, and its days are not negative.",
    )

    @api.depends("offset_days")
    def _compute_day_text(self):
        for step in self:
            step.day_text = f"N{step.offset_days:+d}" if step.offset_days else "N"

    @api.constrains("channel", "template_id", "role_id")
    def _check_complete(self):
        for step in self:
            if step.channel in MESSAGE_CHANNELS and not step.template_id:
                raise ValidationError(
                    self.env._(
                        "The step “%(step)s” sends a message but has no text; choose"
                        " one.",
                        step=step.name,
                    )
                )
            if step.channel not in MESSAGE_CHANNELS and not step.role_id:
                raise ValidationError(
                    self.env._(
                        "The step “%(step)s” is nobody's; say which role does it.",
                        step=step.name,
                    )
                )
