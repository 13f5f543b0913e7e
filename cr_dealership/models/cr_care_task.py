from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import BLOCK_REASONS
from ..const_care import (
    OPEN_TASK_STATES,
    TASK_CHANNELS,
    TASK_REASONS,
    TASK_STATES,
)


class CrCareTask(models.Model):
    """A step of a case on its day: what is done, what became of it, and why.

    Planned when the case is opened; the nightly run takes those whose day has come.
    """

    _name = "cr.care.task"
    _description = "Step of a care case"
    _inherit = ["cr.care.task.take.mixin", "cr.care.task.message.mixin"]
    _order = "next_on, priority, id"
    _rec_name = "step_id"

    case_id = fields.Many2one(
        "cr.care.case", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "cr.care.step", required=True, index=True, ondelete="restrict"
    )
    plan_id = fields.Many2one("cr.care.plan", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", string="Store", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    vehicle_id = fields.Many2one("cr.vehicle", string="Car", ondelete="restrict")
    plate = fields.Char(related="vehicle_id.plate")
    phone = fields.Char(related="partner_id.mobile", string="Telephone")
    channel = fields.Selection(TASK_CHANNELS, required=True)
    role_id = fields.Many2one("cr.role", string="Who does it")
    priority = fields.Integer(aggregator=None)
    due_on = fields.Date(required=True)
    next_on = fields.Date(
        required=True, help="The day on which the step is looked at again."
    )
    state = fields.Selection(TASK_STATES, required=True, default="todo")
    reason = fields.Selection(
        TASK_REASONS + BLOCK_REASONS, string="Why not", readonly=True
    )
    taken_on = fields.Date(readonly=True)
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True)
    is_reached = fields.Boolean(string="Reached", readonly=True)
    result = fields.Char(help="What the step brought, in words.")
    callback_id = fields.Many2one("cr.callback", compute="_compute_callback_id")
    reason_text = fields.Char(related="case_id.reason_text")

    _step_unique = models.UniqueIndex(
        "(case_id, step_id)", "This step is already planned for the case."
    )
    _waiting_index = models.Index(
        "(next_on, priority, id) WHERE state IN ('todo', 'held')"
    )
    _ready_index = models.Index("(company_id, role_id, due_on) WHERE state = 'ready'")
    _contact_index = models.Index(
        "(partner_id, taken_on) WHERE taken_on IS NOT NULL"
    )

    # === COMPUTE === #

    def _compute_callback_id(self):
        callbacks = self.env["cr.callback"].search(
            [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        )
        by_task = {callback.origin_id: callback for callback in callbacks}
        for task in self:
            task.callback_id = by_task.get(task.id, False)

    # === CRUD === #

    def write(self, vals):
        """Let people write only the result; what was done writes the rest."""
        if not self.env.su and (fixed := set(vals) - {"result"}):
            raise AccessError(
                self.env._(
                    "%(field)s of a step follows from what was done; use the buttons.",
                    field=min(fixed),
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_done(self):
        """Mark steps as done that a person does: a task, a letter, a list."""
        self.check_access("write")
        for task in self:
            if task.state != "ready":
                raise UserError(
                    self.env._(
                        "%(step)s for %(customer)s is not to be done now; it is:"
                        " %(state)s.",
                        step=task.step_id.name,
                        customer=task.partner_id.name,
                        state=task._get_label("state"),
                    )
                )
        self._finish()

    def action_open_case(self):
        """Open the case of the step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.care.case",
            "res_id": self.case_id.id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    def _get_text(self):
        """Return the step, its day, and what holds it back."""
        self.ensure_one()
        day = self.env["cr.callback"]._format_day(self.next_on)
        if self.state == "held":
            return self.env._(
                "%(step)s: held back until %(day)s (%(reason)s)",
                step=self.step_id.name,
                day=day,
                reason=self._get_label("reason"),
            )
        return self.env._("%(step)s: %(day)s", step=self.step_id.name, day=day)

    def _get_label(self, name):
        """Return the value of a selection in words."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

    def _finish(self, is_reached=False, agent=None):
        """Note that the steps were done today.

        :param bool is_reached: the customer himself was reached
        """
        # Raised rights: what a call or a message brings is noted by whoever made it.
        self.sudo().write(
            {
                "state": "done",
                "done_on": self.env["cr.care.case"]._get_today(),
                "done_by_id": (agent or self.env.user).id,
                "is_reached": is_reached,
            }
        )

    def _cancel(self, reason):
        """Cancel steps that are left, with the calls and messages they brought."""
        left = self.filtered(lambda task: task.state in OPEN_TASK_STATES)
        ready = left.filtered(lambda task: task.state == "ready")
        left.write({"state": "cancelled", "reason": reason})
        if ready:
            ready._cancel_handed_over(left[0]._get_label("reason"))

    def _cancel_handed_over(self, why):
        """Cancel the calls and messages that steps brought.

        :param str why: the reason in words
        """
        origin = [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        # A card in somebody's hands is closed by him: he is talking with the customer.
        (self._get_open_calls() - self._get_calls_in_talk())._cancel()
        self.env["cr.message"].search(
            [*origin, ("state", "in", ("queued", "held"))]
        )._cancel(why)

    def _get_open_calls(self):
        """Return the calls of the steps that are not made yet."""
        return self.env["cr.callback"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("state", "in", ("todo", "retry")),
            ]
        )

    def _get_calls_in_talk(self):
        """Return the open calls of customers somebody is talking with right now."""
        calls = self._get_open_calls()
        talking = self.env["cr.call.session"].search(
            [("partner_id", "in", calls.partner_id.ids), ("closed_at", "=", False)]
        )
        return calls.filtered(lambda call: call.partner_id in talking.partner_id)

    def _get_talked_about(self):
        """Return the steps whose call is being made right now."""
        return self.browse(self._get_calls_in_talk().mapped("origin_id"))

    @api.model
    def _release_confirmed(self, case_ids):
        """Have the steps that waited for the confirmation looked at today."""
        today = self.env["cr.care.case"]._get_today()
        # Raised rights: see cr.care.case.action_confirm.
        tasks = self.sudo()
        cases = [("case_id", "in", case_ids)]
        lists = [*cases, ("state", "=", "ready"), ("channel", "=", "list")]
        tasks.search(lists)._finish()
        waiting = [*cases, ("state", "=", "held"), ("reason", "=", "unconfirmed")]
        tasks.search(waiting).write(
            {"state": "todo", "reason": False, "next_on": today}
        )
