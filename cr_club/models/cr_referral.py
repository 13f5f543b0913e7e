from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import REFERRAL_STATES


class CrReferral(models.Model):
    """Who brought whom; counts when the car is delivered, and once (CLB-06, PTS-04)."""

    _name = "cr.referral"
    _description = "Buyer brought by a member"
    _inherit = ["mail.thread", "cr.settled.mixin"]
    _order = "id desc"
    _rec_name = "name"

    _first_state = "open"
    _settled_columns = frozenset(("state", "verified_on", "verifier_id"))

    member_id = fields.Many2one(
        "cr.club.member",
        string="Named by",
        required=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(
        related="member_id.program_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="member_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(string="Name of the buyer", required=True)
    phone = fields.Char(string="Telephone")
    partner_id = fields.Many2one(
        "res.partner", string="File of the buyer", index="btree_not_null"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car he bought",
        index="btree_not_null",
        ondelete="restrict",
    )
    named_on = fields.Date(
        required=True, default=lambda self: self.env.company._cr_today()
    )
    state = fields.Selection(
        REFERRAL_STATES, required=True, default="open", tracking=True, copy=False
    )
    verified_on = fields.Date(readonly=True, copy=False)
    verifier_id = fields.Many2one("res.users", readonly=True, copy=False)
    note = fields.Char()

    _car_once = models.UniqueIndex(
        "(program_id, vehicle_id) WHERE state = 'verified'",
        "This car already counts for somebody; a buyer is brought once.",
    )

    # === ACTIONS === #

    def action_verify(self):
        """The car is delivered to the buyer: the referral counts and brings points."""
        self.check_access("write")
        for referral in self:
            referral._check_bought()
            referral._settle(
                state="verified",
                verified_on=referral.company_id._cr_today(),
                verifier_id=self.env.uid,
            )
        self.flush_recordset()
        self.env["cr.points.rule"]._award_referrals(self)

    def action_refuse(self):
        """The referral does not count; the note says why."""
        for referral in self.filtered(lambda one: one.state != "verified"):
            if not referral.note:
                raise UserError(
                    self.env._(
                        "Referral of %s: write into the note why it does not count.",
                        referral.name,
                    )
                )
            referral._settle(state="refused")

    # === BUSINESS === #

    def _check_bought(self):
        """Raise when the buyer has no delivered car, or it counts already."""
        self.ensure_one()
        car = self.vehicle_id
        if not car.delivered_on or not car.company_id:
            raise UserError(
                self.env._(
                    "Referral of %s: choose the car that one of our stores delivered to"
                    " him.",
                    self.name,
                )
            )
        owners = car.role_ids.filtered(lambda role: role.role == "owner").partner_id
        if self.member_id.partner_id in owners or (
            self.partner_id and self.partner_id not in owners
        ):
            raise UserError(
                self.env._(
                    "Referral of %(name)s: the car %(car)s is not his. A member cannot"
                    " bring himself either.",
                    name=self.name,
                    car=car.display_name,
                )
            )
        # sudo: the same car may count for a member of whom one sees nothing.
        known = self.sudo().search(
            [
                ("program_id", "=", self.program_id.id),
                ("vehicle_id", "=", car.id),
                ("state", "=", "verified"),
            ],
            limit=1,
        )
        if known:
            raise UserError(
                self.env._(
                    "The car %(car)s already counts for %(member)s; a buyer is brought"
                    " once.",
                    car=car.display_name,
                    member=known.member_id.display_name,
                )
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Fill in the name from the buyer's file."""
        self.name = self.partner_id.name or self.name
        self.phone = self.partner_id.mobile or self.phone
