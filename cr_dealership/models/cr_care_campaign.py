from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const_care import CAMPAIGN_KINDS, DATED_KINDS
from ..tools.offsets import add_months


class CrCareCampaign(models.Model):
    """A care plan started by a person or a date: weather, notice, promotion, festival.

    (REL-07 … REL-09, REL-14, REL-20, REL-23, CAM-07, CAM-08, COM-11, COM-13.) What it
    says and to whom is written here; how it is carried out stands in the plan.
    """

    _name = "cr.care.campaign"
    _description = "Care campaign"
    _inherit = [
        "mail.thread",
        "cr.care.audience.mixin",
        "cr.care.campaign.record.mixin",
        "cr.care.campaign.incident.mixin",
        "cr.care.campaign.response.mixin",
    ]
    _order = "day desc, id desc"

    name = fields.Char(required=True, translate=True)
    plan_id = fields.Many2one(
        "cr.care.plan",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("anchor", "in", ("festival", "campaign", "damage"))],
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: all stores.",
    )
    kind = fields.Selection(
        CAMPAIGN_KINDS, required=True, default="notice"
    )
    day = fields.Date(string="Day N", required=True, default=fields.Date.context_today)
    valid_until = fields.Date(help="After this day nobody is contacted any more.")
    text = fields.Text(
        translate=True, help="Goes into the message and the script as {notice}."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("launched", "Launched"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    launch_by_date = fields.Boolean(
        string="Starts by itself",
        help="The nightly run starts it when its first step is due.",
    )
    repeat_months = fields.Integer(
        string="Again every (months)",
        aggregator=None,
        help="After its start the next one is planned so many months later; 0: once.",
    )
    previous_id = fields.Many2one(
        "cr.care.campaign",
        string="Repeats",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    case_ids = fields.One2many("cr.care.case", "campaign_id", string="Cases")
    case_count = fields.Integer(compute="_compute_case_count", string="Contacted cases")
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _days_order = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_until >= day)",
        "A campaign cannot end before its day.",
    )
    _waiting_index = models.Index("(day) WHERE state = 'draft' AND launch_by_date")
    _over_index = models.Index("(valid_until) WHERE state = 'launched'")
    _next_unique = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "The next one of this campaign is planned already.",
    )
    _repeat_sane = models.Constraint(
        "CHECK (repeat_months BETWEEN 0 AND 60)",
        "A campaign comes again after at most 60 months.",
    )

    # === COMPUTE === #

    def _compute_case_count(self):
        counts = dict(
            self.env["cr.care.case"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.case_count = counts.get(campaign, 0)

    # === ACTIONS === #

    def action_launch(self):
        """Open a case for every customer meant; each customer once.

        :raise UserError: launched already, over, or nobody is meant
        """
        self.check_access("write")
        for campaign in self:
            campaign._check_launch()
            # Raised rights: cases are opened for customers of all agents.
            campaign.sudo()._launch(self.env["cr.care.case"]._get_today())

    def action_close(self):
        """Stop the campaign: nobody else is contacted."""
        self.check_access("write")
        self._check_closing()
        self.state = "closed"
        self.case_ids._end("expired")

    def action_view_cases(self):
        """Open the cases of the campaign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_case_action"
        )
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {}}

    # === BUSINESS === #

    def _check_launch(self):
        """Raise unless the campaign can start now."""
        self.ensure_one()
        today = self.env["cr.care.case"]._get_today()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "%(campaign)s was launched already; copy it to start it anew.",
                    campaign=self.name,
                )
            )
        if self.valid_until and self.valid_until < today:
            raise UserError(
                self.env._(
                    "%(campaign)s ended on %(day)s; choose a later last day.",
                    campaign=self.name,
                    day=fields.Date.to_string(self.valid_until),
                )
            )
        if self.kind in DATED_KINDS and not self.valid_until:
            raise UserError(
                self.env._(
                    "%(campaign)s is an offer for a time; say until which day it"
                    " holds.",
                    campaign=self.name,
                )
            )
        version = self.plan_id._get_versions(today).get(self.plan_id.id)
        if not version:
            raise UserError(
                self.env._(
                    "The plan %(plan)s has no version in force; put one in force"
                    " first.",
                    plan=self.plan_id.name,
                )
            )
        if obstacle := self._describe_obstacle(version, today):
            raise UserError(obstacle)

    def _launch(self, today):
        """Open the cases in batches within this transaction; return how many."""
        self.ensure_one()
        if self.kind == "incident":
            self.state = "launched"
            return self.damage_ids._open_cases(today)
        version = self.plan_id._get_versions(today)[self.plan_id.id]
        whom = self.env["res.partner"]._search(self._get_audience())
        dates = SQL(
            "SELECT p.id, %s::date AS anchor_on FROM res_partner p WHERE p.id IN (%s)",
            self.day,
            whom.subselect(),
        )
        after_id, count, opened, limit = 0, 1, 0, 10000
        while count:
            count, after_id, added = self.plan_id._open(
                version, today, dates, after_id, limit, campaign=self
            )
            opened += added
        self.state = "launched"
        self._ask_gifts()
        self._plan_next()
        return opened

    def _plan_next(self):
        """Plan the next round of a campaign that comes again (COM-13)."""
        self.ensure_one()
        if not self.repeat_months:
            return
        months = self.repeat_months
        self.copy(
            {
                "day": add_months(self.day, months),
                "valid_until": self.valid_until
                and add_months(self.valid_until, months),
                "previous_id": self.id,
                "launch_by_date": True,
            }
        )

    def _get_audience(self):
        """Return the domain of the customers meant; an incident's are those hit."""
        if self.kind == "incident":
            # Raised rights: who may see the campaign may see how many it means.
            return [("id", "in", self.sudo().damage_ids.partner_id.ids)]
        return super()._get_audience()

    # === CRON === #

    @api.model
    def _launch_due(self, today):
        """Start the campaigns whose first step is due, and end those that are over.

        :return: how many were started or ended
        """
        over = self.search(
            [
                ("state", "=", "launched"),
                ("valid_until", "<", today),
                # Each affected customer is followed until his damage is settled.
                ("kind", "!=", "incident"),
            ]
        )
        over.action_close()
        waiting = self.search([("state", "=", "draft"), ("launch_by_date", "=", True)])
        versions = waiting.plan_id._get_versions(today)
        due = waiting.filtered(
            lambda campaign: (version := versions.get(campaign.plan_id.id))
            and campaign.day <= campaign.plan_id._get_until(version, today)
        )
        for campaign in due:
            if (campaign.valid_until or campaign.day) < today:
                campaign.state = "closed"
            else:
                campaign._launch(today)
        return len(due) + len(over)

    @api.model
    def _cron_launch_due(self):
        """Start the campaigns that start by themselves."""
        count = self._launch_due(self.env["cr.care.case"]._get_today())
        self.env["ir.cron"]._commit_progress(count)
