from odoo import api, fields, models

from odoo.addons.cr_dealership.const import CR_USER


class ResPartner(models.Model):
    """A customer's membership and points, shown in his file (CLB-21)."""

    _inherit = "res.partner"

    cr_member_ids = fields.One2many(
        "cr.club.member", "partner_id", string="Memberships", groups=CR_USER
    )
    cr_points_account_ids = fields.One2many(
        "cr.points.account", "partner_id", string="Points accounts", groups=CR_USER
    )
    cr_club_points = fields.Integer(
        string="Club points", compute="_compute_cr_club", groups=CR_USER
    )
    cr_club_text = fields.Char(
        string="Club", compute="_compute_cr_club", groups=CR_USER
    )

    # === COMPUTE === #

    @api.depends_context("company", "lang")
    def _compute_cr_club(self):
        """Tell who serves the customer what he is entitled to, and his points."""
        members = self.env["cr.club.member"]._find_members(self, self.env.company)
        texts = {one.partner_id.id: one._describe_entitlement() for one in members}
        points = self._cr_get_club_points()
        for partner in self:
            partner.cr_club_text = texts.get(partner.id, False)
            partner.cr_club_points = points.get(partner.id, 0)

    # === ACTIONS === #

    def action_cr_open_club(self):
        """Open the customer's membership, else his points, else an application."""
        self.ensure_one()
        action = {"type": "ir.actions.act_window", "views": [(False, "form")]}
        # sudo: the membership opens by its own rules; here it is only looked for.
        member = self.sudo().cr_member_ids.filtered(lambda one: one._is_open())[:1]
        account = self.sudo().cr_points_account_ids.filtered(
            lambda one: not one.merged_into_id
        )[:1]
        found = member or account
        if found:
            return {**action, "res_model": found._name, "res_id": found.id}
        return {
            **action,
            "res_model": "cr.club.member",
            "context": {"default_partner_id": self.id},
        }

    # === BUSINESS === #

    def _cr_phone_ends_with(self, digits):
        """Say whether one of the customer's numbers ends with some digits.

        :param str digits: as they were typed
        :rtype: bool
        """
        self.ensure_one()
        numbers = (self.cr_phone_digits or "").split()
        return any(number.endswith(digits) for number in numbers)

    def _cr_get_club_points(self):
        """Return {customer id: balance} in the club of the store."""
        program = self.env["cr.club.program"]._get_program(self.env.company)
        # sudo: the balance is shown to everybody who serves the customer.
        accounts = (
            self.env["cr.points.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("program_id", "=", program.id),
                    ("merged_into_id", "=", False),
                ]
            )
        )
        return {account.partner_id.id: account.balance for account in accounts}

    def _cr_prepare_merge(self, target):
        """Bring memberships and points together before the files become one."""
        result = super()._cr_prepare_merge(target)
        # sudo: clubs of every store go with the remaining file.
        self.env["cr.club.member"].sudo()._merge_members(self, target)
        self.env["cr.event.invitation"].sudo()._merge_guests(self, target)
        self.env["cr.points.account"].sudo()._merge_accounts(self, target)
        return result
