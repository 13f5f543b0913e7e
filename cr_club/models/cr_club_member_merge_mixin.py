from odoo import api, models


class CrClubMemberMergeMixin(models.AbstractModel):
    """Memberships of merged files: a person has one card in a club."""

    _name = "cr.club.member.merge.mixin"
    _description = "Memberships of merged files"

    @api.model
    def _merge_members(self, sources, target):
        """Leave one membership a club open; money and buyers brought go over to it.

        The best tier stays; the other cards end, with their history.

        :param sources: customers whose files vanish
        :param target: the customer that stays
        """
        members = self.search(
            [
                ("partner_id", "in", (sources | target).ids),
                ("state", "in", ("applied", "verified", "active", "expired")),
            ]
        )
        for alike in members.grouped("program_id").values():
            ranked = alike.sorted(
                lambda one: (one.state != "active", -(one.tier_id.level or 0), one.id)
            )
            for member in ranked[1:]:
                member._merge_into(ranked[0])

    def _merge_into(self, keeper):
        """End a membership in favour of another one of the same person."""
        self.ensure_one()
        money = self.prepaid_balance
        if money:
            note = self.env._("Merged files")
            key = f"merge:{self.id}"
            self._book_prepaid(-money, "merge_out", f"{key}:out", note=note)
            keeper._book_prepaid(money, "merge_in", f"{key}:in", note=note)
        self.referral_ids.member_id = keeper
        self._settle(state="cancelled")
        self.flush_recordset()
        self.change_ids.filtered(lambda one: one.state == "proposed").write(
            {"state": "lapsed"}
        )
