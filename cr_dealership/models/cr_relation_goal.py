from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const_relation import GOAL_STATES


class CrRelationGoal(models.Model):
    """How the relation to an account is to be extended (REL-21).

    One row per account and project: who decides there, what we offer, what it is to
    bring in the market, and the next step of whoever looks after the account.
    """

    _name = "cr.relation.goal"
    _description = "Aim for an account"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "next_on, id"
    _check_company_auto = True

    _settled_columns = frozenset(("state", "closed_on"))

    name = fields.Char(
        string="Target project", required=True, help="What we want to win there."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Key account",
        required=True,
        index=True,
        ondelete="restrict",
    )
    key_person_id = fields.Many2one(
        "res.partner",
        string="Key person",
        index="btree_not_null",
        ondelete="restrict",
        help="Who decides, or whom the deciders listen to.",
    )
    market_aim = fields.Text(help="Which place in the market the account is to bring.")
    offer = fields.Text(string="What we offer")
    cars_aimed = fields.Integer(string="Cars aimed at")
    cars_now = fields.Integer(
        string="Cars now", related="partner_id.cr_vehicle_count"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who looks after it",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    next_step = fields.Char(tracking=True)
    next_on = fields.Date(string="Next step on")
    until_on = fields.Date(string="To be reached by")
    state = fields.Selection(
        GOAL_STATES,
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    closed_on = fields.Date(readonly=True, copy=False)
    result = fields.Text(help="What was won, or why it was given up.")

    _running_index = models.Index("(user_id, next_on) WHERE state = 'running'")
    _cars_sane = models.Constraint(
        "CHECK (cars_aimed >= 0)", "The number of cars aimed at is not negative."
    )

    # === CRUD === #

    def write(self, vals):
        """Move the task of whoever looks after it along with the next step."""
        result = super().write(vals)
        if {"next_step", "next_on", "user_id"} & set(vals):
            self._plan_next()
        return result

    # === ACTIONS === #

    def action_start(self):
        """Work on it from now on: somebody has a next step with a day."""
        planned = self.filtered(lambda goal: goal.state == "draft")
        for goal in planned:
            if not (goal.next_step and goal.next_on):
                raise UserError(
                    self.env._(
                        "“%(goal)s” of %(account)s: name the next step and its day.",
                        goal=goal.name,
                        account=goal.partner_id.name,
                    )
                )
        planned._settle(state="running")
        planned._plan_next()

    def action_reached(self):
        """The aim is reached."""
        self._close("reached")

    def action_give_up(self):
        """The aim is given up; the reason stays."""
        self._close("given_up")

    # === BUSINESS === #

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "How an aim stands follows from its buttons: start, reached, give up."
            )
        )

    def _close(self, state):
        """Close aims; how they ended must be written down."""
        live = self.filtered(lambda goal: goal.state in ("draft", "running"))
        for goal in live:
            if not (goal.result or "").strip():
                raise UserError(
                    self.env._(
                        "“%(goal)s” of %(account)s: write down how it ended.",
                        goal=goal.name,
                        account=goal.partner_id.name,
                    )
                )
        live._settle(state=state, closed_on=self.env.company._cr_today())
        live._end_todos()

    def _plan_next(self):
        """Let whoever looks after running aims have the next step as a task."""
        running = self.filtered(lambda goal: goal.state == "running")
        running._replace_todos(
            (goal, goal.user_id, goal.next_on, goal.next_step)
            for goal in running.filtered("next_on")
        )
