from odoo import api, fields, models
from odoo.tools import SQL

from ..const_care import ANSWERS, CASE_STATES, SUBJECTS, TASK_CHANNELS

# The stages of the funnel, in the order in which a customer goes through them.
STAGES = ("due", "contacted", "reached", "booked", "won")
# What the rows are made of.
_MODELS = (
    "cr.care.case",
    "cr.care.task",
    "cr.care.plan",
    "cr.vehicle",
    "cr.service.order",
    "cr.insurance.policy",
    "hr.employee",
)


class CrCareReport(models.Model):
    """Care honestly measured: a row is a case, a measure is 1 where it was reached.

    (FS-11, INS-11, RCL-07, RCL-14.) A rate is the average of a column that is empty
    where the row does not speak of it.
    """

    _name = "cr.care.report"
    _description = "Results of care"
    _auto = False
    _order = "anchor_on desc, id desc"
    _rec_name = "plan_id"

    # --- by what the figures are looked at ---
    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    plan_id = fields.Many2one("cr.care.plan", readonly=True)
    subject = fields.Selection(SUBJECTS, string="About", readonly=True)
    campaign_id = fields.Many2one("cr.care.campaign", readonly=True)
    case_id = fields.Many2one("cr.care.case", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    vehicle_id = fields.Many2one("cr.vehicle", string="Car", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    anchor_on = fields.Date(
        string="Day N",
        readonly=True,
        help="Months of results are months of day N, the day on which it was due.",
    )
    contacted_on = fields.Date(string="First contact", readonly=True)
    won_on = fields.Date(string="Came or renewed on", readonly=True)
    state = fields.Selection(CASE_STATES, readonly=True)
    answer = fields.Selection(ANSWERS, readonly=True)
    reason_id = fields.Many2one(
        "cr.care.reason",
        readonly=True,
        help="What the customer said, above all why he did not come or renew.",
    )
    is_holdout = fields.Boolean(string="Not reminded", readonly=True)
    step_id = fields.Many2one(
        "cr.care.step",
        string="Last step before",
        readonly=True,
        help="The last message, letter or call before he came, or at all.",
    )
    channel = fields.Selection(TASK_CHANNELS, string="Last channel", readonly=True)
    agent_id = fields.Many2one("res.users", string="Reached by", readonly=True)
    consultant_id = fields.Many2one(
        "hr.employee", string="Sales consultant", readonly=True
    )
    advisor_id = fields.Many2one(
        "hr.employee",
        string="Service advisor",
        readonly=True,
        help="Who received the visit, else who received the car the last time.",
    )
    specialist_id = fields.Many2one(
        "hr.employee",
        string="Insurance specialist",
        readonly=True,
        help="Who wrote the new policy, else who reached the customer, else who wrote"
        " the policy that ends.",
    )
    has_goal = fields.Boolean(
        string="Asked to come or renew",
        readonly=True,
        help="The plan names what wins it; a greeting can be won by nothing.",
    )
    # --- what is counted ---
    due = fields.Integer(
        readonly=True,
        help="All cases but those that were no longer due: served before, car sold or"
        " gone, date moved. A case cancelled by hand stays due, so that nobody"
        " improves a rate by cancelling.",
    )
    contacted = fields.Integer(
        readonly=True, help="A message went out or a call was made."
    )
    reached = fields.Integer(readonly=True, help="He was spoken to.")
    booked = fields.Integer(
        readonly=True, help="A visit was booked while the case was open."
    )
    came = fields.Integer(
        readonly=True,
        help="A visit or inspection since the day the case was opened, not before.",
    )
    renewed = fields.Integer(readonly=True, help="A new policy was bought here.")
    won = fields.Integer(string="Came or renewed", readonly=True)
    effect = fields.Integer(
        string="Came after a contact",
        readonly=True,
        help="Came or renewed on or after the day of the first contact, within the"
        " success window of the plan. A visit before the contact never counts.",
    )
    not_come = fields.Integer(
        string="Contacted and not come",
        readonly=True,
        help="Was contacted, and the case ended without a visit or renewal.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    premium = fields.Monetary(
        string="Premium of the new policy", readonly=True, aggregator="sum"
    )
    # --- rates: averages ---
    contact_rate = fields.Float(
        string="Contacted (%)",
        readonly=True,
        aggregator="avg",
        help="Contacted ÷ due.",
    )
    reach_rate = fields.Float(
        string="Reached (%)",
        readonly=True,
        aggregator="avg",
        help="Reached ÷ contacted.",
    )
    won_rate = fields.Float(
        string="Came or renewed (%)",
        readonly=True,
        aggregator="avg",
        help="Came or renewed ÷ due, of the cases whose day N has come. The rate of the"
        " last months still grows: who is late may come.",
    )
    effect_rate = fields.Float(
        string="Came after a contact (%)",
        readonly=True,
        aggregator="avg",
        help="Came after a contact ÷ contacted. It grows until the success window of"
        " the last contact is over.",
    )

    @property
    def _table_query(self):
        """Return the rows: one for each case."""
        for name in _MODELS:
            self.env[name].flush_model()
        return SQL(
            """
            SELECT f.*,
                   CASE WHEN f.due = 1 THEN f.contacted END::numeric AS contact_rate,
                   CASE WHEN f.contacted = 1 THEN f.reached END::numeric AS reach_rate,
                   CASE WHEN f.due = 1 AND f.has_goal AND f.anchor_on <= %s
                        THEN f.won END::numeric AS won_rate,
                   CASE WHEN f.contacted = 1 AND f.has_goal
                        THEN f.effect END::numeric AS effect_rate
              FROM (%s) f
            """,
            self.env["cr.care.case"]._get_today(),
            self._cases_sql(),
        )

    def _cases_sql(self):
        """Return the query of the cases with what each of them counts for.

        What needs another table stands in the list of columns: a column that nobody
        asks for then costs nothing.
        """
        return SQL(
            """
            SELECT c.id, c.id AS case_id, c.company_id, c.plan_id, c.subject,
                   p.stop_on <> 'none' AS has_goal,
                   c.campaign_id, c.partner_id, c.vehicle_id, v.model_id,
                   v.consultant_id, c.anchor_on, c.contacted_on, c.won_on, c.state,
                   c.answer, c.reason_id, COALESCE(c.is_holdout, FALSE) AS is_holdout,
                   c.agent_id, d.due, d.due * (c.contacted_on IS NOT NULL)::int
                   AS contacted, d.due * (c.reached_on IS NOT NULL)::int AS reached,
                   d.due * (c.booked_on IS NOT NULL)::int AS booked,
                   (c.state = 'won' AND c.won_policy_id IS NULL)::int AS came,
                   (c.state = 'won' AND c.won_policy_id IS NOT NULL)::int AS renewed,
                   (c.state = 'won')::int AS won,
                   COALESCE(c.is_effect, FALSE)::int AS effect,
                   d.due * (c.contacted_on IS NOT NULL
                            AND c.state NOT IN ('open', 'booked', 'won'))::int
                   AS not_come,
                   (SELECT s.currency_id FROM res_company s WHERE s.id = c.company_id)
                   AS currency_id,
                   (SELECT i.premium FROM cr_insurance_policy i
                     WHERE i.id = c.won_policy_id AND c.state = 'won') AS premium,
                   %(last)s, %(people)s
              FROM cr_care_case c
              JOIN cr_care_plan p ON p.id = c.plan_id
         LEFT JOIN cr_vehicle v ON v.id = c.vehicle_id
        CROSS JOIN LATERAL (
                   SELECT (c.state <> 'cancelled' OR c.cancel_reason = 'hand')::int
                   AS due) d
            """,
            last=self._last_step_sql(),
            people=self._people_sql(),
        )

    def _last_step_sql(self):
        """Return the columns of the last contact before the customer came."""
        return SQL(", ").join(
            SQL(
                """(SELECT t.%s FROM cr_care_task t
                     WHERE t.case_id = c.id AND t.state = 'done'
                       AND t.channel IN ('sms', 'email', 'letter', 'call')
                       AND t.done_on <= COALESCE(c.won_on, t.done_on)
                     ORDER BY t.done_on DESC, t.id DESC LIMIT 1) AS %s""",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in ("step_id", "channel")
        )

    def _people_sql(self):
        """Return the columns of the advisor and the insurance specialist."""
        return SQL("""
            COALESCE(
                (SELECT o.advisor_id FROM cr_service_order o
                  WHERE o.id = c.won_order_id),
                (SELECT o.advisor_id FROM cr_service_order o
                  WHERE o.vehicle_id = c.vehicle_id AND o.state <> 'cancelled'
                    AND o.advisor_id IS NOT NULL
                  ORDER BY o.out_on DESC NULLS LAST, o.id DESC LIMIT 1)) AS advisor_id,
            CASE WHEN c.subject = 'insurance' THEN COALESCE(
                (SELECT i.specialist_id FROM cr_insurance_policy i
                  WHERE i.id = c.won_policy_id),
                (SELECT e.id FROM hr_employee e
                  WHERE e.user_id = c.agent_id AND e.company_id = c.company_id
                  ORDER BY e.id LIMIT 1),
                (SELECT i.specialist_id FROM cr_insurance_policy i
                  WHERE i.vehicle_id = c.vehicle_id AND i.date_end = c.anchor_on
                    AND i.specialist_id IS NOT NULL
                  ORDER BY i.id DESC LIMIT 1)) END AS specialist_id
            """)

    # === ACTIONS === #

    def action_open_case(self):
        """Open the case behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.care.case",
            "res_id": self.case_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === FUNNEL === #

    @api.model
    def get_funnel(self, domain):
        """Return the stages of the funnel for the picture above the table.

        :param list domain: which rows
        :return: [{"name", "label", "help", "count", "percent", "after"}]; `percent` is
            of those due, `after` how many of the last stage came after a contact
        """
        names = (*STAGES, "effect")
        [counts] = self._read_group(domain, [], [f"{name}:sum" for name in names])
        counts = dict(zip(names, (count or 0 for count in counts), strict=True))
        return [
            {
                "name": name,
                "label": self._fields[name]._description_string(self.env),
                "help": self._fields[name]._description_help(self.env) or "",
                "count": counts[name],
                "percent": round(100 * counts[name] / (counts["due"] or 1)),
                "after": counts["effect"] if name == "won" else False,
            }
            for name in STAGES
        ]
