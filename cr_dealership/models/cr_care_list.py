from odoo import api, fields, models
from odoo.tools import SQL

from ..const_care import LIVE_CASE_STATES


class CrCareList(models.Model):
    """The list of a month's due customers of a plan, confirmed and printed by a person.

    (FS-03, FS-04, INS-02, INS-03.) Cases join it by themselves when their list step
    comes; who comes after the confirmation waits for the next one.
    """

    _name = "cr.care.list"
    _description = "Due list of a month"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, plan_id, id"

    plan_id = fields.Many2one(
        "cr.care.plan", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, readonly=True
    )
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    deadline_on = fields.Date(
        string="Confirm by", readonly=True, index="btree_not_null"
    )
    case_ids = fields.One2many("cr.care.case", "list_id", string="Customers")
    case_count = fields.Integer(string="Customers on it", compute="_compute_counts")
    open_count = fields.Integer(
        string="To confirm",
        compute="_compute_counts",
        search="_search_open_count",
    )
    confirmed_on = fields.Date(string="Last confirmed on", readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    printed_at = fields.Datetime(readonly=True)
    reminded_on = fields.Date(readonly=True)

    _month_unique = models.Constraint(
        "UNIQUE (plan_id, company_id, month)", "This month already has its list."
    )

    # === COMPUTE === #

    @api.depends("plan_id.name", "month")
    def _compute_display_name(self):
        for due_list in self:
            month = f"{due_list.month:%Y-%m}" if due_list.month else ""
            due_list.display_name = f"{due_list.plan_id.name or ''} {month}"

    @api.depends("case_ids.confirmed_on", "case_ids.state")
    def _compute_counts(self):
        domain = [("list_id", "in", self.ids)]
        Case = self.env["cr.care.case"]
        every = dict(Case._read_group(domain, ["list_id"], ["__count"]))
        waiting = dict(
            Case._read_group(
                [*domain, *self._get_waiting_domain()], ["list_id"], ["__count"]
            )
        )
        for due_list in self:
            due_list.case_count = every.get(due_list, 0)
            due_list.open_count = waiting.get(due_list, 0)

    def _search_open_count(self, operator, value):
        if (operator, value) != (">", 0):
            return NotImplemented
        return [("case_ids", "any", self._get_waiting_domain())]

    @api.model
    def _get_waiting_domain(self):
        return [("confirmed_on", "=", False), ("state", "in", LIVE_CASE_STATES)]

    # === ACTIONS === #

    def action_confirm(self):
        """Confirm all customers that wait on the lists; only they are contacted."""
        self.check_access("write")
        waiting = self.env["cr.care.case"].search(
            [("list_id", "in", self.ids), *self._get_waiting_domain()]
        )
        waiting.action_confirm()
        self.write(
            {
                "confirmed_on": waiting._get_today(),
                "confirmed_by_id": self.env.uid,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_print(self):
        """Print the lists; the time is kept."""
        self.printed_at = fields.Datetime.now()
        return self.env.ref("cr_dealership.action_report_cr_care_list").report_action(
            self
        )

    def action_view_cases(self):
        """Open the customers of the list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_case_action"
        )
        return {
            **action,
            "name": self.display_name,
            "domain": [("list_id", "=", self.id)],
            "context": {},
        }

    # === BUSINESS === #

    @api.model
    def _add_cases(self, cases):
        """Put cases on the list of their plan, store and month of day N.

        :param cases: `cr.care.case`
        """
        cases.flush_recordset()
        self._make_months(cases)
        self.env.execute_query(
            SQL(
                """
                UPDATE cr_care_case c SET list_id = l.id
                  FROM cr_care_list l
                 WHERE c.id = ANY(%s) AND l.plan_id = c.plan_id
                   AND l.company_id = c.company_id
                   AND l.month = date_trunc('month', c.anchor_on)::date
                RETURNING c.id
                """,
                cases.ids,
            )
        )
        cases.invalidate_model(["list_id"])
        self.invalidate_model()

    @api.model
    def _make_months(self, cases):
        """Make the lists of the months of the cases that are not there yet."""
        # Raised rights: the nightly run makes lists for every store.
        self.env.execute_query(
            SQL(
                """
                    INSERT INTO cr_care_list (plan_id, company_id, month, deadline_on,
                           create_uid, create_date, write_uid, write_date)
                    SELECT DISTINCT ON (c.plan_id, c.company_id, m.month)
                           c.plan_id, c.company_id, m.month,
                           CASE WHEN p.list_day > 0 THEN LEAST(
                               m.early + p.list_day - 1,
                               (m.early + interval '1 month')::date - 1) END,
                           %(user)s, NOW() AT TIME ZONE 'UTC',
                           %(user)s, NOW() AT TIME ZONE 'UTC'
                      FROM cr_care_case c
                      JOIN cr_care_plan p ON p.id = c.plan_id
                CROSS JOIN LATERAL (
                      SELECT date_trunc('month', c.anchor_on)::date AS month,
                             (date_trunc('month', c.anchor_on)
                              - interval '2 months')::date AS early) m
                     WHERE c.id = ANY(%(cases)s)
                    ON CONFLICT DO NOTHING RETURNING id
                """,
                user=self.env.uid,
                cases=cases.ids,
            )
        )

    @api.model
    def _remind_deadlines(self, today, limit=100):
        """Remind whoever confirms of lists whose day has come; each list once.

        :return: how many lists were reminded of
        """
        lists = self.search(
            [
                ("deadline_on", "<=", today),
                ("reminded_on", "=", False),
                ("open_count", ">", 0),
            ],
            limit=limit,
        ).try_lock_for_update()
        for due_list in lists:
            step = due_list.case_ids[:1].version_id.step_ids.filtered(
                lambda step: step.channel == "list"
            )[:1]
            users = step.role_id._on_duty(due_list.company_id, today)
            due_list.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=due_list.deadline_on,
                summary=self.env._("Confirm and print the due list"),
                user_id=users[:1].id or self.env.uid,
            )
        lists.reminded_on = today
        return len(lists)

    # === CRON === #

    @api.model
    def _cron_remind_deadlines(self):
        """Remind of lists to confirm, a batch per transaction."""
        today = self.env["cr.care.case"]._get_today()
        while count := self._remind_deadlines(today):
            if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)
