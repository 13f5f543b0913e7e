from odoo import api, fields, models

from ..const import POINT_BASES, PURCHASE_BASES, ROUNDINGS, SOURCES

# The same as `tools.points.round_points`.
_ROUND = """
CREATE OR REPLACE FUNCTION cr_points_round(amount numeric, mode text)
RETURNS int AS $$
    SELECT (CASE mode WHEN 'down' THEN trunc(amount) WHEN 'half' THEN round(amount)
            ELSE sign(amount) * ceil(abs(amount)) END)::int
$$ LANGUAGE sql IMMUTABLE
"""


class CrPointsRule(models.Model):
    """What brings how many points: service, purchase, referral; campaigns with dates.

    Rules add up: a campaign is one more rule with a first and a last day (PTS-03,
    PTS-04, PTS-11).
    """

    _name = "cr.points.rule"
    _description = "Earning rule"
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["cr.club.program"]._get_program(
            self.env.company
        ),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    source = fields.Selection(SOURCES, required=True, default="service")
    # --- work orders ---
    basis = fields.Selection(POINT_BASES, required=True, default="material")
    rate = fields.Float(
        string="Points per unit of money",
        default=1,
        digits=(16, 4),
        aggregator=None,
        help="Assumed: one point for a yuan.",
    )
    rounding = fields.Selection(
        ROUNDINGS,
        required=True,
        default="down",
        help="Of each order and rule, once, after all multipliers.",
    )
    type_ids = fields.Many2many(
        "cr.service.type",
        string="Service types",
        help="Empty: those marked “Material spend counts to points”.",
    )
    tier_ids = fields.Many2many(
        "cr.club.tier",
        string="Only members of",
        help="Empty: every member, and who is none where the club allows it.",
    )
    use_tier_factor = fields.Boolean(
        string="Multiply by tier", help="With the points multiplier of the tier."
    )
    counts_as_material = fields.Boolean(
        string="Counts as maintenance material",
        help="The part of the points that some tiers ask for.",
    )
    is_qualifying = fields.Boolean(
        string="Counts for the tier", default=True, help="Off for gifts of a campaign."
    )
    # --- fixed points ---
    purchase_basis = fields.Selection(
        PURCHASE_BASES,
        string="A car brings",
        required=True,
        default="car",
    )
    points = fields.Integer(
        string="Points each time", aggregator=None, help="For a purchase or a referral."
    )
    # --- campaign ---
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")

    _figures_positive = models.Constraint(
        "CHECK (rate >= 0 AND points >= 0)", "A rule brings points, it takes none."
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A campaign cannot end before it begins.",
    )

    def init(self):
        """Put the rounding into the database."""
        result = super().init()
        self.env.cr.execute(_ROUND)
        return result

    # === BUSINESS === #

    @api.model
    def _get_fixed(self, program, source, day):
        """Return points and qualifying points of the fixed rules of a source.

        :param program: one club
        :param str source: `referral`
        :param datetime.date day: when it happened
        :return: points, of which count for the tier
        :rtype: tuple[int, int]
        """
        # sudo: whoever verifies a referral need not see the rules.
        rules = program.sudo().rule_ids.filtered(
            lambda rule: rule.source == source
            and (not rule.date_from or rule.date_from <= day)
            and (not rule.date_to or rule.date_to >= day)
        )
        qualifying = rules.filtered("is_qualifying")
        return sum(rules.mapped("points")), sum(qualifying.mapped("points"))

    @api.model
    def _award_referrals(self, referrals):
        """Give members the points of the buyers they brought (PTS-04).

        :param referrals: verified ones; each brings points once
        :return: the new entries
        """
        awards = []
        for referral in referrals:
            program = referral.program_id
            points, qualifying = self._get_fixed(
                program, "referral", referral.verified_on
            )
            awards.append(
                {
                    "program": program,
                    "partner": referral.member_id.partner_id,
                    "kind": "referral",
                    "points": points,
                    "qualifying": qualifying,
                    "key": f"referral:{referral.id}",
                    "origin": referral,
                    "note": referral.name,
                }
            )
        # sudo: the ledger is written by the rules, whoever causes it.
        return self.env["cr.points.account"].sudo()._award(awards)
