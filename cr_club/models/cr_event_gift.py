from odoo import api, fields, models
from odoo.exceptions import UserError


class CrEventGift(models.Model):
    """A gift that somebody got at an event (EVT-15)."""

    _name = "cr.event.gift"
    _description = "Gift handed out at an event"
    _order = "id desc"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    invitation_id = fields.Many2one(
        "cr.event.invitation",
        string="Guest",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('event_id', '=', event_id), ('state', '=', 'attended')]",
    )
    gift_id = fields.Many2one("cr.care.gift", ondelete="restrict")
    name = fields.Char(
        string="What",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    quantity = fields.Integer(required=True, default=1)
    handed_at = fields.Datetime(
        string="Handed out at", default=fields.Datetime.now, readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handed out by",
        default=lambda self: self.env.user,
        readonly=True,
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "At least one gift is handed out."
    )

    @api.depends("gift_id")
    def _compute_name(self):
        for line in self:
            line.name = line.gift_id.name or line.name

    @api.model_create_multi
    def create(self, vals_list):
        """Hand gifts out to guests who are there."""
        lines = super().create(vals_list)
        for line in lines:
            guest = line.invitation_id
            if guest.event_id != line.event_id or guest.state != "attended":
                raise UserError(
                    self.env._(
                        "%(guest)s is not checked in for “%(event)s”; gifts go to"
                        " guests who came.",
                        guest=guest.partner_id.name,
                        event=line.event_id.name,
                    )
                )
        lines._after_handed_out()
        return lines

    # === HOOKS === #

    def _after_handed_out(self):
        """React to gifts that were handed out; runs once for the whole set.

        For whoever keeps stock of gifts: take care that the number of queries does not
        depend on the number of lines.
        """
