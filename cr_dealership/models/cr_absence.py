from odoo import api, fields, models


class CrAbsence(models.Model):
    """Days on which someone is away, and who stands in (ROL-07)."""

    _name = "cr.absence"
    _description = "Absence"
    _inherit = ["cr.cached.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Who is away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="To", required=True, index=True, default=fields.Date.context_today
    )
    substitute_id = fields.Many2one("res.users", index="btree_not_null")
    reason = fields.Selection(
        [
            ("leave", "Leave"),
            ("sick", "Sick"),
            ("training", "Training"),
            ("business", "Business trip"),
            ("rest", "Day off"),
            ("other", "Other"),
        ],
        required=True,
        default="leave",
    )
    note = fields.Char()

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An absence cannot end before it begins."
    )
    _other_substitute = models.Constraint(
        "CHECK (substitute_id IS NULL OR substitute_id != user_id)",
        "Nobody stands in for himself; choose another substitute.",
    )

    @api.model
    def _get_spans(self, first, last):
        """Return {user id: [(from, to, substitute id or None)]} in a span of days."""
        # The roster must not depend on who asks, see cr.role._get_duties.
        absences = self.sudo().search_fetch(
            [("date_from", "<=", last), ("date_to", ">=", first)],
            ["user_id", "date_from", "date_to", "substitute_id"],
        )
        spans = {}
        for absence in absences:
            spans.setdefault(absence.user_id.id, []).append(
                (absence.date_from, absence.date_to, absence.substitute_id.id or None)
            )
        return spans
