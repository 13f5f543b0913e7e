from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cr_dealership.const import VALUE_CLASSES

from ..const import MOVE_DIRECTIONS


class CrLoyaltyScore(models.Model):
    """The score of a member on a day, with what it was made of (CLB-30, CLB-35).

    Written by the nightly job: when grade or segment change, and once a month. Who
    fell waits for somebody to do something about it.
    """

    _name = "cr.loyalty.score"
    _description = "Loyalty score"
    _inherit = ["cr.settled.mixin"]
    _order = "day desc, id desc"
    _rec_name = "member_id"

    # All but who looks after a member, and what was done.
    _settled_columns = frozenset(
        (
            "member_id",
            "program_id",
            "company_id",
            "day",
            "score",
            "from_score",
            "frequency",
            "amount",
            "referrals",
            "complaints",
            "grade_id",
            "from_grade_id",
            "segment",
            "from_segment",
            "direction",
            "handled_on",
            "handled_by_id",
        )
    )

    member_id = fields.Many2one(
        "cr.club.member", required=True, readonly=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(
        "cr.club.program", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="member_id.partner_id", string="Customer")
    phone = fields.Char(related="member_id.partner_id.mobile", string="Mobile")
    tier_id = fields.Many2one(related="member_id.tier_id")
    day = fields.Date(required=True, readonly=True)
    score = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    from_score = fields.Float(
        string="Score before", readonly=True, aggregator="avg", digits=(16, 1)
    )
    frequency = fields.Integer(string="Visits to the workshop", readonly=True)
    amount = fields.Float(
        string="Spend in the window",
        readonly=True,
        groups="cr_dealership.group_cr_dealership_price",
    )
    referrals = fields.Integer(string="Buyers named", readonly=True)
    complaints = fields.Integer(readonly=True)
    grade_id = fields.Many2one(
        "cr.loyalty.grade", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    from_grade_id = fields.Many2one(
        "cr.loyalty.grade",
        string="Grade before",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    segment = fields.Selection(VALUE_CLASSES, string="Worth", readonly=True)
    from_segment = fields.Selection(VALUE_CLASSES, string="Worth before", readonly=True)
    direction = fields.Selection(
        MOVE_DIRECTIONS, string="Moved", required=True, readonly=True
    )
    # --- what was done about a fall ---
    user_id = fields.Many2one(
        "res.users", string="Looks after him", index="btree_not_null"
    )
    note = fields.Char(string="What was done")
    handled_on = fields.Date(string="Dealt with on", readonly=True)
    handled_by_id = fields.Many2one("res.users", readonly=True)

    _once = models.UniqueIndex(
        "(member_id, day, COALESCE(grade_id, 0), COALESCE(segment, ''))",
        "A member is scored once a day.",
    )
    _fallen_index = models.Index(
        "(company_id, day) WHERE direction = 'down' AND handled_on IS NULL"
    )

    # === ACTIONS === #

    def action_take(self):
        """Look after the member oneself."""
        self.user_id = self.env.user

    def action_handled(self):
        """Something was done about the fall; the note says what."""
        for one in self.filtered(lambda one: not one.handled_on):
            if not one.note:
                raise UserError(
                    self.env._(
                        "%s: write down what was done, e.g. called, invited, visited.",
                        one.member_id.display_name,
                    )
                )
            one._settle(
                handled_on=one.company_id._cr_today(), handled_by_id=self.env.uid
            )

    def action_open_member(self):
        """Open the member."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.club.member",
            "res_id": self.member_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(self.env._("Write down what was done, then press “Done”."))

    # === HOOKS === #

    def _after_scored(self):
        """React to new scores; runs once for the whole set.

        Members get the incentives of the grades they came to. Take care that the
        number of queries does not depend on the number of scores.
        """
        self.env["cr.loyalty.grant"]._grant(self)
