from odoo import fields, models

# What points are worked out from besides the facts that orders tell on their own.
_MONEY = frozenset(
    (
        "amount_labour",
        "amount_material",
        "amount_other",
        "amount_total",
        "amount_by_points",
        "partner_id",
        "line_ids",
    )
)


class CrServiceOrder(models.Model):
    """Settled work orders bring points; cancelled ones take them back (PTS-02)."""

    _inherit = "cr.service.order"

    amount_by_points = fields.Monetary(
        string="Paid with points",
        copy=False,
        tracking=True,
        help="This part of the total brings no points.",
    )

    club_text = fields.Char(
        string="Club",
        compute="_compute_club_text",
        help="What the customer is entitled to (CLB-21).",
    )

    _by_points_sane = models.Constraint(
        "CHECK (COALESCE(amount_by_points, 0) >= 0)",
        "The part paid with points is not negative.",
    )

    def _compute_club_text(self):
        for order in self:
            partner = order.partner_id.with_company(order.company_id)
            order.club_text = partner.cr_club_text

    def write(self, vals):
        """Have the points follow the money, too."""
        result = super().write(vals)
        if not _MONEY.isdisjoint(vals):
            self._post_points()
        return result

    def _after_orders_changed(self):
        """Bring the points up to the orders, once for the whole set."""
        result = super()._after_orders_changed()
        self._post_points()
        return result

    def _post_points(self):
        """Bring the points of the orders up to what the orders are now."""
        # sudo: the ledger is written by the rules, whoever settles the order.
        self.env["cr.points.account"].sudo()._post_orders(self)
