from odoo import api, fields, models

from ..const import CR_USER

_INTERESTED = ("agreed", "coming")


class CrCareCampaignResponseMixin(models.AbstractModel):
    """What customers answered to a recommendation (REL-20).

    Who was told, who is interested, who refused and who took it; each number opens the
    customers behind it.
    """

    _name = "cr.care.campaign.response.mixin"
    _description = "Campaign: answers of the customers"

    product = fields.Char(
        string="What is recommended",
        translate=True,
        help="A model, a package or an accessory.",
    )
    vehicle_model_ids = fields.Many2many(
        "fleet.vehicle.model", string="Recommended models"
    )
    told_count = fields.Integer(string="Told", compute="_compute_responses")
    interested_count = fields.Integer(
        string="Interested", compute="_compute_responses"
    )
    later_count = fields.Integer(string="Asks later", compute="_compute_responses")
    refused_count = fields.Integer(string="Refused it", compute="_compute_responses")
    response_rate = fields.Float(
        string="Interested (%)",
        compute="_compute_responses",
        digits=(5, 1),
        help="Of those who were told.",
        aggregator=None,
        groups=CR_USER,
    )

    # === COMPUTE === #

    def _compute_responses(self):
        groups = self.env["cr.care.case"]._read_group(
            [("campaign_id", "in", self.ids), ("contact_count", ">", 0)],
            ["campaign_id", "answer"],
            ["__count"],
        )
        counts = {}
        for campaign, answer, count in groups:
            counts.setdefault(campaign, {})[answer] = count
        for campaign in self:
            by_answer = counts.get(campaign, {})
            told = sum(by_answer.values())
            interested = sum(by_answer.get(name, 0) for name in _INTERESTED)
            campaign.told_count = told
            campaign.interested_count = interested
            campaign.later_count = by_answer.get("later", 0)
            campaign.refused_count = by_answer.get("refused", 0)
            campaign.response_rate = told and 100 * interested / told

    # === ACTIONS === #

    def action_view_responses(self):
        """Open who was told, by what they answered.

        The context may name `cr_answers`: only these.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_case_action"
        )
        domain = [("campaign_id", "=", self.id), ("contact_count", ">", 0)]
        if answers := self.env.context.get("cr_answers"):
            domain.append(("answer", "in", answers))
        return {**action, "domain": domain, "context": {"group_by": ["answer"]}}

    # === BUSINESS === #

    @api.model
    def _recommend_to(self, partners):
        """Return the action that plans a recommendation to chosen customers.

        :param partners: `res.partner`, as found by any analysis of customers
        """
        plan = self.env.ref("cr_dealership.cr_care_plan_promotion")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommend to these customers"),
            "res_model": "cr.care.campaign",
            "views": [(False, "form")],
            "context": {
                "default_kind": "offer",
                "default_plan_id": plan.id,
                "default_domain": str([("id", "in", partners.ids)]),
            },
        }
