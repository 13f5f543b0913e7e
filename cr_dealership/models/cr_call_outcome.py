from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import OUTCOME_KINDS


class CrCallOutcome(models.Model):
    """How a call ended: reached, phone off, busy … and what follows (CB-06, CB-07).

    The kind decides what happens to the callback, the ladder (days, tries, gap) when
    the customer is tried again.
    """

    _name = "cr.call.outcome"
    _description = "Call outcome"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    key = fields.Integer(
        help="Digit that answers in the call, 1 to 8.", aggregator=None
    )
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    kind = fields.Selection(OUTCOME_KINDS, required=True, default="retry")
    within_days = fields.Integer(
        string="Try again within (days)", default=2, aggregator=None
    )
    max_attempts = fields.Integer(
        default=3,
        aggregator=None,
        help="After so many failed calls the customer counts as lost contact."
        " Assumed; no source says the number.",
    )
    min_gap_minutes = fields.Integer(
        string="Not before (minutes)", default=60, aggregator=None
    )
    other_part = fields.Boolean(
        string="Another part of the day",
        default=True,
        help="The next try is in a part of the day that was not tried yet.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already an outcome with this code."
    )
    _key_unique = models.UniqueIndex(
        "(key) WHERE active AND key > 0", "This key already stands for an outcome."
    )
    _ladder_positive = models.Constraint(
        "CHECK (within_days > 0 AND max_attempts > 0 AND min_gap_minutes >= 0)",
        "Days and attempts must be above zero, the gap not below zero.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse deletion while attempts tell of the outcome; archive it instead."""
        if self.env["cr.call.attempt"].search_count(
            [("outcome_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "Calls were recorded with this outcome, so it stays for the"
                    " figures; archive it instead."
                )
            )

    @api.model
    def _get_least_tries(self):
        """Return the least number of failed calls after which contact is lost."""
        outcomes = self.search([("kind", "=", "retry")])
        return min(outcomes.mapped("max_attempts"), default=0)
