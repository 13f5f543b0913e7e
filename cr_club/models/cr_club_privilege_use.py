from odoo import api, fields, models
from odoo.exceptions import UserError


class CrClubPrivilegeUse(models.Model):
    """Who got which privilege when (CLB-22)."""

    _name = "cr.club.privilege.use"
    _description = "Privilege granted"
    _order = "used_on desc, id desc"

    member_id = fields.Many2one(
        "cr.club.member", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    privilege_id = fields.Many2one(
        "cr.club.privilege", required=True, index=True, ondelete="restrict"
    )
    used_on = fields.Date(
        string="Granted on",
        required=True,
        default=lambda self: self.env.company._cr_today(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Granted by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    order_id = fields.Many2one(
        "cr.service.order", string="Work order", index="btree_not_null"
    )
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        """Grant what the tier of the member has, as often as it allows."""
        uses = super().create(vals_list)
        counts = uses._count_in_year()
        for use in uses:
            use._check_entitled(counts)
        return uses

    def _count_in_year(self):
        """Return {(member, privilege, year): times} of the members concerned."""
        groups = self._read_group(
            [
                ("member_id", "in", self.member_id.ids),
                ("privilege_id", "in", self.privilege_id.ids),
            ],
            ["member_id", "privilege_id", "used_on:year"],
            ["__count"],
        )
        return {
            (member.id, privilege.id, day.year): count
            for member, privilege, day, count in groups
        }

    def _check_entitled(self, counts):
        """Raise when the member is not entitled to the privilege any more."""
        self.ensure_one()
        member, privilege = self.member_id, self.privilege_id
        if member.state != "active" or privilege not in member.privilege_ids:
            raise UserError(
                self.env._(
                    "%(member)s (%(tier)s) is not entitled to “%(privilege)s”.",
                    member=member.partner_id.name,
                    tier=member.tier_id.name or self.env._("no tier"),
                    privilege=privilege.name,
                )
            )
        used = counts[member.id, privilege.id, self.used_on.year]
        if privilege.yearly_limit and used > privilege.yearly_limit:
            raise UserError(
                self.env._(
                    "%(member)s has had “%(privilege)s” %(limit)s times in %(year)s,"
                    " which is as often as the tier allows.",
                    member=member.partner_id.name,
                    privilege=privilege.name,
                    limit=privilege.yearly_limit,
                    year=self.used_on.year,
                )
            )
