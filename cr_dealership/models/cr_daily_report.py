from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.date_utils import float_to_time

from .cr_daily_report_figures_mixin import FIGURES

# How long before the end of work an agent is reminded.
REMIND_MINUTES = 30
# What a person writes; the figures come from the calls.
_FREE_FIELDS = {"remark"}


class CrDailyReport(models.Model):
    """What an agent did on a day in a store; only the remark is typed (RPT-01).

    The figures are worked out from the calls and cards until the report is submitted,
    and stay as they are from then on.
    """

    _name = "cr.daily.report"
    _description = "Daily report"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.daily.report.figures.mixin",
    ]
    _order = "day desc, company_id, agent_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        default=lambda self: self.env.company,
    )
    agent_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    day = fields.Date(required=True, index=True, default=lambda self: self._today())
    state = fields.Selection(
        [("draft", "Not submitted"), ("submitted", "Submitted")],
        required=True,
        default="draft",
        readonly=True,
    )
    call_count = fields.Integer(string="Calls", readonly=True)
    reached_count = fields.Integer(string="Reached", readonly=True)
    reached_rate = fields.Float(
        string="Reached (%)",
        compute="_compute_reached_rate",
        digits=(5, 1),
        help="Calls that reached the customer ÷ all calls × 100.",
    )
    problem_count = fields.Integer(string="Problems", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    left_count = fields.Integer(string="Left over", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    missed_count = fields.Integer(string="Windows missed", readonly=True)
    line_ids = fields.One2many(
        "cr.daily.report.line", "report_id", string="By outcome", readonly=True
    )
    remark = fields.Text()
    submitted_at = fields.Datetime(readonly=True)
    head_ids = fields.Many2many("res.users", string="Sent to", readonly=True)

    _day_unique = models.Constraint(
        "UNIQUE (company_id, agent_id, day)",
        "There is already a report of this agent for this store and day.",
    )

    @api.model
    def _today(self):
        return self.env["cr.callback"]._get_today()

    @api.depends("agent_id", "day")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.agent_id.name or ''} {report.day or ''}"

    @api.depends("call_count", "reached_count")
    def _compute_reached_rate(self):
        for report in self:
            calls = report.call_count
            report.reached_rate = 100 * report.reached_count / calls if calls else 0

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Work out the figures of new reports."""
        own = {"company_id", "agent_id", "day", "remark"}
        reports = super().create(
            [{key: vals[key] for key in own & set(vals)} for vals in vals_list]
        )
        reports._refresh_figures()
        return reports

    def write(self, vals):
        """Let people write the remark only."""
        if not self.env.su and set(vals) - _FREE_FIELDS:
            raise UserError(
                self.env._(
                    "The figures of a daily report come from the calls; write your"
                    " remark, or correct the call."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        """Keep what was handed in."""
        if self.filtered(lambda report: report.state == "submitted"):
            raise UserError(
                self.env._(
                    "A submitted daily report is kept; write a remark to the next one."
                )
            )

    # === ACTIONS === #

    @api.model
    def action_open_today(self):
        """Open my report of today; it is made when it is not there yet."""
        report = self.search(
            [
                ("agent_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
                ("day", "=", self._today()),
            ]
        ) or self.create({})
        report.action_refresh()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My report of today"),
            "res_model": self._name,
            "res_id": report.id,
            "view_mode": "form",
        }

    def action_refresh(self):
        """Work out the figures again, unless the report was handed in."""
        self.filtered(lambda report: report.state == "draft")._refresh_figures()

    def action_submit(self):
        """Freeze the figures and send the report to the CR head on duty."""
        for report in self:
            report._check_submit()
        self._refresh_figures()
        head_role = self.env["cr.role"]._get_head()
        for report in self:
            heads = head_role and head_role._on_duty(report.company_id, report.day)
            # Raised rights: the report's state is no field a person writes.
            report.sudo().write(
                {
                    "state": "submitted",
                    "submitted_at": fields.Datetime.now(),
                    "head_ids": [fields.Command.set(heads.ids if heads else [])],
                }
            )
            report._send_to(heads)
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])
        return True

    def _check_submit(self):
        """Raise unless the report may be handed in by this user."""
        self.ensure_one()
        if self.state == "submitted":
            raise UserError(
                self.env._(
                    "%(report)s was handed in already.", report=self.display_name
                )
            )
        if self.agent_id != self.env.user and not self.env.user.has_group(
            "cr_dealership.group_cr_dealership_head"
        ):
            raise UserError(
                self.env._(
                    "%(report)s belongs to a colleague; hand in your own report.",
                    report=self.display_name,
                )
            )

    def _send_to(self, heads):
        """Tell the heads in words what the report says."""
        self.ensure_one()
        if not heads:
            return
        self.message_notify(
            partner_ids=heads.partner_id.ids,
            subject=self.env._("Daily report %(report)s", report=self.display_name),
            body=self.env._(
                "%(calls)s calls, %(reached)s reached, %(done)s done, %(left)s left,"
                " %(late)s late. %(remark)s",
                calls=self.call_count,
                reached=self.reached_count,
                done=self.done_count,
                left=self.left_count,
                late=self.late_count,
                remark=self.remark or "",
            ),
        )

    def _get_figure_rows(self):
        """Return [(label, figure)] as print and workbook show them."""
        return [
            (self._fields[name]._description_string(self.env), self and self[name])
            for name in FIGURES
        ]

    # === CRON === #

    @api.model
    def _remind_missing(self, now):
        """Remind agents whose report of today is missing shortly before they leave.

        :param now: UTC moment
        :return: the reports that are missing
        """
        missing = self.browse()
        for company in self.env["res.company"].search([("active", "=", True)]):
            local = self.env["cr.callback"].with_company(company)._to_local(now)
            if self._is_reminding_time(company, local):
                missing |= self._make_missing(company, local.date())
        missing._remind()
        return missing

    @api.model
    def _is_reminding_time(self, company, local):
        """Return whether the store's work ends within the next half hour, or did."""
        if not company._cr_is_working_day(local.date()):
            return False
        attendances = company.resource_calendar_id.attendance_ids.filtered(
            lambda line: not line.display_type
        )
        end = float_to_time(min(max(attendances.mapped("hour_to"), default=18), 23.99))
        end_at = datetime.combine(local.date(), end)
        return end_at - timedelta(minutes=REMIND_MINUTES) <= local

    @api.model
    def _make_missing(self, company, day):
        """Return the open reports of who works today; make those not there yet."""
        reports = self.with_company(company)
        agents = self._get_reporting_agents(company, day)
        present = reports.search([("company_id", "=", company.id), ("day", "=", day)])
        created = reports.create(
            [
                {"company_id": company.id, "agent_id": agent.id, "day": day}
                for agent in agents - present.agent_id
            ]
        )
        return created | present.filtered(lambda report: report.state == "draft")

    @api.model
    def _get_reporting_agents(self, company, day):
        """Return who called customers of a store on a day, or was on duty for it."""
        start = self.env["cr.callback"].with_company(company)._get_day_start(day)
        groups = self.env["cr.call.attempt"]._read_group(
            [("company_id", "=", company.id), ("at", ">=", start)], ["agent_id"]
        )
        callers = self.env["res.users"].union(*(agent for [agent] in groups))
        roles = self.env["cr.callback.rule"].search([("active", "=", True)]).role_id
        # Whoever answers for a vacant role reports to nobody.
        on_duty = [
            duty.user
            for key, duties in roles._get_duties(company, [day]).items()
            for duty in duties
            if duty.role == key[0]
        ]
        return callers | callers.browse(on_duty)

    def _remind(self):
        """Give every agent one to-do for his missing report."""
        for report in self.filtered(lambda one: not one.activity_ids):
            report.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=report.agent_id.id,
                summary=report.env._("Hand in your daily report before you leave"),
            )

    @api.model
    def _cron_remind_missing(self):
        """Remind agents whose daily report is missing."""
        reminded = self._remind_missing(fields.Datetime.now())
        self.env["ir.cron"]._commit_progress(len(reminded))


class CrDailyReportLine(models.Model):
    """How many calls of a daily report ended with an outcome."""

    _name = "cr.daily.report.line"
    _description = "Outcome in a daily report"
    _order = "report_id, outcome_id"

    report_id = fields.Many2one(
        "cr.daily.report", required=True, index=True, ondelete="cascade"
    )
    outcome_id = fields.Many2one("cr.call.outcome", required=True, ondelete="restrict")
    count = fields.Integer(string="Calls", required=True)
