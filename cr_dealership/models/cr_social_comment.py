from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_care import PLATFORMS


class CrSocialComment(models.Model):
    """A comment on a social platform that waits for our answer (COM-05)."""

    _name = "cr.social.comment"
    _description = "Comment on a social platform"
    _inherit = ["mail.thread"]
    _order = "deadline_at desc, id desc"
    _rec_name = "author"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    platform = fields.Selection(PLATFORMS, required=True, default="wechat")
    author = fields.Char(required=True, help="The name on the platform.")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="restrict",
        help="If he is known.",
    )
    post_id = fields.Many2one(
        "cr.social.post",
        string="On our post",
        index="btree_not_null",
        ondelete="restrict",
    )
    text = fields.Text(required=True)
    url = fields.Char(string="Address")
    commented_at = fields.Datetime(required=True, default=fields.Datetime.now)
    deadline_at = fields.Datetime(
        string="Answer until",
        compute="_compute_deadline_at",
        store=True,
        readonly=False,
    )
    reply = fields.Text(tracking=True)
    replied_at = fields.Datetime(readonly=True, copy=False)
    replied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late")

    _waiting_index = models.Index("(company_id, deadline_at) WHERE replied_at IS NULL")

    # === COMPUTE === #

    @api.depends("commented_at", "company_id")
    def _compute_deadline_at(self):
        for comment in self:
            hours = comment.company_id.cr_answer_hours
            comment.deadline_at = comment.commented_at and (
                comment.commented_at + timedelta(hours=hours)
            )

    @api.depends("deadline_at", "replied_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for comment in self:
            answered_at = comment.replied_at or now
            comment.is_late = bool(comment.deadline_at) and (
                answered_at > comment.deadline_at
            )

    # === ACTIONS === #

    def action_replied(self):
        """Note that the comments were answered now; a known customer's ledger too."""
        waiting = self.filtered(lambda comment: not comment.replied_at)
        for comment in waiting:
            if not (comment.reply or "").strip():
                raise UserError(
                    self.env._(
                        "Write what was answered to %(author)s before you mark it.",
                        author=comment.author,
                    )
                )
        waiting.write(
            {"replied_at": fields.Datetime.now(), "replied_by_id": self.env.uid}
        )
        # Raised rights: nobody writes the ledger by hand.
        self.env["cr.care.touch"].sudo()._log(
            [comment._prepare_touch() for comment in waiting if comment.partner_id]
        )

    # === BUSINESS === #

    def _prepare_touch(self):
        """Return the entry in the ledger of contacts."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "channel": self.platform,
            "direction": "out",
            "content": self.reply,
            "user_id": self.env.uid,
            "origin_model": self._name,
            "origin_id": self.id,
        }
