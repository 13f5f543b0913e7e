from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..const_problem import KIND_LANE, TITLE_MAX

_WORDS_MAX = 250


class CrProblemOpenMixin(models.AbstractModel):
    """How problems come into being: from answers, coded, owned, on the clock."""

    _name = "cr.problem.open.mixin"
    _description = "Problem: opening"

    # === FROM ANSWERS === #

    @api.model
    def _open_from_answers(self, lines):
        """Open a problem for each answer that asks for one; each answer once (CB-11).

        The number of queries does not depend on the number of lines.

        :param lines: list of {"callback": `cr.callback` or empty, "answer": record or
            None, "department": `hr.department` or None, "step": text of the process
            step, "text": what the customer said, "post": `cr.role` or empty}; "values"
            may hold more columns, "key" what else it must not be opened for twice
        :return: the problems in the order of the lines
        """
        lines = list(lines)
        if not lines:
            return self.browse()
        self._touch_sources(lines)
        keys = [self._get_source_ref(line) for line in lines]
        # What may be said again is known by its place in the list.
        keys = [key or place for place, key in enumerate(keys)]
        found = self._get_by_source(keys)
        fresh = {
            key: line
            for key, line in reversed([*zip(keys, lines, strict=True)])
            if key not in found
        }
        found.update(self._open_fresh(dict(reversed(fresh.items()))))
        return self.browse([found[key].id for key in keys])

    @api.model
    def _open_fresh(self, fresh):
        """Return {key: new problem} of the lines that have none yet."""
        steps = self.env["cr.process.step"]._ensure(
            line.get("step") for line in fresh.values()
        )
        # Raised rights: a grievance becomes a problem, whoever notes it.
        made = self.sudo().create(
            [self._prepare_line(key, line, steps) for key, line in fresh.items()]
        )
        return dict(zip(fresh, made, strict=True))

    @api.model
    def _touch_sources(self, lines):
        """Have a second transaction about the same calls wait, and be repeated.

        A plain lock would not show it what this one makes.
        """
        calls = {line["callback"].id for line in lines if line.get("callback")}
        if calls:
            self.env["cr.callback"].flush_model()
            self.env.cr.execute(
                SQL(
                    "UPDATE cr_callback SET write_date = write_date WHERE id IN %s",
                    tuple(calls),
                )
            )

    @api.model
    def _get_source_ref(self, line):
        """Return what an answer is known by, False if it may be said again."""
        if line.get("key"):
            return line["key"]
        callback, answer = line.get("callback"), line.get("answer")
        step = (line.get("step") or "").strip().lower()
        if answer:
            call = f"{callback.id}," if callback else ""
            return f"{call}{answer._name},{answer.id}"
        return f"cr.callback,{callback.id},{step}" if callback and step else False

    @api.model
    def _get_by_source(self, keys):
        """Return {key: problem} of those that stand there already."""
        # Raised rights: the problem may be another department's.
        keys = [key for key in keys if isinstance(key, str)]
        found = self.sudo().search([("source_ref", "in", keys)])
        return {problem.source_ref: problem for problem in found}

    @api.model
    def _prepare_line(self, key, line, steps):
        """Return the values of the problem of an answer."""
        step = (line.get("step") or "").strip()
        text = (line.get("text") or "").strip()
        return {
            "source_ref": key if isinstance(key, str) else False,
            "text": text or self.env._("A low score, without a word: %s", step or "–"),
            "department_id": (line.get("department") or self).id,
            "step_id": steps.get(step, self).id,
            "role_id": (line.get("post") or self).id,
            **self._prepare_subject(line),
            **line.get("values", {}),
        }

    @api.model
    def _prepare_subject(self, line):
        """Return store, customer, car and order of an answer."""
        # Raised rights: the call may be a colleague's.
        callback = (line.get("callback") or self.env["cr.callback"]).sudo()
        answer = line.get("answer")
        company = callback.company_id
        if not company and answer and "company_id" in answer:
            company = answer.sudo().company_id
        return {
            "company_id": (company or self.env.company).id,
            "partner_id": callback.partner_id.id,
            "vehicle_id": callback.vehicle_id.id,
            "order_id": callback.order_id.id,
            "callback_id": callback.id,
        }

    def _add_words(self, text):
        """Keep the words that came after the score, while nobody works on it yet."""
        text = (text or "").strip()
        # Raised rights: who asks the customer is not who answers for it.
        fresh = self.sudo().filtered(lambda one: one.state == "new")
        for problem in fresh.filtered(lambda one: text and one.text != text):
            problem.write({"text": text, "name": self._get_title(text)})

    # === NEW PROBLEMS === #

    @api.model
    def _fill_in(self, vals_list):
        """Return the values of new problems with a title and a department."""
        here = self.env.company.id
        vals_list = [{"company_id": here, **vals} for vals in vals_list]
        stores = self.env["res.company"].browse({v["company_id"] for v in vals_list})
        lanes = self.env["hr.department"]._cr_get_by_lane(stores)
        called = (vals.get("callback_id") for vals in vals_list)
        # Raised rights: the call may be a colleague's.
        calls = self.env["cr.callback"].sudo().browse(filter(None, called))
        kinds = {call.id: call.kind for call in calls}
        for vals in vals_list:
            if not vals.get("name"):
                vals["name"] = self._get_title(vals.get("text") or "")
            if not vals.get("department_id"):
                lane = KIND_LANE.get(kinds.get(vals.get("callback_id")), "relations")
                lane = "service" if vals.get("order_id") else lane
                vals["department_id"] = lanes.get((vals["company_id"], lane), self).id
        return vals_list

    @api.model
    def _get_title(self, text):
        """Return the first line of what was said, shortened."""
        return (text.strip().splitlines() or [""])[0][:TITLE_MAX]

    def _start(self):
        """Start the clocks of new problems and hand them to their owners."""
        now = fields.Datetime.now()
        for problem in self:
            problem.opened_at = problem.opened_at or now
        self._keep_words()
        self._give_to_owner()

    def _keep_words(self):
        """Write on the work order what is still not right after the repair (CB-35)."""
        for problem in self.filtered(lambda one: one.is_unrepaired and one.order_id):
            order = problem.order_id
            words = [order.customer_words, problem.text.replace("\n", " ")]
            order.customer_words = "; ".join(filter(None, words))[:_WORDS_MAX]

    # === OWNER AND CLOCK === #

    def _give_to_owner(self):
        """Hand the problems to whoever answers today, and start their clocks (CB-12).

        The number of queries does not depend on the number of problems.
        """
        open_ones = self.filtered(lambda one: one.state != "closed")
        owners = open_ones._find_owners()
        for problem in open_ones:
            problem.owner_id = owners[problem.id]
        open_ones._plan_deadline()
        open_ones._end_todos()
        self._tell_owners(open_ones.filtered("owner_id"))

    def _find_owners(self):
        """Return {problem id: user}: the post on duty, else the manager, else none."""
        head = self.env["cr.role"]._get_head()
        posts = {
            problem.id: problem.role_id or problem.department_id.cr_role_id
            for problem in self
        }
        roles = head.union(*posts.values())
        duty = roles._on_duty_today(self.company_id) if self else {}
        owners, none = {}, self.env["res.users"]
        for problem in self:
            store, post = problem.company_id.id, posts[problem.id]
            manager = problem.department_id.manager_id.user_id.filtered("active")
            by_post = duty.get((post.id, store), none) if post else manager
            fallback = manager or duty.get((head.id, store), none)
            owners[problem.id] = (by_post or fallback)[:1]
        return owners

    def _plan_deadline(self):
        """Set the deadline from now on, in working hours of the store."""
        now, add = fields.Datetime.now(), self.env["resource.calendar"]._cr_make_clock()
        for problem in self:
            store = problem.company_id
            hours = problem.category_id.hours or store.cr_problem_hours
            problem.deadline_at = add(store.resource_calendar_id, now, hours)
            problem.climb_at = problem.deadline_at

    @api.model
    def _tell_owners(self, problems):
        """Give owners their to-dos, and each one message about all of his (CB-16)."""
        problems._give_todos(
            (problem, problem.owner_id, problem._get_todo_text())
            for problem in problems
        )
        for owner, mine in problems.grouped("owner_id").items():
            lines = Markup("").join(
                Markup("<li>%s</li>") % problem._get_todo_text() for problem in mine
            )
            # Raised rights: who notes the problem need not see the owner's file.
            mine[:1].sudo().message_notify(
                partner_ids=owner.partner_id.ids,
                subject=self.env._("Problems of customers for you"),
                body=Markup("<ul>%s</ul>") % lines,
            )

    def _get_todo_text(self):
        """Return what the owner is to do, until when."""
        self.ensure_one()
        return self.env._(
            "Answer by %(moment)s: %(problem)s",
            moment=self.env["cr.callback"]._format_moment(self.deadline_at),
            problem=self.display_name,
        )
