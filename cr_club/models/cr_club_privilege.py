from odoo import fields, models

from ..const import PRIVILEGE_KINDS


class CrClubPrivilege(models.Model):
    """What members of a tier are entitled to, shown at reception (CLB-21)."""

    _name = "cr.club.privilege"
    _description = "Privilege"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    kind = fields.Selection(PRIVILEGE_KINDS, required=True, default="courtesy")
    tier_ids = fields.Many2many("cr.club.tier", string="For the tiers")
    yearly_limit = fields.Integer(
        string="Times a year", aggregator=None, help="0: as often as he comes."
    )
    description = fields.Text(string="What to do", translate=True)

    _limit_positive = models.Constraint(
        "CHECK (yearly_limit >= 0)", "A limit is not negative; 0 means none."
    )
