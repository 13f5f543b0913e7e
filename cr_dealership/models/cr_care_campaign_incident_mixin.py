from odoo import fields, models
from odoo.exceptions import UserError


class CrCareCampaignIncidentMixin(models.AbstractModel):
    """An incident that damaged many cars: cause, area, support, closing report.

    (CAM-01 … CAM-06, CAM-09, CAM-10.) Launching it contacts everybody in the register
    of damages; it closes when each of them is settled.
    """

    _name = "cr.care.campaign.incident.mixin"
    _description = "Campaign: incident"

    cause = fields.Char(help="Flood, hail, landslide …")
    place = fields.Char(string="Area hit")
    incident_from = fields.Date(string="Happened from")
    incident_to = fields.Date(string="Happened until")
    insurer = fields.Char(string="Partner insurer")
    support_policy = fields.Text(
        translate=True, help="What we pay beyond what the insurer pays, and to whom."
    )
    closing_report = fields.Text(help="What was done and what we learn from it.")
    damage_ids = fields.One2many("cr.care.damage", "campaign_id", string="Damages")
    card_ids = fields.One2many("cr.care.card", "campaign_id", string="Cards by age")
    damage_count = fields.Integer(string="Cars hit", compute="_compute_damages")
    open_damage_count = fields.Integer(
        string="Not settled yet", compute="_compute_damages"
    )
    loss_total = fields.Float(string="Loss", compute="_compute_damages")
    insurer_total = fields.Float(string="Paid by insurers", compute="_compute_damages")
    support_total = fields.Float(string="Paid by us", compute="_compute_damages")

    def _compute_damages(self):
        damages, sums = self.env["cr.care.damage"], {}
        if damages.has_access("read"):
            amounts = ("assessed_loss", "insurer_payment", "support_amount")
            rows = damages._read_group(
                [("campaign_id", "in", self.ids)],
                ["campaign_id", "state"],
                ["__count", *(f"{name}:sum" for name in amounts)],
            )
            for campaign, state, *figures in rows:
                sums.setdefault(campaign.id, {})[state] = figures
        for campaign in self:
            by_state = sums.get(campaign.id, {})
            columns = list(zip(*by_state.values(), strict=True)) or [()] * 4
            campaign.damage_count = sum(columns[0])
            campaign.open_damage_count = by_state.get("open", [0])[0]
            campaign.loss_total = sum(columns[1])
            campaign.insurer_total = sum(columns[2])
            campaign.support_total = sum(columns[3])

    def _describe_incident_obstacle(self):
        """Return why the incident cannot be launched, or None."""
        self.ensure_one()
        if self.plan_id.anchor != "damage":
            return self.env._(
                "%(campaign)s needs a plan whose day N is the report of a damage;"
                " choose it in the field “Plan”.",
                campaign=self.name,
            )
        if not self.damage_ids:
            return self.env._(
                "No car is in the register of %(campaign)s; enter the damages first.",
                campaign=self.name,
            )
        return None

    def _check_closing(self):
        """Raise while a customer of an incident waits, or its report is missing."""
        for campaign in self.filtered(lambda campaign: campaign.kind == "incident"):
            if waiting := campaign.open_damage_count:
                raise UserError(
                    self.env._(
                        "%(count)s cars of %(campaign)s are not settled yet; settle"
                        " them before you close it.",
                        count=waiting,
                        campaign=campaign.name,
                    )
                )
            if not (campaign.closing_report or "").strip():
                raise UserError(
                    self.env._(
                        "Write the closing report of %(campaign)s before you close it.",
                        campaign=campaign.name,
                    )
                )

    def _get_notice(self, partner):
        """Return what the message says to a customer; a card goes by his age."""
        day = self.env["cr.care.case"]._get_today()
        # Raised rights: the age decides on the words and is shown to nobody.
        birth = partner.sudo().birthdate_date
        if self.card_ids and birth:
            age = day.year - birth.year
            age -= (day.month, day.day) < (birth.month, birth.day)
            if card := self.card_ids.filtered(lambda card: card._covers(age))[:1]:
                return card.text
        return self.text
