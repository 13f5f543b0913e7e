from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.offsets import add_months

# From which states a button leads to a state.
_SOURCES = {
    "verified": ("applied",),
    "refused": ("applied", "verified"),
    "active": ("verified",),
    "cancelled": ("applied", "verified", "active", "expired"),
    "renewed": ("active", "expired"),
}


class CrClubMemberJoinMixin(models.AbstractModel):
    """Joining: application, verification, money, card, sticker, welcome (CLB-19)."""

    _name = "cr.club.member.join.mixin"
    _description = "Joining the club"

    applied_on = fields.Date(
        required=True,
        copy=False,
        default=lambda self: self.env.company._cr_today(),
    )
    is_prospect = fields.Boolean(
        string="Has no car yet", help="Means to buy; gets the tier of prospects."
    )
    # --- verification by customer care (CLB-04) ---
    verifier_id = fields.Many2one(
        "res.users", string="Verified by", readonly=True, copy=False
    )
    verified_on = fields.Date(readonly=True, copy=False)
    decision_note = fields.Char(string="Decision in words", copy=False)
    # --- money (CLB-14) ---
    fee_paid_on = fields.Date(string="Fee paid on", copy=False)
    fee_receipt = fields.Char(string="Receipt number", copy=False)
    # --- card, sticker, first contact (CLB-27) ---
    card_issued_on = fields.Date(string="Card handed over on", copy=False)
    sticker_on = fields.Date(string="Car sticker handed over on", copy=False)
    welcomed_on = fields.Date(string="Welcomed on", copy=False)

    # === ACTIONS === #

    def action_verify(self):
        """Customer care looked at the application and agrees."""
        for member in self:
            member._check_step("verified")
            member._check_admitted()
            member._settle(
                state="verified",
                verifier_id=self.env.uid,
                verified_on=member.company_id._cr_today(),
            )

    def action_refuse(self):
        """Customer care refuses the application; the reason stands beside it."""
        for member in self:
            member._check_step("refused")
            if not member.decision_note:
                raise UserError(
                    self.env._(
                        "Application of %s: write into “Decision in words” why it is"
                        " refused.",
                        member.partner_id.name,
                    )
                )
            member._settle(
                state="refused",
                verifier_id=self.env.uid,
                verified_on=member.company_id._cr_today(),
            )
        self.flush_recordset()

    def action_activate(self):
        """Fee or deposit is paid: number and tier are given, the card can go out."""
        for member in self:
            member._check_step("active")
            member._check_paid()
        self._activate()

    def action_leave(self):
        """The member leaves; points and history stay with the person."""
        for member in self:
            member._check_step("cancelled")
        self._settle(state="cancelled")
        # The index that allows one card a person looks at what is written.
        self.flush_recordset()

    def action_renew(self):
        """The card holds for another term, from today or from its last day on."""
        for member in self:
            member._check_step("renewed")
            months = member.program_id.membership_months
            today = member.company_id._cr_today()
            begin = max(today, member.expires_on or today)
            member._settle(
                state="active",
                expires_on=add_months(begin, months) if months else False,
            )

    def action_card_handed(self):
        """The card was handed over today."""
        self._stamp("card_issued_on")

    def action_sticker_handed(self):
        """The car sticker was handed over today (CLB-27)."""
        self._stamp("sticker_on")

    def action_welcomed(self):
        """The first contact with the new member took place today."""
        self._stamp("welcomed_on")

    # === BUSINESS === #

    def _stamp(self, name):
        for member in self.filtered(lambda member: not member[name]):
            member[name] = member.company_id._cr_today()

    def _check_step(self, state):
        """Raise when the membership does not lead to a state now."""
        self.ensure_one()
        if self.state in _SOURCES[state]:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(member)s is “%(state)s”, which does not lead to “%(target)s”.",
                member=self.partner_id.name,
                state=labels[self.state],
                target=labels.get(state) or self.env._("Card renewed"),
            )
        )

    def _check_admitted(self):
        """Raise when the club takes no people without a car."""
        self.ensure_one()
        if self.is_prospect and not self.program_id.use_prospects:
            raise UserError(
                self.env._(
                    "%(club)s admits owners only; enter the car of %(member)s and take"
                    " the mark “Has no car yet” away.",
                    club=self.program_id.name,
                    member=self.partner_id.name,
                )
            )

    def _check_paid(self):
        """Raise when neither fee nor deposit of the card type is paid."""
        self.ensure_one()
        card = self.card_type_id
        if card.deposit and self.prepaid_balance >= card.deposit:
            return
        owed = card.fee and (self.fee_paid < card.fee or not self.fee_paid_on)
        if owed or card.deposit:
            raise UserError(
                self.env._(
                    "Card of %(member)s (%(card)s): record the fee of %(fee)s with its"
                    " day, or the deposit of %(deposit)s, first.",
                    member=self.partner_id.name,
                    card=card.name,
                    fee=card.fee,
                    deposit=card.deposit,
                )
            )

    def _activate(self):
        """Give numbers, tier and dates to memberships of any number of clubs."""
        for program, members in self.grouped("program_id").items():
            cards = program._take_numbers(len(members))
            numbers = cards
            if program.has_own_member_number:
                numbers = program._take_numbers(len(members), "member")
            for member, card, number in zip(members, cards, numbers, strict=True):
                member._settle(**member._prepare_activation(card, number))
        self._record_joining()

    def _prepare_activation(self, card, number):
        """Return what a membership becomes when it begins."""
        self.ensure_one()
        today = self.company_id._cr_today()
        months = self.program_id.membership_months
        tier = self.program_id.scheme_id._get_entry_tier(not self.is_prospect)
        if not tier:
            raise UserError(
                self.env._(
                    "The scheme “%(scheme)s” has no tier for %(member)s to begin with.",
                    scheme=self.program_id.scheme_id.name,
                    member=self.partner_id.name,
                )
            )
        return {
            "state": "active",
            "card_number": card,
            "number": number,
            "tier_id": tier.id,
            "tier_since": today,
            "joined_on": today,
            "expires_on": add_months(today, months) if months else False,
        }

    @api.model
    def _expire_cards(self, today):
        """Mark the cards whose last day has passed, without committing.

        :param datetime.date today: cards that held until yesterday end
        :return: the number of cards
        :rtype: int
        """
        members = self.env["cr.club.member"]
        members.flush_model()
        rows = self.env.execute_query(
            SQL(
                "UPDATE cr_club_member SET state = 'expired',"
                " write_date = NOW() AT TIME ZONE 'UTC'"
                " WHERE state = 'active' AND expires_on < %s RETURNING id",
                today,
            )
        )
        members.invalidate_model()
        return len(rows)

    def _refuse_deletion(self):
        """Raise: a card that was given out stays in the books."""
        self.ensure_one()
        raise UserError(
            self.env._(
                "Card %(card)s of %(member)s was given out and stays in the books; let"
                " the member leave instead.",
                card=self.card_number,
                member=self.partner_id.name,
            )
        )
