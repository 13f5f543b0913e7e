from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

# What the department writes; the question itself does not change once it is sent.
_ANSWER_FIELDS = {"measure", "measure_by_id", "measure_until"}
_WORDS_MAX = 40


class CrCareFeedback(models.Model):
    """What customers gave as reasons, summed up for a department, and its measure.

    Seven days after the end of a policy the specialist sums up why customers did not
    renew; the department answers with a measure, a person and a date (INS-09). The
    same for visits that were asked for in vain (RCL-07), and for what customers suggest
    (COM-08).
    """

    _name = "cr.care.feedback"
    _description = "Feedback to a department"
    _inherit = ["cr.settled.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sent_on desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="About", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    role_id = fields.Many2one(
        "cr.role",
        string="To whom",
        required=True,
        help="Who holds this role when it is sent gets the task.",
    )
    case_ids = fields.Many2many("cr.care.case", string="Customers")
    wish_ids = fields.One2many(
        "cr.customer.wish",
        "feedback_id",
        string="Suggestions",
        readonly=True,
        help="They are fulfilled with the measure, and who said them is to be told.",
    )
    case_count = fields.Integer(string="How many", compute="_compute_case_count")
    summary = fields.Text(
        required=True, help="The problems in words; begins with the counted reasons."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent to the department"),
            ("answered", "Measure decided"),
            ("done", "Measure carried out"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    sent_on = fields.Date(readonly=True, copy=False)
    measure = fields.Text(string="Improvement", tracking=True)
    measure_by_id = fields.Many2one(
        "res.users", string="Who carries it out", tracking=True
    )
    measure_until = fields.Date(string="Until", tracking=True)
    done_on = fields.Date(readonly=True, copy=False)

    _open_index = models.Index(
        "(company_id, measure_until) WHERE state IN ('sent', 'answered')"
    )

    # === COMPUTE === #

    @api.depends("case_ids")
    def _compute_case_count(self):
        for feedback in self:
            feedback.case_count = len(feedback.case_ids)

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """Sum up the cases that the feedback is made from."""
        values = super().default_get(fields)
        cases = self.env["cr.care.case"].browse(
            self.env.context.get("default_case_ids") or []
        )
        if cases:
            values.setdefault("name", ", ".join(cases.plan_id.mapped("name")))
            values.setdefault("summary", self._sum_up(cases))
        return values

    def write(self, vals):
        """Keep what was sent; the department writes its answer only."""
        fixed = {"role_id", "case_ids", "summary", "company_id", "name"} & set(vals)
        for feedback in self.filtered(lambda one: one.state != "draft"):
            if fixed and not self.env.su:
                raise UserError(
                    self.env._(
                        "“%(feedback)s” was sent on %(day)s and stays as it is; write a"
                        " new one.",
                        feedback=feedback.name,
                        day=fields.Date.to_string(feedback.sent_on),
                    )
                )
        return super().write(vals)

    @api.model
    def _refuse_by_hand(self):
        raise UserError(self.env._("The state follows from the buttons; use them."))

    # === ACTIONS === #

    def action_send(self):
        """Hand the problems to whoever holds the role today."""
        for feedback in self.filtered(lambda one: one.state == "draft"):
            users = feedback._get_recipients()
            feedback._settle(state="sent", sent_on=feedback.company_id._cr_today())
            for user in users:
                feedback.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.env._("Decide on a measure: %s", feedback.name),
                )
            feedback._finish_steps()

    def action_decide(self):
        """The measure is decided: what, who, until when."""
        for feedback in self:
            missing = [
                field.get_description(self.env)["string"]
                for name, field in self._fields.items()
                if name in _ANSWER_FIELDS and not feedback[name]
            ]
            if missing:
                raise UserError(
                    self.env._(
                        "“%(feedback)s”: fill in %(missing)s first.",
                        feedback=feedback.name,
                        missing=", ".join(missing),
                    )
                )
        self.filtered(lambda one: one.state == "sent")._settle(state="answered")
        # Raised rights: the tasks of all who hold the role are done.
        self.sudo().activity_ids.unlink()

    def action_done(self):
        """The measure is carried out."""
        for feedback in self.filtered(lambda one: one.state == "answered"):
            feedback._settle(state="done", done_on=feedback.company_id._cr_today())
            feedback.wish_ids._after_improved()

    # === BUSINESS === #

    def _get_recipients(self):
        """Return who holds the role today.

        :raise UserError: if nobody does
        """
        self.ensure_one()
        company = self.company_id
        users = self.role_id.sudo()._on_duty(company, company._cr_today())
        if not users:
            raise UserError(
                self.env._(
                    "Nobody holds the role “%(role)s” in %(store)s today; name somebody"
                    " in the roster first.",
                    role=self.role_id.name,
                    store=company.name,
                )
            )
        return users

    def _finish_steps(self):
        """Mark the steps of the cases as done that asked for this summary."""
        self.case_ids.task_ids.filtered(
            lambda task: task.state == "ready" and task.channel == "task"
        )._finish()

    @api.model
    def _sum_up(self, cases):
        """Return counted reasons and customers' own words, most frequent first."""
        reasons = Counter(
            case.reason_id.name or self.env._("no reason on file") for case in cases
        )
        lines = [f"{count} × {name}" for name, count in reasons.most_common()]
        lines += [
            f"– {case.partner_id.name}: {case.note}" for case in cases if case.note
        ][:_WORDS_MAX]
        return "\n".join(lines)
