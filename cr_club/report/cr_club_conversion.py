from odoo import fields, models
from odoo.tools import SQL

_ROWS = """
SELECT role.id, role.partner_id, car.id AS vehicle_id, car.company_id,
       p.id AS program_id, car.consultant_id,
       GREATEST(role.date_from, car.delivered_on) AS day, m.id AS member_id,
       m.joined_on, m.recruiter_id, 1 AS buyer_count,
       (m.id IS NOT NULL)::int AS member_count,
       CASE WHEN m.id IS NULL THEN 0.0 ELSE 100.0 END AS rate
  FROM cr_vehicle_role role
  JOIN cr_vehicle car ON car.id = role.vehicle_id AND car.delivered_on IS NOT NULL
  JOIN (SELECT company_id, id AS program_id FROM cr_club_program WHERE active
         UNION
        SELECT rel.res_company_id, club.id
          FROM cr_club_program_res_company_rel rel
          JOIN cr_club_program club ON club.id = rel.cr_club_program_id
         WHERE club.active) AS store ON store.company_id = car.company_id
  JOIN cr_club_program p ON p.id = store.program_id
  LEFT JOIN LATERAL (
       SELECT joined.* FROM cr_club_member joined
        WHERE joined.program_id = p.id AND joined.partner_id = role.partner_id
          AND joined.state IN ('active', 'expired')
        LIMIT 1) AS m ON TRUE
 WHERE role.role = 'owner' AND role.is_purchase
"""


class CrClubConversion(models.Model):
    """Buyers of the stores, and who of them is a member: the conversion (CLB-23).

    A row is a sale; by month of delivery and consultant they give the rate, by
    recruiter who brought the members in.
    """

    _name = "cr.club.conversion"
    _description = "Owners who became members"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    vehicle_id = fields.Many2one("cr.vehicle", string="Car", readonly=True)
    company_id = fields.Many2one("res.company", string="Store", readonly=True)
    program_id = fields.Many2one("cr.club.program", string="Club", readonly=True)
    consultant_id = fields.Many2one(
        "hr.employee", string="Sales consultant", readonly=True
    )
    day = fields.Date(string="Delivered on", readonly=True)
    member_id = fields.Many2one("cr.club.member", string="Membership", readonly=True)
    joined_on = fields.Date(readonly=True)
    recruiter_id = fields.Many2one("res.users", string="Recruited by", readonly=True)
    buyer_count = fields.Integer(string="Buyers", readonly=True)
    member_count = fields.Integer(string="Of them members", readonly=True)
    rate = fields.Float(
        string="Conversion (%)",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        help="Buyers who are members ÷ all buyers.",
    )

    @property
    def _table_query(self):
        """Return a row for each sale of the stores of a club."""
        for name in (
            "cr.vehicle",
            "cr.vehicle.role",
            "cr.club.program",
            "cr.club.member",
        ):
            self.env[name].flush_model()
        return SQL(_ROWS)
