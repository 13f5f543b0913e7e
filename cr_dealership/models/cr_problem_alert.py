from odoo import fields, models


class CrProblemAlert(models.Model):
    """That a post was told of a late problem; once per rung and round."""

    _name = "cr.problem.alert"
    _description = "Escalation of a problem"
    _order = "told_at, id"

    problem_id = fields.Many2one(
        "cr.problem", required=True, index=True, ondelete="cascade", readonly=True
    )
    round = fields.Integer(required=True, readonly=True, aggregator=None)
    rung_id = fields.Many2one(
        "cr.problem.rung", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Who was told", readonly=True)
    told_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(problem_id, round, rung_id, COALESCE(user_id, 0))",
        "This person was already told of this problem.",
    )
