from datetime import date

from odoo import api, fields, models


class CrRoleHolder(models.Model):
    """Who holds a role in a store, from when to when, with how many calls a day."""

    _name = "cr.role.holder"
    _description = "Holder of a post"
    _inherit = ["cr.cached.mixin"]
    _order = "role_id, sequence, id"
    _rec_name = "user_id"

    role_id = fields.Many2one(
        "cr.role", string="Post", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one("res.users", required=True, index=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", help="Last day; empty while it lasts.")
    daily_quota = fields.Integer(
        string="Calls a day",
        default=30,
        help="Cards are shared out in proportion to it; 0: gets none by himself.",
    )
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)

    _holder_unique = models.Constraint(
        "UNIQUE (role_id, company_id, user_id, date_from)",
        "This person already holds the role in this store from that day.",
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A role cannot end before it begins.",
    )
    _quota_positive = models.Constraint(
        "CHECK (daily_quota >= 0)", "The calls a day cannot be below zero."
    )

    @api.model
    def _get_holders(self, companies, first, last):
        """Return {store id: {role id: [(user id, from, to)]}} in a span of days."""
        # The roster must not depend on who asks, see cr.role._get_duties.
        holders = self.sudo().search_fetch(
            [
                ("company_id", "in", companies.ids),
                ("date_from", "<=", last),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", first),
            ],
            ["company_id", "role_id", "user_id", "date_from", "date_to"],
        )
        found = {}
        for holder in holders:
            found.setdefault(holder.company_id.id, {}).setdefault(
                holder.role_id.id, []
            ).append((holder.user_id.id, holder.date_from, holder.date_to or date.max))
        return found

    @api.model
    def _get_quotas(self, companies, day):
        """Return {(store id, user id): calls a day} over all roles held on a day."""
        # Whoever shares out work needs everybody's quota.
        groups = self.sudo()._read_group(
            [
                ("company_id", "in", companies.ids),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            ["company_id", "user_id"],
            ["daily_quota:max"],
        )
        return {(company.id, user.id): quota for company, user, quota in groups}
