from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrChurnAction(models.Model):
    """A step to win a customer back: who does what on which day (RCL-09, RCL-05)."""

    _name = "cr.churn.action"
    _description = "Step to win a customer back"
    _order = "done_on nulls first, planned_on, id"

    warning_id = fields.Many2one(
        "cr.churn.warning",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="warning_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("offer", "Exclusive offer"),
            ("caller", "Dedicated caller"),
            ("event", "Invitation to a special event"),
            ("visit", "Home visit"),
            ("other", "Other"),
        ],
        required=True,
        default="offer",
    )
    name = fields.Char(string="What exactly")
    planned_on = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, default=lambda self: self.env.user
    )
    visitor_ids = fields.Many2many(
        "res.users",
        string="Visitors",
        help="Who goes to the customer's home; the first talks.",
    )
    done_on = fields.Date(string="Done on")
    result = fields.Char()

    _open_index = models.Index("(user_id, planned_on) WHERE done_on IS NULL")

    # === CHECKS === #

    @api.constrains("kind", "visitor_ids", "name")
    def _check_complete(self):
        for action in self:
            if action.kind == "visit" and not action.visitor_ids:
                raise ValidationError(
                    self.env._(
                        "%(car)s: a home visit needs visitors. Name who goes there.",
                        car=action.warning_id.display_name,
                    )
                )
            if action.kind == "other" and not (action.name or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(car)s: say what exactly the other step is.",
                        car=action.warning_id.display_name,
                    )
                )

    @api.constrains("done_on", "result")
    def _check_result(self):
        for action in self:
            if action.done_on and not (action.result or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(car)s: a step that is done needs its result. Write what came"
                        " of it, or clear the day.",
                        car=action.warning_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A planned step says that somebody works on the warning."""
        actions = super().create(vals_list)
        actions.warning_id._begin()
        return actions

    # === ACTIONS === #

    def action_done(self):
        """Note that the step was done today; its result must stand there."""
        for action in self:
            if not (action.result or "").strip():
                raise UserError(
                    self.env._(
                        "Write the result of the step before you mark it as done."
                    )
                )
        self.done_on = fields.Date.context_today(self)
