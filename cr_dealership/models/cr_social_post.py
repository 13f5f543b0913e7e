from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_care import PLATFORMS


class CrSocialPost(models.Model):
    """Something to be published on social platforms, by its day (COM-12)."""

    _name = "cr.social.post"
    _description = "Post on social platforms"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "planned_on desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    name = fields.Char(string="Title", required=True)
    kind = fields.Selection(
        [
            ("news", "Company news"),
            ("product", "Product"),
            ("case", "Customer's story"),
            ("promotion", "Promotion"),
        ],
        required=True,
        default="news",
    )
    platform = fields.Selection(PLATFORMS, required=True, default="wechat")
    planned_on = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Who publishes", default=lambda self: self.env.user
    )
    text = fields.Text()
    campaign_id = fields.Many2one(
        "cr.care.campaign", index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("published", "Published")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        tracking=True,
    )
    published_on = fields.Date(readonly=True, copy=False)
    url = fields.Char(string="Address", copy=False)
    comment_ids = fields.One2many("cr.social.comment", "post_id", string="Comments")
    is_late = fields.Boolean(compute="_compute_is_late")

    _planned_index = models.Index("(planned_on) WHERE state = 'planned'")

    @api.depends("planned_on", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for post in self:
            post.is_late = post.state == "planned" and post.planned_on < today

    def action_publish(self):
        """Note that the posts were published today; their text must stand there."""
        for post in self:
            if not (post.text or "").strip():
                raise UserError(
                    self.env._(
                        "“%s” has no text yet; write it before it is published.",
                        post.name,
                    )
                )
        self.write(
            {"state": "published", "published_on": fields.Date.context_today(self)}
        )
