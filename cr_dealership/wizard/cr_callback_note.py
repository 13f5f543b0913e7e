from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_problem import PROBLEM_KINDS, PROBLEM_WAYS
from ..const_relation import VOICE_TONES

# What is no problem: the voice of the customer (CB-21, CB-24, CB-33).
_VOICES = [
    ("praise", "Praise"),
    ("suggestion", "Suggestion"),
    ("service", "Wish"),
    ("referral", "Recommends somebody"),
    ("usage", "How he uses the car"),
]


class CrCallbackNote(models.TransientModel):
    """Take down during the call what the customer said, and whose it is (CB-11, CB-15).

    It stands in its list before the agent hangs up: a grievance as a problem, with
    owner and deadline, or answered at once.
    """

    _name = "cr.callback.note"
    _description = "What the customer said"

    callback_id = fields.Many2one("cr.callback", required=True, readonly=True)
    company_id = fields.Many2one(related="callback_id.company_id")
    partner_id = fields.Many2one(related="callback_id.partner_id", string="Customer")
    order_id = fields.Many2one(related="callback_id.order_id", string="Work order")
    kind = fields.Selection(
        PROBLEM_KINDS + _VOICES, required=True, default="problem"
    )
    is_voice = fields.Boolean(compute="_compute_is_voice")
    text = fields.Text(
        string="In his own words",
        required=True,
        compute="_compute_text",
        store=True,
        readonly=False,
        precompute=True,
    )
    way = fields.Selection(
        PROBLEM_WAYS, string="Who answers", required=True, default="department"
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    category_id = fields.Many2one("cr.problem.category")
    step_id = fields.Many2one("cr.process.step", string="Process step")
    answer = fields.Text(string="What the customer was told")
    is_accepted = fields.Boolean(string="The customer accepts it", default=True)
    is_unrepaired = fields.Boolean(
        string="Repair not fully solved", help="Invite him to a check visit."
    )
    slot_id = fields.Many2one(
        "cr.appointment.slot",
        string="Check visit at",
        domain="[('company_id', '=', company_id), ('start_at', '>', 'now'),"
        " ('free', '>', 0)]",
        help="Empty: the visit is still to be agreed.",
    )
    tone = fields.Selection(VOICE_TONES, required=True, default="neutral")
    praised_id = fields.Many2one("hr.employee", string="Who is praised")
    referred_name = fields.Char(string="Whom he recommends")
    referred_phone = fields.Char(string="His telephone")
    owner_id = fields.Many2one(
        "res.users", string="Responsible", compute="_compute_outlook"
    )
    deadline_at = fields.Datetime(string="Solve by", compute="_compute_outlook")

    # === COMPUTE === #

    @api.depends("kind")
    def _compute_is_voice(self):
        for note in self:
            note.is_voice = note.kind in dict(_VOICES)

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind in ("praise", "referral"):
            self.tone = "positive"

    @api.depends("callback_id")
    def _compute_text(self):
        for note in self:
            session = self.env["cr.call.session"].search(
                [
                    ("agent_id", "=", self.env.uid),
                    ("partner_id", "=", note.callback_id.partner_id.id),
                    ("closed_at", "=", False),
                ],
                limit=1,
            )
            note.text = (session.draft or {}).get("note") or session.note

    @api.depends("callback_id", "is_unrepaired")
    def _compute_department_id(self):
        for note in self:
            [found] = self.env["cr.problem"]._fill_in(
                [note._prepare_source() | {"department_id": False}]
            )
            note.department_id = found["department_id"]

    @api.depends("department_id", "category_id")
    def _compute_outlook(self):
        for note in self:
            # Raised rights: who is on duty is no secret; nothing is saved here.
            problem = self.env["cr.problem"].sudo().new(
                {
                    "company_id": note.company_id.id,
                    "department_id": note.department_id.id,
                    "category_id": note.category_id.id,
                }
            )
            note.owner_id = problem._find_owners()[problem.id]
            problem._plan_deadline()
            note.deadline_at = problem.deadline_at

    # === ACTIONS === #

    def action_save(self):
        """Open the problem; answered at once, it is closed with what was said."""
        self.ensure_one()
        if self.is_voice:
            self.env["cr.customer.wish"]._take_note(*self._prepare_voice())
            return {"type": "ir.actions.act_window_close"}
        self._check_complete()
        problem = self.env["cr.problem"]._open_from_answers([self._prepare_line()])
        if self.way != "department" and problem.state != "closed":
            self._answer(problem)
        if self.slot_id and not problem.appointment_ids:
            self._book_check(problem)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _check_complete(self):
        """Raise when the customer was answered and it is not written down how."""
        if self.way != "department" and not (self.answer or "").strip():
            raise UserError(
                self.env._("Write down what %s was told.", self.partner_id.name)
            )
        if self.way == "at_once" and not self.is_accepted:
            raise UserError(
                self.env._(
                    "%s is not content with the answer; let the department answer.",
                    self.partner_id.name,
                )
            )
        if self.way == "department" and not self.department_id:
            raise UserError(self.env._("Choose the department that is to answer."))

    def _prepare_source(self):
        return {
            "callback_id": self.callback_id.id,
            "company_id": self.company_id.id,
            "order_id": self.order_id.id if self.is_unrepaired else False,
            "department_id": self.department_id.id,
        }

    def _prepare_line(self):
        """Return the line of the problem; a second click opens no second one."""
        return {
            "callback": self.callback_id,
            "answer": None,
            "department": self.department_id,
            "step": None,
            "text": self.text,
            "post": None,
            "key": f"{self._name},{self.id}",
            "values": {
                "kind": self.kind,
                "category_id": self.category_id.id,
                "step_id": self.step_id.id,
                "is_unrepaired": self.is_unrepaired,
            },
        }

    def _prepare_voice(self):
        """Return the columns of the voice, and what it is known by."""
        return {
            "company_id": self.company_id.id,
            "kind": self.kind,
            "tone": self.tone,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.callback_id.vehicle_id.id,
            "channel": "phone",
            "text": self.text,
            "department_id": self.department_id.id,
            "role_id": self.department_id.cr_role_id.id,
            "topic_ids": [fields.Command.set(self.category_id.ids)],
            "callback_id": self.callback_id.id,
            "praised_id": self.praised_id.id,
            "referred_name": self.referred_name,
            "referred_phone": self.referred_phone,
        }, f"{self._name},{self.id}"

    def _answer(self, problem):
        """Note what was answered, and that it closes the problem (CB-11, CB-15)."""
        is_explained = self.way == "explained"
        problem.write({"solution": self.answer, "is_unchangeable": is_explained})
        problem._note_solution()
        if is_explained:
            problem._hear(self.is_accepted)
        else:
            problem._finish("at_once")

    def _book_check(self, problem):
        """Book the visit that was agreed in the call (CB-23)."""
        appointment = self.env["cr.appointment"].create(
            {
                "slot_id": self.slot_id.id,
                "partner_id": self.partner_id.id,
                "vehicle_id": self.callback_id.vehicle_id.id,
                "channel": "phone",
                "wish": self.text,
                "check_problem_id": problem.id,
            }
        )
        appointment._set_state("confirmed")
