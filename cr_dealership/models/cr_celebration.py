from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const_relation import OCCASIONS


class CrCelebration(models.Model):
    """A celebration of a customer to which the house sends a delegate (REL-19).

    The founding day of a company finds it by the care plan “Founding day of a
    company”; any other invitation is entered by hand.
    """

    _name = "cr.celebration"
    _description = "Celebration of a customer"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "day desc, id desc"
    _check_company_auto = True

    _settled_columns = frozenset(("state",))
    _first_state = "planned"

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    occasion = fields.Selection(OCCASIONS, required=True, default="founding")
    day = fields.Date(
        compute="_compute_day",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The next founding day on file, if it is one.",
    )
    place = fields.Char()
    delegate_ids = fields.Many2many("res.users", string="Delegates")
    gift_request_id = fields.Many2one(
        "cr.care.gift.request",
        string="Gift",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
        help="What the delegates bring; it is signed like any other gift.",
    )
    case_id = fields.Many2one(
        "cr.care.case",
        string="Found by",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("attended", "Attended"),
            ("missed", "Nobody went"),
            ("cancelled", "Does not take place"),
        ],
        required=True,
        default="planned",
        readonly=True,
        tracking=True,
        copy=False,
    )
    report = fields.Text(
        string="How it was", help="Whom the delegates met and what was said."
    )

    _planned_index = models.Index("(company_id, day) WHERE state = 'planned'")
    _case_unique = models.UniqueIndex(
        "(case_id) WHERE case_id IS NOT NULL",
        "The delegation for this founding day is planned already.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "occasion")
    def _compute_name(self):
        labels = dict(self._fields["occasion"]._description_selection(self.env))
        for celebration in self:
            words = (celebration.partner_id.name, labels.get(celebration.occasion))
            celebration.name = " · ".join(filter(None, words))

    @api.depends("partner_id", "occasion")
    def _compute_day(self):
        for celebration in self:
            day = celebration.partner_id.cr_anniversary_on
            if celebration.occasion == "founding" and day:
                celebration.day = day
            elif not celebration.day:
                celebration.day = celebration.company_id._cr_today()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give each delegate the day as a task."""
        celebrations = super().create(vals_list)
        celebrations._plan_delegates()
        return celebrations

    def write(self, vals):
        """Move the delegates' tasks along with who goes and when."""
        result = super().write(vals)
        if {"delegate_ids", "day"} & set(vals):
            self._plan_delegates()
        return result

    # === ACTIONS === #

    def action_attended(self):
        """The delegates were there; the customer's ledger tells of it."""
        waiting = self.filtered(lambda celebration: celebration.state == "planned")
        for celebration in waiting:
            celebration._check_attended()
        waiting._end("attended")
        # Raised rights: nobody writes the ledger by hand.
        self.env["cr.care.touch"].sudo()._log(
            [celebration._prepare_touch() for celebration in waiting]
        )

    def action_missed(self):
        """Nobody went; the reason stays with it."""
        waiting = self.filtered(lambda celebration: celebration.state == "planned")
        for celebration in waiting:
            if not (celebration.report or "").strip():
                raise UserError(
                    self.env._(
                        "“%s”: write why nobody went, and what was sent instead.",
                        celebration.name,
                    )
                )
        waiting._end("missed")

    def action_cancel(self):
        """The celebration does not take place."""
        self.filtered(lambda one: one.state == "planned")._end("cancelled")

    # === BUSINESS === #

    @api.model
    def _plan_for(self, cases):
        """Return the action that shows the celebrations of founding days found.

        A case brings one celebration, however often it is asked for.

        :param cases: `cr.care.case`
        """
        founded = cases.filtered(lambda case: case.plan_id.anchor == "founded")
        if not founded:
            raise UserError(
                self.env._(
                    "Choose cases of the plan “Founding day of a company”; enter other"
                    " celebrations under “Celebrations”."
                )
            )
        planned = self.search([("case_id", "in", founded.ids)])
        new = self.create(
            [
                {
                    "case_id": case.id,
                    "company_id": case.company_id.id,
                    "partner_id": case.partner_id.id,
                    "occasion": "founding",
                    "day": case.anchor_on,
                }
                for case in founded - planned.case_id
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_celebration_action"
        )
        return {**action, "domain": [("id", "in", (planned | new).ids)]}

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "How a celebration went follows from its buttons: attended, nobody"
                " went, does not take place."
            )
        )

    def _check_attended(self):
        """Raise unless somebody can have been there."""
        self.ensure_one()
        if not self.delegate_ids:
            raise UserError(
                self.env._("“%s”: name the delegates who were there.", self.name)
            )
        if self.day > self.company_id._cr_today():
            raise UserError(
                self.env._(
                    "“%(celebration)s” is on %(day)s; mark it when it was.",
                    celebration=self.name,
                    day=fields.Date.to_string(self.day),
                )
            )

    def _end(self, state):
        """End celebrations; the step of the care plan that found them is done."""
        self._settle(state=state)
        self._end_todos()
        tasks = self.sudo().case_id.task_ids.filtered(
            lambda task: task.state == "ready" and task.channel == "task"
        )
        tasks._finish()

    def _plan_delegates(self):
        """Let the delegates of planned celebrations, and nobody else, have the task."""
        planned = self.filtered(lambda celebration: celebration.state == "planned")
        planned._replace_todos(
            (one, user, one.day, self.env._("Represent the house: %s", one.name))
            for one in planned
            for user in one.delegate_ids
        )

    def _prepare_touch(self):
        """Return the entry in the ledger of contacts."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "channel": "visit",
            "direction": "out",
            "content": self.report or self.name,
            "user_id": self.delegate_ids[:1].id,
            # A guest does not ask for anything: it does not count for the cap.
            "is_counted": False,
            "origin_model": self._name,
            "origin_id": self.id,
        }
