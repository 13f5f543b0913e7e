from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrRewardRule(models.Model):
    """What earns a colleague a bonus or a deduction, and how much (RWD-01).

    The house sets the amounts. Whether a deduction from wages is lawful where the
    store stands is for the house to check: a rule only brings proposals (RWD-10).
    """

    _name = "cr.reward.rule"
    _description = "Rule of bonuses and deductions"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    kind = fields.Selection(
        [("bonus", "Bonus"), ("deduction", "Deduction")],
        required=True,
        default="bonus",
    )
    amount = fields.Float(
        digits=(10, 2),
        required=True,
        aggregator=None,
        help="In the currency of the store, for each case; not negative.",
    )
    is_warned_first = fields.Boolean(
        string="First time a warning",
        help="The first case within twelve months is a warning without money.",
    )
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    description = fields.Text(string="When it applies", translate=True)
    entry_ids = fields.One2many("cr.reward.entry", "rule_id", string="Entries")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "Another rule has this code; choose a different one."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)",
        "The amount is not negative; the kind says whether it is deducted.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_from > rule.date_to:
                raise ValidationError(
                    self.env._("%s ends before it begins.", rule.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for rule in self.filtered("entry_ids"):
            raise UserError(
                self.env._(
                    "There are entries by the rule “%s”; switch it off instead of"
                    " deleting it.",
                    rule.display_name,
                )
            )

    def _is_valid_on(self, day):
        """Say whether the rule holds on a day."""
        self.ensure_one()
        begins = not self.date_from or self.date_from <= day
        return self.active and begins and not (self.date_to and self.date_to < day)
