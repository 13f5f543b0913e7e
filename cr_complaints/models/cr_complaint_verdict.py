from odoo import api, fields, models

from .cr_complaint_close_mixin import SATISFACTION


class CrComplaintVerdict(models.Model):
    """What a customer says in the follow-up call, to choose with one click."""

    _name = "cr.complaint.verdict"
    _description = "Verdict of the follow-up call"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    is_satisfied = fields.Boolean(string="Really solved")
    score = fields.Selection(SATISFACTION, required=True)
    needs_note = fields.Boolean(string="Asks for the customer's words")
    next_step = fields.Char(translate=True)

    @api.model
    def _get_options(self):
        """Return the verdicts as the call workplace offers them."""
        return [
            {
                "id": verdict.id,
                "name": verdict.name,
                "needs_note": verdict.needs_note,
                "next_step": verdict.next_step or "",
            }
            for verdict in self.search([])
        ]
