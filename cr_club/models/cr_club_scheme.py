from odoo import fields, models


class CrClubScheme(models.Model):
    """A set of tiers: cards, or grades of loyalty (CLB-13, C-01).

    Every scheme is installed; a club uses one of them.
    """

    _name = "cr.club.scheme"
    _description = "Scheme of tiers"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    note = fields.Text(translate=True)
    tier_ids = fields.One2many("cr.club.tier", "scheme_id", string="Tiers", copy=True)

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a scheme of tiers with this code."
    )

    def copy_data(self, default=None):
        """Name a copy, which a club may then change, after its original."""
        return [
            {
                "code": f"{scheme.code}_{self.env.cr.now().timestamp():.0f}",
                **vals,
                "name": self.env._("%s (copy)", scheme.name),
            }
            for scheme, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _get_entry_tier(self, is_owner=True):
        """Return the tier a new member begins with.

        :param bool is_owner: the person has a car; others get the tier of prospects
        :return: a tier, empty if the scheme has none for him
        """
        self.ensure_one()
        tiers = self.tier_ids.filtered(lambda tier: tier.is_prospect != is_owner)
        return tiers.sorted("level")[:1]
