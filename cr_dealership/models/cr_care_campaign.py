from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval


class CrCareCampaign(models.Model):
    """A care plan started by a person or a date: weather, notice, promotion, festival.

    (REL-07 … REL-09, REL-14, REL-23, CAM-07, CAM-08, COM-11, COM-13.) What it says and
    to whom is written here; how it is carried out stands in the plan.
    """

    _name = "cr.care.campaign"
    _description = "Care campaign"
    _inherit = ["mail.thread"]
    _order = "day desc, id desc"

    name = fields.Char(required=True, translate=True)
    plan_id = fields.Many2one(
        "cr.care.plan",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("anchor", "in", ("festival", "campaign"))],
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: all stores.",
    )
    kind = fields.Selection(
        [
            ("festival", "Festival"),
            ("weather", "Weather"),
            ("notice", "Notice"),
            ("promotion", "Promotion"),
            ("free", "Free service"),
            ("offer", "Recommendation"),
        ],
        required=True,
        default="notice",
    )
    day = fields.Date(string="Day N", required=True, default=fields.Date.context_today)
    valid_until = fields.Date(help="After this day nobody is contacted any more.")
    region_id = fields.Many2one("cr.region", help="Empty: everywhere.")
    domain = fields.Char(
        string="Which customers", default="[]", required=True, translate=False
    )
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
    audience_count = fields.Integer(
        string="Customers meant", compute="_compute_audience_count"
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

    # === COMPUTE === #

    @api.depends("domain", "region_id")
    def _compute_audience_count(self):
        for campaign in self:
            campaign.audience_count = self.env["res.partner"].search_count(
                campaign._get_domain()
            )

    def _compute_case_count(self):
        counts = dict(
            self.env["cr.care.case"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.case_count = counts.get(campaign, 0)

    # === CHECKS === #

    @api.constrains("domain")
    def _check_domain(self):
        for campaign in self:
            campaign._get_domain()

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
        if not self.plan_id._get_versions(today):
            raise UserError(
                self.env._(
                    "The plan %(plan)s has no version in force; put one in force"
                    " first.",
                    plan=self.plan_id.name,
                )
            )

    def _launch(self, today):
        """Open the cases in batches within this transaction; return how many."""
        self.ensure_one()
        version = self.plan_id._get_versions(today)[self.plan_id.id]
        whom = self.env["res.partner"]._search(self._get_domain())
        dates = SQL(
            "SELECT p.id, %s::date AS anchor_on FROM res_partner p WHERE p.id IN (%s)",
            self.day,
            whom.subselect("id"),
        )
        after_id, count, opened, limit = 0, 1, 0, 10000
        while count:
            count, after_id, added = self.plan_id._open(
                version, today, dates, after_id, limit, campaign=self
            )
            opened += added
        self.state = "launched"
        return opened

    def _get_domain(self):
        """Return the domain of the customers meant.

        :raise ValidationError: it cannot be read
        """
        self.ensure_one()
        try:
            domain = safe_eval(self.domain or "[]")
            self.env["res.partner"]._search(domain)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The customers of %(campaign)s cannot be found: %(error)s. Choose"
                    " them anew.",
                    campaign=self.name,
                    error=error,
                )
            ) from error
        if self.region_id:
            domain = [*domain, ("cr_region_id", "child_of", self.region_id.id)]
        return [*domain, ("cr_vehicle_count", ">", 0)]

    # === CRON === #

    @api.model
    def _launch_due(self, today):
        """Start the campaigns whose first step is due; return how many."""
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
        return len(due)

    @api.model
    def _cron_launch_due(self):
        """Start the campaigns that start by themselves."""
        count = self._launch_due(self.env["cr.care.case"]._get_today())
        self.env["ir.cron"]._commit_progress(count)
