from odoo import fields, models

from ..const_care import ANSWERS


class CrCareReason(models.Model):
    """What a customer says when he is asked to come or to renew, and what follows.

    Covers the reasons for staying away (RCL-06, RCL-10) and for not renewing (INS-08).
    """

    _name = "cr.care.reason"
    _description = "Answer of a customer"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    answer = fields.Selection(ANSWERS, required=True, default="refused")
    scope = fields.Selection(
        [
            ("all", "Everything"),
            ("service", "Visits to the shop"),
            ("insurance", "Insurance renewal"),
        ],
        string="Offered for",
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
        string="Is a complaint", help="The customer stays away because he is unhappy."
    )
    next_step = fields.Char(translate=True, help="What the agent does or says now.")
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already an answer with this code."
    )

    def _is_offered_for(self, subject):
        """Return whether the answer fits a case about a subject."""
        self.ensure_one()
        about = "insurance" if subject == "insurance" else "service"
        return self.scope in ("all", about)
