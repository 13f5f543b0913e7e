from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_relation import (
    ANSWERED_WISH_KINDS,
    OPEN_WISH_STATES,
    VOICE_TONES,
    WISH_TITLE_MAX,
)


class CrWishVoiceMixin(models.AbstractModel):
    """The voice of the customer: also praise, recommendations and use (CB-33, CB-24).

    Whatever is not a problem is kept word for word with topics, department and tone;
    it is the source of the weekly feedback. Praise names its employee and reaches him;
    a recommendation becomes a customer information, which sales and club go on with.
    """

    _name = "cr.wish.voice.mixin"
    _description = "Voice of the customer"

    tone = fields.Selection(
        VOICE_TONES,
        compute="_compute_tone",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    topic_ids = fields.Many2many("cr.problem.category", string="Topics")
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    callback_id = fields.Many2one(
        "cr.callback",
        string="Said in",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    source_ref = fields.Char(
        readonly=True, copy=False, help="What it was taken down from; once only."
    )
    praised_id = fields.Many2one(
        "hr.employee", string="Who is praised", index="btree_not_null"
    )
    referred_name = fields.Char(string="Whom he recommends")
    referred_phone = fields.Char(string="His telephone")
    capture_id = fields.Many2one(
        "cr.capture",
        string="Customer information",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _source_unique = models.UniqueIndex(
        "(source_ref) WHERE source_ref IS NOT NULL",
        "This was already taken down.",
    )

    # === COMPUTE === #

    @api.depends("kind")
    def _compute_tone(self):
        tones = {"praise": "positive", "referral": "positive"}
        for wish in self:
            wish.tone = tones.get(wish.kind, "neutral")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Hand recommendations on to whoever verifies customers."""
        wishes = super().create(vals_list)
        wishes.filtered(lambda one: one.kind == "referral")._make_captures()
        return wishes

    # === ACTIONS === #

    def action_pass_on(self):
        """Tell the praised employees what was said of them (CB-24)."""
        praises = self.filtered(
            lambda one: one.kind == "praise" and one.state in OPEN_WISH_STATES
        )
        for praise in praises:
            if not praise.praised_id:
                raise UserError(
                    self.env._(
                        "“%(praise)s”: name the employee who is praised.",
                        praise=praise.name,
                    )
                )
            # Raised rights: an employee's user is no secret here.
            people = praise.sudo().praised_id.user_id.partner_id
            praise._tell_praised(people)
        praises._propose_bonus()
        praises._settle(state="done", done_on=self.env.company._cr_today())
        praises._end_todos()

    def action_note(self):
        """Take note of what asks for nothing: how he uses the car."""
        self.filtered(
            lambda one: one.kind not in ANSWERED_WISH_KINDS
            and one.state in OPEN_WISH_STATES
        )._settle(state="done", done_on=self.env.company._cr_today())

    # === BUSINESS === #

    def _tell_praised(self, people):
        """Send the words of the customer to the colleagues he praises."""
        if not people:
            return
        # Raised rights: a praised colleague need not see the list itself.
        self.sudo().message_notify(
            partner_ids=people.ids,
            subject=self.env._("A customer praises you"),
            body=Markup("<blockquote>%s</blockquote>") % self.text,
        )

    def _propose_bonus(self):
        """Propose a bonus for those praised in a callback, once a praise (RWD-04)."""
        self.env["cr.reward.entry"]._propose(
            "praise",
            [
                {
                    "company": praise.company_id,
                    "employee": praise.praised_id,
                    "key": f"{praise._name}:{praise.id}",
                    "day": praise.company_id.sudo()._cr_today(),
                    "reason": praise.text,
                    "origin": praise,
                }
                for praise in self.filtered("callback_id")
            ],
        )

    def _make_captures(self):
        """Make customer informations of recommendations, so that nobody is lost."""
        for wish in self.filtered(lambda one: not one.capture_id):
            if not (wish.referred_name or "").strip():
                raise UserError(
                    self.env._("Write down whom the customer recommends.")
                )
            # Raised rights: who told it follows from who is logged in.
            capture = self.env["cr.capture"].sudo().create(
                {
                    "company_id": wish.company_id.id,
                    "name": wish.referred_name,
                    "phone": wish.referred_phone,
                    "learnt": self.env._(
                        "Recommended by %(customer)s: %(words)s",
                        customer=wish.partner_id.name or "–",
                        words=wish.text,
                    ),
                    "channel": "friend",
                }
            )
            wish._settle(capture_id=capture.id, state="handed")

    @api.model
    def _after_captured(self, captures):
        """Close recommendations whose customer information was decided on.

        :param captures: `cr.capture` that were verified or rejected
        """
        # Raised rights: who verifies customers need not see every wish.
        waiting = self.sudo().search(
            [("capture_id", "in", captures.ids), ("state", "in", OPEN_WISH_STATES)]
        )
        for wish in waiting:
            is_taken = wish.capture_id.state == "accepted"
            wish._settle(
                state="done" if is_taken else "declined",
                done_on=wish.company_id._cr_today(),
            )

    @api.model
    def _take_note(self, vals, key):
        """Keep what was said in a call; the same note is kept once.

        :param dict vals: columns of the wish
        :param str key: what it was taken down from
        """
        # Raised rights: what was said may be said by another store's customer.
        known = self.sudo().search([("source_ref", "=", key)])
        if known:
            return self.browse(known.id)
        title = vals["text"].strip().splitlines()[0][:WISH_TITLE_MAX]
        wish = self.create({**vals, "name": title})
        wish._settle(source_ref=key)
        return wish
