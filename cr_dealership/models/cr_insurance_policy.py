from odoo import api, fields, models


class CrInsurancePolicy(models.Model):
    """An insurance policy of a car; its end is what renewal hangs on (INS-01)."""

    _name = "cr.insurance.policy"
    _description = "Insurance policy"
    _inherit = ["mail.thread", "cr.vehicle.basis.mixin"]
    _order = "date_end desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "vehicle_id"]

    _fact_fields = frozenset(("vehicle_id", "date_start", "date_end", "is_bought_here"))

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Insured",
        compute="_compute_partner_id",
        precompute=True,
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(string="Policy number", required=True, index=True)
    system = fields.Char(
        string="From system", help="The system the number comes from; empty: by hand."
    )
    insurer = fields.Char()
    kind = fields.Selection(
        [
            ("compulsory", "Compulsory"),
            ("commercial", "Commercial"),
            ("both", "Compulsory and commercial"),
            ("other", "Other"),
        ],
        required=True,
        default="both",
    )
    date_start = fields.Date(
        string="Begins", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="Ends",
        compute="_compute_date_end",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        index=True,
        tracking=True,
    )
    premium = fields.Monetary()
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_bought_here = fields.Boolean(string="Bought here", tracking=True)
    is_from_purchase = fields.Boolean(
        string="Taken with the purchase",
        help="The first policy of the car, arranged with the formalities (INS-13).",
    )
    specialist_id = fields.Many2one(
        "hr.employee", string="Insurance specialist", index="btree_not_null"
    )
    specialist_name = fields.Char(string="Specialist as written")
    advisor_id = fields.Many2one(
        "hr.employee",
        string="Service advisor",
        index="btree_not_null",
        help="Who won the customer for the policy in the shop; his monthly insurance"
        " sales are counted by it. Empty: nobody of the shop.",
    )
    advisor_name = fields.Char(string="Advisor as written")

    _number_unique = models.UniqueIndex(
        "(company_id, COALESCE(system, ''), number)",
        "This policy number is already recorded in this store.",
    )
    _date_order = models.Constraint(
        "CHECK (date_end >= date_start)", "A policy cannot end before it begins."
    )
    _first_unique = models.UniqueIndex(
        "(vehicle_id) WHERE is_from_purchase",
        "This car already has the policy taken with its purchase.",
    )
    _vehicle_end_index = models.Index("(vehicle_id, date_end)")

    # === COMPUTE === #

    @api.depends("number", "vehicle_id.plate")
    def _compute_display_name(self):
        for policy in self:
            parts = (policy.vehicle_id.plate, policy.number)
            policy.display_name = " · ".join(filter(None, parts))

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for policy in self:
            policy.partner_id = policy.partner_id or policy.vehicle_id.owner_id

    @api.depends("date_start")
    def _compute_date_end(self):
        """Policies run a year: until the day before the same day of the next one."""
        for policy in self:
            if policy.date_start and not policy.date_end:
                policy.date_end = fields.Date.add(policy.date_start, years=1, days=-1)

    # === FACTS === #

    def _refresh_vehicle_facts(self, vehicles, partners):
        """Who insures elsewhere may stay away (RCL-15)."""
        result = super()._refresh_vehicle_facts(vehicles, partners)
        vehicles.exists()._mark_churn()
        return result
