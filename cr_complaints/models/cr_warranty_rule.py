from odoo import api, fields, models

from ..const import WARRANTY_KINDS
from ..tools import warranty


class CrWarrantyRule(models.Model):
    """One dated version of a three-guarantees rule (三包): what right arises when.

    Data of the store, no statement about the law: who has read the law in force takes
    away "assumed". A new version gets the same code and a later day; a car keeps the
    version of the day of its delivery.
    """

    _name = "cr.warranty.rule"
    _description = "Three-guarantees rule"
    _order = "sequence, code, valid_from desc, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The same in all versions of a rule.")
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    kind = fields.Selection(WARRANTY_KINDS, string="What counts", required=True)
    valid_from = fields.Date(
        required=True, help="Holds for cars delivered from this day on."
    )
    within_days = fields.Integer(string="Within days", aggregator=None)
    within_months = fields.Integer(string="Within months", aggregator=None)
    within_km = fields.Integer(
        string="Within km",
        aggregator=None,
        help="Since the delivery; whichever comes first. 0: no limit.",
    )
    threshold = fields.Integer(
        string="Right arises at",
        required=True,
        default=1,
        aggregator=None,
        help="This repair, or this day in the shop, gives the right.",
    )
    warn_at = fields.Integer(
        required=True, default=1, aggregator=None, help="Not later than the right."
    )
    type_ids = fields.Many2many(
        "cr.service.type",
        string="Counted service types",
        help="Empty: all that are no maintenance.",
    )
    right = fields.Char(
        string="Which right", required=True, translate=True, help="In plain words."
    )
    is_assumed = fields.Boolean(
        string="Assumed", default=True, help="Nobody compared it with the law in force."
    )

    _version_unique = models.UniqueIndex(
        "(code, valid_from)", "This rule already has a version of this day."
    )
    _warns_in_time = models.Constraint(
        "CHECK (warn_at BETWEEN 1 AND threshold)",
        "Warn at 1 or more, and not later than the right arises.",
    )
    _limits_positive = models.Constraint(
        "CHECK (COALESCE(within_days, 0) >= 0 AND COALESCE(within_months, 0) >= 0"
        " AND COALESCE(within_km, 0) >= 0)",
        "Days, months and km of the window cannot be negative; 0: no limit.",
    )

    @api.model
    def _get_rules(self):
        """Return all versions of all rules as `tools.warranty` reads them."""
        return [
            warranty.Rule(
                id=rule.id,
                code=rule.code,
                kind=rule.kind,
                valid_from=rule.valid_from,
                days=rule.within_days,
                months=rule.within_months,
                km=rule.within_km,
                threshold=rule.threshold,
                warn_at=rule.warn_at,
                types=frozenset(rule.type_ids.ids),
            )
            for rule in self.search([])
        ]

    def _get_window_text(self):
        """Return the window in words, e.g. "24 months / 50000 km"."""
        self.ensure_one()
        parts = (
            self.within_days and self.env._("%(count)s days", count=self.within_days),
            self.within_months
            and self.env._("%(count)s months", count=self.within_months),
            self.within_km and self.env._("%(count)s km", count=self.within_km),
        )
        return " / ".join(filter(None, parts)) or self.env._("any time")

    def _get_source_text(self):
        """Return which version speaks, and whether it is only assumed."""
        self.ensure_one()
        day = fields.Date.to_string(self.valid_from)
        if self.is_assumed:
            return self.env._("assumed rule of %(day)s", day=day)
        return self.env._("rule of %(day)s", day=day)
