from odoo import api, fields, models
from odoo.tools import SQL


class CrPointsAccount(models.Model):
    """The points of a person in a club, member or not (PTS-02).

    The balance is stored and equals the sum of the entries, and what is left of the
    points less what the account owes; the database refuses anything else.
    """

    _name = "cr.points.account"
    _description = "Points account"
    _inherit = [
        "cr.points.post.mixin",
        "cr.points.spend.mixin",
        "cr.points.order.mixin",
        "cr.points.purchase.mixin",
        "cr.points.move.mixin",
        "cr.points.statement.mixin",
    ]
    _order = "id desc"

    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    merged_into_id = fields.Many2one(
        "cr.points.account",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The account that goes on since two files of the customer were merged.",
    )
    balance = fields.Integer(readonly=True, required=True, default=0)
    open_points = fields.Integer(
        string="Left to spend",
        readonly=True,
        required=True,
        default=0,
        help="With those that still wait.",
    )
    arrears = fields.Integer(
        string="Owed",
        readonly=True,
        required=True,
        default=0,
        help="Points taken back that had been spent; the next ones pay them.",
    )
    last_sequence = fields.Integer(
        readonly=True, required=True, default=0, aggregator=None
    )
    last_hash = fields.Char(readonly=True, export_string_translation=False)
    last_day = fields.Date(string="Last movement", readonly=True)
    entry_ids = fields.One2many("cr.points.entry", "account_id", string="Entries")
    lot_ids = fields.One2many("cr.points.lot", "account_id", string="Points")
    available = fields.Integer(
        string="May be spent today", compute="_compute_available"
    )
    next_expiry_on = fields.Date(
        string="Next expiry", compute="_compute_next_expiry"
    )
    next_expiry_points = fields.Integer(
        string="Expire next", compute="_compute_next_expiry"
    )
    member_id = fields.Many2one(
        "cr.club.member", compute="_compute_member_id"
    )

    _one_account = models.UniqueIndex(
        "(partner_id, program_id) WHERE merged_into_id IS NULL",
        "A person has one points account in a club.",
    )
    _balance_true = models.Constraint(
        "CHECK (balance = open_points - arrears)",
        "A balance is what is left less what is owed.",
    )
    _nothing_negative = models.Constraint(
        "CHECK (open_points >= 0 AND arrears >= 0"
        " AND (arrears = 0 OR open_points = 0))",
        "Points left are not negative, and pay what is owed first.",
    )

    # === COMPUTE === #

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for account in self:
            account.display_name = account.partner_id.name

    def _compute_available(self):
        available = self._get_available()
        for account in self:
            account.available = available.get(account.id, 0)

    def _compute_next_expiry(self):
        self.next_expiry_on = self.next_expiry_points = False
        groups = self.env["cr.points.lot"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("open_points", ">", 0),
                ("expires_on", "!=", False),
            ],
            ["account_id", "expires_on:day"],
            ["open_points:sum"],
            order="expires_on:day desc",
        )
        for account, day, points in groups:
            account.next_expiry_on = day
            account.next_expiry_points = points

    def _compute_member_id(self):
        members = self.env["cr.club.member"].search(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "active")]
        )
        found = {(member.program_id, member.partner_id): member for member in members}
        for account in self:
            account.member_id = found.get((account.program_id, account.partner_id))

    # === BUSINESS === #

    @api.model
    def _ensure_accounts(self, partners, program):
        """Return the accounts of customers in a club; those missing are opened.

        Two statements however many customers; who opens second finds the account.

        :param partners: customers
        :param program: one club
        :return: {partner id: account id}
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO cr_points_account (partner_id, program_id, company_id,
                          balance, open_points, arrears, last_sequence, create_uid,
                          write_uid, create_date, write_date)
                   SELECT partner_id, %(program)s, %(company)s, 0, 0, 0, 0, %(uid)s,
                          %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                     FROM unnest(%(partners)s::int[]) AS owner (partner_id)
                    WHERE (SELECT known.id FROM cr_points_account known
                            WHERE known.partner_id = owner.partner_id
                              AND known.program_id = %(program)s
                              AND known.merged_into_id IS NULL LIMIT 1) IS NULL
                   ON CONFLICT DO NOTHING""",
                program=program.id,
                company=program.company_id.id,
                uid=self.env.uid,
                partners=partners.ids,
            )
        )
        self.invalidate_model(flush=False)
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, id FROM cr_points_account WHERE program_id = %s"
                " AND partner_id = ANY(%s) AND merged_into_id IS NULL",
                program.id,
                partners.ids,
            )
        )
        return dict(rows)

    @api.model
    def _get_account(self, partner, program):
        """Return the account of a customer in a club; it is opened if missing."""
        return self.browse(self._ensure_accounts(partner, program)[partner.id])
