from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import TOUCH_CHANNELS
from ..const_relation import CONSULTATION_STATES, CONSULTATION_TOPICS


class CrConsultation(models.Model):
    """What somebody who may buy a car asked, and what he was told or promised (COM-09).

    A promise has a day and is a task until it is kept. Who is no customer yet needs no
    file; “Tell the CR department” gives his name to those who keep the files.
    """

    _name = "cr.consultation"
    _description = "Question before the purchase"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "at desc, id desc"
    _check_company_auto = True

    _settled_columns = frozenset(("state", "closed_on", "kept_on", "capture_id"))
    _first_state = "open"

    name = fields.Char(
        string="Who asked",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
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
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        help="If he has a file already.",
    )
    phone = fields.Char(
        string="Telephone",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    channel = fields.Selection(TOUCH_CHANNELS, required=True, default="phone")
    topic = fields.Selection(CONSULTATION_TOPICS, required=True, default="product")
    model_ids = fields.Many2many("fleet.vehicle.model", string="Models")
    question = fields.Text(string="What he asked", required=True)
    explained = fields.Text(string="What we explained")
    promise = fields.Char(
        string="What we promised", tracking=True, help="A test drive, an offer, a call."
    )
    promise_on = fields.Date(string="Promised until", tracking=True)
    kept_on = fields.Date(string="Promise kept on", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Who keeps the promise",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    state = fields.Selection(
        CONSULTATION_STATES,
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        copy=False,
    )
    closed_on = fields.Date(readonly=True, copy=False)
    reason_id = fields.Many2one(
        "cr.care.reason",
        string="Why he does not buy",
        index="btree_not_null",
        domain=[("is_for_purchase", "=", True)],
        ondelete="restrict",
        tracking=True,
    )
    next_step = fields.Text(related="reason_id.next_step")
    capture_id = fields.Many2one(
        "cr.capture",
        string="Told to CR",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    is_late = fields.Boolean(compute="_compute_is_late")

    _promise_index = models.Index(
        "(company_id, promise_on) WHERE promise_on IS NOT NULL AND kept_on IS NULL"
    )
    _promise_dated = models.Constraint(
        "CHECK (COALESCE(promise, '') = '' OR promise_on IS NOT NULL)",
        "A promise has a day by which it is kept; name it.",
    )

    # === COMPUTE === #

    @api.depends("partner_id")
    def _compute_name(self):
        for consultation in self:
            partner = consultation.partner_id
            consultation.name = partner.name or consultation.name
            consultation.phone = partner.mobile or consultation.phone

    @api.depends("promise_on", "kept_on")
    def _compute_is_late(self):
        today = self.env.company._cr_today()
        for consultation in self:
            day = consultation.promise_on
            consultation.is_late = bool(
                day and day < today and not consultation.kept_on
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Put the question into the ledger of a known customer; plan the promise."""
        consultations = super().create(vals_list)
        known = consultations.filtered("partner_id")
        # Raised rights: nobody writes the ledger by hand.
        self.env["cr.care.touch"].sudo()._log([one._prepare_touch() for one in known])
        consultations._plan_promise()
        return consultations

    def write(self, vals):
        """Move the task of whoever promised along with the promise."""
        result = super().write(vals)
        if {"promise", "promise_on", "user_id"} & set(vals):
            self._plan_promise()
        return result

    # === ACTIONS === #

    def action_keep(self):
        """The promise is kept."""
        kept = self.filtered(lambda one: one.promise and not one.kept_on)
        kept._settle(kept_on=self.env.company._cr_today())
        kept._end_todos()

    def action_bought(self):
        """He bought a car from us."""
        self._close("bought")

    def action_lost(self):
        """He does not buy; the reason says what to do next."""
        for consultation in self.filtered(lambda one: not one.reason_id):
            raise UserError(
                self.env._("%s: choose why nothing is bought.", consultation.name)
            )
        self._close("lost")

    def action_capture(self):
        """Tell the CR department about somebody who has no file yet (CUS-37)."""
        captures = self.env["cr.capture"]
        for consultation in self:
            if consultation.partner_id or consultation.capture_id:
                raise UserError(
                    self.env._(
                        "%s has a file, or is with the CR department already.",
                        consultation.name,
                    )
                )
            values = consultation._prepare_capture()
            consultation._settle(capture_id=captures.create(values).id)

    # === BUSINESS === #

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "How a question ends follows from its buttons: promise kept, bought,"
                " does not buy."
            )
        )

    def _close(self, state):
        """Close open questions; a promise that is left stays a task."""
        self.filtered(lambda one: one.state == "open")._settle(
            state=state, closed_on=self.env.company._cr_today()
        )

    def _plan_promise(self):
        """Let whoever keeps open promises have them as a task."""
        open_ones = self.filtered(lambda one: not one.kept_on)
        open_ones._replace_todos(
            (one, one.user_id, one.promise_on, one._get_promise_text())
            for one in open_ones.filtered("promise")
        )

    def _get_promise_text(self):
        """Return the promise as a task says it."""
        self.ensure_one()
        return self.env._(
            "Promised to %(name)s: %(promise)s", name=self.name, promise=self.promise
        )

    def _prepare_touch(self):
        """Return the entry in the ledger of contacts."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "at": self.at,
            "channel": self.channel,
            "direction": "in",
            "about": "sales",
            "need": self.question,
            "content": self.explained,
            "user_id": self.user_id.id,
            "origin_model": self._name,
            "origin_id": self.id,
        }

    def _prepare_capture(self):
        """Return what the CR department is told."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "name": self.name,
            "phone": self.phone,
            "learnt": "\n".join(
                filter(None, (self.question, ", ".join(self.model_ids.mapped("name"))))
            ),
            "channel": "phone" if self.channel == "phone" else "other",
        }
