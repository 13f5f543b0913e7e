from odoo import fields, models
from odoo.tools import SQL

from ..const import CHANNELS

# What complaints are divided by; the store chooses one of them as its complaint rate.
_RATES = {
    "complaint_rate": None,
    "order_rate": "order_count:sum",
    "customer_rate": "served_id:count_distinct",
    "delivery_rate": "delivery_count:sum",
}


class CrComplaintReport(models.Model):
    """Complaint rate and times, in rows that can be averaged (CPL-22, CPL-23).

    A row is a complaint, a settled work order or a delivered car. A rate is worked out
    from the sums of a cell, so it is right for every group.
    """

    _name = "cr.complaint.report"
    _description = "Complaints: figures"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    day = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("order", "Work order"),
            ("delivery", "Delivery"),
        ],
        string="Row",
        readonly=True,
    )
    complaint_id = fields.Many2one("cr.complaint", readonly=True)
    grade_id = fields.Many2one("cr.complaint.grade", readonly=True)
    category_id = fields.Many2one("cr.complaint.category", readonly=True)
    role_id = fields.Many2one("cr.role", string="Department", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    advisor_id = fields.Many2one(
        "hr.employee", string="Service advisor", readonly=True
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    order_count = fields.Integer(string="Work orders", readonly=True)
    delivery_count = fields.Integer(string="Deliveries", readonly=True)
    breach_count = fields.Integer(string="With a missed deadline", readonly=True)
    reopened_count = fields.Integer(string="Opened again", readonly=True)
    answer_hours = fields.Float(
        string="First answer (hours)",
        readonly=True,
        aggregator="avg",
        help="From received until the first answer, by the clock on the wall.",
    )
    solve_days = fields.Float(
        string="Solved (days)",
        readonly=True,
        aggregator="avg",
        help="From received until solved, by the clock on the wall.",
    )
    cost = fields.Float(readonly=True)
    satisfaction = fields.Float(
        string="Satisfaction after",
        readonly=True,
        aggregator="avg",
        help="1 to 5, as said in the follow-up call.",
    )

    served_id = fields.Many2one(
        "res.partner",
        string="Customers served",
        readonly=True,
        help="Whose work orders were settled; each counts once in a cell.",
    )
    complaint_rate = fields.Float(
        string="Complaint rate",
        aggregator="avg",
        readonly=True,
        help="Complaints per 100 of what the settings of the store say: work orders,"
        " customers served or deliveries (CPL-23).",
    )
    order_rate = fields.Float(
        string="Per 100 work orders",
        aggregator="avg",
        readonly=True,
        help="Complaints ÷ settled work orders of the same cell × 100 (CPL-23).",
    )
    customer_rate = fields.Float(
        string="Per 100 customers served",
        aggregator="avg",
        readonly=True,
        help="Complaints ÷ customers with a settled work order in the cell × 100"
        " (CPL-23).",
    )
    delivery_rate = fields.Float(
        string="Per 100 deliveries",
        aggregator="avg",
        readonly=True,
        help="Complaints ÷ delivered cars of the same cell × 100 (CPL-23).",
    )

    @property
    def _table_query(self):
        """Return the rows: complaints, settled orders, deliveries."""
        return SQL(
            """
            SELECT c.id * 3 AS id, c.company_id,
                   (c.received_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                   'complaint' AS kind, c.id AS complaint_id, c.grade_id,
                   c.category_id, c.role_id, c.model_id, c.advisor_id, c.channel,
                   1 AS complaint_count, 0 AS order_count, 0 AS delivery_count,
                   c.is_breached::int AS breach_count,
                   (c.round > 1)::int AS reopened_count,
                   EXTRACT(EPOCH FROM first.at - c.received_at) / 3600 AS answer_hours,
                   EXTRACT(EPOCH FROM c.solved_at - c.received_at) / 86400
                       AS solve_days,
                   c.cost, c.satisfaction_after::int AS satisfaction,
                   NULL::int AS served_id, NULL::float AS complaint_rate,
                   NULL::float AS order_rate, NULL::float AS customer_rate,
                   NULL::float AS delivery_rate
              FROM cr_complaint c
         LEFT JOIN LATERAL (SELECT MIN(e.at) AS at FROM cr_complaint_event e
                             WHERE e.complaint_id = c.id AND e.kind = 'answered'
                   ) first ON TRUE
             UNION ALL
            SELECT o.id * 3 + 1, o.company_id, o.out_on, 'order', NULL, NULL, NULL,
                   NULL, v.model_id, o.advisor_id, NULL, 0, 1, 0, 0, 0, NULL, NULL, 0,
                   NULL, COALESCE(o.partner_id, v.owner_id), NULL, NULL, NULL, NULL
              FROM cr_service_order o JOIN cr_vehicle v ON v.id = o.vehicle_id
             WHERE o.state = 'settled' AND o.out_on IS NOT NULL
             UNION ALL
            SELECT v.id * 3 + 2, v.company_id, v.delivered_on, 'delivery', NULL, NULL,
                   NULL, NULL, v.model_id, NULL, NULL, 0, 0, 1, 0, 0, NULL, NULL, 0,
                   NULL, NULL, NULL, NULL, NULL, NULL
              FROM cr_vehicle v
             WHERE v.delivered_on IS NOT NULL AND v.company_id IS NOT NULL
            """,
            tz=str(self.env.company._cr_timezone()),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Work out the rates from the sums of the same cell."""
        name = aggregate_spec.removesuffix(":avg")
        if name not in _RATES or name == aggregate_spec:
            return super()._read_group_select(aggregate_spec, query)
        if name == "complaint_rate":
            # Raised rights: how a store reckons is no secret.
            name = f"{self.env.company.sudo().cr_complaint_rate_base}_rate"
        complaints = super()._read_group_select("complaint_count:sum", query)
        others = super()._read_group_select(_RATES[name], query)
        return SQL("100.0 * %s / NULLIF(%s, 0)", complaints, others)

    def action_open_record(self):
        """Open the complaint behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.complaint",
            "res_id": self.complaint_id.id,
            "view_mode": "form",
        }
