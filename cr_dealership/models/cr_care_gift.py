from odoo import api, fields, models

from ..const import VOUCHER_KINDS
from ..tools import gifts


class CrCareGift(models.Model):
    """A line of the gift menu that customers choose from (REL-11, REL-12)."""

    _name = "cr.care.gift"
    _description = "Gift"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="On the menu", default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: on the menu of every store.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    value = fields.Monetary(required=True, help="What the gift is worth to us.")
    for_whom = fields.Selection(
        [("customer", "The customer"), ("child", "A child"), ("all", "Anybody")],
        string="For",
        required=True,
        default="customer",
    )
    age_from = fields.Integer(string="From age", aggregator=None)
    age_to = fields.Integer(
        string="To age", aggregator=None, help="0: however old."
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        string="Hobbies",
        help="Proposed first to customers with one of these tags.",
    )
    voucher_kind = fields.Selection(
        VOUCHER_KINDS,
        string="Is a voucher",
        help="Handing the gift over issues such a voucher.",
    )
    voucher_months = fields.Integer(
        string="Voucher valid for (months)", default=12, aggregator=None
    )

    _value_positive = models.Constraint(
        "CHECK (value >= 0)", "A gift cannot be worth less than nothing."
    )
    _age_order = models.Constraint(
        "CHECK (age_from >= 0 AND (COALESCE(age_to, 0) = 0 OR age_to >= age_from))",
        "The ages of a gift run from the younger to the older.",
    )
    _voucher_valid = models.Constraint(
        "CHECK (voucher_kind IS NULL OR voucher_months > 0)",
        "Say for how many months the voucher is valid.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for gift in self:
            gift.currency_id = (gift.company_id or self.env.company).currency_id

    @api.model
    def _get_menu(self, company):
        """Return the menu of a store as `tools.gifts` takes it.

        :param company: the store
        :rtype: list[gifts.Gift]
        """
        return [
            gifts.Gift(
                gift.id,
                gift.value,
                None if gift.for_whom == "all" else gift.for_whom,
                gift.age_from,
                gift.age_to,
                frozenset(gift.tag_ids.ids),
            )
            for gift in self.search([("company_id", "in", (company.id, False))])
        ]
