from odoo import fields, models


class CrCareParticipation(models.Model):
    """A customer took part in a promotion; it stands in his story (CAM-08)."""

    _name = "cr.care.participation"
    _description = "Participation in a promotion"
    _order = "day desc, id desc"
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one(
        "cr.care.campaign", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    day = fields.Date(required=True, default=fields.Date.context_today)
    result = fields.Char(help="What he took or bought, or what he said.")

    _person_unique = models.Constraint(
        "UNIQUE (campaign_id, partner_id, day)",
        "This customer is already entered for that day of the promotion.",
    )
