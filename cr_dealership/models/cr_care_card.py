from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrCareCard(models.Model):
    """What the card of an incident says to customers of an age (CAM-05)."""

    _name = "cr.care.card"
    _description = "Card text by age"
    _order = "campaign_id, age_from, id"
    _rec_name = "text"

    campaign_id = fields.Many2one(
        "cr.care.campaign", required=True, index=True, ondelete="cascade"
    )
    age_from = fields.Integer(string="From age", aggregator=None)
    age_to = fields.Integer(
        string="To age", aggregator=None, help="0: however old."
    )
    text = fields.Text(required=True, translate=True)

    _age_order = models.Constraint(
        "CHECK (age_from >= 0 AND (COALESCE(age_to, 0) = 0 OR age_to >= age_from))",
        "The ages of a card run from the younger to the older.",
    )

    @api.constrains("campaign_id", "age_from", "age_to")
    def _check_overlap(self):
        for card in self:
            others = card.campaign_id.card_ids - card
            if others.filtered(
                lambda other, card=card: other._covers(card.age_from)
                or card._covers(other.age_from)
            ):
                raise ValidationError(
                    self.env._(
                        "Two cards of %(campaign)s are for the same age; change the"
                        " ages of one.",
                        campaign=card.campaign_id.name,
                    )
                )

    def _covers(self, age):
        """Return whether the card is for an age."""
        self.ensure_one()
        return self.age_from <= age and (not self.age_to or age <= self.age_to)
