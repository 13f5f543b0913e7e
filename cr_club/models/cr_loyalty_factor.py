from odoo import fields, models

from ..const import INVERSE_FACTORS, LOYALTY_FACTORS
from ..tools.loyalty import Factor


class CrLoyaltyFactor(models.Model):
    """One measure of loyalty with its weight: frequency, amount … (CLB-30)."""

    _name = "cr.loyalty.factor"
    _description = "Factor of loyalty"
    _order = "program_id, sequence, id"
    _rec_name = "code"

    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for every club that has no factors of its own.",
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10, aggregator=None)
    code = fields.Selection(
        LOYALTY_FACTORS, string="Factor", required=True, default="frequency"
    )
    weight = fields.Float(required=True, default=25, aggregator=None)
    full_at = fields.Float(
        string="Full marks at",
        required=True,
        default=1,
        aggregator=None,
        help="Visits, money or buyers that earn the whole weight; complaints a visit at"
        " which nothing is left of it. Assumed.",
    )

    _code_unique = models.UniqueIndex(
        "(COALESCE(program_id, 0), code)", "This factor has its weight already."
    )
    _figures_sane = models.Constraint(
        "CHECK (weight >= 0 AND full_at > 0)",
        "A weight is not negative; full marks need a value above zero.",
    )

    def _prepare_factor(self):
        """Return the factor as `tools.loyalty` reads it."""
        self.ensure_one()
        return Factor(self.weight, self.full_at, self.code in INVERSE_FACTORS)
