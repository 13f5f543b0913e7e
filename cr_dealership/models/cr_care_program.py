from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_care import PROGRAM_STATES

_HEADS = "cr_dealership.group_cr_dealership_head"
_DIRECTORS = "cr_dealership.group_cr_dealership_director"
# From which states a programme goes on to a state.
_SOURCES = {
    "draft": ("asked",),
    "asked": ("draft",),
    "approved": ("asked",),
    "running": ("approved",),
    "reviewed": ("running",),
}


class CrCareProgram(models.Model):
    """The care plan of a year as a document: made, approved, carried out, reviewed.

    (REL-16 … REL-18.) Its lines say which grade of customers gets what; carrying it out
    plans a campaign for each line and day, and those start by themselves.
    """

    _name = "cr.care.program"
    _description = "Care programme"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: all stores.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    goal = fields.Text(translate=True)
    state = fields.Selection(
        PROGRAM_STATES,
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    line_ids = fields.One2many("cr.care.program.line", "program_id", copy=True)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    reviewed_on = fields.Date(readonly=True, copy=False)
    feedback = fields.Text(
        string="What customers said",
        copy=False,
        help="Their feedback about the care; the review asks for it.",
    )
    adjustment = fields.Text(
        string="What is to change", copy=False, help="Goes into the adjusted programme."
    )
    previous_id = fields.Many2one(
        "cr.care.program",
        string="Adjusts",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    case_count = fields.Integer(string="Cases", compute="_compute_figures")
    contacted_count = fields.Integer(string="Contacted", compute="_compute_figures")
    reached_count = fields.Integer(string="Reached", compute="_compute_figures")
    refused_count = fields.Integer(string="Refused", compute="_compute_figures")

    _days_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A programme cannot end before it begins."
    )

    # === COMPUTE === #

    def _compute_figures(self):
        rows = self.env["cr.care.case"]._read_group(
            [("campaign_id.program_line_id.program_id", "in", self.ids)],
            ["campaign_id"],
            ["__count", "contacted_on:count", "reached_on:count"],
        )
        refused = dict(
            self.env["cr.care.case"]._read_group(
                [
                    ("campaign_id.program_line_id.program_id", "in", self.ids),
                    ("answer", "=", "refused"),
                ],
                ["campaign_id"],
                ["__count"],
            )
        )
        for program in self:
            mine = [
                (*counts, refused.get(campaign, 0))
                for campaign, *counts in rows
                if campaign.program_line_id.program_id == program
            ]
            sums = [sum(column) for column in zip(*mine, strict=True)] or [0] * 4
            program.case_count, program.contacted_count = sums[:2]
            program.reached_count, program.refused_count = sums[2:]

    # === CRUD === #

    def write(self, vals):
        """Let states change by the buttons only."""
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("A programme is approved and carried out with its buttons.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if kept := self.filtered(lambda program: program.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%(program)s was handed in and stays as a record of what was"
                    " decided.",
                    program=kept.name,
                )
            )

    # === ACTIONS === #

    def action_ask(self):
        """Hand the programme in for approval."""
        for program in self:
            if not program.line_ids:
                raise UserError(
                    self.env._(
                        "%(program)s has no lines; say which customers get what"
                        " first.",
                        program=program.name,
                    )
                )
        self._set_state("asked")

    def action_draft(self):
        """Take a programme back that is not approved yet."""
        self._set_state("draft")

    def action_approve(self):
        """Approve the programme; the CR head or the general manager does."""
        if not (self.env.user.has_group(_HEADS) or self.env.user.has_group(_DIRECTORS)):
            raise UserError(
                self.env._("The CR head or the general manager approves programmes.")
            )
        self._set_state(
            "approved",
            approved_by_id=self.env.uid,
            approved_on=fields.Date.context_today(self),
        )

    def action_execute(self):
        """Plan the care of each line; each campaign starts on its own day."""
        today = self.env["cr.care.case"]._get_today()
        self._check_not_adjusted()
        self._set_state("running")
        # Raised rights: the approved programme plans campaigns, whoever starts it.
        programs = self.sudo()
        programs._stop_previous()
        self.env["cr.care.campaign"].sudo().create(
            [
                vals
                for line in programs.line_ids
                for vals in line._prepare_campaigns(today)
            ]
        )

    def action_review(self):
        """Close the programme with what customers said about the care."""
        for program in self:
            if not (program.feedback or "").strip():
                raise UserError(
                    self.env._(
                        "Write down what customers said about %(program)s before you"
                        " review it.",
                        program=program.name,
                    )
                )
        self._set_state("reviewed", reviewed_on=fields.Date.context_today(self))

    def action_adjust(self):
        """Make an adjusted programme; carrying it out stops what is left of this."""
        self.ensure_one()
        if self.state not in ("approved", "running", "reviewed"):
            raise UserError(
                self.env._("%s is not approved yet; change it itself.", self.name)
            )
        adjusted = self.copy({"previous_id": self.id, "goal": self.adjustment})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": adjusted.id,
            "view_mode": "form",
        }

    def action_view_campaigns(self):
        """Open the care that the programme planned."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_campaign_action"
        )
        domain = [("program_line_id.program_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}

    # === BUSINESS === #

    def _set_state(self, state, **values):
        """Take the programmes to a state, if they may go there."""
        self.check_access("write")
        for program in self:
            if program.state not in _SOURCES[state]:
                raise UserError(
                    self.env._(
                        "%(program)s is %(state)s now; this step does not follow.",
                        program=program.name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[program.state],
                    )
                )
        # Raised rights: nobody writes states by hand.
        self.sudo().write({"state": state, **values})

    def _check_not_adjusted(self):
        """Raise when an adjusted programme is carried out already instead."""
        newer = self.search(
            [
                ("previous_id", "in", self.ids),
                ("state", "in", ("running", "reviewed")),
            ],
            limit=1,
        )
        if newer:
            raise UserError(
                self.env._(
                    "%(new)s stands in for %(program)s and is carried out already.",
                    new=newer.display_name,
                    program=newer.previous_id.display_name,
                )
            )

    def _stop_previous(self):
        """Close the care of the adjusted programmes that has not started yet."""
        waiting = self.env["cr.care.campaign"].search(
            [
                ("program_line_id.program_id", "in", self.previous_id.ids),
                ("state", "=", "draft"),
            ]
        )
        waiting.state = "closed"
