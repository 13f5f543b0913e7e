from odoo import api, fields, models

from ..const import CR_USER
from ..const_relation import OPEN_WISH_STATES
from ..tools.birthdays import next_birthday


class CrPartnerRelationMixin(models.AbstractModel):
    """What the house does for its relation to a customer (REL-19, REL-24, COM-08)."""

    _name = "cr.partner.relation.mixin"
    _description = "Relation to a customer"

    cr_anniversary_on = fields.Date(
        string="Next founding day",
        compute="_compute_cr_anniversary_on",
        groups=CR_USER,
        help="Congratulate, and send a delegate to the celebration.",
    )
    cr_wish_count = fields.Integer(
        string="Open wishes", compute="_compute_cr_wish_count", groups=CR_USER
    )

    # === COMPUTE === #

    @api.depends("cr_founded_on")
    def _compute_cr_anniversary_on(self):
        today = self.env.company._cr_today()
        for partner in self:
            day = partner.cr_founded_on
            partner.cr_anniversary_on = day and next_birthday(day, today, False)

    def _compute_cr_wish_count(self):
        wishes, counts = self.env["cr.customer.wish"], {}
        if wishes.has_access("read"):
            domain = [
                ("partner_id", "in", self.ids),
                ("state", "in", OPEN_WISH_STATES),
            ]
            counts = dict(wishes._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.cr_wish_count = counts.get(partner._origin, 0)

    # === ACTIONS === #

    def action_cr_view_wishes(self):
        """Open what the customer suggested and wished; new ones are his."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_customer_wish_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {
                "default_partner_id": self.id,
                "default_vehicle_id": self.cr_main_vehicle_id.id,
            },
        }

    def action_cr_recommend(self):
        """Plan a recommendation to the customers, as an analysis found them (REL-20).

        :return: the form of the new `cr.care.campaign`
        """
        return self.env["cr.care.campaign"]._recommend_to(self)
