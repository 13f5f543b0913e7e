from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CrRewardEntry(models.Model):
    """A bonus or deduction proposed for a colleague, until somebody decides (RWD-10).

    Proposed by what happens (praise in a call, a complaint) or by hand. The colleague
    reads his own; another person than he approves. Approved entries are what wages are
    worked out from; no wage is changed here.
    """

    _name = "cr.reward.entry"
    _description = "Bonus or deduction"
    _inherit = [
        "cr.keyed.mixin",
        "cr.settled.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "day desc, id desc"
    _rec_name = "rule_id"
    _check_company_auto = True

    _settled_columns = frozenset(("state", "decided_by_id", "decided_on"))
    _first_state = "proposed"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Colleague",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    rule_id = fields.Many2one(
        "cr.reward.rule", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="rule_id.kind", store=True, precompute=True)
    day = fields.Date(required=True, default=fields.Date.context_today)
    is_warning = fields.Boolean(
        string="Warning", compute="_compute_amount", store=True, precompute=True
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        help="What is added to the wages, negative where it is deducted.",
    )
    reason = fields.Text(required=True, help="What happened.")
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="proposed",
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    decided_on = fields.Date(readonly=True, copy=False)

    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "This case is proposed already."
    )

    # === COMPUTE === #

    @api.depends("rule_id", "employee_id", "day")
    def _compute_amount(self):
        """Sum and warning as the rule says on the day of entry; decided ones stay."""
        open_ones = self.filtered(lambda one: one.state in (False, "proposed"))
        warned = open_ones._get_warned()
        for entry in open_ones:
            rule = entry.rule_id
            who = (entry.employee_id.id, rule.id)
            entry.is_warning = rule.is_warned_first and who not in warned
            # The second of one batch is no first case any more.
            warned.add(who)
            sign = -1 if rule.kind == "deduction" else 1
            entry.amount = 0 if entry.is_warning else sign * rule.amount

    def _get_warned(self):
        """Return (employee, rule) with a case in twelve months that was not refused."""
        rules = self.rule_id.filtered("is_warned_first")
        days = [day for day in self.mapped("day") if day]
        if not rules or not days:
            return set()
        groups = self._read_group(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("rule_id", "in", rules.ids),
                ("state", "!=", "refused"),
                ("day", ">", min(days) - relativedelta(years=1)),
                ("id", "not in", self._origin.ids),
            ],
            ["employee_id", "rule_id"],
        )
        return {(employee.id, rule.id) for employee, rule in groups}

    # === CRUD === #

    def write(self, vals):
        """Refuse changes of what was decided."""
        if not self.env.su and {"rule_id", "employee_id", "day", "reason"} & set(vals):
            for entry in self.filtered(lambda one: one.state != "proposed"):
                raise UserError(
                    self.env._(
                        "%(what)s for %(who)s is decided; it stays as it is.",
                        what=entry.rule_id.display_name,
                        who=entry.employee_id.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for entry in self.filtered(lambda one: one.state != "proposed"):
            raise UserError(
                self.env._(
                    "%(what)s for %(who)s is decided and is kept.",
                    what=entry.rule_id.display_name,
                    who=entry.employee_id.display_name,
                )
            )

    # === ACTIONS === #

    def action_approve(self):
        """It counts for the wages."""
        self._decide("approved")

    def action_refuse(self):
        """It does not count."""
        self._decide("refused")

    # === BUSINESS === #

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("Who decides uses the buttons “Approve” and “Refuse”.")
        )

    def _decide(self, state):
        """Decide about proposals; nobody decides about himself."""
        for entry in self:
            if entry.employee_id.user_id == self.env.user:
                raise UserError(
                    self.env._("Nobody decides about himself; ask somebody else.")
                )
        self.filtered(lambda one: one.state == "proposed")._settle(
            state=state,
            decided_by_id=self.env.uid,
            decided_on=self.env.company._cr_today(),
        )

    @api.model
    def _propose(self, code, lines):
        """Propose entries for what happened, each thing once.

        :param str code: of the rule; without a valid one nothing is proposed
        :param list lines: dicts with company (record), employee (record), key, day,
            reason, and origin, the record that it is about
        :return: the new entries
        """
        rule = self.env["cr.reward.rule"].search([("code", "=", code)])
        lines = [
            line
            for line in lines
            if rule and line["employee"] and rule._is_valid_on(line["day"])
        ]
        # Raised rights: who makes the call need not see the wages of others.
        entries = self.sudo()
        keys = {f"{code}:{line['key']}": line for line in lines}
        known = entries.search([("key", "in", list(keys))])
        there = {(entry.company_id, entry.key) for entry in known}
        return entries.create(
            [
                {
                    "company_id": line["company"].id,
                    "employee_id": line["employee"].id,
                    "rule_id": rule.id,
                    "day": line["day"],
                    "reason": line["reason"],
                    "key": key,
                    "origin_model": line["origin"]._name,
                    "origin_id": line["origin"].id,
                }
                for key, line in keys.items()
                if (line["company"], key) not in there
            ]
        )
