from odoo import fields, models


class CrEventTasksMixin(models.AbstractModel):
    """The preparation: tasks in lanes, so many days from N (EVT-03, EVT-06, EVT-09)."""

    _name = "cr.event.tasks.mixin"
    _description = "Event: preparation"

    cr_task_ids = fields.One2many(
        "mail.activity",
        "res_id",
        string="Preparation",
        compute="_compute_cr_task_ids",
        context={"active_test": False},
        help="Open tasks and those that are done.",
    )
    cr_open_task_count = fields.Integer(
        string="Open tasks", compute="_compute_cr_task_ids"
    )
    cr_late_task_count = fields.Integer(
        string="Late tasks", compute="_compute_cr_task_ids"
    )

    def _compute_cr_task_ids(self):
        tasks = self._get_tasks().grouped("res_id")
        for event in self:
            own = tasks.get(event._origin.id, self.env["mail.activity"])
            open_tasks = own.filtered("active")
            today = (event.company_id or self.env.company)._cr_today()
            event.cr_task_ids = own
            event.cr_open_task_count = len(open_tasks)
            event.cr_late_task_count = len(
                open_tasks.filtered(lambda task, day=today: task.date_deadline < day)
            )

    # === ACTIONS === #

    def action_cr_plan_tasks(self):
        """Make the tasks that the preparation of this kind of event asks for."""
        self.check_access("write")
        self._plan_tasks()

    def action_cr_view_tasks(self):
        """Open the tasks of the event, done ones too."""
        self.ensure_one()
        view = self.env.ref("cr_club.mail_activity_view_list_event")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preparation of %s", self.name),
            "res_model": "mail.activity",
            "view_mode": "list",
            "views": [(view.id, "list")],
            "domain": [("id", "in", self._get_tasks().ids)],
            "context": {"active_test": False, "create": False},
        }

    # === BUSINESS === #

    def _get_tasks(self):
        """Return the tasks of the preparation, open and done, in the order of days."""
        # sudo: whoever sees the event sees how its preparation stands.
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", "event.event"),
                    ("res_id", "in", self._origin.ids),
                    ("cr_lane", "!=", False),
                ],
                order="date_deadline, id",
            )
        )

    def _get_open_tasks(self):
        """Return the tasks of the preparation that are to be done."""
        return self._get_tasks().filtered("active")

    def _plan_tasks(self):
        """Make the missing tasks of the events; each step of a plan once an event."""
        known = {(task.res_id, task.cr_template_id.id) for task in self._get_tasks()}
        model_id = self.env["ir.model"]._get_id("event.event")
        rows = [
            {"res_model_id": model_id, "res_id": event.id, **event._prepare_task(step)}
            for event in self.filtered(lambda one: one.cr_state in ("plan", "invite"))
            # sudo: the steps are read by whoever plans an event.
            for step in event.event_type_id.cr_plan_id.sudo().template_ids
            if (event.id, step.id) not in known
        ]
        # sudo: tasks go to people of other departments; no mail for each of them.
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(rows)

    def _prepare_task(self, step):
        """Return the task of a step of the plan."""
        self.ensure_one()
        found = step._determine_responsible(self.user_id, self)
        company = self.company_id or self.env.company
        words = step.with_context(lang=company._cr_get_message_lang())
        return {
            "activity_type_id": step.activity_type_id.id,
            "summary": words.cr_summary or step.summary,
            "note": step.note,
            "date_deadline": step._get_date_deadline(self.cr_day),
            "user_id": (found["responsible"] or self.env.user).id,
            "cr_lane": step.cr_lane or "cr",
            "cr_template_id": step.id,
        }

    def _move_tasks(self):
        """Bring the open tasks to the day that day N asks for."""
        events = {event.id: event for event in self}
        for task in self._get_open_tasks().filtered("cr_template_id"):
            day = task.cr_template_id._get_date_deadline(events[task.res_id].cr_day)
            if task.date_deadline != day:
                task.with_context(mail_activity_quick_update=True).date_deadline = day

    def _hand_over_tasks(self):
        """Give open tasks to whoever stands for their lane in the team now."""
        for event in self:
            for task in event._get_open_tasks().filtered("cr_template_id"):
                step = task.cr_template_id
                user = step._determine_responsible(event.user_id, event)["responsible"]
                if user and task.user_id != user:
                    task.with_context(mail_activity_quick_update=True).user_id = user
