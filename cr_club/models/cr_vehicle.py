from odoo import models

# What points of a bought car are worked out from, besides its owners.
_SALE = frozenset(("delivered_on", "company_id", "price"))


class CrVehicle(models.Model):
    """A delivered car brings its buyer points, and leads to his membership.

    Taken back, it takes the points (PTS-03, CLB-19).
    """

    _inherit = "cr.vehicle"

    def write(self, vals):
        """Have the points follow the delivery."""
        result = super().write(vals)
        if not _SALE.isdisjoint(vals):
            self._post_purchase_points(self.ids)
        return result

    def unlink(self):
        """A car that is deleted was not bought."""
        car_ids = self.ids
        result = super().unlink()
        self._post_purchase_points(car_ids)
        return result

    # === ACTIONS === #

    def action_cr_open_club(self):
        """Open the owner's membership, else his points, else an application."""
        self.ensure_one()
        return self.owner_id.action_cr_open_club()

    # === BUSINESS === #

    def _post_purchase_points(self, car_ids):
        """Bring the points up to what the sales of cars are now.

        :param list car_ids: also of cars that were deleted
        """
        # sudo: the ledger is written by the rules, whoever delivers the car.
        self.env["cr.points.account"].sudo()._post_purchases(car_ids)
