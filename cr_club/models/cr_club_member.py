from odoo import api, fields, models

from odoo.addons.cr_dealership.tools.tokens import make_token

from ..const import MEMBER_STATES, OPEN_STATES


class CrClubMember(models.Model):
    """A person in the club: number, card, tier, steps of joining (CLB-02).

    The card's content is put together by `cr.club.member.card.mixin`, joining by
    `cr.club.member.join.mixin`, prepaid money by `cr.club.member.prepaid.mixin`.
    """

    _name = "cr.club.member"
    _description = "Club member"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cr.settled.mixin",
        "cr.club.member.gift.mixin",
        "cr.club.member.join.mixin",
        "cr.club.member.tier.mixin",
        "cr.club.member.loyalty.mixin",
        "cr.club.member.care.mixin",
        "cr.club.member.card.mixin",
        "cr.club.member.prepaid.mixin",
        "cr.club.member.merge.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["partner_id.name", "card_number", "number"]

    _first_state = "applied"
    _settled_columns = frozenset(
        (
            "state",
            "number",
            "card_number",
            "tier_id",
            "tier_since",
            "joined_on",
            "verifier_id",
            "verified_on",
            "prepaid_balance",
            "loyalty_score",
            "loyalty_grade_id",
            "segment",
            "scored_on",
            "window_points",
            "window_material",
        )
    )

    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cr.club.program"]._get_program(
            self.env.company
        ),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    state = fields.Selection(
        MEMBER_STATES, required=True, default="applied", tracking=True, copy=False
    )
    number = fields.Char(string="Member number", readonly=True, copy=False)
    card_number = fields.Char(
        readonly=True, copy=False, index="btree_not_null", tracking=True
    )
    card_type_id = fields.Many2one("cr.club.card.type", ondelete="restrict")
    joined_on = fields.Date(readonly=True, copy=False)
    expires_on = fields.Date(string="Valid until", copy=False, tracking=True)
    recruiter_id = fields.Many2one(
        "res.users",
        string="Recruited by",
        index="btree_not_null",
        default=lambda self: self.env.user,
    )
    token = fields.Char(
        default=lambda self: make_token(),
        copy=False,
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    fee_paid = fields.Monetary(string="Card fee paid", copy=False)
    prepaid_balance = fields.Monetary(readonly=True, copy=False, default=0)
    referral_ids = fields.One2many(
        "cr.referral", "member_id", string="Buyers brought"
    )
    privilege_ids = fields.Many2many(
        related="tier_id.privilege_ids", string="Entitled to"
    )
    use_ids = fields.One2many(
        "cr.club.privilege.use", "member_id", string="Privileges granted"
    )

    _one_membership = models.UniqueIndex(
        "(program_id, partner_id) WHERE state IN ('applied', 'verified', 'active',"
        " 'expired')",
        "This customer is in the club already, or has applied; a person has one card.",
    )
    _card_unique = models.UniqueIndex(
        "(program_id, card_number) WHERE card_number IS NOT NULL",
        "This card number is given out already.",
    )
    _number_unique = models.UniqueIndex(
        "(program_id, number) WHERE number IS NOT NULL",
        "This member number is given out already.",
    )
    _token_unique = models.UniqueIndex("(token)", "Two cards cannot share a link.")
    _active_card = models.Constraint(
        "CHECK (state != 'active' OR (card_number IS NOT NULL"
        " AND tier_id IS NOT NULL AND joined_on IS NOT NULL))",
        "A member has a card number, a tier and a day of joining.",
    )
    _expiry_index = models.Index("(expires_on) WHERE state = 'active'")

    # === COMPUTE === #

    @api.depends("partner_id.name", "card_number")
    def _compute_display_name(self):
        for member in self:
            parts = (member.card_number, member.partner_id.name)
            member.display_name = " ".join(filter(None, parts))

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_joined(self):
        joined = self.filtered("card_number")[:1]
        if joined:
            joined._refuse_deletion()

    # === BUSINESS === #

    @api.model
    def _find_members(self, partners, company=None):
        """Return who of the customers is a member now.

        :param partners: customers
        :param company: only of the club this store takes part in
        :return: memberships in state `active`, with raised rights
        """
        domain = [("partner_id", "in", partners.ids), ("state", "=", "active")]
        if company:
            club = self.env["cr.club.program"]._get_program(company)
            domain.append(("program_id", "=", club.id))
        # sudo: reception asks for members of a club of the group it may not open.
        return self.sudo().search(domain)

    def _describe_entitlement(self):
        """Return in one line what reception has to know of a member (CLB-21)."""
        self.ensure_one()
        names = ", ".join(self.privilege_ids.mapped("name"))
        parts = (self.tier_id.name, self.card_number, names)
        return " · ".join(filter(None, parts))

    def _is_open(self):
        """Say whether the membership is applied for, running or expired."""
        self.ensure_one()
        return self.state in OPEN_STATES
