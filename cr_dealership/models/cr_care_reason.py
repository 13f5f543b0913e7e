from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const_care import ANSWERS


class CrCareReason(models.Model):
    """What a customer says or why he is lost, and what follows.

    One list for the answers when he is asked to come or to renew (RCL-06, INS-08), the
    reasons of a lost customer (RCL-10) and those of who does not buy (COM-09); each
    tells where it is offered.
    """

    _name = "cr.care.reason"
    _description = "Answer of a customer"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    answer = fields.Selection(ANSWERS, required=True, default="refused")
    is_for_care = fields.Boolean(
        string="When he is asked", default=True, help="Offered in calls and due lists."
    )
    is_for_churn = fields.Boolean(
        string="When he is lost", help="Offered when a churn warning is closed as lost."
    )
    is_for_purchase = fields.Boolean(
        string="Before a purchase", help="Offered when somebody does not buy."
    )
    scope = fields.Selection(
        [
            ("all", "Everything"),
            ("service", "Visits to the shop"),
            ("insurance", "Insurance renewal"),
        ],
        string="Asked about",
        required=True,
        default="all",
    )
    effect = fields.Selection(
        [
            ("none", "The case goes on"),
            ("lost", "The case is lost"),
            ("gone", "The case is lost and the car left our area"),
        ],
        string="What follows",
        required=True,
        default="none",
    )
    needs_note = fields.Boolean(string="Asks for the customer's words")
    is_grievance = fields.Boolean(
        string="Is a complaint",
        help="The customer stays away because he is unhappy: a complaint is opened"
        " where complaints are kept.",
    )
    next_step = fields.Text(
        string="What to do next",
        translate=True,
        help="What the agent does or says now.",
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already an answer with this code."
    )

    # === CONSTRAINTS === #

    @api.constrains("is_for_churn", "next_step")
    def _check_next_step(self):
        for reason in self:
            if reason.is_for_churn and not (reason.next_step or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%s” is a reason of lost customers; say what to do next.",
                        reason.name,
                    )
                )

    # === BUSINESS === #

    def _is_offered_for(self, subject):
        """Return whether the answer fits a case about a subject."""
        self.ensure_one()
        about = "insurance" if subject == "insurance" else "service"
        return self.is_for_care and self.scope in ("all", about)
