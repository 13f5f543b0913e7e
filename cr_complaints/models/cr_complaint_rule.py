from typing import NamedTuple

from odoo import api, fields, models

from ..const import CHANNELS, FACTS

_FACTS = FACTS + [
    ("amount", "The demand is at least"),
    ("unresolved", "A graver one was not solved in time"),
]


class Preset(NamedTuple):
    """A rule without a record: `reason` says in words why it holds."""

    channel: str
    fact: str
    amount: float
    level: int
    grade_id: int
    reason: str

    def holds_for(self, complaint):
        """Return whether the preset speaks about a complaint."""
        if self.channel:
            return complaint.channel == self.channel
        if self.fact == "amount":
            return complaint.demand_amount >= self.amount > 0
        if self.fact == "unresolved":
            return complaint._is_unresolved(self.level - 1)
        # The mildest grade asks for no fact.
        return not self.fact or bool(complaint[self.fact])


class CrComplaintRule(models.Model):
    """A preset: this channel or fact means at least this grade (CPL-06, CPL-07)."""

    _name = "cr.complaint.rule"
    _description = "Preset of a complaint grade"
    _inherit = ["cr.cached.mixin"]
    _order = "scheme_id, sequence, id"

    scheme_id = fields.Many2one(
        "cr.complaint.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    channel = fields.Selection(CHANNELS)
    fact = fields.Selection(_FACTS)
    amount = fields.Float(string="From amount", aggregator=None)
    grade_id = fields.Many2one(
        "cr.complaint.grade",
        string="At least",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('scheme_id', '=', scheme_id)]",
    )

    _one_condition = models.Constraint(
        "CHECK ((channel IS NULL) <> (fact IS NULL))",
        "A preset has a channel or a fact, one of them.",
    )

    @api.depends("channel", "fact", "amount")
    def _compute_display_name(self):
        for rule in self:
            name = "channel" if rule.channel else "fact"
            labels = dict(rule._fields[name]._description_selection(self.env))
            amount = f" {rule.amount:g}" if rule.fact == "amount" else ""
            rule.display_name = f"{labels.get(rule[name], '')}{amount}"

    def _get_preset(self):
        """Return the rule as a `Preset`."""
        self.ensure_one()
        return Preset(
            self.channel,
            self.fact,
            self.amount,
            self.grade_id.level,
            self.grade_id.id,
            self.display_name,
        )
