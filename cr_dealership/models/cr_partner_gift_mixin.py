from odoo import fields, models

from ..const import CR_USER


class CrPartnerGiftMixin(models.AbstractModel):
    """The gift a customer picked for his birthday (REL-12)."""

    _name = "cr.partner.gift.mixin"
    _description = "Gift a customer picked"

    cr_birthday_gift_id = fields.Many2one(
        "cr.care.gift",
        string="Wished birthday gift",
        domain=[("for_whom", "!=", "child")],
        tracking=True,
        copy=False,
        groups=CR_USER,
        help="What the customer picked from the gift menu in an interview or a visit.",
    )

    def _cr_prepare_merge(self, target):
        """Keep gifts of both files although a person gets one for an occasion."""
        result = super()._cr_prepare_merge(target)
        # sudo: gifts of every store move to the remaining file.
        requests = (
            self.env["cr.care.gift.request"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", (self | target).ids),
                    ("member_id", "=", False),
                    ("occasion", "in", ("birthday", "festival", "campaign")),
                ]
            )
        )
        alike = requests.sorted(lambda request: request.partner_id != target).grouped(
            lambda request: (
                request.occasion,
                request.year if request.occasion == "birthday" else request.day,
            )
        )
        for group in alike.values():
            note = self.env._("A second gift of the same occasion, by merging")
            group[1:].write({"occasion": "other", "note": note})
        return result
