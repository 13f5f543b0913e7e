from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const import PASS_ON_RULES
from ..tools.points import lot_dates

_DIGITS = 6
# The counters of a programme, by what they number.
_COUNTERS = {"card": "card_next", "member": "member_next"}


class CrClubProgram(models.Model):
    """The owners' club of a store, or of a group of stores (CLB-01, CLB-38).

    One scheme of tiers is in use. Every contradiction of the sources is a switch here.
    """

    _name = "cr.club.program"
    _description = "Club programme"
    _inherit = [
        "mail.thread",
        "cr.club.program.tier.mixin",
        "cr.club.program.review.mixin",
        "cr.club.program.enrol.mixin",
        "cr.club.program.reward.mixin",
        "cr.club.program.loyalty.mixin",
        "cr.club.program.kpi.mixin",
        "cr.club.program.board.mixin",
        "cr.club.program.messages.mixin",
        "cr.club.program.invite.mixin",
    ]
    _order = "company_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    store_ids = fields.Many2many(
        "res.company",
        string="Stores that take part",
        help="Besides the store itself: one card, one account in all of them.",
    )
    scheme_id = fields.Many2one(
        "cr.club.scheme",
        string="Scheme of tiers",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    # --- what stands on the card (CLB-18) ---
    branch_name = fields.Char(string="Name of the branch")
    hotline = fields.Char(string="Service hotline")
    logo = fields.Image(max_width=512, max_height=512)
    news = fields.Text(
        string="In the shop these days",
        translate=True,
        help="Recent events and offers; stands on the member's card (CLB-39).",
    )
    owner_department = fields.Char(
        string="Run by", help="The department that runs the club (CLB-38)."
    )
    joint_departments = fields.Char(string="Jointly with")
    # --- joining ---
    enrolment = fields.Selection(
        [
            ("application", "On application, after verification"),
            ("auto", "Every buyer at once"),
        ],
        required=True,
        default="application",
        tracking=True,
        help="How an owner becomes a member (C-04).",
    )
    use_prospects = fields.Boolean(
        string="Admit people without a car",
        default=True,
        tracking=True,
        help="With the tier for prospects, 普卡 (C-03).",
    )
    card_type_id = fields.Many2one(
        "cr.club.card.type", string="Usual card", ondelete="restrict"
    )
    membership_months = fields.Integer(
        string="Card is valid for (months)", help="0: without end. Assumed."
    )
    has_own_member_number = fields.Boolean(
        string="Member number of its own",
        tracking=True,
        help="Off: the member number is the card number (C-23).",
    )
    card_next = fields.Integer(
        string="Next card number", default=1, copy=False, aggregator=None
    )
    member_next = fields.Integer(
        string="Next member number", default=1, copy=False, aggregator=None
    )
    # --- tiers ---
    is_inclusive = fields.Boolean(
        string="“3 or more” includes 3",
        default=True,
        tracking=True,
        help="Off: more than the number (C-25).",
    )
    brand_ids = fields.Many2many(
        "fleet.vehicle.model.brand",
        string="Brands of the club",
        help="What counts as the same brand (C-05); empty: every brand we keep.",
    )
    use_downgrades = fields.Boolean(
        string="Propose downgrades",
        tracking=True,
        help="Off as the sources give no rule (C-26). Nobody falls without a person's"
        " yes.",
    )
    review_months = fields.Integer(
        string="Review a tier after (months)", default=12, help="Assumed."
    )
    # --- points ---
    is_open_to_all = fields.Boolean(
        string="Customers who are no members collect, too",
        default=True,
        tracking=True,
        help="Their points wait on an account that is theirs when they join (C-12).",
    )
    points_from = fields.Date(
        string="Points since",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Older work orders bring none.",
    )
    hold_days = fields.Integer(
        string="Points wait for (days)",
        default=7,
        tracking=True,
        help="Until then a refund is likely, and they cannot be spent. Assumed.",
    )
    expiry_months = fields.Integer(
        string="Points expire after (months)",
        tracking=True,
        help="0: never; the sources name no end.",
    )
    pass_on = fields.Selection(
        PASS_ON_RULES,
        string="Points may be passed on to",
        required=True,
        default="household",
        tracking=True,
        help="Assumed.",
    )
    pass_on_limit = fields.Integer(
        string="Passed on a year at most", help="Points; 0: no limit."
    )
    rule_ids = fields.One2many("cr.points.rule", "program_id", string="Earning rules")
    member_ids = fields.One2many("cr.club.member", "program_id", string="Members")
    member_count = fields.Integer(
        compute="_compute_member_count", string="Number of members"
    )

    _one_active = models.UniqueIndex(
        "(company_id) WHERE active",
        "A store has one club at a time; switch the other one off first.",
    )
    _figures_sane = models.Constraint(
        "CHECK (card_next > 0 AND member_next > 0 AND hold_days >= 0"
        " AND expiry_months >= 0 AND pass_on_limit >= 0 AND review_months > 0"
        " AND membership_months >= 0)",
        "Numbers, days and months of a club are not negative; a review needs a month.",
    )

    # === COMPUTE === #

    def _compute_member_count(self):
        groups = self.env["cr.club.member"]._read_group(
            [("program_id", "in", self.ids), ("state", "=", "active")],
            ["program_id"],
            ["__count"],
        )
        counts = {program.id: count for program, count in groups}
        for program in self:
            program.member_count = counts.get(program.id, 0)

    # === CHECKS === #

    @api.constrains("company_id", "store_ids", "active")
    def _check_store_takes_part_once(self):
        # sudo: the club of another store may not be visible; it counts.
        clubs = self.sudo().search([("active", "=", True)])
        taken = {}
        for club in clubs:
            for store in club.company_id | club.store_ids:
                other = taken.setdefault(store, club)
                if other != club:
                    raise ValidationError(
                        self.env._(
                            "%(store)s takes part in “%(club)s” already; a store has"
                            " one club. Take it out there first.",
                            store=store.name,
                            club=other.name,
                        )
                    )

    # === BUSINESS === #

    @api.model
    def _get_program(self, company):
        """Return the club that a store takes part in, empty if there is none.

        :param company: one store
        """
        # sudo: customers' pages and people without rights on clubs ask as well.
        return self.sudo().search(
            [
                "|",
                ("company_id", "=", company.id),
                ("store_ids", "in", company.ids),
            ],
            limit=1,
        )

    def _get_stores(self):
        """Return the stores that take part."""
        return self.company_id | self.store_ids

    def _take_numbers(self, count, kind="card"):
        """Return the next numbers of the club, in order, without gaps or doubles.

        The row of the club is locked until the transaction ends: whoever comes second
        waits, and numbers of a transaction that fails are given out again (CLB-16).

        :param int count: how many
        :param str kind: `card` or `member`
        :rtype: list[str]
        """
        self.ensure_one()
        column = SQL.identifier(_COUNTERS[kind])
        self.flush_recordset()
        [[last]] = self.env.execute_query(
            SQL(
                "UPDATE cr_club_program SET %(column)s = %(column)s + %(count)s"
                " WHERE id = %(id)s RETURNING %(column)s",
                column=column,
                count=count,
                id=self.id,
            )
        )
        self.invalidate_recordset([_COUNTERS[kind]])
        if last > 10**_DIGITS:
            raise UserError(
                self.env._(
                    "%(club)s has given out all numbers up to %(last)s; take up a new"
                    " club or speak with whoever looks after the system.",
                    club=self.name,
                    last=10**_DIGITS - 1,
                )
            )
        return [f"{number:0{_DIGITS}d}" for number in range(last - count, last)]

    def _get_lot_dates(self, day):
        """Return from when and until when points of a day may be spent (PTS-10).

        :param datetime.date day: when they were earned
        :return: first day, last day or None
        """
        return lot_dates(day, self.hold_days, self.expiry_months)

    # === ACTIONS === #

    def action_open_members(self):
        """Open the members of the club."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_club_member_action"
        )
        return {**action, "domain": [("program_id", "=", self.id)]}
