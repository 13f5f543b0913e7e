from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from odoo.addons.cr_dealership.tools.offsets import add_months

from ..tools.events import judge_count

_BEGINS = time(9, 30)
_TZ = "Asia/Shanghai"


class CrEventYearLine(models.Model):
    """What the club does in a year: how often, who, how it stands (EVT-11, EVT-20).

    A line opens its next event so many days before it is due; notices are events
    without seats (EVT-18).
    """

    _name = "cr.event.year.line"
    _description = "Year plan of events"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    type_id = fields.Many2one(
        "event.type",
        string="Kind of event",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("cr_is_club", "=", True)],
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    indicator = fields.Char(translate=True, help="Like: one each month.")
    every_months = fields.Integer(
        string="Every (months)",
        aggregator=None,
        help="0: only checked; events are planned by hand.",
    )
    lead_days = fields.Integer(
        string="Opened (days before)", default=40, aggregator=None
    )
    next_on = fields.Date(string="Next on", tracking=True)
    year_min = fields.Integer(string="A year at least", aggregator=None)
    year_max = fields.Integer(
        string="A year at most", aggregator=None, help="0: no limit."
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    event_ids = fields.One2many("event.event", "cr_year_line_id", string="Events")
    year_count = fields.Integer(string="This year", compute="_compute_year_count")
    verdict = fields.Selection(
        [("short", "Too few"), ("right", "As planned"), ("over", "Too many")],
        compute="_compute_year_count",
    )
    verdict_text = fields.Char(string="Check", compute="_compute_year_count")

    _figures_sane = models.Constraint(
        "CHECK (every_months BETWEEN 0 AND 60 AND lead_days BETWEEN 0 AND 365"
        " AND year_min >= 0 AND year_max >= 0)",
        "Months, days and numbers of a year plan are not negative.",
    )
    _limits_order = models.Constraint(
        "CHECK (COALESCE(year_max, 0) = 0 OR year_max >= COALESCE(year_min, 0))",
        "At most cannot be less than at least.",
    )
    _next_index = models.Index("(next_on) WHERE active AND every_months > 0")

    # === COMPUTE === #

    @api.depends("type_id", "company_id", "year_min", "year_max")
    @api.depends_context("lang")
    def _compute_year_count(self):
        """Count the events of the kind in this year, held or planned."""
        year = self.env.company._cr_today().year
        rows = self.env["event.event"]._read_group(
            [
                ("event_type_id", "in", self.type_id.ids),
                ("cr_day", ">=", f"{year}-01-01"),
                ("cr_day", "<=", f"{year}-12-31"),
                ("cr_state", "!=", "cancelled"),
            ],
            ["event_type_id", "company_id"],
            ["__count"],
        )
        counts = {(kind, company): count for kind, company, count in rows}
        for line in self:
            count = counts.get((line.type_id, line.company_id), 0)
            line.year_count = count
            line.verdict = judge_count(count, line.year_min, line.year_max)
            line.verdict_text = line._describe(count)

    def _describe(self, count):
        """Return in words how the year stands."""
        self.ensure_one()
        values = {"count": count, "low": self.year_min, "high": self.year_max}
        if self.verdict == "short":
            return self.env._(
                "%(count)s this year, %(low)s at least: plan more", **values
            )
        if self.verdict == "over":
            return self.env._("%(count)s this year, %(high)s at most", **values)
        return self.env._("%(count)s this year, as planned", **values)

    # === ACTIONS === #

    def action_open_events(self):
        """Open the events of this kind."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.event_event_action"
        )
        return {
            **action,
            "domain": [
                ("event_type_id", "=", self.type_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {"default_event_type_id": self.type_id.id, "cr_event": True},
        }

    def action_open_next(self):
        """Open the next event now."""
        self.check_access("write")
        self._open_events()

    # === BUSINESS === #

    def _open_events(self):
        """Make the next event of each line and note when the one after it is due."""
        lines = self.filtered("next_on")
        # sudo: a line opens events for the department that is responsible.
        events = self.env["event.event"].sudo()
        known = {
            (event.cr_year_line_id.id, event.cr_planned_on)
            for event in events.search([("cr_year_line_id", "in", lines.ids)])
        }
        fresh = lines.filtered(lambda line: (line.id, line.next_on) not in known)
        made = events.create([line._prepare_event() for line in fresh])
        for line in lines.filtered("every_months"):
            line.next_on = add_months(line.next_on, line.every_months)
        return made

    def _prepare_event(self):
        """Return the next event of the line, at half past nine by the store's clock."""
        self.ensure_one()
        zone = pytz.timezone(self.company_id.partner_id.tz or _TZ)
        local = zone.localize(datetime.combine(self.next_on, _BEGINS))
        begin = local.astimezone(pytz.utc).replace(tzinfo=None)
        return {
            "name": f"{self.name} {self.next_on:%Y-%m}",
            "event_type_id": self.type_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "date_begin": begin,
            "date_end": begin + timedelta(hours=3),
            "cr_year_line_id": self.id,
            "cr_planned_on": self.next_on,
        }

    # === CRON === #

    @api.model
    def _get_due_domain(self, today):
        """Return the domain of lines that may be due; each has its own lead."""
        last = today + timedelta(days=365)
        return [("every_months", ">", 0), ("next_on", "<=", last)]

    @api.model
    def _open_due(self, today, limit=100):
        """Open the events whose preparation begins, without committing.

        :param datetime.date today: day of the run
        :param int limit: lines at a time
        :return: how many lines were due
        :rtype: int
        """
        lines = self.search(self._get_due_domain(today), order="next_on, id")
        due = lines.filtered(
            lambda line: line.next_on <= today + timedelta(days=line.lead_days)
        )[:limit]
        due._open_events()
        return len(due)

    @api.model
    def _cron_open_due(self):
        """Open what is due; each round of a line opens one event at most."""
        cron = self.env["ir.cron"]
        today = self.env.company._cr_today()
        while done := self._open_due(today):
            if not cron._commit_progress(done):
                break
