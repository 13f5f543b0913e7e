from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import TOUCH_CHANNELS
from ..const_relation import (
    ANSWERED_WISH_KINDS,
    OPEN_WISH_STATES,
    WISH_CHANNELS,
    WISH_KINDS,
    WISH_STATES,
    WISH_TITLE_MAX,
)


class CrCustomerWish(models.Model):
    """What a customer suggests, expects or would like beyond the usual service.

    A suggestion becomes an improvement of a department, and the customer is told what
    became of it (COM-08). A service beyond the usual is marked when it was delivered,
    an expectation when it was met (REL-24). The customer writes it himself on the page
    of his booking link, or tells whoever talks to him.
    """

    _name = "cr.customer.wish"
    _description = "Suggestion or wish of a customer"
    _inherit = [
        "cr.settled.mixin",
        "cr.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.wish.voice.mixin",
    ]
    _order = "received_on desc, id desc"
    _check_company_auto = True

    _settled_columns = frozenset(
        ("state", "done_on", "told_on", "feedback_id", "capture_id", "source_ref")
    )
    _first_state = "new"

    name = fields.Char(string="In a word", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(WISH_KINDS, required=True, default="suggestion")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: whoever said it did not give a name.",
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    channel = fields.Selection(WISH_CHANNELS, required=True, default="visit")
    text = fields.Text(string="In his own words", required=True)
    received_on = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        string="Taken down by",
        default=lambda self: self.env.user,
        help="Empty: the customer wrote it himself.",
    )
    role_id = fields.Many2one(
        "cr.role",
        string="To whom",
        help="Who holds this role when it is handed over gets the task.",
    )
    promised_on = fields.Date(string="Promised until", tracking=True)
    answer = fields.Text(string="What became of it", tracking=True)
    state = fields.Selection(
        WISH_STATES,
        required=True,
        default="new",
        readonly=True,
        tracking=True,
        copy=False,
    )
    done_on = fields.Date(string="Decided on", readonly=True, copy=False)
    told_on = fields.Date(string="Customer told on", readonly=True, copy=False)
    told_channel = fields.Selection(
        TOUCH_CHANNELS, string="How he is told", required=True, default="phone"
    )
    feedback_id = fields.Many2one(
        "cr.care.feedback",
        string="Improvement",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    measure = fields.Text(string="Measure", related="feedback_id.measure")
    is_late = fields.Boolean(compute="_compute_is_late")
    is_to_tell = fields.Boolean(
        string="Customer is to be told", compute="_compute_is_to_tell"
    )

    _open_index = models.Index(
        "(company_id, promised_on) WHERE state IN ('new', 'handed')"
    )
    _to_tell_index = models.Index(
        "(company_id, done_on) WHERE state IN ('done', 'declined')"
        " AND told_on IS NULL AND partner_id IS NOT NULL"
    )

    # === COMPUTE === #

    @api.depends("promised_on", "state")
    def _compute_is_late(self):
        today = self.env.company._cr_today()
        for wish in self:
            is_open = wish.state in OPEN_WISH_STATES
            wish.is_late = is_open and bool(
                wish.promised_on and wish.promised_on < today
            )

    @api.depends("state", "told_on", "partner_id", "kind")
    def _compute_is_to_tell(self):
        for wish in self:
            is_decided = wish.state not in OPEN_WISH_STATES
            asks = wish.kind in ANSWERED_WISH_KINDS and wish.partner_id
            wish.is_to_tell = bool(is_decided and asks and not wish.told_on)

    # === ACTIONS === #

    def action_hand_over(self):
        """Give the task to whoever holds the role today."""
        waiting = self.filtered(lambda wish: wish.state == "new")
        duty = self.role_id.sudo()._on_duty_today(self.company_id)
        lines = []
        for wish in waiting:
            users = wish._get_recipients(duty)
            text = self.env._("What the customer wishes: %s", wish.name)
            lines += [(wish, user, text) for user in users]
        waiting._settle(state="handed")
        self._give_todos(lines)

    def action_improve(self):
        """Report the wishes to their department, which decides on a measure (COM-08).

        :return: the form of the new `cr.care.feedback`
        """
        self.check_access("write")
        self._check_one_department()
        feedback = self.env["cr.care.feedback"].create(self._prepare_feedback())
        self._settle(state="handed", feedback_id=feedback.id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.care.feedback",
            "res_id": feedback.id,
            "views": [(False, "form")],
        }

    def action_deliver(self):
        """Mark what was wished as delivered; the customer is still to be told."""
        self._decide("done")

    def action_decline(self):
        """It cannot be done; the customer is told why."""
        self._decide("declined")

    def action_told(self):
        """Note that the customers heard today what became of it; in the ledger too."""
        untold = self.filtered("is_to_tell")
        if not untold:
            raise UserError(
                self.env._(
                    "Nobody is to be told: decide first what becomes of the wish, and"
                    " name the customer."
                )
            )
        untold._settle(told_on=self.env.company._cr_today())
        # Raised rights: nobody writes the ledger by hand.
        self.env["cr.care.touch"].sudo()._log(
            [wish._prepare_touch() for wish in untold]
        )

    # === BUSINESS === #

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._(
                "How a wish stands follows from its buttons: hand over, fulfilled, not"
                " possible, customer told."
            )
        )

    def _get_recipients(self, duty):
        """Return who gets the task.

        :param dict duty: see `cr.role._on_duty_today`
        :raise UserError: no role is named, or nobody holds it
        """
        self.ensure_one()
        if not self.role_id:
            raise UserError(
                self.env._("“%(wish)s”: choose to whom it goes.", wish=self.name)
            )
        users = duty[self.role_id.id, self.company_id.id]
        if not users:
            raise UserError(
                self.env._(
                    "Nobody holds the role “%(role)s” in %(store)s today; name somebody"
                    " in the roster first.",
                    role=self.role_id.name,
                    store=self.company_id.name,
                )
            )
        return users

    def _check_one_department(self):
        """Raise unless the wishes are open and go to one department of one store."""
        closed = self.filtered(
            lambda wish: wish.state not in OPEN_WISH_STATES or wish.feedback_id
        )
        if closed:
            raise UserError(
                self.env._(
                    "“%(wish)s” is decided or part of an improvement already; leave it"
                    " out.",
                    wish=closed[0].name,
                )
            )
        if len(self.role_id) != 1 or len(self.company_id) != 1:
            raise UserError(
                self.env._(
                    "An improvement goes to one department: choose wishes of one store"
                    " that name the same “To whom”."
                )
            )

    def _prepare_feedback(self):
        """Return the values of the improvement that is made of the wishes."""
        return {
            "name": ", ".join(self[:3].mapped("name")),
            "company_id": self.company_id.id,
            "role_id": self.role_id.id,
            "summary": "\n".join(
                f"– {wish.partner_id.name or self.env._('without a name')}: {wish.text}"
                for wish in self
            ),
        }

    def _decide(self, state):
        """Settle open wishes; what became of them must be written down."""
        waiting = self.filtered(lambda wish: wish.state in OPEN_WISH_STATES)
        for wish in waiting:
            if not (wish.answer or "").strip():
                raise UserError(
                    self.env._(
                        "“%(wish)s”: write what became of it, so that the customer can"
                        " be told.",
                        wish=wish.name,
                    )
                )
        waiting._settle(state=state, done_on=self.env.company._cr_today())
        waiting._end_todos()

    def _after_improved(self):
        """The measure that they led to is carried out: it is what became of them."""
        # Raised rights: the department carries out the measure, not the wishes.
        for wish in self.sudo().filtered(lambda wish: wish.state == "handed"):
            wish.answer = wish.answer or wish.measure
            wish._decide("done")

    def _prepare_touch(self):
        """Return the entry in the ledger of contacts."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "channel": self.told_channel,
            "direction": "out",
            "content": self.answer,
            "user_id": self.env.uid,
            "origin_model": self._name,
            "origin_id": self.id,
        }

    @api.model
    def _take_down(self, link, text):
        """Keep what a customer wrote on the page of his booking link.

        :param link: `cr.appointment.link`
        :param str text: his words
        """
        text = text.strip()
        if not text:
            raise UserError(self.env._("Please write what we could do better."))
        role = self.env.ref("cr_dealership.cr_role_cr_head")
        wish = self.create(
            {
                "name": text.splitlines()[0][:WISH_TITLE_MAX],
                "company_id": link.company_id.id,
                "partner_id": link.partner_id.id,
                "vehicle_id": link.vehicle_id.id,
                "channel": "web",
                "text": text,
                "user_id": False,
            }
        )
        today = wish.company_id._cr_today()
        label = self.env._("A customer wrote: %s", wish.name)
        self._give_todos(
            [(wish, user, label) for user in role._on_duty(link.company_id, today)]
        )
        return wish
