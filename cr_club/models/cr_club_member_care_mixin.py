from odoo import api, fields, models
from odoo.exceptions import UserError


class CrClubMemberCareMixin(models.AbstractModel):
    """Members the club brings on: who looks after them, and the next step (CLB-24).

    Which member is worth it stands in tier, care, loyalty and worth; here a person
    takes him on.
    """

    _name = "cr.club.member.care.mixin"
    _description = "Members who are brought on"

    keeper_id = fields.Many2one(
        "res.users",
        string="Looked after by",
        copy=False,
        index="btree_not_null",
        tracking=True,
    )
    next_step = fields.Char(copy=False, help="What is done for him next.")
    next_step_on = fields.Date(copy=False, index="btree_not_null")
    last_step_on = fields.Date(readonly=True, copy=False)

    @api.constrains("next_step", "keeper_id")
    def _check_keeper(self):
        for member in self:
            if member.next_step and not member.keeper_id:
                raise UserError(
                    self.env._(
                        "%s: choose who looks after the member before you plan a step.",
                        member.display_name,
                    )
                )

    # === ACTIONS === #

    def action_take_on(self):
        """I look after these members from now on; who has somebody keeps him."""
        self.check_access("write")
        for member in self.filtered(lambda member: not member.keeper_id):
            member.write(
                {"keeper_id": self.env.uid, "next_step_on": member._get_step_day()}
            )

    def action_step_done(self):
        """The step was done; it goes into the history, and the next one is planned."""
        self.check_access("write")
        for member in self:
            if not member.next_step:
                raise UserError(
                    self.env._(
                        "%s: write into “Next step” what was done; it stays in the"
                        " history.",
                        member.display_name,
                    )
                )
            member.message_post(body=member.next_step)
            member.write(
                {
                    "next_step": False,
                    "last_step_on": member.company_id._cr_today(),
                    "next_step_on": member._get_step_day(),
                }
            )

    def _get_step_day(self):
        """Return when the next step is due, unless a person chooses another day."""
        return fields.Date.add(self.company_id._cr_today(), months=1)
