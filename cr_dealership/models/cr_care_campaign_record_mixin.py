from odoo import fields, models
from odoo.tools import SQL

from ..const_care import PROMOTION_AREAS
from ..tools.offsets import step_date

_SENT_STATES = ("sent", "delivered")


class CrCareCampaignRecordMixin(models.AbstractModel):
    """What a campaign offers, what was sent for it, and who took part.

    (CAM-08, COM-11, RCL-11, REL-17.)
    """

    _name = "cr.care.campaign.record.mixin"
    _description = "Campaign: offer, record of sending, participants"

    area = fields.Selection(
        PROMOTION_AREAS, help="Which part of the house it is about."
    )
    rules = fields.Text(
        translate=True, help="What is offered or free, and on which conditions."
    )
    template_id = fields.Many2one(
        "cr.message.template",
        string="Own text",
        ondelete="restrict",
        help="Stands in for the text of the plan on the same channel.",
    )
    gives_gift = fields.Boolean(
        string="With a gift",
        help="A gift from the menu is asked for each customer meant when it starts.",
    )
    program_line_id = fields.Many2one(
        "cr.care.program.line",
        string="Line of the programme",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    participation_ids = fields.One2many(
        "cr.care.participation", "campaign_id", string="Participants"
    )
    participation_count = fields.Integer(
        string="Took part", compute="_compute_participation_count"
    )
    message_count = fields.Integer(string="Messages", compute="_compute_messages")
    sent_count = fields.Integer(string="Sent", compute="_compute_messages")
    unsent_count = fields.Integer(
        string="Not sent",
        compute="_compute_messages",
        help="Failed, held back or cancelled; each message says why.",
    )

    # === COMPUTE === #

    def _compute_participation_count(self):
        participations, counts = self.env["cr.care.participation"], {}
        if participations.has_access("read"):
            domain = [("campaign_id", "in", self.ids)]
            counts = dict(
                participations._read_group(domain, ["campaign_id"], ["__count"])
            )
        for campaign in self:
            campaign.participation_count = counts.get(campaign, 0)

    def _compute_messages(self):
        counts = {}
        for campaign_id, state, count in self._read_message_counts():
            counts.setdefault(campaign_id, {})[state] = count
        for campaign in self:
            by_state = counts.get(campaign.id, {})
            campaign.message_count = sum(by_state.values())
            campaign.sent_count = sum(by_state.get(name, 0) for name in _SENT_STATES)
            campaign.unsent_count = sum(
                by_state.get(name, 0) for name in ("failed", "held", "cancelled")
            )

    def _read_message_counts(self):
        """Return (campaign id, state, count) of the messages of all campaigns."""
        if not self.ids:
            return []
        for name in ("cr.message", "cr.care.task", "cr.care.case"):
            self.env[name].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT c.campaign_id, m.state, COUNT(*)
                  FROM cr_care_case c
                  JOIN cr_care_task t ON t.case_id = c.id
                  JOIN cr_message m ON m.key = 'cr.care.task,' || t.id
                 WHERE c.campaign_id = ANY(%s)
                 GROUP BY c.campaign_id, m.state
                """,
                self.ids,
            )
        )

    # === ACTIONS === #

    def action_view_messages(self):
        """Open what was sent for the campaign, and what was not with its reason."""
        self.ensure_one()
        # Raised rights: only ids; the messages themselves are read as the user.
        tasks = self.env["cr.care.task"].sudo()._search(
            [("case_id.campaign_id", "=", self.id)]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_message_action"
        )
        domain = [
            ("origin_model", "=", "cr.care.task"),
            ("origin_id", "in", list(tasks)),
        ]
        return {**action, "domain": domain, "context": {}}

    # === BUSINESS === #

    def _get_template(self, channel):
        """Return the campaign's own text for a channel, empty if it has none."""
        return self.template_id.filtered(lambda template: template.channel == channel)

    def _describe_obstacle(self, version, today):
        """Return why nobody would be told anything sensible, or None.

        :param version: version of the plan in force
        :param datetime.date today: day of the launch
        """
        self.ensure_one()
        if self.kind == "incident":
            return self._describe_incident_obstacle()
        last = max(step.offset_days + step.tolerance_days for step in version.step_ids)
        if step_date(self.day, last) < today:
            return self.env._(
                "%(campaign)s was to be on %(day)s and all its steps are over; choose"
                " a later day.",
                campaign=self.name,
                day=fields.Date.to_string(self.day),
            )
        texts = self.template_id | version.step_ids.template_id
        if not self.text and any("{notice}" in text.body for text in texts):
            return self.env._(
                "%(campaign)s has no text of its own, but the message repeats it; write"
                " what is to be said.",
                campaign=self.name,
            )
        return None

    def _get_gift_occasion(self):
        return "festival" if self.kind == "festival" else "campaign"

    def _ask_gifts(self):
        """Ask for the gifts of everybody meant; asking twice makes nothing twice."""
        self.ensure_one()
        if not self.gives_gift:
            return
        requests = self.env["cr.care.gift.request"]
        for company, cases in self.case_ids.grouped("company_id").items():
            requests._request_for(
                cases.partner_id,
                self._get_gift_occasion(),
                self.day,
                company,
                origin=self,
            )
