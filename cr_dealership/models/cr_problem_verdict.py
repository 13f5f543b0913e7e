from odoo import api, fields, models


class CrProblemVerdict(models.Model):
    """What a customer says in the second callback, to choose with one click."""

    _name = "cr.problem.verdict"
    _description = "Verdict on a solution"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    is_satisfied = fields.Boolean(string="Closes the problem")
    is_for_explained = fields.Boolean(
        string="For what cannot be changed",
        help="Offered when the department could only explain.",
    )
    needs_note = fields.Boolean(string="Asks for the customer's words")
    next_step = fields.Char(translate=True)

    @api.model
    def _get_options(self, is_explained):
        """Return the verdicts as the call workplace offers them.

        :param bool is_explained: nothing could be changed, only explained
        """
        return [
            {
                "id": verdict.id,
                "name": verdict.name,
                "needs_note": verdict.needs_note,
                "next_step": verdict.next_step or "",
            }
            for verdict in self.search([("is_for_explained", "=", is_explained)])
        ]
